//! Compares what stands with what the facts say, row by row and figure by figure.

use std::collections::{BTreeMap, BTreeSet};

use turno_ground::Moment;
use turno_history::Value;
use turno_history::day_rows::DayRows;
use turno_history::person::hash_of;
use turno_ledger::Day as LedgerDay;

use crate::books::{Named, of_counts, of_queue, of_times};
use crate::day::Day;
use crate::found::{Found, is_number, shown};
use crate::plain::{Figures, HalfHours, OF_AGENTS, OF_QUEUES};
use crate::stored::Stored;
use crate::unknown::Unknown;

/// What the comparing depends on.
pub(crate) struct Comparing<'a> {
    pub(crate) day: Day,
    pub(crate) stored: &'a Stored,
    pub(crate) unknown: &'a Unknown,
    /// How long numbers of people are kept.
    pub(crate) numbers: core::time::Duration,
}

/// The figures of a table of half hours, by begin and name.
pub(crate) type Table = BTreeMap<(Moment, String), BTreeMap<&'static str, i64>>;

impl Comparing<'_> {
    /// The rows of a table with those that the history's code makes of the facts.
    pub(crate) fn rows(&self, counted: &DayRows, found: &mut Found) {
        let Some(stored) = self.stored.table(counted.table) else { return };
        let by_key = |rows: &DayRows| {
            let rows = rows
                .rows
                .iter()
                .map(|row| (row.get(..counted.keys).unwrap_or_default().to_vec(), row.clone()));
            rows.collect::<BTreeMap<_, _>>()
        };
        let (there, facts) = (by_key(stored), by_key(counted));
        let keys: BTreeSet<&Vec<Value>> = there.keys().chain(facts.keys()).collect();
        for key in keys {
            if self.is_unknown(counted.table, key) {
                found.unknown_rows += 1;
                continue;
            }
            found.rows += 1;
            let name = key_text(&counted.columns, key);
            match (there.get(key), facts.get(key)) {
                (Some(there), Some(facts)) => self.row((counted, &name), there, facts, found),
                (None, Some(_)) => {
                    found.differ(counted.table, &name, "", ["the row is missing".into(), "it is one".into()]);
                }
                (Some(_), None) => {
                    found.differ(counted.table, &name, "", ["there is a row".into(), "there is none".into()]);
                }
                (None, None) => {}
            }
        }
    }

    fn row(&self, (table, key): (&DayRows, &str), there: &[Value], facts: &[Value], found: &mut Found) {
        for ((column, stands), says) in table.columns.iter().zip(there).zip(facts) {
            found.figures += 1;
            let is_unknown = *column == "last_queue" && *says == Value::Null && self.unknown.has_last_queue();
            if stands == says || is_unknown {
                continue;
            }
            if is_number(column) && *stands == Value::Null && self.may_be_empty(says) {
                found.emptied += 1;
                continue;
            }
            found.differ(table.table, key, column, [shown(column, stands), shown(column, says)]);
        }
    }

    /// Whether a number may have been emptied: it was forgotten, or its time is over.
    fn may_be_empty(&self, number: &Value) -> bool {
        let is_forgotten =
            number.text().is_some_and(|number| self.stored.forgotten.contains(&hash_of(number)));
        is_forgotten || self.stored.is_past(&self.day, self.numbers)
    }

    fn is_unknown(&self, table: &str, key: &[Value]) -> bool {
        let start = key.first().and_then(Value::moment).unwrap_or_default();
        let name = key.get(1).and_then(Value::text).unwrap_or_default();
        match table {
            "interval_queue" => self.unknown.has_half_hour(start),
            "interval_agent" | "interval_aux" => self.unknown.has_agent(name, start),
            _ => false,
        }
    }

    /// The half hours with those that were counted plainly.
    pub(crate) fn plainly(&self, queues: &HalfHours, agents: &HalfHours, found: &mut Found) {
        for (table, counted, columns) in [
            ("interval_queue", queues, OF_QUEUES.as_slice()),
            ("interval_agent", agents, OF_AGENTS.as_slice()),
        ] {
            let there = self.half_hours(table);
            let of_day = counted.keys().filter(|(start, _)| self.day.has(*start));
            let keys: BTreeSet<&(Moment, String)> = there.keys().chain(of_day).collect();
            for key in keys {
                let value_key = [Value::from(key.0), Value::from(key.1.as_str())];
                if self.is_unknown(table, &value_key) {
                    continue;
                }
                let name = key_text(&["start_us", "name"], &value_key);
                let place = format!("{table}, counted plainly");
                for column in columns {
                    let stands = there.get(key).and_then(|row| row.get(column)).copied().unwrap_or(0);
                    let says = counted.get(key).and_then(|row| row.get(column)).copied().unwrap_or(0);
                    found.number(&place, &name, column, (stands, says, 0));
                }
            }
        }
    }

    /// The half hours and the day of agents with the ledger's.
    pub(crate) fn with_ledger(&self, ledger: &LedgerDay, is_over: bool, found: &mut Found) {
        let (queues, agents) = (self.half_hours("interval_queue"), self.half_hours("interval_agent"));
        // The times of a day that is over lack its last microsecond there, for each agent.
        let apart = i64::try_from(ledger.agents.len()).unwrap_or(i64::MAX);
        for interval in &ledger.intervals {
            if self.unknown.has_half_hour(interval.start) {
                continue;
            }
            let start = interval.start;
            for (queue, figures) in ledger.queues.iter().zip(&interval.queues) {
                let row = queues.get(&(start, queue.name.clone()));
                figures_of("ledger's half hours", &at(start, &queue.name), &of_queue(figures), row, 0, found);
            }
            if is_over && !agents.keys().any(|(at, name)| *at == start && self.unknown.has_agent(name, start))
            {
                let all = sum(agents.iter().filter(|((at, _), _)| *at == start).map(|(_, row)| row));
                let key = at(start, "all agents");
                figures_of("ledger's half hours", &key, &of_times(&interval.times), Some(&all), apart, found);
            }
        }
        if self.unknown.is_any(self.day.from, self.day.until) {
            return;
        }
        for agent in &ledger.agents {
            let rows = agents.iter().filter(|((_, name), _)| *name == agent.name).map(|(_, row)| row);
            let all = sum(rows);
            figures_of("ledger's day", &agent.name, &of_counts(&agent.counts), Some(&all), 0, found);
            if is_over {
                figures_of("ledger's day", &agent.name, &of_times(&agent.times), Some(&all), 1, found);
            }
        }
    }

    /// The rows of a table of half hours as figures.
    pub(crate) fn half_hours(&self, table: &str) -> Table {
        let Some(rows) = self.stored.table(table) else { return Table::new() };
        let of_row = |row: &Vec<Value>| {
            let (start, name) = (row.first()?.moment()?, row.get(1)?.text()?.to_owned());
            let figures = rows.columns.iter().copied().zip(row.iter().map(|value| value.int().unwrap_or(0)));
            Some(((start, name), figures.collect()))
        };
        rows.rows.iter().filter_map(of_row).collect()
    }
}

