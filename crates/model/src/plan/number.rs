//! Dialled numbers and prompts.

use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;

use crate::id::AgentId;
use crate::id::HoursId;
use crate::id::MenuId;
use crate::id::PromptName;
use crate::id::QueueId;

/// Where a dialled number leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A menu.
    Menu(MenuId),
    /// A queue.
    Queue(QueueId),
    /// An agent, for whom the caller waits first, and then a queue.
    Agent(AgentId, QueueId),
}

impl Entry {
    /// The queue to which a caller comes without a menu.
    pub const fn queue(self) -> Option<QueueId> {
        match self {
            Self::Menu(_) => None,
            Self::Queue(queue) | Self::Agent(_, queue) => Some(queue),
        }
    }
}

/// A dialled number.
#[derive(Clone, Debug)]
pub struct NumberPlan {
    /// Digits as they come in the Request-URI's user part; compared after separators and a leading `+` are dropped.
    pub number: String,
    /// Where it leads.
    pub entry: Entry,
    /// When it is open; `None`: always.
    pub hours: Option<HoursId>,
    /// Played outside the hours, then the call ends.
    pub closed: Option<PromptName>,
    /// Played on holidays, then the call ends; `None`: as for `closed`.
    pub holiday: Option<PromptName>,
}

/// A prompt and its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptPlan {
    /// The name in the configuration, such as `es/welcome`.
    pub name: String,
    /// The WAV file.
    pub file: PathBuf,
}

/// A number without separators and the leading `+`.
pub fn bare_number(number: &str) -> String {
    number.chars().filter(|c| !matches!(c, '-' | '.' | ' ' | '(' | ')' | '+')).collect()
}
