//! A plan in a few lines, for people who check it.

use turno_model::plan::{Durability, Entry, JournalPlan, OnStop, QueuePlan, TrunkPlan, TrunkTrust};
use turno_model::{Hours, Language, Plan};

use crate::difference_names::open_spans;
use crate::duration_text;
use crate::keys::site::{DAY, MEBIBYTE};
use crate::told::Told as _;

/// The days of [`Hours::weekly`], in English and Spanish.
const DAYS: [(&str, &str); 7] = [
    ("monday", "lunes"),
    ("tuesday", "martes"),
    ("wednesday", "miércoles"),
    ("thursday", "jueves"),
    ("friday", "viernes"),
    ("saturday", "sábado"),
    ("sunday", "domingo"),
];

/// A text in English or in Spanish, each with the values that its braces name.
macro_rules! say {
    ($language:expr, $english:literal, $spanish:literal $(, $value:expr)*) => {
        match $language {
            Language::English => format!($english $(, $value)*),
            Language::Spanish => format!($spanish $(, $value)*),
        }
    };
}

/// What `turno check` says of a valid plan: a few lines, no passwords.
pub fn summary(plan: &Plan, language: Language) -> String {
    let listen: Vec<String> = plan
        .sip
        .listen
        .iter()
        .map(|(transport, address)| format!("{}:{address}", transport.uri_name()))
        .collect();
    let (listen, domain, (first, last)) = (listen.join(", "), &plan.sip.domain, plan.media.ports);
    let mut lines = vec![
        say!(language, "{}: the plan is valid", "{}: el plan es válido", plan.site),
        say!(language, "  sip      {} for {}", "  sip      {} para {}", listen, domain),
        format!("  http     {}", plan.http),
        say!(
            language,
            "  rtp      {} ports {} to {}",
            "  rtp      {} puertos {} a {}",
            rtp(plan, language),
            first,
            last
        ),
        format!("  {} {}", language.say("agents  ", "agentes "), agents(plan, language)),
    ];
    lines.extend(plan.queues.iter().map(|queue| queue_line(plan, queue, language)));
    for number in &plan.numbers {
        let entry = match number.entry {
            Entry::Menu(menu) => say!(language, "menu {}", "menú {}", plan.menus[menu.index()].name),
            Entry::Agent(agent, queue) => say!(
                language,
                "agent {}, then queue {}",
                "agente {}, luego cola {}",
                plan.agents[agent.index()].extension,
                plan.queues[queue.index()].name
            ),
            Entry::Queue(queue) => say!(language, "queue {}", "cola {}", plan.queues[queue.index()].name),
        };
        let always = language.say("always open", "siempre abierto");
        let hours = number.hours.map_or(always, |hours| plan.hours[hours.index()].name.as_str());
        lines.push(say!(
            language,
            "  number   {} to {}, {}",
            "  número   {} a {}, {}",
            number.number,
            entry,
            hours
        ));
    }
    let hours_word = language.say("hours   ", "horario ");
    lines.extend(plan.hours.iter().map(|hours| format!("  {hours_word} {}", opening_hours(hours, language))));
    lines.extend(plan.trunks.iter().map(|trunk| trunk_line(trunk, language)));
    lines.push(format!("  {} {}", language.say("outside ", "externas"), outside(plan, language)));
    lines.push(format!("  {} {}", language.say("journal ", "diario  "), journal(&plan.journal, language)));
    lines.join("\n")
}

fn queue_line(plan: &Plan, queue: &QueuePlan, language: Language) -> String {
    let has_skill = |skills: &[(_, u8)]| skills.iter().any(|&(skill, _)| skill == queue.skill);
    let served = plan.agents.iter().filter(|agent| has_skill(&agent.skills)).count();
    let [ring, wait, handling] =
        [queue.ring, queue.wait_target, queue.handling_target].map(duration_text::write);
    say!(
        language,
        "  queue    {}: {} agents, ring {}, wait target {}, handling target {}",
        "  cola     {}: {} agentes, timbre {}, meta de espera {}, meta de atención {}",
        queue.name,
        served,
        ring,
        wait,
        handling
    )
}

fn trunk_line(trunk: &TrunkPlan, language: Language) -> String {
    let trust = match &trunk.trust {
        TrunkTrust::Addresses(networks) => say!(language, "{} networks", "{} redes", networks.len()),
        TrunkTrust::Digest { username, .. } => say!(language, "digest as {}", "digest como {}", username),
        TrunkTrust::Registration { username, .. } => {
            say!(language, "registers as {}", "se registra como {}", username)
        }
    };
    format!("  {} {}: {trust}", language.say("trunk   ", "troncal "), trunk.name)
}

