//! Outputs of the engine.

use turno_ground::{Moment, Transmit};
use turno_media_plan::MediaCommand;
use turno_model::{Done, Fact, Refusal, Step};

use crate::recording_order::RecordingOrder;

/// The answer to a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The number that came with the command.
    pub command: u64,
    /// Done, or the reason for a refusal.
    pub result: Result<Done, Refusal>,
}

/// One output of the engine; the shell handles outputs in order.
#[derive(Debug)]
pub enum Output {
    /// Write this to the journal before anything that follows: the changed rows and facts of a step. It is the first
    /// output of a step, and only present after [`crate::Engine::keep_journal`].
    Keep(Step),
    /// Publish this fact, ahead of what it allows.
    Record(Moment, Fact),
    /// Send this SIP message.
    Transmit(Transmit),
    /// Pass this to the media plane.
    Media(MediaCommand),
    /// Pass this to the recorder.
    Recording(RecordingOrder),
    /// Answer a command.
    Reply(Reply),
    /// Every call has ended after `Command::Stop` or `Command::Drain`: the process may end.
    Stopped,
    /// No more outputs now; wake at this moment, if there is one. Ends the drain.
    Idle(Option<Moment>),
}
