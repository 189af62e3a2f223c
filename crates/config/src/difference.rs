//! What is otherwise in a plan that was read again: one line a change, old -> new, for people.

use std::fmt::Debug;

use turno_model::Plan;
use turno_model::plan::{
    AgentPlan, Entry, MenuPlan, NumberPlan, QueuePlan, Treatment, TrunkPlan, TrunkTrust,
};
use turno_model::{HoursId, PromptName, QueueId, SkillId};

/// What changed, gathered.
#[derive(Debug, Default)]
struct Lines(Vec<String>);

impl Lines {
    /// A line if the two are not alike.
    fn compare<T: Debug>(&mut self, what: &str, key: &str, old: &T, new: &T) {
        let (old, new) = (format!("{old:?}"), format!("{new:?}"));
        if old != new {
            self.0.push(format!("{what}: {key} {old} -> {new}"));
        }
    }

    fn secret<T: PartialEq>(&mut self, what: &str, key: &str, old: &T, new: &T) {
        if old != new {
            self.0.push(format!("{what}: {key} changed"));
        }
    }

    /// Compares what both lists have, by name; what only one of them has is a line of its own.
    fn each<T>(
        &mut self,
        what: &str,
        lists: (&[T], &[T]),
        name: impl Fn(&T) -> &str,
        mut compare: impl FnMut(&mut Self, &str, &T, &T),
    ) {
        let (old, new) = lists;
        for was in old {
            match new.iter().find(|is| name(is) == name(was)) {
                Some(is) => compare(self, &format!("{what} `{}`", name(was)), was, is),
                None => self.0.push(format!("{what} `{}`: taken away", name(was))),
            }
        }
        for is in new.iter().filter(|is| !old.iter().any(|was| name(was) == name(is))) {
            self.0.push(format!("{what} `{}`: new", name(is)));
        }
    }
}

macro_rules! fields {
    ($lines:expr, $what:expr, $old:expr, $new:expr, $($field:ident),+ $(,)?) => {
        $($lines.compare($what, stringify!($field), &$old.$field, &$new.$field);)+
    };
}

/// Every change between two plans, in the order of the sections. Passwords are never told.
pub fn differences(old: &Plan, new: &Plan) -> Vec<String> {
    let mut lines = Lines::default();
    lines.compare("site", "name", &old.site, &new.site);
    fields!(
        lines,
        "sip",
        old.sip,
        new.sip,
        listen,
        advertised,
        domain,
        digest,
        expires,
        contacts_per_seat_max,
        contact_as_given,
        options_interval,
        options_misses_max,
        session_expires,
        min_se,
        requests_per_source_max,
        tls,
    );
    lines.compare("http", "listen", &old.http, &new.http);
    fields!(lines, "media", old.media, new.media, bind, advertised, ports, inactivity, codecs, music);
    fields!(lines, "room", old.room, new.room, acw_considered_idle, aux_considered_idle);
    lines.compare("trace", "limits", &old.trace, &new.trace);
    lines.compare("fence", "limits", &old.fence, &new.fence);
    fields!(
        lines,
        "journal",
        old.journal,
        new.journal,
        is_kept,
        durability,
        segment_bytes,
        facts_span,
        on_stop,
        drain_max
    );
    compare_lists(&mut lines, old, new);
    compare_dialling(&mut lines, old, new);
    lines.0
}