/// The day that a checkpoint keeps with the one that the facts make.
pub(crate) fn kept(kept: &LedgerDay, facts: &LedgerDay, found: &mut Found) {
    const PLACE: &str = "the ledger's day in a checkpoint";
    for queue in &kept.queues {
        let Some(same) = facts.queues.iter().find(|other| other.name == queue.name) else { continue };
        let row: Figures = of_queue(&same.figures).into_iter().collect();
        // Here the checkpoint stands, and the facts are compared with it.
        for (column, stands) in of_queue(&queue.figures) {
            found.number(PLACE, &queue.name, column, (stands, row.get(column).copied().unwrap_or(0), 0));
        }
    }
    for agent in &kept.agents {
        let Some(same) = facts.agents.iter().find(|other| other.name == agent.name) else { continue };
        let all = |counts, times| [of_counts(counts), of_times(times)].concat();
        let row: Figures = all(&same.counts, &same.times).into_iter().collect();
        for (column, stands) in all(&agent.counts, &agent.times) {
            found.number(PLACE, &agent.name, column, (stands, row.get(column).copied().unwrap_or(0), 0));
        }
    }
}

fn figures_of(place: &str, key: &str, facts: &Named, row: Option<&Figures>, apart: i64, found: &mut Found) {
    for (column, says) in facts {
        let stands = row.and_then(|row| row.get(column)).copied().unwrap_or(0);
        found.number(&format!("history by the {place}"), key, column, (stands, *says, apart));
    }
}

/// Rows added up; a longest time is no sum, and is left out.
fn sum<'a>(rows: impl Iterator<Item = &'a Figures>) -> Figures {
    let mut all = Figures::new();
    for (name, number) in rows.flatten() {
        *all.entry(*name).or_default() += number;
    }
    all
}

fn at(start: Moment, name: &str) -> String {
    format!("{} of {name}", moment_text(start))
}

/// `contact 42`, or a half hour as people read it.
fn key_text(columns: &[&str], key: &[Value]) -> String {
    let parts = columns.iter().zip(key).map(|(column, value)| {
        let moment = value.moment().filter(|_| column.ends_with("_us"));
        moment.map_or_else(|| format!("{column} {}", shown(column, value)), moment_text)
    });
    parts.collect::<Vec<_>>().join(" ")
}

/// A moment in UTC.
pub(crate) fn moment_text(at: Moment) -> String {
    let micros = i64::try_from(at.as_micros()).unwrap_or(i64::MAX);
    jiff::Timestamp::from_microsecond(micros).unwrap_or(jiff::Timestamp::MAX).to_string()
}
