//! `turno report`: figures of queues or agents from the history, for people and for programs.

mod form;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use jiff::{ToSpan as _, Zoned};
use turno_history::report::{Of, Period, Question, Report};
use turno_shell::HistoryPlace;

use crate::check::load;
use crate::exit::Exit;
use crate::language::Wanted;
use crate::report::form::{as_csv, as_json, as_table};
use crate::state::usual_folder;

/// Figures of queues or agents, added up by time, from the history; turno may run meanwhile. Without days: today.
#[derive(Args)]
pub(crate) struct ReportArgs {
    /// One day at the site, such as 2026-11-24, `today` or `yesterday`.
    #[arg(long, conflicts_with_all = ["from", "to"], value_parser = day)]
    day: Option<Date>,
    /// The first day.
    #[arg(long, requires = "to", value_parser = day)]
    from: Option<Date>,
    /// The last day.
    #[arg(long, requires = "from", value_parser = day)]
    to: Option<Date>,
    /// Whose figures.
    #[arg(long, value_enum, default_value_t = Whose::Queues)]
    of: Whose,
    /// By which time they are added up.
    #[arg(long, value_enum, default_value_t = Times::Whole)]
    by: Times,
    /// The form: a table for people, or CSV or JSON for programs (spans in seconds, shares from 0 to 1).
    #[arg(long, value_enum, default_value_t = Form::Table)]
    format: Form,
    /// The plan: one TOML file or a folder of them. Without it, the built-in site.
    #[arg(long, value_name = "PATH")]
    plan: Option<PathBuf>,
    /// The journal's folder, as it was given to `serve`.
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    #[command(flatten)]
    language: Wanted,
}

#[derive(Clone, Copy, ValueEnum)]
enum Whose {
    /// All queues together.
    Line,
    /// Each queue.
    Queues,
    /// Each agent.
    Agents,
}

#[derive(Clone, Copy, ValueEnum)]
enum Times {
    /// Half hours.
    HalfHour,
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Weeks from Monday.
    Week,
    /// Months.
    Month,
    /// All days together.
    Whole,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    /// Aligned columns, with all together in the last line.
    Table,
    /// RFC 4180, with a line of names for programs.
    Csv,
    /// A list of objects.
    Json,
}

impl ReportArgs {
    /// Prints the report, and says how it ended.
    pub(crate) fn run(self) -> Exit {
        let Some(plan) = load(self.plan.as_deref()) else { return Exit::PlanRefused };
        let state = self.state.or_else(|| usual_folder(&plan));
        let Some(place) = HistoryPlace::of(&plan, state.as_deref()).filter(HistoryPlace::is_there) else {
            complain!("turno: there is no history: look at [history] of the plan, and at --state");
            return Exit::NothingThere;
        };
        let (from, to) = match (self.day, self.from.zip(self.to)) {
            (Some(day), _) => (day, day),
            (None, Some(days)) => days,
            (None, None) => (today(), today()),
        };
        let of = match self.of {
            Whose::Line => Of::Line,
            Whose::Queues => Of::Queues,
            Whose::Agents => Of::Agents,
        };
        let by = match self.by {
            Times::HalfHour => Period::HalfHour,
            Times::Hour => Period::Hour,
            Times::Day => Period::Day,
            Times::Week => Period::Week,
            Times::Month => Period::Month,
            Times::Whole => Period::Whole,
        };
        let language = self.language.of(&plan);
        let question = Question { from, to, of, by };
        let mut report = None;
        let read = place.store(&plan).and_then(|mut store| {
            let done = store.transaction(&mut |sql| {
                report = Some(Report::read(sql, &question, &plan, language)?);
                Ok(())
            });
            done.map_err(|failure| failure.to_string())
        });
        if let Err(failure) = read {
            complain!("turno: {failure}");
            return Exit::CouldNotStart;
        }
        let Some(report) = report.filter(|report| !report.rows.is_empty()) else {
            complain!("turno: the history has nothing of these days");
            return Exit::NothingThere;
        };
        match self.format {
            Form::Table => say!("{}", as_table(&report, language)),
            Form::Csv => say!("{}", as_csv(&report)),
            Form::Json => say!("{}", as_json(&report)),
        }
        Exit::Done
    }
}

/// A day by its date or its word.
pub(crate) fn day(text: &str) -> Result<Date, String> {
    match text {
        "today" => Ok(today()),
        "yesterday" => today().checked_sub(1.day()).map_err(|error| error.to_string()),
        _ => text.parse().map_err(|_| "a day such as 2026-11-24, `today` or `yesterday`".to_owned()),
    }
}

/// Today, by the clock of this machine.
fn today() -> Date {
    Zoned::now().date()
}
