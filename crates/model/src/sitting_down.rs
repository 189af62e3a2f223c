//! A person keys in extension and PIN at a phone.

use serde::{Deserialize, Serialize};

use crate::id::{AgentId, SeatId};

/// A PIN was keyed in at a phone. The digits are in no fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinEntered {
    /// The phone's seat.
    pub seat: SeatId,
    /// The agent whose extension was keyed in; `None`: nobody has it, or that agent has no PIN.
    pub agent: Option<AgentId>,
    /// What came of it.
    pub outcome: PinOutcome,
}

/// What came of a PIN. Facts contain it: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PinOutcome {
    /// The agent sits there now.
    SatDown,
    /// Extension or PIN was wrong.
    Wrong,
    /// There were too many wrong ones, so that it was not looked at.
    Locked,
    /// The agent is busy at another phone, or another agent works at this one.
    NotPossible,
    /// The agent called the agents' line, and may dial codes there.
    SignedIn,
}

impl PinOutcome {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::SatDown, Self::Wrong, Self::Locked, Self::NotPossible, Self::SignedIn];

    /// Its word in metrics.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SatDown => "sat_down",
            Self::Wrong => "wrong",
            Self::Locked => "locked",
            Self::NotPossible => "not_possible",
            Self::SignedIn => "signed_in",
        }
    }
}
