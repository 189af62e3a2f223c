//! The emergency announcement, which every caller hears before everything else.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::command::asker::Asker;
use crate::id::ContactId;

/// What follows the emergency announcement for a new caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AfterEmergency {
    /// The call goes on as without it.
    #[default]
    GoOn,
    /// The call ends.
    End,
}

/// Something about the emergency announcement. Facts contain it: a new variant goes last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Emergency {
    /// It was switched on, or on with another prompt.
    On {
        /// Who asked.
        by: Asker,
        /// The prompt.
        prompt: CompactString,
    },
    /// It was switched off.
    Off {
        /// Who asked.
        by: Asker,
    },
    /// A caller hears it.
    Heard {
        /// The contact.
        contact: ContactId,
    },
}

impl Emergency {
    /// The contact, if it is about one.
    pub const fn contact(&self) -> Option<ContactId> {
        match self {
            Self::Heard { contact } => Some(*contact),
            Self::On { .. } | Self::Off { .. } => None,
        }
    }
}
