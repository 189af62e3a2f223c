//! The rows of a day, table by table: to compare them with others, and to take a hash of those that are finished.

use sha2::{Digest, Sha256};
use turno_ground::Moment;

use crate::failure::Failure;
use crate::interval_tables::{AgentInterval, AuxInterval, QueueInterval};
use crate::store::{Sql, number};
use crate::table::{Columns, Kind, Role, Table};
use crate::tables::{Callback, Contact, Offer, Recording, Sitting, Survey, Talk, Visit, WrapUp};
use crate::value::Value;

/// How the rows of a table belong to a day.
const OF_CONTACT: &str = "contact IN (SELECT contact FROM contact WHERE day = $1)";
const OF_DAY: &str = "day = $1";

/// The tables whose rows belong to a day, and how.
const TABLES: [(&Table, &str); 12] = [
    (Contact::TABLE, OF_DAY),
    (Visit::TABLE, OF_CONTACT),
    (Talk::TABLE, OF_CONTACT),
    (Offer::TABLE, OF_DAY),
    (Sitting::TABLE, OF_DAY),
    (WrapUp::TABLE, OF_DAY),
    (Survey::TABLE, OF_DAY),
    (Callback::TABLE, OF_DAY),
    (Recording::TABLE, OF_DAY),
    (QueueInterval::TABLE, OF_DAY),
    (AgentInterval::TABLE, OF_DAY),
    (AuxInterval::TABLE, OF_DAY),
];

/// The rows of one table that belong to a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayRows {
    /// The table's name.
    pub table: &'static str,
    /// The names of its columns; those of the key come first.
    pub columns: Vec<&'static str>,
    /// How many columns the key has.
    pub keys: usize,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
}

/// The rows of all tables that belong to a day of the site, such as `2026-11-24`: contacts by their arrival, states by their
/// begin, everything else by its own day.
///
/// # Errors
/// [`Failure`].
pub fn of_day(sql: &mut dyn Sql, day: &str) -> Result<Vec<DayRows>, Failure> {
    let of_table = |(table, belongs): &(&'static Table, &str)| {
        let columns: Vec<&'static str> = table.columns.iter().map(|column| column.name).collect();
        let text = format!("SELECT {} FROM {} WHERE {belongs}", columns.join(", "), table.name);
        let rows = sql.rows(&text, &[day.into()])?;
        Ok(DayRows { table: table.name, columns, keys: table.keys().count(), rows })
    };
    TABLES.iter().map(of_table).collect()
}

/// Deletes finished rows of other days: for a database that is needed for one day alone.
///
/// # Errors
/// [`Failure`].
pub fn keep_only(sql: &mut dyn Sql, day: &str) -> Result<(), Failure> {
    let others = "SELECT contact FROM contact WHERE day <> $1 AND is_open = 0";
    for table in ["visit", "talk", "contact"] {
        sql.run(&format!("DELETE FROM {table} WHERE contact IN ({others})"), &[day.into()])?;
    }
    sql.run("DELETE FROM agent_state WHERE day <> $1 AND ended_us IS NOT NULL", &[day.into()])?;
    for table in ["interval_queue", "interval_agent", "interval_aux", "offer", "wrap_up", "survey"] {
        sql.run(&format!("DELETE FROM {table} WHERE day <> $1"), &[day.into()])?;
    }
    Ok(())
}

/// Rows that are kept for the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Contacts that ended on the day, with all that belongs to them.
    Contacts,
    /// States of agents that ended on the day.
    States,
    /// Half hours of the day.
    Intervals,
}

/// The finished rows of a class: no later fact changes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// How many.
    pub rows: u64,
    /// SHA-256 over them.
    pub hash: String,
    /// The oldest moment by which one of them may be deleted for its age.
    pub since: Option<Moment>,
}

const CONTACTS: &str = "SELECT contact FROM contact WHERE ended_us >= $1 AND ended_us < $2 AND is_open = 0";

