//! What is otherwise in the tables that stand many times: queues, agents, trunks and the rest, by name.

use turno_ground::Secret;
use turno_model::encryption::SrtpPlan;
use turno_model::plan::{
    AgentPlan, AuxReasonPlan, Entry, MenuPlan, NumberPlan, PromptPlan, QueuePlan, TrunkAddressing, TrunkPlan,
    TrunkTrust,
};
use turno_model::{Hours, Plan};

use crate::difference_lines::{Lines, keys};
use crate::difference_names::{hours, prompt, prompts, queue, skill, treatment};
use crate::told::{Pairs, Word};

/// Every change in them. Passwords are never told.
pub(crate) fn compare_lists(lines: &mut Lines, old: &Plan, new: &Plan) {
    let both = (old, new);
    lines.each(
        "queue",
        (&old.queues, &new.queues),
        |it| &it.name,
        |lines, what, was, is| {
            compare_queues(lines, what, both, was, is);
        },
    );
    lines.each(
        "agent",
        (&old.agents, &new.agents),
        |it| &it.name,
        |lines, what, was, is| {
            compare_agents(lines, what, both, was, is);
        },
    );
    lines.each(
        "aux_reason",
        (&old.aux_reasons, &new.aux_reasons),
        |it| &it.name,
        |lines, what, was, is| {
            keys!(lines, what, AuxReasonPlan, was, is, told { digit } beside { name });
        },
    );
    lines.each("trunk", (&old.trunks, &new.trunks), |it| &it.name, compare_trunks);
    lines.each(
        "number",
        (&old.numbers, &new.numbers),
        |it| &it.number,
        |lines, what, was, is| {
            compare_numbers(lines, what, both, was, is);
        },
    );
    lines.each(
        "menu",
        (&old.menus, &new.menus),
        |it| &it.name,
        |lines, what, was, is| {
            compare_menus(lines, what, both, was, is);
        },
    );
    lines.each("hours", (&old.hours, &new.hours), |it| &it.name, compare_hours);
    lines.each(
        "prompt",
        (&old.prompts, &new.prompts),
        |it| &it.name,
        |lines, what, was, is| {
            keys!(lines, what, PromptPlan, was, is, told { file } beside { name });
        },
    );
}

fn compare_queues(
    lines: &mut Lines,
    what: &str,
    (old, new): (&Plan, &Plan),
    was: &QueuePlan,
    is: &QueuePlan,
) {
    lines.compare(what, "skill", &skill(old, was.skill), &skill(new, is.skill));
    keys!(
        lines, what, QueuePlan, was, is,
        told {
            display,
            rule,
            priority,
            ring,
            rona_cool_down,
            hold_max,
            acw,
            handling_target,
            handling_warning,
            wait_target,
            short_abandon,
            length_max,
            wait_max,
            answer_on_entry,
        }
        beside { name, skill, when_full, when_waited, when_nobody, greeting }
    );
    for (key, was, is) in [
        ("when_full", was.when_full, is.when_full),
        ("when_waited", was.when_waited, is.when_waited),
        ("when_nobody", was.when_nobody, is.when_nobody),
    ] {
        lines.compare(what, key, &treatment(old, was), &treatment(new, is));
    }
    lines.compare(what, "greeting", &prompts(old, &was.greeting), &prompts(new, &is.greeting));
}

fn compare_agents(
    lines: &mut Lines,
    what: &str,
    (old, new): (&Plan, &Plan),
    was: &AgentPlan,
    is: &AgentPlan,
) {
    keys!(
        lines, what, AgentPlan, was, is,
        told { display, extension, auto_login }
        // Nobody is gone from a plan that was read.
        beside { name, password, skills, is_retired, srtp }
    );
    lines.secret(what, "password", &was.password, &is.password);
    let skills = |plan: &Plan, agent: &AgentPlan| {
        Pairs(agent.skills.iter().map(|(it, level)| (skill(plan, *it).0, level.to_string())).collect())
    };
    lines.compare(what, "skills", &skills(old, was), &skills(new, is));
    compare_srtp(lines, what, &was.srtp, &is.srtp);
}

fn compare_srtp(lines: &mut Lines, what: &str, was: &SrtpPlan, is: &SrtpPlan) {
    keys!(
        lines, what, SrtpPlan, was, is,
        told { wish as "srtp", without_tls as "srtp_without_tls" }
        beside {}
    );
}

fn compare_trunks(lines: &mut Lines, what: &str, was: &TrunkPlan, is: &TrunkPlan) {
    keys!(
        lines, what, TrunkPlan, was, is,
        told {
            host,
            port,
            transport,
            options_interval,
            country_code,
            national_prefix,
            certificate_name,
            client_certificate,
        }
        beside { name, trust, srtp, addressing }
    );
    keys!(
        lines, what, TrunkAddressing, &was.addressing, &is.addressing,
        told {
            number_from,
            domain,
            auth_username,
            from_user,
            from_domain,
            caller_number,
            identity_header,
        }
        beside {}
    );
    compare_trust(lines, what, &was.trust, &is.trust);
    compare_srtp(lines, what, &was.srtp, &is.srtp);
}

