//! The history part of a plan: in which database facts are kept as rows, and for how long.

use core::time::Duration;
use std::path::PathBuf;

use turno_ground::Secret;

/// The settings of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryPlan {
    /// The kind of database; `None`: SQLite if there is a journal, else none.
    pub store: Option<HistoryStore>,
    /// The file of SQLite; `None`: `history.db` in the journal's folder.
    pub file: Option<PathBuf>,
    /// Where PostgreSQL is, without a password.
    pub url: Option<String>,
    /// The file with its password; `None`: no password.
    pub password_file: Option<PathBuf>,
    /// What is in the file.
    pub password: Secret,
    /// The certificates of the authorities that PostgreSQL's certificate is checked against; `None`: no TLS.
    pub ca: Option<PathBuf>,
    /// How long contacts and what belongs to them are kept.
    pub contacts: Duration,
    /// How long the numbers of people are kept; then contacts stay without them.
    pub numbers: Duration,
    /// How long the states of agents are kept.
    pub states: Duration,
    /// How long half hours are kept.
    pub intervals: Duration,
}

/// The kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryStore {
    /// An SQLite file.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// None.
    Off,
}

const DAY: Duration = Duration::from_hours(24);

impl Default for HistoryPlan {
    fn default() -> Self {
        Self {
            store: None,
            file: None,
            url: None,
            password_file: None,
            password: Secret::default(),
            ca: None,
            contacts: DAY * 1_095,
            numbers: DAY * 365,
            states: DAY * 1_095,
            intervals: DAY * 3_650,
        }
    }
}
