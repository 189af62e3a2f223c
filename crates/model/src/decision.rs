//! Decisions: why a contact went to an agent.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::id::{AgentId, ContactId, QueueId};

/// How many candidates a decision names; the others are only counted.
pub const CANDIDATES_MAX: usize = 32;

/// How an agent is chosen among several (names as in FIELD.md and Avaya).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Rule {
    /// Most idle agent with the skill, at any level.
    UcdMia,
    /// Best level first, then most idle.
    EadMia,
    /// Least occupied agent with the skill, at any level.
    UcdLoa,
    /// Best level first, then least occupied.
    EadLoa,
    /// Call surplus: an agent became free and took the contact with the greatest need: highest priority, then longest
    /// wait.
    GreatestNeed,
    /// The agent who served this caller last was free.
    LastAgent,
    /// A supervisor gave the contact to this agent.
    Pulled,
    /// The caller dialled this agent's own number.
    Direct,
}

/// Why a candidate was not chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PassedOver {
    /// Was idle for a shorter time than the winner.
    LessIdle,
    /// Has a worse level for the skill.
    WorseLevel,
    /// Was more occupied.
    MoreOccupied,
    /// Lacks the skill.
    NoSkill,
    /// Not available: ringing, talking, holding or in ACW.
    Occupied,
    /// In AUX.
    NotReady,
    /// Cools down after a missed or refused offer.
    CoolingDown,
    /// Not registered or not answering OPTIONS.
    Unreachable,
    /// Missed or refused this contact before, and another candidate did not.
    TriedBefore,
    /// A contact of lower priority.
    LowerPriority,
    /// A contact with a shorter wait.
    ShorterWait,
    /// Has more contacts than the winner.
    MoreInHand,
    /// The agent's skill level is beyond the one up to which the contact may go yet.
    BeyondLevel,
    /// Free too, but did not serve this caller last.
    NotLastAgent,
    /// A contact that has waited longer, whose turn is due later, since its channel may wait longer.
    LaterDeadline,
    /// Free for callers, and kept for them: the winner was not, because of the conversations at hand or of the queues served.
    KeptForCalls,
}

/// A candidate of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Candidate {
    /// An agent for the contact.
    Agent(AgentId),
    /// A contact for the agent: the first in line of a queue.
    Contact(ContactId, QueueId),
}

/// One decision and its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The contact.
    pub contact: ContactId,
    /// Its queue.
    pub queue: QueueId,
    /// The chosen agent.
    pub winner: AgentId,
    /// The rule.
    pub rule: Rule,
    /// How long the contact had waited in the queue.
    pub waited: Duration,
    /// How long the winner had been idle by the most-idle clock.
    pub idle: Duration,
    /// Up to [`CANDIDATES_MAX`] other candidates, in the order of the rule.
    pub passed_over: SmallVec<[(Candidate, PassedOver); 4]>,
    /// How many more candidates there were.
    pub others: u32,
}