fn compare_lists(lines: &mut Lines, old: &Plan, new: &Plan) {
    lines.each(
        "queue",
        (&old.queues, &new.queues),
        |it| &it.name,
        |lines, what, was, is| {
            compare_queues(lines, what, (old, was), (new, is));
        },
    );
    lines.each(
        "agent",
        (&old.agents, &new.agents),
        |it| &it.name,
        |lines, what, was, is| {
            compare_agents(lines, what, (old, was), (new, is));
        },
    );
    lines.each(
        "aux_reason",
        (&old.aux_reasons, &new.aux_reasons),
        |it| &it.name,
        |lines, what, was, is| {
            fields!(lines, what, was, is, digit);
        },
    );
    lines.each("trunk", (&old.trunks, &new.trunks), |it| &it.name, compare_trunks);
    lines.each(
        "number",
        (&old.numbers, &new.numbers),
        |it| &it.number,
        |lines, what, was, is| {
            compare_numbers(lines, what, (old, was), (new, is));
        },
    );
    lines.each(
        "menu",
        (&old.menus, &new.menus),
        |it| &it.name,
        |lines, what, was, is| {
            compare_menus(lines, what, (old, was), (new, is));
        },
    );
    lines.each(
        "hours",
        (&old.hours, &new.hours),
        |it| &it.name,
        |lines, what, was, is| {
            fields!(lines, what, was, is, zone, weekly, holidays);
        },
    );
    lines.each(
        "prompt",
        (&old.prompts, &new.prompts),
        |it| &it.name,
        |lines, what, was, is| {
            fields!(lines, what, was, is, file);
        },
    );
}

fn compare_dialling(lines: &mut Lines, old: &Plan, new: &Plan) {
    let (was, is) = (&old.feature_codes, &new.feature_codes);
    fields!(lines, "feature_codes", was, is, log_in, log_out, ready, aux, end_acw, wrap_up);
    fields!(lines, "dial_out", old.dial_out, new.dial_out, allow);
    let trunk = |plan: &Plan| plan.dial_out.trunk.map(|trunk| plan.trunks[trunk.index()].name.clone());
    lines.compare("dial_out", "trunk", &trunk(old), &trunk(new));
}

fn compare_queues(
    lines: &mut Lines,
    what: &str,
    (old, was): (&Plan, &QueuePlan),
    (new, is): (&Plan, &QueuePlan),
) {
    lines.compare(what, "skill", &skill(old, was.skill), &skill(new, is.skill));
    fields!(
        lines,
        what,
        was,
        is,
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
    );
    let treatments = |plan: &Plan, queue: &QueuePlan| {
        [queue.when_full, queue.when_waited, queue.when_nobody].map(|it| treatment(plan, it))
    };
    let (then, now) = (treatments(old, was), treatments(new, is));
    for (key, (then, now)) in ["when_full", "when_waited", "when_nobody"].iter().zip(then.iter().zip(&now)) {
        lines.compare(what, key, then, now);
    }
    lines.compare(what, "greeting", &prompts(old, &was.greeting), &prompts(new, &is.greeting));
}

fn compare_agents(
    lines: &mut Lines,
    what: &str,
    (old, was): (&Plan, &AgentPlan),
    (new, is): (&Plan, &AgentPlan),
) {
    fields!(lines, what, was, is, display, extension, auto_login, srtp);
    lines.secret(what, "password", &was.password, &is.password);
    let skills = |plan: &Plan, agent: &AgentPlan| -> Vec<String> {
        agent.skills.iter().map(|(it, level)| format!("{} {level}", skill(plan, *it))).collect()
    };
    lines.compare(what, "skills", &skills(old, was), &skills(new, is));
}

fn compare_trunks(lines: &mut Lines, what: &str, was: &TrunkPlan, is: &TrunkPlan) {
    fields!(
        lines,
        what,
        was,
        is,
        host,
        port,
        transport,
        trust,
        options_interval,
        country_code,
        national_prefix,
        srtp,
        certificate_name,
        client_certificate,
    );
    let password = |trunk: &TrunkPlan| match &trunk.trust {
        TrunkTrust::Digest { password, .. } | TrunkTrust::Registration { password, .. } => {
            Some(password.clone())
        }
        TrunkTrust::Addresses(_) => None,
    };
    lines.secret(what, "password", &password(was), &password(is));
}