/// `office: monday to friday 07:50-16:30; 24 holidays, the last 2027-12-25; America/Guayaquil`.
fn opening_hours(hours: &Hours, language: Language) -> String {
    let day = |day: usize| language.say(DAYS[day].0, DAYS[day].1);
    let mut days: Vec<String> = Vec::new();
    let mut from = 0;
    while from < DAYS.len() {
        let spans = open_spans(hours, from);
        let alike = (from..DAYS.len()).take_while(|&day| open_spans(hours, day) == spans).count();
        let last = from + alike - 1;
        if !hours.weekly[from].is_empty() {
            let name = if alike == 1 {
                day(from).to_owned()
            } else {
                say!(language, "{} to {}", "{} a {}", day(from), day(last))
            };
            days.push(format!("{name} {}", spans.told()));
        }
        from = last + 1;
    }
    let open = if days.is_empty() {
        language.say("never open", "nunca abierto").to_owned()
    } else {
        days.join(", ")
    };
    let holidays = match hours.holidays.as_slice() {
        [] => language.say("no holidays", "sin feriados").to_owned(),
        [one] => say!(language, "1 holiday, {}", "1 feriado, {}", one),
        [.., last] => {
            say!(
                language,
                "{} holidays, the last {}",
                "{} feriados, el último {}",
                hours.holidays.len(),
                last
            )
        }
    };
    format!("{}: {open}; {holidays}; {}", hours.name, hours.zone.iana_name().unwrap_or("UTC"))
}

/// Which outside numbers agents may dial.
fn outside(plan: &Plan, language: Language) -> String {
    let dial_out = &plan.dial_out;
    let trunk = dial_out.trunk.and_then(|trunk| plan.trunks.get(trunk.index()));
    let (Some(trunk), false) = (trunk, dial_out.allow.is_empty()) else {
        let none = "los agentes no pueden marcar ningún número externo";
        return language.say("agents may dial no outside number", none).to_owned();
    };
    let denied = if dial_out.deny.is_empty() {
        String::new()
    } else {
        say!(language, ", and not {}", ", y no {}", dial_out.deny.join(", "))
    };
    say!(
        language,
        "agents may dial {} by trunk {}{}",
        "los agentes pueden marcar {} por la troncal {}{}",
        dial_out.allow.join(", "),
        trunk.name,
        denied
    )
}

/// Whether a restart keeps calls, and what a stop does to them.
fn journal(journal: &JournalPlan, language: Language) -> String {
    let stop = match journal.on_stop {
        OnStop::EndCalls => language.say("a stop ends calls", "una parada termina las llamadas").to_owned(),
        OnStop::Drain => say!(
            language,
            "a stop lets calls end for at most {}",
            "una parada deja terminar las llamadas durante {} como máximo",
            duration_text::write(journal.drain_max)
        ),
        OnStop::KeepCalls => {
            let kept = "una parada conserva las llamadas para el próximo arranque";
            language.say("a stop keeps calls for the next start", kept).to_owned()
        }
    };
    if !journal.is_kept {
        return say!(
            language,
            "not kept unless `serve` has --state: a restart loses all calls; {}",
            "no se guarda sin --state en `serve`: un reinicio pierde todas las llamadas; {}",
            stop
        );
    }
    let outlives = match journal.durability {
        Durability::Process => language.say("a killed turno", "a la muerte de turno"),
        Durability::Power => language.say("a power cut", "a un corte de luz"),
    };
    let days = journal.facts_span.as_secs() / DAY.as_secs();
    let room = journal.facts_bytes_max / MEBIBYTE;
    say!(
        language,
        "kept, calls outlive {}, facts for {} days in {} MiB; {}",
        "se guarda, las llamadas sobreviven {}, hechos de {} días en {} MiB; {}",
        outlives,
        days,
        room,
        stop
    )
}

fn agents(plan: &Plan, language: Language) -> String {
    let mut text = match plan.agents.as_slice() {
        [] => language.say("none", "ninguno").to_owned(),
        [one] => one.extension.clone(),
        [first, .., last] => {
            let many = plan.agents.len();
            say!(language, "{}, {} to {}", "{}, {} a {}", many, first.extension, last.extension)
        }
    };
    let own = plan.agents.iter().filter(|agent| agent.own_seat.is_some()).count();
    let (others, without) = (plan.seats.len() - own, plan.agents.len() - own);
    if without > 0 {
        text.push_str(&say!(
            language,
            "; {} of them without a phone of their own",
            "; {} de ellos sin teléfono propio",
            without
        ));
    }
    if others > 0 {
        text.push_str(&say!(
            language,
            "; {} phones that are nobody's own",
            "; {} teléfonos que no son de nadie",
            others
        ));
    }
    text
}

/// Where RTP is received.
fn rtp(plan: &Plan, language: Language) -> String {
    let other = plan.media.bind_other.map(|other| say!(language, " and {}", " y {}", other));
    format!("{}{}", plan.media.bind, other.unwrap_or_default())
}
