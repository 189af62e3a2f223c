//! The history: takes facts in order, and writes them with the position up to which they were taken.

use core::fmt;

use turno_ground::Moment;
use turno_model::{Fact, Gap, Position};

use crate::book::{Book, Now};
use crate::failure::Failure;
use crate::keeping::{self, Kept};
use crate::names::Names;
use crate::schema;
use crate::store::{Dialect, Sql, Store};
use crate::tables::Place;
use crate::writing::Writer;

/// A database with the history of a site.
pub struct History {
    store: Box<dyn Store + Send>,
    writer: Writer,
    /// What is open, and the position up to which facts are written; `None` before [`History::open`] and after a failure.
    open: Option<(Book, Option<Position>)>,
}

/// What a transaction wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Rows that were inserted or changed.
    pub rows: u64,
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("History").field("position", &self.position()).finish_non_exhaustive()
    }
}

impl History {
    /// The history in this database.
    pub fn new(store: Box<dyn Store + Send>) -> Self {
        Self { store, writer: Writer::default(), open: None }
    }

    /// Opens the database, brings its schema to the newest version, and reads what is open. It returns the position up to
    /// which facts are written; `None`: there are none.
    ///
    /// # Errors
    /// [`Failure`]. Call it again to go on after a failure of any kind.
    pub fn open(&mut self) -> Result<Option<Position>, Failure> {
        self.open = None;
        let mut read = None;
        self.store.transaction(&mut |sql| {
            schema::migrate(sql)?;
            read = Some({
                // First the lock of the position: nobody writes between the two readings.
                let place = position(sql)?;
                (Book::load(sql)?, place)
            });
            Ok(())
        })?;
        let place = read.as_ref().and_then(|(_, place)| *place);
        self.open = read;
        Ok(place)
    }

    /// The position up to which facts are written, if it is known.
    pub fn position(&self) -> Option<Position> {
        self.open.as_ref().and_then(|(_, place)| *place)
    }

    /// Writes consecutive facts, up to the position `until`: all of them or none.
    ///
    /// # Errors
    /// [`Failure`]: nothing is written, or the connection was lost before it was known. [`History::open`] says which.
    pub fn take<'a>(
        &mut self,
        names: &Names,
        facts: impl IntoIterator<Item = &'a (Moment, Fact)>,
        until: Position,
    ) -> Result<Written, Failure> {
        let mut last = None;
        if let Some((book, _)) = &mut self.open {
            let mut facts = facts.into_iter().peekable();
            if let Some((at, _)) = facts.peek() {
                book.left_the_plan(Now { at: *at, names });
            }
            for (at, fact) in facts {
                book.apply(Now { at: *at, names }, fact);
                last = Some(*at);
            }
        }
        self.commit(names, until, last)
    }

    /// Notes facts that are lost.
    ///
    /// # Errors
    /// [`Failure`], as for [`History::take`].
    pub fn miss(&mut self, names: &Names, gap: Gap) -> Result<Written, Failure> {
        if let Some((book, _)) = &mut self.open {
            book.miss(names, gap);
        }
        self.commit(names, gap.until, None)
    }

    /// Books the times of agents until the begin of the present half hour, while there are no facts. No fact from before it
    /// may come afterwards.
    ///
    /// # Errors
    /// [`Failure`], as for [`History::take`].
    pub fn settle(&mut self, names: &Names, at: Moment) -> Result<Written, Failure> {
        let Some((book, Some(place))) = &mut self.open else { return Ok(Written::default()) };
        let place = *place;
        book.roll(Now { at, names });
        self.commit(names, place, None)
    }

    /// Deletes one small piece of what is older than it is kept. Returns how many rows were deleted or changed; 0: nothing
    /// is due.
    ///
    /// # Errors
    /// [`Failure`]: nothing is deleted.
    pub fn delete_old(&mut self, kept: Kept, now: Moment) -> Result<u64, Failure> {
        let mut rows = 0;
        self.store.transaction(&mut |sql| {
            rows = keeping::delete_piece(sql, kept, now)?;
            Ok(())
        })?;
        Ok(rows)
    }

    /// The database, for questions.
    pub fn store(&mut self) -> &mut dyn Store {
        &mut *self.store
    }

    fn commit(&mut self, names: &Names, until: Position, at: Option<Moment>) -> Result<Written, Failure> {
        let (mut book, place) = self.open.take().ok_or(Failure::Overtaken)?;
        let mut changes = book.take_changes();
        if changes.len() == 0 && place == Some(until) {
            self.open = Some((book, place));
            return Ok(Written::default());
        }
        let mut row = changes
            .row::<Place>(vec![1_i64.into()])
            .set(Place::Site, names.site())
            .set(Place::Run, until.run)
            .set(Place::Number, until.number);
        if let Some(at) = at {
            row = row.set(Place::At, at);
        }
        let _row = row;
        let statements = self.writer.statements(&changes);
        self.store.transaction(&mut |sql| {
            if position(sql)? != place {
                return Err(Failure::Overtaken);
            }
            sql.write(&statements)
        })?;
        self.open = Some((book, Some(until)));
        Ok(Written { rows: statements.len() as u64 })
    }
}

/// The position in the database. No other process writes until the transaction ends.
fn position(sql: &mut dyn Sql) -> Result<Option<Position>, Failure> {
    if sql.dialect() == Dialect::Postgres {
        sql.script("LOCK TABLE history_position IN SHARE ROW EXCLUSIVE MODE")?;
    }
    let rows = sql.rows("SELECT run_us, number FROM history_position WHERE id = 1", &[])?;
    Ok(rows.first().and_then(|row| match row.as_slice() {
        [run, number] => Some(Position {
            run: run.moment()?,
            number: number.int().and_then(|number| number.try_into().ok())?,
        }),
        _ => None,
    }))
}
