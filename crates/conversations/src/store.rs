//! The file itself: opening it, and its one connection.

use std::path::Path;

use core::time::Duration;

use rusqlite::Connection;
use turno_channels::{Delivery, Millis};
use turno_model::Channel;

use crate::files::Files;
use crate::tables::{TABLES, VERSION};
use crate::trouble::Trouble;

/// How long another program that uses the file is waited for.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);

/// What a plan says about messages that are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest file, in bytes.
    pub file_bytes_max: u64,
    /// Media types that may be kept, such as `image/jpeg`; `image/*` means all images.
    pub kinds: Vec<String>,
    /// For how long a finished conversation goes on when its person writes again, in seconds.
    pub reopen_secs: i64,
}

/// Conversations in a file. One connection, so one owner at a time.
#[derive(Debug)]
pub struct Store {
    pub(crate) db: Connection,
    pub(crate) files: Files,
    pub(crate) limits: Limits,
}

impl Store {
    /// Opens the file, or makes it; `folder` keeps the files of messages.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn open(path: &Path, folder: &Path, limits: Limits) -> Result<Self, Trouble> {
        let mut db = Connection::open(path)?;
        db.busy_timeout(LOCK_PATIENCE)?;
        // FULL: what a channel was told that turno has must survive a power loss too.
        db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;")?;
        let made = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let found: i64 = made.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        match found {
            0 => made.execute_batch(&format!("{TABLES} PRAGMA user_version = {VERSION};"))?,
            VERSION => {}
            newer => return Err(Trouble::Newer(newer)),
        }
        made.commit()?;
        Ok(Self { db, files: Files::open(folder)?, limits })
    }

    /// Another plan is in force.
    pub fn configure(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// What to do after a restart with letters that were leaving. A chat's page knows what it has, so they leave again. Of the
    /// other channels nobody knows whether they left: they do not leave again, and the agent is told. Returns how many are unknown.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn recover(&mut self) -> Result<u64, Trouble> {
        let recovering = self.db.transaction()?;
        let leaving = delivery_code(Delivery::Leaving);
        recovering.execute(
            "UPDATE message SET delivery = ?1 WHERE is_ours = 1 AND delivery = ?2 AND channel = ?3",
            rusqlite::params![delivery_code(Delivery::Waiting), leaving, Channel::Chat.word()],
        )?;
        let unknown = recovering.execute(
            "UPDATE message SET delivery = ?1, failure = ?2 WHERE is_ours = 1 AND delivery = ?3",
            rusqlite::params![delivery_code(Delivery::Failed), UNKNOWN_AFTER_RESTART, leaving],
        )?;
        recovering.commit()?;
        Ok(unknown as u64)
    }
}

/// What an agent reads about a letter that was leaving when turno was killed.
const UNKNOWN_AFTER_RESTART: &str =
    "unknown: turno ended while it was being sent, and does not send it twice";

/// A delivery as the file has it; those below `Sent` must still leave.
pub(crate) const fn delivery_code(delivery: Delivery) -> i64 {
    match delivery {
        Delivery::Waiting => 0,
        Delivery::Leaving => 1,
        Delivery::Sent => 2,
        Delivery::Delivered => 3,
        Delivery::Seen => 4,
        Delivery::Failed => 5,
    }
}

/// The delivery of a code; an unknown one counts as failed.
pub(crate) const fn delivery_of(code: i64) -> Delivery {
    match code {
        0 => Delivery::Waiting,
        1 => Delivery::Leaving,
        2 => Delivery::Sent,
        3 => Delivery::Delivered,
        4 => Delivery::Seen,
        _ => Delivery::Failed,
    }
}

/// A moment as the file has it.
pub(crate) const fn millis(at: Option<i64>) -> Option<Millis> {
    match at {
        Some(at) => Some(Millis(at)),
        None => None,
    }
}
