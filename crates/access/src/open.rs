//! The file of users, sessions, tokens and the audit log.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use core::time::Duration;

use rusqlite::Connection;

use crate::trouble::Trouble;

/// The version of the tables.
const VERSION: u32 = 2;

/// How long to wait for another process, such as `turno user`, that writes.
const BUSY_SPAN: Duration = Duration::from_secs(2);

const TABLES: &str = "
CREATE TABLE user (
    name TEXT PRIMARY KEY COLLATE NOCASE, role TEXT NOT NULL, agent TEXT, queues TEXT, password TEXT NOT NULL,
    is_active INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL
) STRICT;
CREATE TABLE session (
    hash BLOB PRIMARY KEY, user TEXT NOT NULL REFERENCES user (name) ON DELETE CASCADE,
    created INTEGER NOT NULL, used INTEGER NOT NULL
) STRICT;
CREATE INDEX session_of_user ON session (user, created);
CREATE TABLE token (
    name TEXT NOT NULL, owner TEXT NOT NULL REFERENCES user (name) ON DELETE CASCADE,
    hash BLOB NOT NULL UNIQUE, role TEXT NOT NULL, agent TEXT, queues TEXT,
    created INTEGER NOT NULL, expires INTEGER NOT NULL, used INTEGER, PRIMARY KEY (owner, name)
) STRICT;
CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, source TEXT NOT NULL,
    deed TEXT NOT NULL, target TEXT NOT NULL, outcome TEXT NOT NULL, why TEXT NOT NULL
) STRICT;
CREATE INDEX audit_at ON audit (at);
";

/// What version 2 added: people whom an issuer elsewhere knows.
const EXTERNAL: &str = "
CREATE TABLE external (
    issuer TEXT NOT NULL, subject TEXT NOT NULL, user TEXT NOT NULL REFERENCES user (name) ON DELETE CASCADE ON UPDATE CASCADE,
    PRIMARY KEY (issuer, subject)
) STRICT;
";

/// Users, sessions, tokens and the audit log in one SQLite file, which only turno's user may read. Several processes may
/// have it open.
#[derive(Debug)]
pub struct Access {
    pub(crate) database: Connection,
}

impl Access {
    /// Opens the file, and makes it if it is not there.
    ///
    /// # Errors
    /// [`Trouble::File`], [`Trouble::Database`], [`Trouble::Newer`].
    pub fn open(file: &Path) -> Result<Self, Trouble> {
        let refused =
            |error: std::io::Error| Trouble::File { file: file.to_owned(), error: error.to_string() };
        // SQLite would make it readable to others.
        OpenOptions::new().create(true).append(true).mode(0o600).open(file).map_err(refused)?;
        fs::set_permissions(file, fs::Permissions::from_mode(0o600)).map_err(refused)?;
        Self::with(Connection::open(file)?, file)
    }

    /// The same in memory alone, for tests.
    ///
    /// # Errors
    /// [`Trouble::Database`].
    pub fn in_memory() -> Result<Self, Trouble> {
        Self::with(Connection::open_in_memory()?, Path::new(":memory:"))
    }

    fn with(database: Connection, file: &Path) -> Result<Self, Trouble> {
        database.busy_timeout(BUSY_SPAN)?;
        database.pragma_update(None, "journal_mode", "WAL")?;
        // Who was signed out or barred stays so after a power cut.
        database.pragma_update(None, "synchronous", "FULL")?;
        database.pragma_update(None, "foreign_keys", true)?;
        let mut access = Self { database };
        access.migrate(file)?;
        Ok(access)
    }

    fn migrate(&mut self, file: &Path) -> Result<(), Trouble> {
        // Without a lock where nothing is to be done: another process may hold it for long.
        let version: u32 = self.database.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if version == VERSION {
            return Ok(());
        }
        // Exclusive from the start: two processes may find an empty file at once.
        let transaction =
            self.database.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let version: u32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
        match version {
            0 => {
                transaction.execute_batch(TABLES)?;
                transaction.execute_batch(EXTERNAL)?;
                transaction.pragma_update(None, "user_version", VERSION)?;
            }
            1 => {
                transaction.execute_batch(EXTERNAL)?;
                transaction.pragma_update(None, "user_version", VERSION)?;
            }
            VERSION => {}
            version => return Err(Trouble::Newer { file: file.to_owned(), version }),
        }
        transaction.commit()?;
        Ok(())
    }
}
