//! A command that was accepted, as the record of who asked for what.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::command::asker::Asker;
use crate::command::verb::Verb;
use crate::id::{AgentId, ContactId, QueueId};

/// A command that was accepted. Facts contain it and are kept for years: a new field goes last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commanded {
    /// Who asked.
    pub by: Asker,
    /// The reason that was given.
    pub why: Option<CompactString>,
    /// What was asked for.
    pub verb: Verb,
    /// The agent, if it is about one.
    pub agent: Option<AgentId>,
    /// The contact, if it is about one.
    pub contact: Option<ContactId>,
    /// The queue, if it is about one.
    pub queue: Option<QueueId>,
}
