//! `turno bans list`: the banned sources.

use core::time::Duration;
use std::sync::mpsc::sync_channel;

use turno_control::{Answer, BanRow};
use turno_engine::BanSeen;
use turno_ground::Moment;
use turno_model::Refusal;

use crate::engine_thread::inbox::{EngineMessage, Inbox};

/// How long the engine's thread may take to answer.
const ANSWER_SPAN_MAX: Duration = Duration::from_secs(2);

/// Asks the engine for the ban list; blocks, so it must not run on a thread of the runtime.
pub(crate) fn list(inbox: &Inbox) -> Answer {
    let (answer, answered) = sync_channel(1);
    if !inbox.post(EngineMessage::Bans(answer)) {
        return Answer::NotDone(Refusal::NoAnswer);
    }
    match answered.recv_timeout(ANSWER_SPAN_MAX) {
        Ok((bans, now)) => Answer::Bans(bans.iter().map(|ban| row(ban, now)).collect()),
        Err(_) => Answer::NotDone(Refusal::NoAnswer),
    }
}

fn row(ban: &BanSeen, now: Moment) -> BanRow {
    BanRow {
        source: ban.source.clone(),
        why: ban.why.word().to_owned(),
        strikes: ban.strikes,
        dropped: ban.dropped,
        seconds_left: ban.until.since(now).as_secs(),
    }
}
