//! The journal part of a plan: whether it is kept, what it survives, and what a stop does to calls.

use core::time::Duration;
use std::path::PathBuf;

/// The journal's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalPlan {
    /// Whether a journal is kept even if no folder is given.
    pub is_kept: bool,
    /// What it survives.
    pub durability: Durability,
    /// The size at which a new segment begins.
    pub segment_bytes: u64,
    /// How long facts are kept. Rows are deleted as soon as newer ones are safe.
    pub facts_span: Duration,
    /// The total size of files with facts; the oldest are deleted first.
    pub facts_bytes_max: u64,
    /// What a stop does to calls.
    pub on_stop: OnStop,
    /// How long a drain may take; then the remaining calls are ended.
    pub drain_max: Duration,
    /// The file with the keys that seal rows with secrets; `None`: one in the journal's folder.
    pub seal_key: Option<PathBuf>,
}

/// What the journal survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// The end of the process, even by a kill: written data is with the operating system.
    Process,
    /// Also a power cut: data is on the disk before anything leaves that depends on it.
    Power,
}

/// What SIGTERM does to calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnStop {
    /// Calls are ended with BYE.
    EndCalls,
    /// No new calls are taken; turno ends when the last one has ended.
    Drain,
    /// Calls stay for the next turno on the same journal.
    KeepCalls,
}

impl Default for JournalPlan {
    fn default() -> Self {
        Self {
            is_kept: false,
            durability: Durability::Process,
            segment_bytes: 16 << 20,
            facts_span: Duration::from_secs(30 * 24 * 60 * 60),
            facts_bytes_max: 4096 << 20,
            on_stop: OnStop::EndCalls,
            drain_max: Duration::from_secs(30 * 60),
            seal_key: None,
        }
    }
}
