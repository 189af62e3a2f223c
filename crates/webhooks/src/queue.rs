//! What each hook must still be sent, in an SQLite file.

use std::path::Path;

use core::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, params};
use turno_ground::Moment;
use turno_model::Position;

use crate::event::Event;
use crate::schedule;
use crate::trouble::Trouble;

/// The version of the tables.
const VERSION: i64 = 1;

/// How long another program that uses the file is waited for.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);

/// Letters that were given up and are kept for a hook: the oldest go first.
const DEAD_MAX: u32 = 10_000;

/// Longest reason that is kept.
const WHY_CHARS_MAX: usize = 200;

const TABLES: &str = "CREATE TABLE hook (name TEXT PRIMARY KEY, run_us INTEGER NOT NULL, number INTEGER NOT NULL);
CREATE TABLE letter (place INTEGER PRIMARY KEY AUTOINCREMENT, hook TEXT NOT NULL, id TEXT NOT NULL, line TEXT NOT NULL,
  body TEXT NOT NULL, failures INTEGER NOT NULL DEFAULT 0, due_us INTEGER NOT NULL, is_dead INTEGER NOT NULL DEFAULT 0,
  why TEXT NOT NULL DEFAULT '');
CREATE INDEX letter_line ON letter (hook, is_dead, line, place);
CREATE INDEX letter_due ON letter (hook, is_dead, due_us);";

/// A message that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its number in the file.
    pub place: i64,
    /// Its id, the same for every try.
    pub id: String,
    /// The body.
    pub body: String,
    /// How often it failed.
    pub failures: u32,
}

/// A letter that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The letter.
    pub letter: Letter,
    /// Why the last try failed.
    pub why: String,
}

/// How a hook stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Letters that wait.
    pub waiting: u64,
    /// Letters that were given up.
    pub dead: u64,
}

/// The file.
#[derive(Debug)]
pub struct Queue(Connection);

impl Queue {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn open(path: &Path) -> Result<Self, Trouble> {
        Self::of(Connection::open(path)?)
    }

