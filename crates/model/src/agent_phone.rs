//! An agent on an ordinary telephone: the phone is dialled, picked up and confirmed, and the agent calls the agents' line.

use serde::{Deserialize, Serialize};

use crate::id::{AgentId, ContactId};
use crate::sitting_down::PinOutcome;

/// A step of an agent on an ordinary telephone. The agent's number is in no fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneStep {
    /// The agent; `None`: nobody has the extension that was keyed in on the agents' line.
    pub agent: Option<AgentId>,
    /// The contact for which the phone is dialled.
    pub contact: Option<ContactId>,
    /// What happened.
    pub change: PhoneChange,
}

/// What happened to the phone. Facts contain it: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhoneChange {
    /// It is dialled over the trunk.
    Dialled,
    /// It was picked up: a person, or a machine, hears what to press.
    PickedUp,
    /// The person has pressed 1.
    Confirmed,
    /// Somebody called the agents' line and keyed in a PIN.
    AgentsLine(PinOutcome),
    /// A held line is dialled.
    LineDialled,
    /// A held line is connected, and stays so.
    LineOpened,
    /// A held line was hung up by the agent, or lost.
    LineLost,
    /// A held line was released, since the agent works no more.
    LineReleased,
    /// The agent did not take a held line.
    LineRefused,
}

impl PhoneChange {
    /// Its word in metrics.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Dialled => "dialled",
            Self::PickedUp => "picked_up",
            Self::Confirmed => "confirmed",
            Self::AgentsLine(_) => "agents_line",
            Self::LineDialled => "line_dialled",
            Self::LineOpened => "line_opened",
            Self::LineLost => "line_lost",
            Self::LineReleased => "line_released",
            Self::LineRefused => "line_refused",
        }
    }
}
