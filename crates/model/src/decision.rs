//! Why a contact went to an agent: the answer to the question that every agent and supervisor asks.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::id::{AgentId, ContactId, QueueId};

/// How many candidates a decision names; the rest are counted.
pub const CANDIDATES_MAX: usize = 32;

/// How an agent is chosen among several (FIELD.md's words; Avaya's names).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Rule {
    /// Most idle agent with the skill, whatever the level.
    UcdMia,
    /// Best level first, then most idle.
    EadMia,
    /// Least occupied agent with the skill, whatever the level.
    UcdLoa,
    /// Best level first, then least occupied.
    EadLoa,
    /// Call surplus: an agent came free and took the contact with the greatest need: highest priority, then
    /// longest wait.
    GreatestNeed,
}

/// Why a candidate did not get (or give) the contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PassedOver {
    /// Had been idle for less long than the winner.
    LessIdle,
    /// Has a worse level for the skill.
    WorseLevel,
    /// Has been more occupied.
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
    /// Missed or refused this very contact, and another candidate has not.
    TriedBefore,
    /// (A contact) has a lower priority.
    LowerPriority,
    /// (A contact) has waited less long.
    ShorterWait,
    /// Has more contacts in hand than the winner.
    MoreInHand,
}

/// Somebody or something that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Candidate {
    /// An agent who might have got the contact.
    Agent(AgentId),
    /// The head of a queue, a contact that might have got the agent.
    Contact(ContactId, QueueId),
}

/// One decision with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The contact that was given.
    pub contact: ContactId,
    /// Its queue.
    pub queue: QueueId,
    /// The agent who got it.
    pub winner: AgentId,
    /// By which rule.
    pub rule: Rule,
    /// How long the contact had waited in the queue.
    pub waited: Duration,
    /// How long the winner had been idle by the most-idle clock.
    pub idle: Duration,
    /// Up to [`CANDIDATES_MAX`] others, in the order of the rule.
    pub passed_over: SmallVec<[(Candidate, PassedOver); 4]>,
    /// How many more were passed over and not named.
    pub others: u32,
}
