//! What a database must be able to do for the history: transactions of statements, and little else.

use std::sync::Arc;

use crate::failure::Failure;
use crate::value::Value;

/// A statement with its values, in the order of `$1`, `$2` and so on.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Its text.
    pub text: Arc<str>,
    /// Its values.
    pub values: Vec<Value>,
}

/// In what the databases differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// An open transaction.
pub trait Sql {
    /// The dialect of the database.
    fn dialect(&self) -> Dialect;

    /// Runs several statements without values, separated by semicolons.
    ///
    /// # Errors
    /// [`Failure`].
    fn script(&mut self, text: &str) -> Result<(), Failure>;

    /// Runs a statement and returns how many rows it changed.
    ///
    /// # Errors
    /// [`Failure`].
    fn run(&mut self, text: &str, values: &[Value]) -> Result<u64, Failure>;

    /// Runs statements that write rows, in order.
    ///
    /// # Errors
    /// [`Failure`].
    fn write(&mut self, statements: &[Statement]) -> Result<(), Failure>;

    /// The rows of a query.
    ///
    /// # Errors
    /// [`Failure`].
    fn rows(&mut self, text: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, Failure>;
}

/// A database.
pub trait Store {
    /// Does the work in one transaction: all of it, or nothing if the work or the database fails. It connects or opens
    /// the file if that is not done yet, and does so anew after a failure.
    ///
    /// # Errors
    /// [`Failure`].
    fn transaction(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Sql) -> Result<(), Failure>,
    ) -> Result<(), Failure>;

    /// Does the work, which only reads: all of it sees the same moment. Where it can, others write meanwhile.
    ///
    /// # Errors
    /// [`Failure`].
    fn reading(&mut self, work: &mut dyn FnMut(&mut dyn Sql) -> Result<(), Failure>) -> Result<(), Failure> {
        self.transaction(work)
    }

    /// Removes what deleted rows have left in files beside the database, as far as nobody reads them.
    ///
    /// # Errors
    /// [`Failure`].
    fn clear_traces(&mut self) -> Result<(), Failure> {
        Ok(())
    }
}

/// One row with one number, such as of `SELECT count(*)`.
///
/// # Errors
/// [`Failure`].
pub fn number(sql: &mut dyn Sql, text: &str, values: &[Value]) -> Result<Option<i64>, Failure> {
    Ok(sql.rows(text, values)?.first().and_then(|row| row.first()?.int()))
}
