//! Imbalances: why the books do not balance.

use core::fmt;
use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_model::{AgentId, AgentState, ContactId, ContactOutcome, Language, QueueId};

/// Facts that contradict each other, or a wrong sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Imbalance {
    /// A contact arrived that was already open.
    ArrivedTwice {
        /// The contact.
        contact: ContactId,
    },
    /// A fact about a contact that had not arrived, or had ended.
    NeverArrived {
        /// The contact.
        contact: ContactId,
    },
    /// A contact ended that was not open: it would have two outcomes.
    EndedUnknown {
        /// The contact.
        contact: ContactId,
    },
    /// A contact that had entered no queue got a queue's outcome.
    EndedUnqueued {
        /// The contact.
        contact: ContactId,
    },
    /// A contact that had entered a queue was turned away.
    TurnedAwayFromQueue {
        /// The contact.
        contact: ContactId,
    },
    /// A contact that was in no queue was connected.
    ConnectedUnqueued {
        /// The contact.
        contact: ContactId,
    },
    /// An agent's segment ended that was not open.
    DisconnectedTwice {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
    },
    /// `Answered` for a contact without an agent, or another outcome for one that an agent talked to.
    WrongOutcome {
        /// The contact.
        contact: ContactId,
        /// The recorded outcome.
        outcome: ContactOutcome,
    },
    /// An agent left a state that the agent was not in.
    AgentJumped {
        /// The agent.
        agent: AgentId,
        /// The state by the earlier facts.
        was: AgentState,
        /// The state by this fact.
        said: AgentState,
    },
    /// A queue's visits differ from answered + abandoned + outflowed + dequeued + waiting.
    Visits {
        /// The queue.
        queue: QueueId,
        /// Visits begun.
        entered: u64,
        /// Visits ended or waiting.
        accounted: u64,
    },
    /// Contacts that entered differ from those that ended or are open.
    Contacts {
        /// Contacts that entered a queue, or arrived.
        entered: u64,
        /// Contacts that ended or are open.
        accounted: u64,
    },
    /// An agent's staffed time differs from the sum of the states.
    Staffed {
        /// The agent.
        agent: AgentId,
        /// From log-ins and log-outs.
        staffed: Duration,
        /// The sum of the states.
        states: Duration,
    },
}

impl fmt::Display for Imbalance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the books do not balance: ")?;
        match self {
            Self::ArrivedTwice { contact } => write!(f, "contact {} arrived twice", contact.0),
            Self::NeverArrived { contact } => {
                write!(f, "something happened to contact {}, which had not arrived or had ended", contact.0)
            }
            Self::EndedUnknown { contact } => {
                write!(f, "contact {} ended and was not open: it has two outcomes", contact.0)
            }
            Self::EndedUnqueued { contact } => {
                write!(f, "contact {} entered no queue and has a queue's outcome", contact.0)
            }
            Self::TurnedAwayFromQueue { contact } => {
                write!(f, "contact {} had entered a queue and was turned away", contact.0)
            }
            Self::ConnectedUnqueued { contact } => {
                write!(f, "contact {} stood in no queue and was connected", contact.0)
            }
            Self::DisconnectedTwice { contact, agent } => {
                write!(f, "agent {} left contact {} twice", agent.0, contact.0)
            }
            Self::WrongOutcome { contact, outcome } => {
                let said = match outcome {
                    ContactOutcome::Answered => "answered, and nobody talked to it",
                    ContactOutcome::Abandoned => "abandoned, and somebody talked to it",
                    ContactOutcome::Outflowed => "sent away, and somebody talked to it",
                    ContactOutcome::Dequeued => "served elsewhere, and somebody talked to it here",
                };
                write!(f, "contact {} is said to be {said}", contact.0)
            }
            Self::AgentJumped { agent, was, said } => {
                let (was, said) = (was.words(Language::English), said.words(Language::English));
                write!(f, "agent {} was {was}, and is said to have been {said}", agent.0)
            }
            Self::Visits { queue, entered, accounted } => {
                write!(f, "queue {} was entered {entered} times, and {accounted} are accounted for", queue.0)
            }
            Self::Contacts { entered, accounted } => {
                write!(f, "{entered} contacts came, and {accounted} are accounted for")
            }
            Self::Staffed { agent, staffed, states } => {
                let (staffed, states) = (staffed.as_secs_f64(), states.as_secs_f64());
                write!(
                    f,
                    "agent {} was logged in for {staffed:.3} s, and the states have {states:.3} s",
                    agent.0
                )
            }
        }
    }
}

impl core::error::Error for Imbalance {}
