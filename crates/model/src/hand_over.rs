//! A hand-over from the running turno to its successor, as two state tables.
//!
//! The running turno serves until its successor is fully prepared. Then it pauses, keeps all of its state, and releases
//! the journal's lock. The process that takes the lock serves: the successor, or the old turno again. The lock alone
//! decides, so there are never two, even if a process on either side is killed, stopped or late.

use core::time::Duration;

/// How long a successor may prepare; the running turno serves during that time.
pub const PREPARE_SPAN_MAX: Duration = Duration::from_secs(60);

/// How long steps in progress may take to finish before the pause.
pub const QUIET_SPAN_MAX: Duration = Duration::from_secs(3);

/// How long the successor may read the journal. Signalling waits during that time, media does not.
pub const COMMIT_SPAN_MAX: Duration = Duration::from_secs(5);

/// How long the last step may take. Media waits during that time.
pub const LAST_SPAN_MAX: Duration = Duration::from_secs(1);

/// How long a successor waits for a message of the running turno.
pub const WORD_SPAN_MAX: Duration = Duration::from_secs(10);

/// The state of the running turno in a hand-over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OldState {
    /// No hand-over.
    Serving,
    /// The successor has duplicates of the sockets and prepares; this turno serves.
    Offered,
    /// The engine finishes the input that it has taken.
    Quieting,
    /// The engine is paused with all of its state; the successor reads the journal.
    Paused,
    /// Media is paused too and the lock is released: the process that takes it serves.
    Released,
    /// The successor is late or gone: this turno tries to take the lock back.
    Reclaiming,
    /// Another process has the lock.
    Unsure,
    /// The successor serves.
    Ended,
}

/// An event of the running turno in a hand-over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OldEvent {
    /// A successor asks for a hand-over.
    Asked,
    /// The successor is ready.
    Ready,
    /// The engine is paused, and everything is in the journal.
    Quiet,
    /// The engine did not pause, or the journal can't be written.
    NotQuiet,
    /// The successor has its engine, and asks for the media streams.
    WantsVoices,
    /// The successor has the lock, and begins to serve.
    Begun,
    /// The connection has ended, or a message was invalid.
    Lost,
    /// The deadline of the state has passed.
    TimeOut,
    /// The lock was free and is held again.
    LockTaken,
    /// Another process holds the lock.
    LockHeld,
    /// A signal asks this turno to stop.
    AskedToStop,
}

/// An action of the running turno.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OldAction {
    /// Send duplicates of the sockets.
    OfferSockets,
    /// Ask the engine to pause.
    Quieten,
    /// Tell the successor to read the journal.
    SayGoOn,
    /// Pause the media, release the lock, and send the ports.
    Release,
    /// Try to take the lock.
    TakeLock,
    /// Close the connection and serve as before.
    Resume,
    /// End: the successor serves.
    End,
    /// Nothing.
    Wait,
}

/// The state of a successor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NewState {
    /// It has asked for a hand-over.
    Asking,
    /// It has the sockets. It binds, reads and checks everything else.
    Preparing,
    /// It has said that it is ready.
    Ready,
    /// It reads the journal and builds the engine.
    Reading,
    /// It has asked for the media streams.
    WaitingForVoices,
    /// It has everything except the lock.
    Locking,
    /// It serves.
    Serving,
    /// The old turno is gone or has closed the connection: the lock shows which.
    Orphaned,
    /// The old turno is dead: it starts from the journal, as after a crash.
    Alone,
    /// It does not serve, and ends.
    Failed,
}

/// An event of a successor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NewEvent {
    /// The sockets have arrived.
    Offer,
    /// The old turno refused.
    Refused,
    /// The present task is done.
    Done,
    /// The present task has failed.
    NotDone,
    /// The journal may be read.
    GoOn,
    /// The media ports have arrived, and the lock is released.
    Voices,
    /// The lock was free and is now held.
    LockTaken,
    /// Another process holds the lock.
    LockHeld,
    /// The connection has ended.
    Lost,
    /// The deadline of the state has passed.
    TimeOut,
}

/// An action of a successor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NewAction {
    /// Bind, read and check everything.
    Prepare,
    /// Say that it is ready.
    SayReady,
    /// Read the journal.
    Read,
    /// Ask for the media streams.
    AskVoices,
    /// Try to take the lock.
    TakeLock,
    /// Say that it begins, and serve.
    Serve,
    /// Start from the journal, as after a crash.
    StartAlone,
    /// Report the reason, if the connection stands, and end.
    Fail,
}

/// An event that the table does not allow in this state: the other side is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchMove;