/// What a way of trust has, each key where it stands.
struct Trust<'t> {
    word: Word,
    addresses: Option<Vec<(core::net::IpAddr, u8)>>,
    username: Option<String>,
    password: Option<&'t Secret>,
    expires: Option<core::time::Duration>,
}

impl<'t> Trust<'t> {
    fn of(trust: &'t TrunkTrust) -> Self {
        let word = |word: &str| Word(word.to_owned());
        match trust {
            TrunkTrust::Addresses(addresses) => Self {
                word: word("addresses"),
                addresses: Some(addresses.clone()),
                username: None,
                password: None,
                expires: None,
            },
            TrunkTrust::Digest { username, password } => Self {
                word: word("digest"),
                addresses: None,
                username: Some(username.clone()),
                password: Some(password),
                expires: None,
            },
            TrunkTrust::Registration { username, password, expires } => Self {
                word: word("registration"),
                addresses: None,
                username: Some(username.clone()),
                password: Some(password),
                expires: Some(*expires),
            },
        }
    }
}

fn compare_trust(lines: &mut Lines, what: &str, was: &TrunkTrust, is: &TrunkTrust) {
    let (was, is) = (Trust::of(was), Trust::of(is));
    keys!(
        lines, what, Trust, &was, &is,
        told { word as "trust", addresses, username, expires }
        beside { password }
    );
    lines.secret(what, "password", &was.password, &is.password);
}

fn compare_numbers(
    lines: &mut Lines,
    what: &str,
    (old, new): (&Plan, &Plan),
    was: &NumberPlan,
    is: &NumberPlan,
) {
    let entry = |plan: &Plan, number: &NumberPlan| match number.entry {
        Entry::Menu(menu) => {
            let menu = plan.menus.get(menu.index()).map(|menu| menu.name.clone()).unwrap_or_default();
            Word(format!("menu {menu}"))
        }
        Entry::Queue(to) => Word(format!("queue {}", queue(plan, to).0)),
    };
    lines.compare(what, "leads to", &entry(old, was), &entry(new, is));
    let open = |plan: &Plan, number: &NumberPlan| {
        number.hours.map_or_else(|| Word("always".to_owned()), |it| hours(plan, it))
    };
    lines.compare(what, "hours", &open(old, was), &open(new, is));
    let closed = |plan: &Plan, number: &NumberPlan| number.closed.map(|it| prompt(plan, it));
    lines.compare(what, "closed", &closed(old, was), &closed(new, is));
    let holiday = |plan: &Plan, number: &NumberPlan| number.holiday.map(|it| prompt(plan, it));
    lines.compare(what, "holiday", &holiday(old, was), &holiday(new, is));
    keys!(lines, what, NumberPlan, was, is, told {} beside { number, entry, hours, closed, holiday });
}

fn compare_menus(lines: &mut Lines, what: &str, (old, new): (&Plan, &Plan), was: &MenuPlan, is: &MenuPlan) {
    keys!(
        lines, what, MenuPlan, was, is,
        told { wait }
        beside { name, prompts, choices, otherwise }
    );
    lines.compare(what, "prompts", &prompts(old, &was.prompts), &prompts(new, &is.prompts));
    let choices = |plan: &Plan, menu: &MenuPlan| {
        Pairs(menu.choices.iter().map(|(digit, to)| (digit.to_string(), queue(plan, *to).0)).collect())
    };
    lines.compare(what, "choices", &choices(old, was), &choices(new, is));
    lines.compare(what, "otherwise", &queue(old, was.otherwise), &queue(new, is.otherwise));
}

fn compare_hours(lines: &mut Lines, what: &str, was: &Hours, is: &Hours) {
    keys!(lines, what, Hours, was, is, told {} beside { name, zone, weekly, holidays });
    let zone = |hours: &Hours| Word(hours.zone.iana_name().unwrap_or("no name").to_owned());
    lines.compare(what, "zone", &zone(was), &zone(is));
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    for (day, (was, is)) in days.iter().zip(was.weekly.iter().zip(&is.weekly)) {
        lines.compare(what, day, &open_spans(was), &open_spans(is));
    }
    let dates =
        |hours: &Hours| -> Vec<Word> { hours.holidays.iter().map(|day| Word(day.to_string())).collect() };
    lines.compare(what, "holidays", &dates(was), &dates(is));
}

/// The open spans of a day as the plan has them.
fn open_spans(spans: &[(u16, u16)]) -> Word {
    if spans.is_empty() {
        return Word("closed".to_owned());
    }
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    Word(
        spans
            .iter()
            .map(|&(from, to)| format!("{}-{}", clock(from), clock(to)))
            .collect::<Vec<_>>()
            .join(", "),
    )
}
