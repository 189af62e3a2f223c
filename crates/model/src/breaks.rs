//! Breaks in turns: what happens to an agent's break.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_ground::Moment;

use crate::id::AgentId;

/// A change of an agent's break in turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakStep {
    /// The agent.
    pub agent: AgentId,
    /// The AUX reason, by index in `Plan::aux_reasons`.
    pub reason: u8,
    /// What happened.
    pub change: BreakChange,
}

/// What happened to a break. Facts contain it and are kept for years: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BreakChange {
    /// The agent asked for it.
    Asked,
    /// The agent was promised a turn.
    Promised {
        /// When the turn comes.
        at: Moment,
    },
    /// The turn has come.
    Granted {
        /// It is taken back then if the agent has not taken it up. A turn that comes during a contact is taken up after it.
        until: Moment,
    },
    /// The break began.
    Began,
    /// The turn was not taken up in time.
    TakenBack,
    /// The break has lasted for its span, and the agent is still away.
    Overstays,
    /// The break ended.
    Ended {
        /// How much longer than its span it was.
        overstayed: Duration,
    },
    /// The agent no longer has a turn: withdrawn by the agent, or the agent left, or the plan no longer has it.
    Withdrawn,
}