fn compare_numbers(
    lines: &mut Lines,
    what: &str,
    (old, was): (&Plan, &NumberPlan),
    (new, is): (&Plan, &NumberPlan),
) {
    let entry = |plan: &Plan, number: &NumberPlan| match number.entry {
        Entry::Menu(menu) => format!("menu {}", plan.menus[menu.index()].name),
        Entry::Queue(to) => format!("queue {}", queue(plan, to)),
    };
    lines.compare(what, "entry", &entry(old, was), &entry(new, is));
    let hours = |plan: &Plan, it: Option<HoursId>| it.map(|it| plan.hours[it.index()].name.clone());
    lines.compare(what, "hours", &hours(old, was.hours), &hours(new, is.hours));
    let named = |plan: &Plan, it: Option<PromptName>| it.map(|it| prompts(plan, &[it]));
    lines.compare(what, "closed", &named(old, was.closed), &named(new, is.closed));
    lines.compare(what, "holiday", &named(old, was.holiday), &named(new, is.holiday));
}

fn compare_menus(
    lines: &mut Lines,
    what: &str,
    (old, was): (&Plan, &MenuPlan),
    (new, is): (&Plan, &MenuPlan),
) {
    lines.compare(what, "prompts", &prompts(old, &was.prompts), &prompts(new, &is.prompts));
    lines.compare(what, "wait", &was.wait, &is.wait);
    let choices = |plan: &Plan, menu: &MenuPlan| -> Vec<String> {
        menu.choices.iter().map(|(digit, to)| format!("{digit} {}", queue(plan, *to))).collect()
    };
    lines.compare(what, "choices", &choices(old, was), &choices(new, is));
    lines.compare(what, "otherwise", &queue(old, was.otherwise), &queue(new, is.otherwise));
}

fn skill(plan: &Plan, skill: SkillId) -> String {
    plan.skills.get(skill.index()).cloned().unwrap_or_default()
}

fn queue(plan: &Plan, queue: QueueId) -> String {
    plan.queues.get(queue.index()).map(|queue| queue.name.clone()).unwrap_or_default()
}

fn prompts(plan: &Plan, prompts: &[PromptName]) -> Vec<String> {
    prompts.iter().filter_map(|prompt| Some(plan.prompts.get(prompt.index())?.name.clone())).collect()
}

fn treatment(plan: &Plan, treatment: Treatment) -> String {
    match treatment {
        Treatment::Wait => "wait".to_owned(),
        Treatment::PromptAndEnd(prompt) => format!("end with {}", prompts(plan, &[prompt]).join("")),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::load::load;

    fn quito() -> Plan {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/quito");
        load(&folder).expect("the built-in site").0
    }

    #[test]
    fn a_plan_that_was_not_touched_has_no_differences_however_its_files_are_ordered() {
        assert_eq!(differences(&quito(), &quito()), Vec::<String>::new());
        let (old, mut new) = (quito(), quito());
        new.agents.reverse();
        assert_eq!(differences(&old, &new), Vec::<String>::new());
    }

    #[test]
    fn an_operator_reads_each_change_as_old_and_new_and_no_password() {
        let (old, mut new) = (quito(), quito());
        new.queues[0].handling_target = core::time::Duration::from_secs(240);
        new.agents[1].password = turno_ground::Secret::new("swordfish");
        new.agents[2].skills.pop();
        new.agents.pop();
        new.sip.listen.pop();
        let lines = differences(&old, &new);
        assert_eq!(lines.len(), 5, "{lines:#?}");
        let queue = &old.queues[0].name;
        assert!(lines.contains(&format!("queue `{queue}`: handling_target 180s -> 240s")), "{lines:#?}");
        assert!(lines.iter().any(|line| line.starts_with("sip: listen [")), "{lines:#?}");
        assert!(lines.iter().any(|line| line.ends_with("password changed")), "{lines:#?}");
        assert!(lines.iter().any(|line| line.ends_with("taken away")), "{lines:#?}");
        assert!(!lines.concat().contains("swordfish"));
    }
}
