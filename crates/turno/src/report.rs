//! `turno report`: figures from the history, for people and for programs.

use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use jiff::{ToSpan as _, Zoned};
use turno_history::report::{self, Question, Report};
use turno_model::plan::{ReportBy, ReportOf};
use turno_reports::{Form, render};
use turno_shell::HistoryPlace;

use crate::check::load;
use crate::exit::Exit;
use crate::language::Wanted;
use crate::procedures;
use crate::state::usual_folder;

/// Figures of the line, its queues, agents, trunks, codes or numbers, added up by time, from the history; turno may run
/// meanwhile. Without days: today.
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
    /// Whose figures: line (all queues together), queues, agents, fairness (between agents of equal skills), trunks, codes
    /// (wrap-up codes), procedures (by their wrap-up codes), numbers (that were dialled), callers (the numbers of people: they are shown).
    #[arg(long, value_name = "GROUP", value_parser = whose, default_value = "queues")]
    of: ReportOf,
    /// By which time they are added up: half-hour, hour, day, week (from Monday), month, whole.
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "whole")]
    by: ReportBy,
    /// The form: a table or a page for people; CSV, JSON (spans in seconds, shares from 0 to 1) or a workbook.
    #[arg(long, value_enum, default_value_t = Wish::Table)]
    format: Wish,
    /// The file to write, which is replaced; without it, the report is printed.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The plan: one TOML file or a folder of them. Without it, the built-in site.
    #[arg(long, value_name = "PATH")]
    plan: Option<PathBuf>,
    /// The journal's folder, as it was given to `serve`.
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    #[command(flatten)]
    language: Wanted,
}

/// The form of what is printed or written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Wish {
    /// Aligned columns, with all together in the last line.
    Table,
    /// RFC 4180, with a line of names for programs.
    Csv,
    /// A list of objects.
    Json,
    /// A workbook.
    Xlsx,
    /// A page for screen and paper, without scripts.
    Html,
}

impl Wish {
    const fn form(self) -> Form {
        match self {
            Self::Table => Form::Table,
            Self::Csv => Form::Csv,
            Self::Json => Form::Json,
            Self::Xlsx => Form::Xlsx,
            Self::Html => Form::Html,
        }
    }
}

impl ReportArgs {
    /// Prints the report, and says how it ended.
    pub(crate) fn run(self) -> Exit {
        let Some(plan) = load(self.plan.as_deref()) else { return Exit::PlanRefused };
        let state = self.state.clone().or_else(|| usual_folder(&plan));
        let Some(place) = HistoryPlace::of(&plan, state.as_deref()).filter(HistoryPlace::is_there) else {
            complain!("turno: there is no history: look at [history] of the plan, and at --state");
            return Exit::NothingThere;
        };
        let (from, to) = match (self.day, self.from.zip(self.to)) {
            (Some(day), _) => (day, day),
            (None, Some(days)) => days,
            (None, None) => (today(), today()),
        };
        if from > to {
            complain!("turno: the first day, {from}, is after the last one, {to}");
            return Exit::NothingThere;
        }
        let language = self.language.of(&plan);
        let question = Question { from, to, of: self.of, by: self.by };
        let read = place.store(&plan).and_then(|mut store| {
            report::make(&mut *store, &question, &plan, language).map_err(|failure| failure.to_string())
        });
        let report = match read {
            Ok(mut report) => {
                procedures::name_procedures(&mut report, &plan);
                report
            }
            Err(failure) => {
                complain!("turno: {failure}");
                return Exit::CouldNotStart;
            }
        };
        if report.rows.is_empty() {
            complain!("turno: the history has nothing of these days");
            return Exit::NothingThere;
        }
        self.give(&report)
    }

    /// Prints the report, or writes its file.
    fn give(&self, report: &Report) -> Exit {
        let form = self.format.form();
        let bytes = match render(report, form) {
            Ok(bytes) => bytes,
            Err(why) => {
                complain!("turno: {why}");
                return Exit::CouldNotStart;
            }
        };
        let written = match &self.output {
            Some(path) => fs::write(path, &bytes).map_err(|error| format!("{}: {error}", path.display())),
            None if form == Form::Xlsx && io::stdout().is_terminal() => {
                Err("a workbook is no text: name a file with --output".to_owned())
            }
            None => io::stdout().write_all(&bytes).or_else(unless_closed).map_err(|error| error.to_string()),
        };
        match written {
            Ok(()) => Exit::Done,
            Err(why) => {
                complain!("turno: {why}");
                Exit::CouldNotStart
            }
        }
    }
}

/// A reader such as `head` that has enough is no failure.
fn unless_closed(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}

fn whose(text: &str) -> Result<ReportOf, String> {
    word(text, &ReportOf::WORDS)
}

fn time(text: &str) -> Result<ReportBy, String> {
    word(text, &ReportBy::WORDS)
}

fn word<T: Copy>(text: &str, words: &[(&str, T)]) -> Result<T, String> {
    let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let found = words.iter().find(|(word, _)| *word == text);
    found.map(|(_, value)| *value).ok_or_else(|| format!("one of {}", known.join(", ")))
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