impl Class {
    /// All classes.
    pub const ALL: [Self; 3] = [Self::Contacts, Self::States, Self::Intervals];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Contacts => "contacts",
            Self::States => "states",
            Self::Intervals => "intervals",
        }
    }

    /// Its tables, which of their rows are finished in a span of time, and the columns that may still change.
    fn parts(self) -> Vec<(&'static Table, String, &'static [&'static str])> {
        let of = format!("contact IN ({CONTACTS})");
        let within = |column: &str| format!("{column} >= $1 AND {column} < $2");
        match self {
            Self::Contacts => vec![
                // A code may come after the end, and has a row of its own.
                (
                    Contact::TABLE,
                    "ended_us >= $1 AND ended_us < $2 AND is_open = 0".to_owned(),
                    &["caller", "wrap_up"],
                ),
                (Visit::TABLE, of.clone(), &[]),
                (Talk::TABLE, of.clone(), &[]),
                (Callback::TABLE, of, &["number"]),
                (Offer::TABLE, within("settled_us"), &[]),
                (Survey::TABLE, within("ended_us"), &[]),
                (WrapUp::TABLE, within("given_us"), &[]),
                (Recording::TABLE, within("ended_us"), &["purged_us"]),
            ],
            Self::States => vec![(Sitting::TABLE, within("ended_us"), &[])],
            Self::Intervals => vec![
                (QueueInterval::TABLE, within("start_us"), &[]),
                (AgentInterval::TABLE, within("start_us"), &[]),
                (AuxInterval::TABLE, within("start_us"), &[]),
            ],
        }
    }

    /// The finished rows of a span of time. Numbers of people are left out: a hash would tell a number to anyone who tries
    /// all of them. So are columns that are empty or 0, because an earlier turno may not have had them.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn finished(self, sql: &mut dyn Sql, from: Moment, until: Moment) -> Result<Finished, Failure> {
        let span = [Value::from(from), Value::from(until)];
        let (mut hash, mut count) = (Sha256::new(), 0_u64);
        for (table, which, left_out) in self.parts() {
            let columns: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
            let text = format!("SELECT {} FROM {} WHERE {which}", columns.join(", "), table.name);
            let mut rows = sql.rows(&text, &span)?;
            rows.sort();
            count += rows.len() as u64;
            for row in rows {
                put(&mut hash, table.name);
                let shown =
                    table.columns.iter().zip(&row).filter(|(column, _)| !left_out.contains(&column.name));
                shown.for_each(|(column, value)| match value {
                    Value::Text(text) => {
                        [column.name, text].into_iter().for_each(|part| put(&mut hash, part))
                    }
                    Value::Int(whole)
                        if *whole != 0 || column.role == Role::Key || column.kind == Kind::Moment =>
                    {
                        [column.name, &whole.to_string()].into_iter().for_each(|part| put(&mut hash, part));
                    }
                    Value::Int(_) | Value::Null => {}
                });
                put(&mut hash, "");
            }
        }
        let since = match self {
            Self::Contacts => {
                let oldest = format!("SELECT min(arrived_us) FROM contact WHERE contact IN ({CONTACTS})");
                number(sql, &oldest, &span)?.map(|since| Moment::from_micros(since.unsigned_abs()))
            }
            Self::States | Self::Intervals => (count > 0).then_some(from),
        };
        Ok(Finished { rows: count, hash: hex(&hash.finalize()), since })
    }

    /// Whether rows of this class are older than a moment.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn has_older(self, sql: &mut dyn Sql, before: Moment) -> Result<bool, Failure> {
        let texts: &[&str] = match self {
            Self::Contacts => {
                &["SELECT 1 FROM contact WHERE arrived_us < $1 AND (is_open = 0 OR is_open IS NULL)"]
            }
            Self::States => &["SELECT 1 FROM agent_state WHERE ended_us < $1"],
            Self::Intervals => &[
                "SELECT 1 FROM interval_queue WHERE start_us < $1",
                "SELECT 1 FROM interval_agent WHERE start_us < $1",
                "SELECT 1 FROM interval_aux WHERE start_us < $1",
            ],
        };
        for text in texts {
            let text = format!("SELECT count(*) FROM ({text} LIMIT 1) AS older");
            if number(sql, &text, &[before.into()])? != Some(0) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// A part with its length, so that no two lists of parts have the same bytes.
fn put(hash: &mut Sha256, part: &str) {
    hash.update((part.len() as u64).to_le_bytes());
    hash.update(part.as_bytes());
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
