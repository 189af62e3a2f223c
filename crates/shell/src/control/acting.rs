//! Commands from the control socket to the engine.

use core::time::Duration;
use std::sync::mpsc::sync_channel;

use turno_model::{Act, Asker, Command, Done, Plan, Refusal, Spoken, Why};

use crate::engine_thread::inbox::{EngineMessage, Inbox};
use crate::hand_over::admitted::HandOvers;

/// How long the engine's thread may take to answer.
const ANSWER_SPAN_MAX: Duration = Duration::from_secs(2);

/// Sends the command to the engine and waits for its answer; blocks, so it must not run on a thread of the runtime.
pub(crate) fn obey(
    asked: (Spoken, Why),
    plan: &Plan,
    inbox: &Inbox,
    hand_overs: &HandOvers,
) -> Result<Done, Refusal> {
    let (spoken, why) = asked;
    let command = spoken.in_plan(plan)?;
    if matches!(command, Act::Drain | Act::Stop) {
        tracing::info!("asked for by a person: {}", command.verb().word());
        // As with a stop signal, no successor can start from now on.
        hand_overs.is_ending();
    }
    ask(inbox, command, why)
}

fn ask(inbox: &Inbox, command: Command, why: Why) -> Result<Done, Refusal> {
    let (answer, answered) = sync_channel(1);
    if !inbox.post(EngineMessage::Command(Asker::Control, command, why, Some(answer))) {
        return Err(Refusal::NoAnswer);
    }
    answered.recv_timeout(ANSWER_SPAN_MAX).unwrap_or(Err(Refusal::NoAnswer))
}