    /// A queue in memory.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn in_memory() -> Result<Self, Trouble> {
        Self::of(Connection::open_in_memory()?)
    }

    fn of(mut connection: Connection) -> Result<Self, Trouble> {
        connection.busy_timeout(LOCK_PATIENCE)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;",
        )?;
        let made = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let found: i64 = made.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        match found {
            0 => made.execute_batch(&format!("{TABLES} PRAGMA user_version = {VERSION};"))?,
            VERSION => {}
            newer => return Err(Trouble::Newer(newer)),
        }
        made.commit()?;
        Ok(Self(connection))
    }

    /// Up to where this hook has taken facts; `None`: it is new.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn position(&self, hook: &str) -> Result<Option<Position>, Trouble> {
        let found = self.0.query_row("SELECT run_us, number FROM hook WHERE name = ?1", [hook], |row| {
            let (run, number): (i64, i64) = (row.get(0)?, row.get(1)?);
            Ok(Position { run: Moment::from_micros(run.unsigned_abs()), number: number.unsigned_abs() })
        });
        Ok(found.optional()?)
    }

    /// Takes messages of facts up to a position, all or none.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn take(
        &mut self,
        hook: &str,
        events: &[Event],
        until: Position,
        now: Moment,
    ) -> Result<(), Trouble> {
        let taking = self.0.transaction()?;
        for Event { id, line, body } in events {
            taking
                .prepare_cached(
                    "INSERT INTO letter (hook, id, line, body, due_us) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![hook, id, line, body, micros(now)])?;
        }
        taking.execute(
            "INSERT INTO hook (name, run_us, number) VALUES (?1, ?2, ?3) \
             ON CONFLICT (name) DO UPDATE SET run_us = excluded.run_us, number = excluded.number",
            params![hook, micros(until.run), i64::try_from(until.number).unwrap_or(i64::MAX)],
        )?;
        Ok(taking.commit()?)
    }

    /// Letters that are due, at most so many. Of each line only the first that waits: the next one follows when it has arrived, or
    /// was given up.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn due(&self, hook: &str, now: Moment, most: u32) -> Result<Vec<Letter>, Trouble> {
        let mut statement = self.0.prepare_cached(
            "SELECT place, id, body, failures FROM letter AS one WHERE hook = ?1 AND is_dead = 0 AND due_us <= ?2 \
             AND NOT EXISTS (SELECT 1 FROM letter AS other WHERE other.hook = one.hook AND other.is_dead = 0 \
             AND other.line = one.line AND other.place < one.place) ORDER BY place LIMIT ?3",
        )?;
        let rows = statement.query_map(params![hook, micros(now), most], letter)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// When the next letter is due; `None` if none waits.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn next_due(&self, hook: &str) -> Result<Option<Moment>, Trouble> {
        let text = "SELECT min(due_us) FROM letter AS one WHERE hook = ?1 AND is_dead = 0 \
             AND NOT EXISTS (SELECT 1 FROM letter AS other WHERE other.hook = one.hook AND other.is_dead = 0 \
             AND other.line = one.line AND other.place < one.place)";
        let due: Option<i64> = self.0.prepare_cached(text)?.query_row([hook], |row| row.get(0))?;
        Ok(due.map(|due| Moment::from_micros(due.unsigned_abs())))
    }

    /// The receiver has it.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn arrived(&self, place: i64) -> Result<(), Trouble> {
        self.0.prepare_cached("DELETE FROM letter WHERE place = ?1")?.execute([place])?;
        Ok(())
    }

    /// It did not arrive: it is tried again later, or given up. Returns whether it was given up.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn failed(
        &self,
        (hook, letter): (&str, &Letter),
        why: &str,
        asked: Option<Duration>,
        now: Moment,
    ) -> Result<bool, Trouble> {
        let failures = letter.failures + 1;
        let pause = schedule::pause(failures, asked);
        let due = now + pause.unwrap_or_default();
        let why: String = why.chars().take(WHY_CHARS_MAX).collect();
        self.0
            .prepare_cached(
                "UPDATE letter SET failures = ?2, due_us = ?3, is_dead = ?4, why = ?5 WHERE place = ?1",
            )?
            .execute(params![letter.place, failures, micros(due), pause.is_none(), why])?;
        if pause.is_none() {
            self.0.execute(
                "DELETE FROM letter WHERE hook = ?1 AND is_dead = 1 AND place <= \
                 (SELECT place FROM letter WHERE hook = ?1 AND is_dead = 1 ORDER BY place DESC LIMIT 1 OFFSET ?2)",
                params![hook, DEAD_MAX],
            )?;
        }
        Ok(pause.is_none())
    }

    /// How a hook stands.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn figures(&self, hook: &str) -> Result<Figures, Trouble> {
        let text =
            "SELECT coalesce(sum(is_dead = 0), 0), coalesce(sum(is_dead = 1), 0) FROM letter WHERE hook = ?1";
        let found = self.0.prepare_cached(text)?.query_row([hook], |row| {
            let (waiting, dead): (i64, i64) = (row.get(0)?, row.get(1)?);
            Ok(Figures { waiting: waiting.unsigned_abs(), dead: dead.unsigned_abs() })
        });
        Ok(found?)
    }

    /// Letters that were given up, in order, after this place.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn dead(&self, hook: &str, after: i64, most: u32) -> Result<Vec<Stored>, Trouble> {
        let mut statement = self.0.prepare_cached(
            "SELECT place, id, body, failures, why FROM letter WHERE hook = ?1 AND is_dead = 1 AND place > ?2 \
             ORDER BY place LIMIT ?3",
        )?;
        let rows = statement.query_map(params![hook, after, most], |row| {
            Ok(Stored { letter: letter(row)?, why: row.get(4)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Sends letters again that were given up: one, or all. Returns how many. They come after what waits.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn again(&mut self, hook: &str, place: Option<i64>, now: Moment) -> Result<u64, Trouble> {
        let again = self.0.transaction()?;
        let chosen = "hook = ?1 AND is_dead = 1 AND (?2 IS NULL OR place = ?2)";
        let many = again.execute(
            &format!(
                "INSERT INTO letter (hook, id, line, body, due_us) \
                 SELECT hook, id, line, body, ?3 FROM letter WHERE {chosen} ORDER BY place"
            ),
            params![hook, place, micros(now)],
        )?;
        again.execute(&format!("DELETE FROM letter WHERE {chosen}"), params![hook, place])?;
        again.commit()?;
        Ok(many as u64)
    }

    /// Removes what waits for hooks that the plan no longer has.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn keep_only(&mut self, hooks: &[&str]) -> Result<(), Trouble> {
        let names: Vec<String> = {
            let mut statement = self.0.prepare("SELECT name FROM hook")?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        let removing = self.0.transaction()?;
        for name in names.iter().filter(|name| !hooks.contains(&name.as_str())) {
            removing.execute("DELETE FROM letter WHERE hook = ?1", [name])?;
            removing.execute("DELETE FROM hook WHERE name = ?1", [name])?;
        }
        Ok(removing.commit()?)
    }
}

fn letter(row: &rusqlite::Row<'_>) -> rusqlite::Result<Letter> {
    Ok(Letter { place: row.get(0)?, id: row.get(1)?, body: row.get(2)?, failures: row.get(3)? })
}

fn micros(moment: Moment) -> i64 {
    i64::try_from(moment.as_micros()).unwrap_or(i64::MAX)
}
