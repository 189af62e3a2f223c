//! Limits that belong to no key.

/// Longest name of anything, in characters: it becomes a label in metrics.
pub(crate) const NAME_LENGTH_MAX: usize = 64;
/// Longest text for people, in characters.
pub(crate) const TEXT_LENGTH_MAX: usize = 200;
/// Most seats of one range.
pub(crate) const SEATS_PER_RANGE_MAX: u64 = 10_000;
/// Most agents of a plan.
pub(crate) const AGENTS_MAX: usize = 10_000;
/// Most seats of a plan that are no agent's own.
pub(crate) const SEATS_MAX: usize = 10_000;
/// Most queues of a plan.
pub(crate) const QUEUES_MAX: usize = 1_000;
/// Most bytes of one file.
pub(crate) const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// Most files of a folder.
pub(crate) const FILES_MAX: usize = 100;

/// Marks after the handling target of a queue.
pub(crate) const MARKS_MAX: usize = 8;
