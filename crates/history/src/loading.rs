//! Reads the rows that are not finished, at the start and after each failure.

use std::collections::BTreeMap;

use core::time::Duration;

use turno_model::ContactId;

use crate::failure::Failure;
use crate::open::{OpenContact, Sitting, Talk, Visit, moment};
use crate::store::Sql;
use crate::value::Value;

const CONTACTS: &str = "SELECT contact, arrived_us, is_partial FROM contact WHERE is_open = 1";

const VISITS: &str = "SELECT contact, queue, priority, position, entered_us, told_us, told_kept, target_us, answered_us, in_target, \
    left_us, outcome, is_short, waits_again, is_completed, completed_in_target, handled, talk_us, hold_us FROM visit \
    WHERE contact IN (SELECT contact FROM contact WHERE is_open = 1) ORDER BY contact, number";

const TALKS: &str = "SELECT contact, visit, queue, agent, began_us, taken_over, ended_us, talk_us, hold_us, is_held, \
    booked_until_us FROM talk WHERE contact IN (SELECT contact FROM contact WHERE is_open = 1) ORDER BY contact, number";

const SITTINGS: &str = "SELECT agent, began_us, state, reason, last_queue, booked_until_us, is_partial FROM agent_state \
    WHERE ended_us IS NULL";

/// The open contacts.
pub(crate) fn contacts(sql: &mut dyn Sql) -> Result<BTreeMap<ContactId, OpenContact>, Failure> {
    let mut contacts = BTreeMap::new();
    for row in sql.rows(CONTACTS, &[])? {
        if let [contact, arrived, is_partial] = row.as_slice() {
            let open = OpenContact {
                arrived: moment(arrived),
                is_partial: is(is_partial),
                ..OpenContact::default()
            };
            contacts.insert(id(contact), open);
        }
    }
    for row in sql.rows(VISITS, &[])? {
        if let Some(open) = row.first().and_then(|contact| contacts.get_mut(&id(contact))) {
            open.visits.extend(visit(&row));
        }
    }
    for row in sql.rows(TALKS, &[])? {
        if let Some(open) = row.first().and_then(|contact| contacts.get_mut(&id(contact))) {
            open.talks.extend(talk(&row));
        }
    }
    Ok(contacts)
}

/// The present states of agents.
pub(crate) fn sittings(sql: &mut dyn Sql) -> Result<BTreeMap<String, Sitting>, Failure> {
    let mut sittings = BTreeMap::new();
    for row in sql.rows(SITTINGS, &[])? {
        if let [agent, began, state, reason, last_queue, booked_until, is_partial] = row.as_slice() {
            let sitting = Sitting {
                began: moment(began),
                state: text(state),
                reason: reason.text().map(str::to_owned),
                last_queue: last_queue.text().map(str::to_owned),
                booked_until: moment(booked_until),
                is_partial: is(is_partial),
            };
            sittings.insert(text(agent), sitting);
        }
    }
    Ok(sittings)
}

fn visit(row: &[Value]) -> Option<Visit> {
    let [
        _,
        queue,
        priority,
        position,
        entered,
        told,
        told_kept,
        target,
        answered,
        in_target,
        left,
        outcome,
        short,
        waits_again,
        completed,
        completed_in_target,
        handled,
        talk,
        hold,
    ] = row
    else {
        return None;
    };
    Some(Visit {
        queue: text(queue),
        priority: priority.int().and_then(|priority| priority.try_into().ok()).unwrap_or(0),
        position: number(position),
        entered: moment(entered),
        told: told.span(),
        told_kept: told_kept.int().map(|kept| kept == 1),
        target: target.span(),
        answered: answered.moment(),
        is_in_target: is(in_target),
        left: left.moment(),
        outcome: outcome.text().map(str::to_owned),
        is_short: is(short),
        waits_again: is(waits_again),
        is_completed: is(completed),
        is_completed_in_target: is(completed_in_target),
        handled: number(handled),
        talk: span(talk),
        hold: span(hold),
    })
}

fn talk(row: &[Value]) -> Option<Talk> {
    let [_, visit, queue, agent, began, taken_over, ended, talk, hold, is_held, booked_until] = row else {
        return None;
    };
    Some(Talk {
        visit: number(visit),
        queue: text(queue),
        agent: text(agent),
        began: moment(began),
        is_taken_over: is(taken_over),
        ended: ended.moment(),
        talk: span(talk),
        hold: span(hold),
        is_held: is(is_held),
        booked_until: moment(booked_until),
    })
}

fn id(value: &Value) -> ContactId {
    ContactId(value.int().and_then(|number| number.try_into().ok()).unwrap_or(0))
}

fn number(value: &Value) -> u32 {
    value.int().and_then(|number| number.try_into().ok()).unwrap_or(0)
}

fn is(value: &Value) -> bool {
    value.int() == Some(1)
}

fn span(value: &Value) -> Duration {
    value.span().unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.text().unwrap_or_default().to_owned()
}
