//! A plan in a few lines, for people who check it.

use turno_model::plan::{Durability, Entry, JournalPlan, OnStop, TrunkTrust};
use turno_model::{Hours, Plan};

use crate::difference_names::open_spans;
use crate::duration_text;
use crate::keys::site::{DAY, MEBIBYTE};
use crate::told::Told as _;

/// The days of [`Hours::weekly`].
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// What `turno check` says of a valid plan: a few lines, no passwords.
pub fn summary(plan: &Plan) -> String {
    let listen: Vec<String> = plan
        .sip
        .listen
        .iter()
        .map(|(transport, address)| format!("{}:{address}", transport.uri_name()))
        .collect();
    let mut lines = vec![
        format!("{}: the plan is valid", plan.site),
        format!("  sip      {} for {}", listen.join(", "), plan.sip.domain),
        format!("  http     {}", plan.http),
        format!("  rtp      {} ports {} to {}", rtp(plan), plan.media.ports.0, plan.media.ports.1),
        format!("  seats    {}", seats(plan)),
    ];
    for queue in &plan.queues {
        let served = plan
            .agents
            .iter()
            .filter(|agent| agent.skills.iter().any(|&(skill, _)| skill == queue.skill))
            .count();
        lines.push(format!(
            "  queue    {}: {served} seats, ring {}, wait target {}, handling target {}",
            queue.name,
            duration_text::write(queue.ring),
            duration_text::write(queue.wait_target),
            duration_text::write(queue.handling_target)
        ));
    }
    for number in &plan.numbers {
        let entry = match number.entry {
            Entry::Menu(menu) => format!("menu {}", plan.menus[menu.index()].name),
            Entry::Queue(queue) => format!("queue {}", plan.queues[queue.index()].name),
        };
        let hours = number.hours.map_or("always open", |hours| plan.hours[hours.index()].name.as_str());
        lines.push(format!("  number   {} to {entry}, {hours}", number.number));
    }
    lines.extend(plan.hours.iter().map(|hours| format!("  hours    {}", opening_hours(hours))));
    for trunk in &plan.trunks {
        let trust = match &trunk.trust {
            TrunkTrust::Addresses(networks) => format!("{} networks", networks.len()),
            TrunkTrust::Digest { username, .. } => format!("digest as {username}"),
            TrunkTrust::Registration { username, .. } => format!("registers as {username}"),
        };
        lines.push(format!("  trunk    {}: {trust}", trunk.name));
    }
    lines.push(format!("  outside  {}", outside(plan)));
    lines.push(format!("  journal  {}", journal(&plan.journal)));
    lines.join("\n")
}

/// `office: monday to friday 07:50-16:30; 24 holidays, the last 2027-12-25; America/Guayaquil`.
fn opening_hours(hours: &Hours) -> String {
    let mut days: Vec<String> = Vec::new();
    let mut from = 0;
    while from < DAYS.len() {
        let spans = open_spans(hours, from);
        let alike = (from..DAYS.len()).take_while(|&day| open_spans(hours, day) == spans).count();
        let last = from + alike - 1;
        if !hours.weekly[from].is_empty() {
            let name =
                if alike == 1 { DAYS[from].to_owned() } else { format!("{} to {}", DAYS[from], DAYS[last]) };
            days.push(format!("{name} {}", spans.told()));
        }
        from = last + 1;
    }
    let open = if days.is_empty() { "never open".to_owned() } else { days.join(", ") };
    let holidays = match hours.holidays.as_slice() {
        [] => "no holidays".to_owned(),
        [one] => format!("1 holiday, {one}"),
        [.., last] => format!("{} holidays, the last {last}", hours.holidays.len()),
    };
    format!("{}: {open}; {holidays}; {}", hours.name, hours.zone.iana_name().unwrap_or("UTC"))
}

/// Which outside numbers agents may dial.
fn outside(plan: &Plan) -> String {
    let dial_out = &plan.dial_out;
    let trunk = dial_out.trunk.and_then(|trunk| plan.trunks.get(trunk.index()));
    let (Some(trunk), false) = (trunk, dial_out.allow.is_empty()) else {
        return "agents may dial no outside number".to_owned();
    };
    let denied = if dial_out.deny.is_empty() {
        String::new()
    } else {
        format!(", and not {}", dial_out.deny.join(", "))
    };
    format!("agents may dial {} by trunk {}{denied}", dial_out.allow.join(", "), trunk.name)
}

/// Whether a restart keeps calls, and what a stop does to them.
fn journal(journal: &JournalPlan) -> String {
    let stop = match journal.on_stop {
        OnStop::EndCalls => "a stop ends calls".to_owned(),
        OnStop::Drain => {
            format!("a stop lets calls end for at most {}", duration_text::write(journal.drain_max))
        }
        OnStop::KeepCalls => "a stop keeps calls for the next start".to_owned(),
    };
    if !journal.is_kept {
        return format!("not kept unless `serve` has --state: a restart loses all calls; {stop}");
    }
    let outlives = match journal.durability {
        Durability::Process => "a killed turno",
        Durability::Power => "a power cut",
    };
    let days = journal.facts_span.as_secs() / DAY.as_secs();
    let room = journal.facts_bytes_max / MEBIBYTE;
    format!("kept, calls outlive {outlives}, facts for {days} days in {room} MiB; {stop}")
}

fn seats(plan: &Plan) -> String {
    let agents = match plan.agents.as_slice() {
        [] => "none".to_owned(),
        [one] => one.extension.clone(),
        [first, .., last] => {
            format!("{}, {} to {}", plan.agents.len(), first.extension, last.extension)
        }
    };
    let own = plan.agents.iter().filter(|agent| agent.own_seat.is_some()).count();
    let (others, without) = (plan.seats.len() - own, plan.agents.len() - own);
    let mut text = agents;
    if without > 0 {
        text.push_str(&format!("; {without} of them without a phone of their own"));
    }
    if others > 0 {
        text.push_str(&format!("; {others} phones that are nobody's own"));
    }
    text
}

/// Where RTP is received.
fn rtp(plan: &Plan) -> String {
    let other = plan.media.bind_other.map(|other| format!(" and {other}"));
    format!("{}{}", plan.media.bind, other.unwrap_or_default())
}