impl OldState {
    /// The next state and the action.
    ///
    /// # Errors
    /// [`NoSuchMove`] if the table has no entry.
    pub const fn after(self, event: OldEvent) -> Result<(Self, OldAction), NoSuchMove> {
        use OldAction as A;
        use OldEvent as E;
        use OldState as S;
        match (self, event) {
            (S::Serving, E::Asked) => Ok((S::Offered, A::OfferSockets)),
            (S::Offered, E::Ready) => Ok((S::Quieting, A::Quieten)),
            (S::Offered, E::Lost | E::TimeOut | E::AskedToStop)
            | (S::Quieting, E::NotQuiet | E::Lost | E::TimeOut)
            | (S::Paused, E::Lost | E::TimeOut)
            | (S::Reclaiming, E::LockTaken) => Ok((S::Serving, A::Resume)),
            (S::Quieting, E::Quiet) => Ok((S::Paused, A::SayGoOn)),
            (S::Paused, E::WantsVoices) => Ok((S::Released, A::Release)),
            (S::Released | S::Unsure, E::Begun) => Ok((S::Ended, A::End)),
            (S::Released | S::Unsure, E::Lost | E::TimeOut) => Ok((S::Reclaiming, A::TakeLock)),
            (S::Reclaiming, E::LockHeld) => Ok((S::Unsure, A::Wait)),
            // A stop signal during the pause waits until the pause is over.
            (
                S::Quieting | S::Paused | S::Released | S::Reclaiming | S::Unsure | S::Serving,
                E::AskedToStop,
            ) => Ok((self, A::Wait)),
            (
                S::Serving,
                E::Ready
                | E::Quiet
                | E::NotQuiet
                | E::WantsVoices
                | E::Begun
                | E::Lost
                | E::TimeOut
                | E::LockTaken
                | E::LockHeld,
            )
            | (
                S::Offered,
                E::Asked | E::Quiet | E::NotQuiet | E::WantsVoices | E::Begun | E::LockTaken | E::LockHeld,
            )
            | (S::Quieting, E::Asked | E::Ready | E::WantsVoices | E::Begun | E::LockTaken | E::LockHeld)
            | (
                S::Paused,
                E::Asked | E::Ready | E::Quiet | E::NotQuiet | E::Begun | E::LockTaken | E::LockHeld,
            )
            | (
                S::Released | S::Unsure,
                E::Asked | E::Ready | E::Quiet | E::NotQuiet | E::WantsVoices | E::LockTaken | E::LockHeld,
            )
            | (
                S::Reclaiming,
                E::Asked
                | E::Ready
                | E::Quiet
                | E::NotQuiet
                | E::WantsVoices
                | E::Begun
                | E::Lost
                | E::TimeOut,
            )
            | (S::Ended, _) => Err(NoSuchMove),
        }
    }

    /// The deadline of this state, from its beginning.
    pub const fn span(self) -> Option<Duration> {
        match self {
            Self::Serving | Self::Reclaiming | Self::Ended => None,
            Self::Offered => Some(PREPARE_SPAN_MAX),
            Self::Quieting => Some(QUIET_SPAN_MAX),
            Self::Paused => Some(COMMIT_SPAN_MAX),
            Self::Released | Self::Unsure => Some(LAST_SPAN_MAX),
        }
    }

    /// Whether the engine of this turno works.
    pub const fn serves(self) -> bool {
        matches!(self, Self::Serving | Self::Offered)
    }
}

impl NewState {
    /// The next state and the action.
    ///
    /// # Errors
    /// [`NoSuchMove`] if the table has no entry.
    pub const fn after(self, event: NewEvent) -> Result<(Self, NewAction), NoSuchMove> {
        use NewAction as A;
        use NewEvent as E;
        use NewState as S;
        match (self, event) {
            (S::Asking, E::Offer) => Ok((S::Preparing, A::Prepare)),
            (S::Preparing, E::Done) => Ok((S::Ready, A::SayReady)),
            (S::Ready, E::GoOn) => Ok((S::Reading, A::Read)),
            (S::Reading, E::Done) => Ok((S::WaitingForVoices, A::AskVoices)),
            (S::WaitingForVoices, E::Voices) => Ok((S::Locking, A::TakeLock)),
            (S::Locking, E::LockTaken) => Ok((S::Serving, A::Serve)),
            (S::Orphaned, E::LockTaken) => Ok((S::Alone, A::StartAlone)),
            (S::Asking | S::Preparing | S::Ready | S::Reading | S::WaitingForVoices, E::Lost) => {
                Ok((S::Orphaned, A::TakeLock))
            }
            (
                S::Asking | S::Preparing | S::Ready | S::Reading | S::WaitingForVoices,
                E::Refused | E::TimeOut,
            )
            | (S::Preparing | S::Reading | S::WaitingForVoices | S::Locking, E::NotDone)
            | (S::Locking | S::Orphaned, E::LockHeld) => Ok((S::Failed, A::Fail)),
            (S::Asking, E::Done | E::NotDone | E::GoOn | E::Voices | E::LockTaken | E::LockHeld)
            | (S::Preparing, E::Offer | E::GoOn | E::Voices | E::LockTaken | E::LockHeld)
            | (S::Ready, E::Offer | E::Done | E::NotDone | E::Voices | E::LockTaken | E::LockHeld)
            | (S::Reading, E::Offer | E::GoOn | E::Voices | E::LockTaken | E::LockHeld)
            | (S::WaitingForVoices, E::Offer | E::Done | E::GoOn | E::LockTaken | E::LockHeld)
            | (S::Locking, E::Offer | E::Refused | E::Done | E::GoOn | E::Voices | E::Lost | E::TimeOut)
            | (
                S::Orphaned,
                E::Offer | E::Refused | E::Done | E::NotDone | E::GoOn | E::Voices | E::Lost | E::TimeOut,
            )
            | (S::Serving | S::Alone | S::Failed, _) => Err(NoSuchMove),
        }
    }

    /// How long this state waits for a message of the old turno.
    pub const fn span(self) -> Option<Duration> {
        match self {
            Self::Asking | Self::Ready | Self::WaitingForVoices => Some(WORD_SPAN_MAX),
            Self::Preparing
            | Self::Reading
            | Self::Locking
            | Self::Serving
            | Self::Orphaned
            | Self::Alone
            | Self::Failed => None,
        }
    }

    /// Whether this turno serves.
    pub const fn serves(self) -> bool {
        matches!(self, Self::Serving | Self::Alone)
    }
}

#[cfg(test)]
#[path = "hand_over_tests.rs"]
mod tests;
