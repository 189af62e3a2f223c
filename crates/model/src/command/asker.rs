//! Who asks for something.

use serde::{Deserialize, Serialize};

use crate::command::Command;
use crate::command::verb::Verb;
use crate::id::AgentId;

/// Who asks. It stands in facts, which are kept for years: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Asker {
    /// An agent, by a feature code on the own phone.
    Phone(AgentId),
    /// A supervisor or operator, by the control socket.
    Control,
    /// turno itself: a signal, the resolver of trunks' names, the program around it.
    Shell,
}

impl Asker {
    /// Whether this one may ask for it: agents for themselves alone, and only turno itself says what names are resolved to.
    pub fn may_ask(self, command: &Command) -> bool {
        match self {
            Self::Phone(agent) => {
                command.verb().has_feature_code() && command.agent().is_some_and(|it| *it == agent)
            }
            Self::Control => command.verb() != Verb::TrunkResolved,
            Self::Shell => true,
        }
    }
}
