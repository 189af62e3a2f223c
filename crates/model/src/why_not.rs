//! Why an agent does not get a contact.

use serde::{Deserialize, Serialize};

use crate::agent_state::{AgentState, AuxReason};
use crate::id::{AgentId, ContactId, QueueId};

/// One reason why an agent does not get a contact at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyNot {
    /// The agent is not logged in.
    LoggedOut,
    /// The agent is not ready.
    Aux(AuxReason),
    /// The agent has another contact, works after one, or is on another call.
    Occupied(AgentState),
    /// No such contact waits: it never came to a queue, or it has ended.
    Gone,
    /// The contact is in no line at present.
    Elsewhere(Elsewhere),
    /// A supervisor has paused the queue.
    Paused(QueueId),
    /// The agent lacks the skill of the queue, and of every other one whose agents may take the contact.
    NoSkill(QueueId),
    /// The agent's level is beyond the one up to which the contact may go yet.
    BeyondLevel {
        /// The agent's.
        level: u8,
        /// The worst that is allowed.
        most: u8,
    },
    /// The contact waits for this agent alone at present.
    KeptFor(AgentId),
    /// This contact comes first for the agent.
    First(ContactId),
    /// This agent comes first for the contact, by the queue's rule.
    OtherAgent(AgentId),
    /// No media port is free for an offer.
    NoPort,
}

/// Where a contact is that is in no line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Elsewhere {
    /// It rings at an agent.
    RingsAt(AgentId),
    /// An agent has it.
    With(AgentId),
    /// It is put off for a time, as the caller asked or after a dial that failed.
    PutOff,
    /// The person is dialled before an agent is free.
    Dialled,
    /// The caller leaves a message.
    LeavesMessage,
    /// An outside number is called for it.
    CalledOutside,
}
