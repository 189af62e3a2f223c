//! Where an agent sits.

use core::time::Duration;
use std::sync::mpsc::sync_channel;

use turno_api::Kind;
use turno_model::Plan;

use crate::engine_thread::inbox::{EngineMessage, Inbox};

/// How long the engine's thread may take to answer.
const ANSWER_SPAN_MAX: Duration = Duration::from_secs(2);

/// The extension of the seat of this agent. It asks the engine and blocks, so it must not run on a thread of the runtime.
///
/// # Errors
/// [`Kind::NotFound`], [`Kind::Refused`] at no seat, [`Kind::NotAnswered`].
pub(crate) fn seat_of(extension: &str, plan: &Plan, inbox: &Inbox) -> Result<String, Kind> {
    let agent = plan.agent_by_extension(extension).filter(|agent| !plan.agents[agent.index()].is_retired);
    let agent = agent.ok_or(Kind::NotFound)?;
    let (answer, answered) = sync_channel(1);
    if !inbox.post(EngineMessage::SeatOf(agent, answer)) {
        return Err(Kind::NotAnswered);
    }
    let seat = answered.recv_timeout(ANSWER_SPAN_MAX).map_err(|_| Kind::NotAnswered)?.ok_or(Kind::Refused)?;
    plan.seats.get(seat.index()).map(|seat| seat.extension.clone()).ok_or(Kind::NotAnswered)
}
