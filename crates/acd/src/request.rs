//! The answers to what agents ask for.

use core::fmt;

use turno_model::Done;

/// When a wish takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakesEffect {
    /// It has.
    Done,
    /// When the contact or call under way has left, or the line is back.
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

/// The agent has had no contact yet that a wrap-up code could be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoContact;

impl fmt::Display for NoContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the agent has had no contact yet")
    }
}

impl core::error::Error for NoContact {}
