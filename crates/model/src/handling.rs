//! What happens to the handling of a contact beside talk, hold and after-call work.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::id::{AgentId, ContactId};

/// A change of the handling of a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handled {
    /// The contact.
    pub contact: ContactId,
    /// The agent.
    pub agent: AgentId,
    /// What happened.
    pub change: HandlingChange,
}

/// What happened to the handling of a contact. Facts contain it and are kept for years: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HandlingChange {
    /// Talk and hold reached one of the queue's marks after the handling target.
    Marked {
        /// The mark, as a percentage of the handling target.
        percent: u16,
    },
    /// The wrap-up code that the agent gave has a handling target of its own, which counts from now on.
    Retargeted {
        /// The target.
        target: Duration,
    },
    /// After-call work goes on until the agent gives a wrap-up code.
    CodeOwed,
    /// The agent made after-call work longer.
    Extended {
        /// By how much.
        by: Duration,
    },
    /// The agent asked for help.
    HelpAsked,
    /// An expert is rung.
    HelpRings {
        /// The expert.
        expert: AgentId,
    },
    /// The expert joined the talk.
    HelpCame {
        /// The expert.
        expert: AgentId,
    },
    /// No expert is free, or none of those who were rung answered.
    NoHelp,
}
