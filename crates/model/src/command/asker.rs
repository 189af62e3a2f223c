//! Who gives a command.

use serde::{Deserialize, Serialize};

use crate::command::Command;
use crate::command::verb::Verb;
use crate::id::AgentId;

/// Who gives a command. Facts contain it and are kept for years: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Asker {
    /// An agent, with a feature code on the own phone.
    Phone(AgentId),
    /// A supervisor or operator, over the control socket.
    Control,
    /// turno itself: a signal, the DNS resolver of trunks, the shell.
    Shell,
}

impl Asker {
    /// Whether this asker may give this command: an agent only for themselves, and resolved addresses only turno
    /// itself.
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
