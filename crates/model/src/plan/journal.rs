//! What a plan says of the journal: whether it is kept, what it outlives, and what a stop does to calls.

use core::time::Duration;

/// What is kept on disk so that a restart forgets nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JournalPlan {
    /// Keep a journal also where nobody says where.
    pub is_kept: bool,
    /// What it outlives.
    pub durability: Durability,
    /// Bytes after which the next segment is begun.
    pub segment_bytes: u64,
    /// How long facts are kept; images go as soon as newer ones are safe.
    pub facts_span: Duration,
    /// Bytes that the files of facts may have together; the oldest go first.
    pub facts_bytes_max: u64,
    /// What a stop does to calls.
    pub on_stop: OnStop,
    /// How long a drain may take; then the calls that are left are ended.
    pub drain_max: Duration,
}

/// What the journal outlives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// The end of the process, however it comes: what was written is with the operating system.
    Process,
    /// Also the end of the machine: what was written is on the disk before anything leaves that depends on it.
    Power,
}

/// What SIGTERM does to calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnStop {
    /// They are ended politely.
    EndCalls,
    /// No new ones are taken; turno ends when the last one has ended.
    Drain,
    /// They stay as they are for the next turno on the same journal.
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
        }
    }
}
