//! A hand-over between two turnos as two tables: the one that runs, and its successor.
//!
//! The running turno serves until its successor has proved everything. Then it pauses, keeps all of its state, and gives
//! the lock of the journal free. Whoever takes that lock serves: the successor, or the old turno again. The lock is the
//! one arbiter, so there are never two, whatever is killed, stopped or late on either side.

use core::time::Duration;

/// How long a successor may prepare; the running turno serves meanwhile.
pub const PREPARE_SPAN_MAX: Duration = Duration::from_secs(60);

/// How long calls under way may take to come to rest before the pause.
pub const QUIET_SPAN_MAX: Duration = Duration::from_secs(3);

/// How long the successor may read the journal. Signalling waits meanwhile, voices do not.
pub const COMMIT_SPAN_MAX: Duration = Duration::from_secs(5);

/// How long the last step may take. Voices wait meanwhile.
pub const LAST_SPAN_MAX: Duration = Duration::from_secs(1);

/// How long a successor waits for a word of the running turno.
pub const WORD_SPAN_MAX: Duration = Duration::from_secs(10);

/// How the running turno stands in a hand-over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OldState {
    /// No hand-over is under way.
    Serving,
    /// The successor has duplicates of the sockets and prepares; this turno serves.
    Offered,
    /// The engine finishes what it has taken in.
    Quieting,
    /// The engine rests with all of its state; the successor reads the journal.
    Paused,
    /// Voices rest too and the lock is free: whoever takes it serves.
    Released,
    /// The successor is late or gone: the lock is asked for.
    Reclaiming,
    /// Somebody else has the lock.
    Unsure,
    /// The successor serves.
    Ended,
}

/// What happens to the running turno in a hand-over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OldEvent {
    /// A successor asks.
    Asked,
    /// The successor is ready.
    Ready,
    /// The engine rests, and everything is in the journal.
    Quiet,
    /// The engine does not come to rest, or the journal can't be written.
    NotQuiet,
    /// The successor has the engine, and asks for the voices.
    WantsVoices,
    /// The successor has the lock, and begins.
    Begun,
    /// The connection has ended, or what came makes no sense.
    Lost,
    /// The span of the state is over.
    TimeOut,
    /// The lock was free: it is held again.
    LockTaken,
    /// The lock is somebody else's.
    LockHeld,
    /// A signal asks this turno to stop.
    AskedToStop,
}

/// What the running turno does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OldAction {
    /// Send duplicates of the sockets.
    OfferSockets,
    /// Ask the engine to come to rest.
    Quieten,
    /// Tell the successor to read the journal.
    SayGoOn,
    /// Rest the voices, give the lock free, and send the ports.
    Release,
    /// Try to take the lock.
    TakeLock,
    /// Close the connection and serve as if nothing had been.
    Resume,
    /// End: the successor serves.
    End,
    /// Nothing.
    Wait,
}

/// How a successor stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NewState {
    /// It has asked.
    Asking,
    /// It has the sockets; it binds, reads and proves everything else.
    Preparing,
    /// It has said that it is ready.
    Ready,
    /// It reads the journal and builds the engine.
    Reading,
    /// It has asked for the voices.
    WaitingForVoices,
    /// It has everything but the lock.
    Locking,
    /// It serves.
    Serving,
    /// The old turno is gone or has closed the connection: the lock tells which.
    Orphaned,
    /// The old turno is dead: it starts from the journal, as after a crash.
    Alone,
    /// It does not serve, and ends.
    Failed,
}

/// What happens to a successor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NewEvent {
    /// The sockets have come.
    Offer,
    /// The old turno has said no.
    Refused,
    /// What was to be done is done.
    Done,
    /// It can't be done.
    NotDone,
    /// The journal may be read.
    GoOn,
    /// The ports of the voices have come, and the lock is free.
    Voices,
    /// The lock was free: it is held.
    LockTaken,
    /// The lock is somebody else's.
    LockHeld,
    /// The connection has ended.
    Lost,
    /// The span of the state is over.
    TimeOut,
}

/// What a successor does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NewAction {
    /// Bind, read and prove everything.
    Prepare,
    /// Say that it is ready.
    SayReady,
    /// Read the journal.
    Read,
    /// Ask for the voices.
    AskVoices,
    /// Try to take the lock.
    TakeLock,
    /// Say that it begins, then serve.
    Serve,
    /// Start from the journal, as after a crash.
    StartAlone,
    /// Say why not if anybody hears, and end.
    Fail,
}

/// A move that the table does not have: the other side makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchMove;

impl OldState {
    /// The next state, and what is to be done.
    ///
    /// # Errors
    /// [`NoSuchMove`] where the table has no entry.
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
            // Whoever is asked to stop in the pause stops when it is over: the signal waits.
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

    /// When the state ends by itself.
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
    /// The next state, and what is to be done.
    ///
    /// # Errors
    /// [`NoSuchMove`] where the table has no entry.
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

    /// How long a word of the old turno is waited for in this state.
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
