//! Everything that the engine can ask of the shell.

use turno_ground::{Moment, Transmit};
use turno_media_plan::MediaCommand;
use turno_model::{Done, Fact, Refusal, Step};

/// The answer to a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The number that came with the command.
    pub command: u64,
    /// Done, or why not.
    pub result: Result<Done, Refusal>,
}

/// One thing for the shell to do, in order.
#[derive(Debug)]
pub enum Output {
    /// Write this down before anything that follows: all of a step, its facts among it. Comes first of a step's outputs,
    /// and only where [`crate::Engine::keep_journal`] was said.
    Keep(Step),
    /// Tell this to whoever counts, ahead of what it allows.
    Record(Moment, Fact),
    /// Send this.
    Transmit(Transmit),
    /// Tell the media plane.
    Media(MediaCommand),
    /// Answer a command.
    Reply(Reply),
    /// Every call has ended after `Command::Stop` or `Command::Drain`: the process may end.
    Stopped,
    /// Nothing more now; wake at this moment, if there is one. Ends the drain.
    Idle(Option<Moment>),
}
