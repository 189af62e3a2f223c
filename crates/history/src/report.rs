//! Reports: the half hours of queues or agents added up by time and name, with every ratio by its formula (FIELD.md).

mod figure;
mod period;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::civil::Date;
use turno_model::{Language, Plan};

use crate::calendar::zone_of;
use crate::failure::Failure;
use crate::store::Sql;
use crate::value::Value;

pub use figure::{Cell, Figure};
pub use period::Period;

/// Whose figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// All queues together.
    Line,
    /// Each queue.
    Queues,
    /// Each agent.
    Agents,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// The first day, in the site's time zone.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Whose figures.
    pub of: Of,
    /// By which time.
    pub by: Period,
}

/// A report: a row for each time and name, in this order, and one for all together.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The names of the columns for programs: they stay.
    pub keys: Vec<&'static str>,
    /// The same for people.
    pub heads: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// All rows together; none if there is no row.
    pub total: Option<Vec<Cell>>,
}

/// Sums of columns, in their order; the last one is a maximum.
type Sums = Vec<i64>;

impl Report {
    /// Reads the report.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn read(
        sql: &mut dyn Sql,
        question: &Question,
        plan: &Plan,
        language: Language,
    ) -> Result<Self, Failure> {
        let figures = match question.of {
            Of::Line | Of::Queues => figure::of_queues(),
            Of::Agents => figure::of_agents(),
        };
        let (table, name) = match question.of {
            Of::Line => ("interval_queue", "''"),
            Of::Queues => ("interval_queue", "queue"),
            Of::Agents => ("interval_agent", "agent"),
        };
        let columns = figure::columns(figures);
        // Days and longer are added up by the database; shorter ones need the clock of the site.
        let start = if question.by.is_within_a_day() { "start_us" } else { "0" };
        let sums: Vec<String> = columns.iter().map(|column| figure::added(column)).collect();
        let text = format!(
            "SELECT {start} AS start, day, {name} AS name, {} FROM {table} WHERE day >= $1 AND day <= $2 \
             GROUP BY 1, 2, 3",
            sums.join(", ")
        );
        let days = [question.from, question.to].map(|day| Value::Text(day.to_string()));
        let zone = zone_of(plan);
        let mut groups: BTreeMap<(i64, String, String), Sums> = BTreeMap::new();
        let mut all: Option<Sums> = None;
        for row in sql.rows(&text, &days)? {
            let [start, day, name, values @ ..] = row.as_slice() else { continue };
            let day = day.text().unwrap_or_default();
            let (order, time) = question.by.name_of(start.int().unwrap_or_default(), day, &zone);
            let name = name.text().unwrap_or_default().to_owned();
            let values: Sums = values.iter().map(|value| value.int().unwrap_or_default()).collect();
            figure::add(all.get_or_insert_with(|| vec![0; values.len()]), &columns, &values);
            figure::add(
                groups.entry((order, time, name)).or_insert_with(|| vec![0; values.len()]),
                &columns,
                &values,
            );
        }
        let shows_time = question.by != Period::Whole;
        let shows_name = question.of != Of::Line;
        let names = |time: &str, name: &str| {
            let time = shows_time.then(|| Cell::Text(time.to_owned()));
            let name = shows_name.then(|| Cell::Text(name.to_owned()));
            time.into_iter().chain(name).collect::<Vec<_>>()
        };
        let cells =
            |sums: &Sums| figures.iter().map(|figure| figure.cell(&columns, sums)).collect::<Vec<_>>();
        let rows = groups.iter().map(|((_, time, name), sums)| [names(time, name), cells(sums)].concat());
        let (rows, total) = (rows.collect(), all.map(|sums| [names("", ""), cells(&sums)].concat()));
        let [time, person] = heads_of(question.of, language);
        let first = [(shows_time, "time", time), (shows_name, name_key(question.of), person)];
        let first = first.iter().filter(|(is_shown, ..)| *is_shown);
        let keys = first.clone().map(|(_, key, _)| *key).chain(figures.iter().map(|figure| figure.key));
        let heads = first.map(|(_, _, head)| *head).chain(figures.iter().map(|figure| figure.head(language)));
        Ok(Self { keys: keys.collect(), heads: heads.collect(), rows, total })
    }
}

const fn name_key(of: Of) -> &'static str {
    match of {
        Of::Line | Of::Queues => "queue",
        Of::Agents => "agent",
    }
}

const fn heads_of(of: Of, language: Language) -> [&'static str; 2] {
    match (language, of) {
        (Language::English, Of::Line | Of::Queues) => ["time", "queue"],
        (Language::English, Of::Agents) => ["time", "agent"],
        (Language::Spanish, Of::Line | Of::Queues) => ["tiempo", "cola"],
        (Language::Spanish, Of::Agents) => ["tiempo", "agente"],
    }
}
