//! Differences in lists of tables: queues, agents, trunks and the rest, by name.

use std::collections::BTreeSet;

use turno_model::plan::{AgentPlan, PromptPlan, SeatPlan, TrunkPlan};
use turno_model::{Plan, SeatId};

use crate::difference_lines::{InForce, Lines};
use crate::key::{Compared, Side};
use crate::keys::callers::CALLER_LIST;
use crate::keys::dependencies::DEPENDENCY;
use crate::keys::handling::WRAP_UP_CODE;
use crate::keys::hours::HOURS;
use crate::keys::numbers::{MENU, NUMBER};
use crate::keys::phones::OUTSIDE_PHONE;
use crate::keys::queues::QUEUE;
use crate::keys::seats::{AGENT, AUX_REASON, PASSWORD, PIN, SEAT};
use crate::keys::tls::SRTP;
use crate::keys::trunks::{ADDRESSING, TRUNK, TRUST, Trust};
use crate::keys::webhooks::WEBHOOK;

/// Every change in them. Passwords are never told.
pub(crate) fn compare_lists(lines: &mut Lines, old: &Plan, new: &Plan) {
    let both = (old, new);
    each(lines, "queue", &QUEUE, both, (&old.queues, &new.queues), |it| &it.name);
    let agents = (old.agents.as_slice(), new.agents.as_slice());
    lines.each(
        ("agent", InForce::ByReload),
        agents,
        |it| &it.name,
        |lines, what, was, is| {
            compare_agents(lines, what, (old, was), (new, is));
        },
    );
    let (old_seats, new_seats) = (seats_of_nobody(old), seats_of_nobody(new));
    lines.each(
        ("seat", InForce::ByReload),
        (&old_seats, &new_seats),
        |it| &it.extension,
        |lines, what, was, is| {
            lines.table(what, &SEAT, (old, *was), (new, *is));
            compare_accounts(lines, what, (old, Some(was)), (new, Some(is)));
        },
    );
    each(lines, "aux_reason", &AUX_REASON, both, (&old.aux_reasons, &new.aux_reasons), |it| &it.name);
    let (codes, new_codes) = (&old.wrap_up_codes, &new.wrap_up_codes);
    each(lines, "wrap_up_code", &WRAP_UP_CODE, both, (codes, new_codes), |it| &it.code);
    let (dependencies, new_dependencies) = (&old.dependencies, &new.dependencies);
    each(lines, "dependency", &DEPENDENCY, both, (dependencies, new_dependencies), |it| &it.name);
    let trunks = (old.trunks.as_slice(), new.trunks.as_slice());
    lines.each(
        ("trunk", InForce::ByStart),
        trunks,
        |it| &it.name,
        |lines, what, was, is| {
            compare_trunks(lines, what, (old, was), (new, is));
        },
    );
    each(lines, "number", &NUMBER, both, (&old.numbers, &new.numbers), |it| &it.number);
    each(lines, "menu", &MENU, both, (&old.menus, &new.menus), |it| &it.name);
    each(lines, "caller_list", &CALLER_LIST, both, (&old.caller_lists, &new.caller_lists), |it| &it.name);
    let webhooks = (old.webhooks.as_slice(), new.webhooks.as_slice());
    lines.each(
        ("webhook", InForce::ByStart),
        webhooks,
        |it| &it.name,
        |lines, what, was, is| lines.table(what, &WEBHOOK, (old, was), (new, is)),
    );
    each(lines, "hours", &HOURS, both, (&old.hours, &new.hours), |it| &it.name);
    let prompts = (old.prompts.as_slice(), new.prompts.as_slice());
    lines.each(
        ("prompt", InForce::ByReload),
        prompts,
        |it| &it.name,
        |lines, what, was, is| {
            let PromptPlan { name: _, file } = was;
            lines.compare(what, "file", file, &is.file);
        },
    );
}

/// Compares things that have one table of keys.
fn each<T: Compared>(
    lines: &mut Lines,
    what: &str,
    table: &T,
    (old, new): (&Plan, &Plan),
    lists: (&[T::Part], &[T::Part]),
    name: impl Fn(&T::Part) -> &str,
) {
    lines.each((what, InForce::ByReload), lists, name, |lines, what, was, is| {
        lines.table(what, table, (old, was), (new, is));
    });
}

fn compare_agents(lines: &mut Lines, what: &str, old: Side<'_, AgentPlan>, new: Side<'_, AgentPlan>) {
    let ((old, was), (new, is)) = (old, new);
    lines.table(what, &AGENT, (old, was), (new, is));
    lines.table(what, &OUTSIDE_PHONE, (old, &was.outside), (new, &is.outside));
    lines.table(what, &PIN, (old, &was.pin), (new, &is.pin));
    compare_accounts(lines, what, (old, own_seat(old, was)), (new, own_seat(new, is)));
}

/// Compares what a phone registers by, where there is one.
fn compare_accounts(
    lines: &mut Lines,
    what: &str,
    (old, was): (&Plan, Option<&SeatPlan>),
    (new, is): (&Plan, Option<&SeatPlan>),
) {
    let password = |seat: Option<&SeatPlan>| seat.map(|seat| seat.password.clone());
    lines.table(what, &PASSWORD, (old, &password(was)), (new, &password(is)));
    let srtp = |seat: Option<&SeatPlan>| seat.map(|seat| seat.srtp).unwrap_or_default();
    lines.table(what, &SRTP, (old, &srtp(was)), (new, &srtp(is)));
}

/// Seats that no agent has for the own one, whose line would tell of it.
fn seats_of_nobody(plan: &Plan) -> Vec<&SeatPlan> {
    let own: BTreeSet<_> = plan.agents.iter().filter_map(|agent| agent.own_seat).collect();
    let all = (0..).map(SeatId).zip(&plan.seats);
    all.filter(|(id, _)| !own.contains(id)).map(|(_, seat)| seat).collect()
}

fn own_seat<'p>(plan: &'p Plan, agent: &AgentPlan) -> Option<&'p SeatPlan> {
    plan.seats.get(agent.own_seat?.index())
}

fn compare_trunks(lines: &mut Lines, what: &str, old: Side<'_, TrunkPlan>, new: Side<'_, TrunkPlan>) {
    let ((old, was), (new, is)) = (old, new);
    lines.table(what, &TRUNK, (old, was), (new, is));
    lines.table(what, &ADDRESSING, (old, &was.addressing), (new, &is.addressing));
    let (was_known, is_known) = (Trust::of(&was.trust), Trust::of(&is.trust));
    lines.table(what, &TRUST, (old, &was_known), (new, &is_known));
    lines.table(what, &PASSWORD, (old, &was_known.password), (new, &is_known.password));
    lines.table(what, &SRTP, (old, &was.srtp), (new, &is.srtp));
}
