//! The exports of a plan: files that other programs read while turno runs.

use std::path::PathBuf;

/// What is exported while turno runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportsPlan {
    /// The file with what happens in queues, in the form of Asterisk's queue_log; `None`: none. A relative path is one in the
    /// journal's folder.
    pub queue_log: Option<PathBuf>,
}
