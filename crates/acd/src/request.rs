//! Results of agents' requests.

use core::fmt;

use turno_model::{Done, IllegalMove};

/// When a request takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakesEffect {
    /// At once.
    Done,
    /// When the present contact or call has ended, or the phone is reachable again.
    Afterwards,
}

impl From<TakesEffect> for Done {
    fn from(asked: TakesEffect) -> Self {
        match asked {
            TakesEffect::Done => Self::Now,
            TakesEffect::Afterwards => Self::Afterwards,
        }
    }
}

/// The agent has not had a contact that a wrap-up code could be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoContact;

impl fmt::Display for NoContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the agent has had no contact yet")
    }
}

impl core::error::Error for NoContact {}

/// Why a contact is not given to an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotPull {
    /// The contact does not wait in line.
    NotWaiting,
    /// The agent is logged out.
    LoggedOut,
}

impl fmt::Display for CannotPull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotWaiting => "the contact does not wait",
            Self::LoggedOut => "the agent is logged out",
        })
    }
}

impl core::error::Error for CannotPull {}

/// Why after-call work is not made longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotExtend {
    /// The agent is in no timed after-call work.
    NotNow(IllegalMove),
    /// It was made longer already.
    Already,
}

impl fmt::Display for CannotExtend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNow(illegal) => illegal.fmt(f),
            Self::Already => f.write_str("the after-call work was made longer already"),
        }
    }
}

impl core::error::Error for CannotExtend {}
