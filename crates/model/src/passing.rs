//! What an agent does with a talk beside ending it or transferring it to a colleague or a queue.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::id::{AgentId, ContactId};

/// An agent passes a talk on, or asks a third party about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passing {
    /// The contact.
    pub contact: ContactId,
    /// The agent of the talk.
    pub agent: AgentId,
    /// What happened.
    pub change: PassingChange,
}

/// What happened to the talk. Facts contain it and are kept for years: a new variant goes last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PassingChange {
    /// The agent gave the contact back: it waits in its queue again, in the place of its arrival.
    Returned,
    /// The number of a dependency rings for the contact.
    DependencyRung {
        /// The dependency's name.
        dependency: CompactString,
    },
    /// The dependency answered, and the contact has its outcome as wrap-up code.
    DependencyReached {
        /// The dependency's name.
        dependency: CompactString,
        /// The wrap-up code; empty if the dependency has none.
        outcome: CompactString,
    },
    /// The dependency did not answer.
    DependencyNotReached {
        /// The dependency's name.
        dependency: CompactString,
        /// The final response of the last address.
        status: u16,
    },
    /// The agent consults somebody, whose phone rings. The caller talks to the agent until it is answered.
    Consults(Consulted),
    /// Who is consulted has answered, and talks with the agent alone.
    ConsultBegan(Consulted),
    /// All three talk.
    Conferenced(Consulted),
    /// The consultation is over.
    ConsultEnded(Consulted, ConsultEnd),
}

/// Who is consulted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Consulted {
    /// A colleague.
    Agent(AgentId),
    /// A dependency of the plan, by its name.
    Dependency(CompactString),
    /// A number outside.
    Outside,
}

/// How a consultation ended. A new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConsultEnd {
    /// The agent left, and who was consulted has the caller.
    Completed,
    /// The agent went back to the caller.
    Back,
    /// Who was consulted hung up, and the agent has the caller again.
    Left,
    /// Who was to be consulted did not answer.
    NotReached {
        /// The final response; 480 after the longest ringing.
        status: u16,
    },
    /// The talk ended meanwhile: the caller left, or the agent gave the contact away.
    TalkOver,
}

impl ConsultEnd {
    /// The kinds of end, each with example fields.
    pub const ALL: [Self; 5] =
        [Self::Completed, Self::Back, Self::Left, Self::NotReached { status: 486 }, Self::TalkOver];
}
