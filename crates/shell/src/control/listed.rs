//! `turno ctl caller list`: the numbers on lists of callers.

use core::time::Duration;
use std::sync::mpsc::sync_channel;

use turno_control::{AddedRow, Answer, ListedAsk, ListedRow};
use turno_engine::{ListedBy, ListedSeen};
use turno_ground::Moment;
use turno_model::{Asker, ListEffect, Plan, Refusal};
use turno_trace::Numbers;

use crate::engine_thread::inbox::{EngineMessage, Inbox};

/// How long the engine's thread may take to answer.
const ANSWER_SPAN_MAX: Duration = Duration::from_secs(2);

/// Asks the engine for the numbers; blocks, so it must not run on a thread of the runtime.
pub(crate) fn list(ask: &ListedAsk, plan: &Plan, inbox: &Inbox) -> Answer {
    let is_known = |name: &String| plan.caller_lists.iter().any(|list| list.name == *name);
    if ask.list.as_ref().is_some_and(|name| !is_known(name)) {
        return Answer::NotDone(Refusal::NoSuchList);
    }
    let (answer, answered) = sync_channel(1);
    if !inbox.post(EngineMessage::CallerLists(answer)) {
        return Answer::NotDone(Refusal::NoAnswer);
    }
    match answered.recv_timeout(ANSWER_SPAN_MAX) {
        Ok((seen, now)) => {
            let asked = seen.iter().filter(|one| ask.list.as_ref().is_none_or(|list| one.list == *list));
            Answer::CallerLists(asked.map(|one| row(one, ask.numbers, now)).collect())
        }
        Err(_) => Answer::NotDone(Refusal::NoAnswer),
    }
}

fn row(seen: &ListedSeen, numbers: Numbers, now: Moment) -> ListedRow {
    let number = match numbers {
        Numbers::Full => seen.number.0.to_string(),
        Numbers::Short => format!("{:?}", seen.number),
    };
    let does = match seen.effect {
        ListEffect::Prefer(priority) => format!("prefer {priority}"),
        ListEffect::Refuse => "refuse".to_owned(),
    };
    ListedRow { list: seen.list.clone(), does, number, added: seen.added.as_ref().map(|it| added(it, now)) }
}

fn added(by: &ListedBy, now: Moment) -> AddedRow {
    let asker = match by.by {
        Asker::Control => "control",
        Asker::Phone(_) => "phone",
        Asker::Shell => "shell",
    };
    AddedRow {
        by: asker.to_owned(),
        why: by.why.as_ref().map(ToString::to_string),
        seconds_ago: now.since(by.since).as_secs(),
        seconds_left: by.until.since(now).as_secs(),
    }
}
