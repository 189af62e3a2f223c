//! What stands in the history for a day, read in one transaction.

use core::time::Duration;
use std::collections::BTreeSet;

use turno_ground::Moment;
use turno_history::day_rows::{self, DayRows};
use turno_history::report::{Question, Report};
use turno_history::store::{Sql, Store};
use turno_history::{Failure, Value};
use turno_model::plan::{ReportBy, ReportOf};
use turno_model::{Gap, Language, Plan, Position};

use crate::day::Day;

/// What stands in the history.
pub(crate) struct Stored {
    /// The position up to which facts are in it.
    pub(crate) until: Position,
    /// The moment of the last fact.
    pub(crate) at: Moment,
    /// Until when the times of agents are booked who have not changed since.
    pub(crate) settled: Moment,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) rows: Vec<DayRows>,
    /// The hashes of numbers that were forgotten.
    pub(crate) forgotten: BTreeSet<String>,
    pub(crate) queues: Report,
    pub(crate) agents: Report,
}

impl Stored {
    /// Reads it; `None`: there are no facts in the history.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn read(store: &mut dyn Store, plan: &Plan, day: &Day) -> Result<Option<Self>, Failure> {
        let mut read = None;
        store.transaction(&mut |sql| {
            read = stored(sql, plan, day)?;
            Ok(())
        })?;
        Ok(read)
    }

    /// Whether rows of the day may have been deleted because they were kept for so long.
    pub(crate) fn is_past(&self, day: &Day, kept: Duration) -> bool {
        self.at.since(day.from) > kept
    }

    /// The rows of a table.
    pub(crate) fn table(&self, name: &str) -> Option<&DayRows> {
        self.rows.iter().find(|rows| rows.table == name)
    }
}

fn stored(sql: &mut dyn Sql, plan: &Plan, day: &Day) -> Result<Option<Stored>, Failure> {
    let place = sql.rows("SELECT run_us, number, at_us FROM history_position", &[])?;
    let Some([run, number, at]) = place.first().map(Vec::as_slice) else { return Ok(None) };
    let until = position(run, number);
    let booked = "SELECT max(booked_until_us) FROM agent_state WHERE ended_us IS NULL";
    let booked = turno_history::store::number(sql, booked, &[])?.unwrap_or(0);
    let gaps = sql.rows("SELECT after_run_us, after_number, until_run_us, until_number FROM gap", &[])?;
    let gaps = gaps.iter().filter_map(|row| match row.as_slice() {
        [after_run, after, until_run, until] => {
            Some(Gap { after: position(after_run, after), until: position(until_run, until), facts: None })
        }
        _ => None,
    });
    let forgotten = sql.rows("SELECT number_hash FROM history_audit WHERE what = 'forget'", &[])?;
    let mut report = |of| {
        let question = Question { from: day.date, to: day.date, of, by: ReportBy::Whole };
        Report::read(sql, &question, plan, Language::English)
    };
    let (queues, agents) = (report(ReportOf::Queues)?, report(ReportOf::Agents)?);
    Ok(Some(Stored {
        until,
        at: at.moment().unwrap_or_default(),
        settled: Moment::from_micros(booked.unsigned_abs()),
        gaps: gaps.collect(),
        rows: day_rows::of_day(sql, &day.date.to_string())?,
        forgotten: forgotten.iter().filter_map(|row| Some(row.first()?.text()?.to_owned())).collect(),
        queues,
        agents,
    }))
}

fn position(run: &Value, number: &Value) -> Position {
    let number = number.int().and_then(|number| u64::try_from(number).ok()).unwrap_or(0);
    Position { run: run.moment().unwrap_or_default(), number }
}
