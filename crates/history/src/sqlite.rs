//! The history in an SQLite file.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use core::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql, params_from_iter};

use crate::failure::Failure;
use crate::schema;
use crate::store::{Dialect, Sql, Statement, Store};
use crate::value::Value;

/// Statements that stay prepared.
const PREPARED: usize = 128;

/// Nobody but the owner may read the file: it has the numbers of people.
const FILE_MODE: u32 = 0o600;

/// An SQLite file with one writer; others may read it meanwhile.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    /// How long a locked file is waited for.
    patience: Duration,
    pages_max: Option<u32>,
    /// Whether it is only read, so that its writer never waits for it.
    is_read_only: bool,
    connection: Option<Connection>,
    /// The file behind the connection, as the operating system numbers it.
    opened: Option<(u64, u64)>,
}

impl SqliteStore {
    /// The store in this file, which is created by the first transaction. A locked file is waited for this long.
    pub fn new(path: &Path, patience: Duration) -> Self {
        Self {
            path: path.to_owned(),
            patience,
            pages_max: None,
            is_read_only: false,
            connection: None,
            opened: None,
        }
    }

    /// Only reads the file, which must exist. Its writer goes on meanwhile.
    #[must_use]
    pub fn read_only(self) -> Self {
        Self { is_read_only: true, connection: None, ..self }
    }

    /// Lets the file have at most so many pages.
    #[must_use]
    pub fn with_pages_max(self, pages: u32) -> Self {
        Self { pages_max: Some(pages), connection: None, ..self }
    }

    /// The file at the path now.
    fn found(&self) -> Option<(u64, u64)> {
        fs::metadata(&self.path).ok().map(|about| (about.dev(), about.ino()))
    }

    fn connect_to_read(&self) -> Result<Connection, Failure> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&self.path, flags).map_err(failure)?;
        connection.busy_timeout(self.patience).map_err(failure)?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        schema::check(&mut Open(&mut connection))?;
        Ok(connection)
    }

    fn connect(&self) -> Result<Connection, Failure> {
        if self.is_read_only {
            return self.connect_to_read();
        }
        // Only turno's user reads it; SQLite gives the files beside it the same permissions.
        let created =
            OpenOptions::new().write(true).create(true).truncate(false).mode(FILE_MODE).open(&self.path);
        created.map_err(|error| Failure::Denied(error.to_string()))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&self.path, flags).map_err(failure)?;
        connection.busy_timeout(self.patience).map_err(failure)?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        // A file of somebody else is recognised before anything in it changes.
        schema::check(&mut Open(&mut connection))?;
        let pages =
            self.pages_max.map(|pages| format!("PRAGMA max_page_count = {pages};")).unwrap_or_default();
        // A reader who stayed long leaves a long file behind: it is cut when it is used anew.
        let ways = format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON; \
             PRAGMA journal_size_limit = 67108864; {pages}"
        );
        Open(&mut connection).script(&ways)?;
        Ok(connection)
    }

    /// A transaction that begins so.
    fn work(
        &mut self,
        begin: &str,
        work: &mut dyn FnMut(&mut dyn Sql) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        // A file that was removed or replaced is written nowhere: its connection is given up.
        let known = self.connection.take().filter(|_| self.opened == self.found());
        let mut connection = known.map_or_else(|| self.connect(), Ok)?;
        self.opened = self.found();
        let mut open = Open(&mut connection);
        open.script(if self.is_read_only { "BEGIN" } else { begin })?;
        let done = work(&mut open).and_then(|()| open.script("COMMIT"));
        // After a failure the connection is dropped, and with it what was begun.
        done?;
        self.connection = Some(connection);
        Ok(())
    }
}

impl Store for SqliteStore {
    fn transaction(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Sql) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.work("BEGIN IMMEDIATE", work)
    }

    fn reading(&mut self, work: &mut dyn FnMut(&mut dyn Sql) -> Result<(), Failure>) -> Result<(), Failure> {
        self.work("BEGIN", work)
    }

    fn clear_traces(&mut self) -> Result<(), Failure> {
        let mut connection = self.connect()?;
        let mut open = Open(&mut connection);
        // When SQLite moves rows between pages it leaves copies there, whatever `secure_delete` says.
        open.script("VACUUM")?;
        let answer = open.rows("PRAGMA wal_checkpoint(TRUNCATE)", &[])?;
        let is_busy = answer.first().and_then(|row| row.first()?.int()).is_some_and(|busy| busy != 0);
        if is_busy {
            let why = "another program reads it, and what was deleted is in its files until that has ended; do it again then";
            return Err(Failure::Locked(why.to_owned()));
        }
        Ok(())
    }
}

/// A database in memory: for rows that are needed for a while.
#[derive(Debug)]
pub struct MemoryStore(Connection);

impl MemoryStore {
    /// An empty one.
    ///
    /// # Errors
    /// [`Failure`], if there is no memory.
    pub fn new() -> Result<Self, Failure> {
        let connection = Connection::open_in_memory().map_err(failure)?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        Ok(Self(connection))
    }
}

impl Store for MemoryStore {
    fn transaction(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Sql) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut open = Open(&mut self.0);
        open.script("BEGIN IMMEDIATE")?;
        let done = work(&mut open);
        open.script(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        done
    }
}

/// A connection with an open transaction.
struct Open<'a>(&'a mut Connection);

impl Sql for Open<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn script(&mut self, text: &str) -> Result<(), Failure> {
        self.0.execute_batch(text).map_err(failure)
    }

    fn run(&mut self, text: &str, values: &[Value]) -> Result<u64, Failure> {
        let mut statement = self.0.prepare_cached(text).map_err(failure)?;
        statement.execute(params_from_iter(values)).map(|rows| rows as u64).map_err(failure)
    }

    fn write(&mut self, statements: &[Statement]) -> Result<(), Failure> {
        statements.iter().try_for_each(|statement| self.run(&statement.text, &statement.values).map(drop))
    }

    fn rows(&mut self, text: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, Failure> {
        let mut statement = self.0.prepare_cached(text).map_err(failure)?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(values)).map_err(failure)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next().map_err(failure)? {
            let values = (0..columns).map(|column| row.get_ref(column).map(value).map_err(failure));
            all.push(values.collect::<Result<_, _>>()?);
        }
        Ok(all)
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null | ValueRef::Blob(_) | ValueRef::Real(_) => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn failure(error: rusqlite::Error) -> Failure {
    let text = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Failure::Locked(text),
        Some(ErrorCode::DiskFull) => Failure::Full(text),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Failure::Corrupt(text),
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            Failure::Denied(text)
        }
        Some(ErrorCode::SystemIoFailure) => Failure::Gone(text),
        _ => Failure::Other(text),
    }
}
