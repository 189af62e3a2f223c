//! Who is to be called back and who takes a break, asked of the engine.

use core::time::Duration;
use std::sync::mpsc::{SyncSender, sync_channel};

use turno_control::{Answer, BreakRow, CallbackRow};
use turno_engine::{BreakSeen, BreakStand, CallbackSeen, CallbackStep};
use turno_model::{CallbackOffer, Plan, Refusal};
use turno_trace::Numbers;

use crate::engine_thread::inbox::{EngineMessage, Inbox};

/// How long the engine's thread may take to answer.
const ANSWER_SPAN_MAX: Duration = Duration::from_secs(2);

/// The callbacks; blocks, so it must not run on a thread of the runtime.
pub(crate) fn callbacks(numbers: Numbers, plan: &Plan, inbox: &Inbox) -> Answer {
    asked(inbox, EngineMessage::Callbacks).map_or(Answer::NotDone(Refusal::NoAnswer), |seen| {
        Answer::Callbacks(seen.iter().filter_map(|one| callback(one, numbers, plan)).collect())
    })
}

/// The breaks in turns; blocks, so it must not run on a thread of the runtime.
pub(crate) fn breaks(plan: &Plan, inbox: &Inbox) -> Answer {
    asked(inbox, EngineMessage::Breaks).map_or(Answer::NotDone(Refusal::NoAnswer), |seen| {
        Answer::Breaks(seen.iter().filter_map(|one| away(one, plan)).collect())
    })
}

fn asked<T>(inbox: &Inbox, ask: impl FnOnce(SyncSender<T>) -> EngineMessage) -> Option<T> {
    let (answer, answered) = sync_channel(1);
    if !inbox.post(ask(answer)) {
        return None;
    }
    answered.recv_timeout(ANSWER_SPAN_MAX).ok()
}

fn callback(seen: &CallbackSeen, numbers: Numbers, plan: &Plan) -> Option<CallbackRow> {
    let why = match seen.why {
        CallbackOffer::Waited => "waited",
        CallbackOffer::LongWait => "long-wait",
        CallbackOffer::Full => "full",
        CallbackOffer::Key => "key",
    };
    let step = match seen.step {
        CallbackStep::Waits => "waits",
        CallbackStep::AgentRings => "agent-rings",
        CallbackStep::PersonRings => "person-rings",
        CallbackStep::Greeted => "greeted",
        CallbackStep::InLine => "in-line",
    };
    Some(CallbackRow {
        contact: seen.contact.0,
        queue: plan.queues.get(seen.queue.index())?.name.clone(),
        number: match numbers {
            Numbers::Full => seen.number.0.to_string(),
            Numbers::Short => format!("{:?}", seen.number),
        },
        why: why.to_owned(),
        step: step.to_owned(),
        dials: seen.dials,
        since: seen.since.as_micros(),
        due: seen.due.map(turno_ground::Moment::as_micros),
        until: seen.until.map(turno_ground::Moment::as_micros),
    })
}

fn away(seen: &BreakSeen, plan: &Plan) -> Option<BreakRow> {
    let (stand, at) = match seen.stand {
        BreakStand::Promised(at) => ("promised", Some(at)),
        BreakStand::Granted(until) => ("granted", Some(until)),
        BreakStand::Leaving => ("leaving", None),
        BreakStand::Away(until) => ("away", Some(until)),
    };
    Some(BreakRow {
        agent: plan.agents.get(seen.agent.index())?.extension.clone(),
        reason: plan.aux_reasons.get(usize::from(seen.reason))?.name.clone(),
        stand: stand.to_owned(),
        at: at.map(turno_ground::Moment::as_micros),
    })
}
