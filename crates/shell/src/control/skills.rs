//! `turno ctl skill`: the skills of an agent, or all that commands changed.

use core::time::Duration;
use std::sync::mpsc::sync_channel;

use turno_control::{AddedRow, Answer, SkillRow};
use turno_engine::{SkillBy, SkillSeen};
use turno_ground::Moment;
use turno_model::{Asker, Plan, Refusal};

use crate::engine_thread::inbox::{EngineMessage, Inbox};

/// How long the engine's thread may take to answer.
const ANSWER_SPAN_MAX: Duration = Duration::from_secs(2);

/// Asks the engine; blocks, so it must not run on a thread of the runtime.
pub(crate) fn list(extension: Option<&str>, plan: &Plan, inbox: &Inbox) -> Answer {
    let agent = extension.map(|extension| plan.agent_by_extension(extension));
    if agent == Some(None) {
        return Answer::NotDone(Refusal::NoSuchAgent);
    }
    let (answer, answered) = sync_channel(1);
    if !inbox.post(EngineMessage::Skills(agent.flatten(), answer)) {
        return Answer::NotDone(Refusal::NoAnswer);
    }
    match answered.recv_timeout(ANSWER_SPAN_MAX) {
        Ok((seen, now)) => Answer::Skills(seen.iter().filter_map(|one| row(one, plan, now)).collect()),
        Err(_) => Answer::NotDone(Refusal::NoAnswer),
    }
}

fn row(seen: &SkillSeen, plan: &Plan, now: Moment) -> Option<SkillRow> {
    Some(SkillRow {
        agent: plan.agents.get(seen.agent.index())?.extension.clone(),
        queue: plan.queues.get(seen.queue.index())?.name.clone(),
        level: seen.level,
        planned: seen.planned,
        changed: seen.changed.as_ref().map(|by| changed(by, now)),
    })
}

fn changed(by: &SkillBy, now: Moment) -> AddedRow {
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
