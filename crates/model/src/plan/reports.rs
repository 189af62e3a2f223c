//! The reports part of a plan: what is written by itself, shifts for the adherence, and what waiting costs.

use core::time::Duration;
use std::path::PathBuf;

use jiff::civil::{Date, Time};

use crate::language::Language;

/// The settings of reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportsPlan {
    /// Where scheduled reports are written.
    pub folder: Option<PathBuf>,
    /// How long they stay there; `None`: for ever.
    pub kept: Option<Duration>,
    /// The file with the shifts.
    pub shifts_file: Option<PathBuf>,
    /// What is in it, by agent and time.
    pub shifts: Vec<Shift>,
    /// What calls cost.
    pub tariffs: Vec<Tariff>,
    /// The reports that are written by themselves.
    pub schedule: Vec<ScheduledReport>,
}

/// What an agent should do, from when to when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shift {
    /// The agent's name.
    pub agent: String,
    /// The day at the site.
    pub day: Date,
    /// When it begins, by the site's clock.
    pub from: Time,
    /// When it ends; midnight is the end of the day.
    pub to: Time,
    /// What the agent should do.
    pub activity: Activity,
}

/// What a shift asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Activity {
    /// Any state but AUX and logged out.
    Work,
    /// AUX for this reason of the plan.
    Aux(String),
}

/// What a call costs the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tariff {
    /// The dialled number; `None`: every number without a tariff of its own.
    pub number: Option<String>,
    /// The currency's name, such as `USD`: the same in all tariffs.
    pub currency: String,
    /// The price of a minute in millionths of the currency.
    pub minute_micros: u64,
    /// The first step: the least that is charged.
    pub first: Duration,
    /// Each further step, which is charged when it begins.
    pub step: Duration,
}

/// A report that is written by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduledReport {
    /// Its name: the begin of its files' names.
    pub name: String,
    /// Whose figures.
    pub of: ReportOf,
    /// By which time.
    pub by: ReportBy,
    /// The form.
    pub format: ReportFormat,
    /// When it is written.
    pub every: ReportEvery,
    /// At which time of the site's clock.
    pub at: Time,
    /// Of which days.
    pub span: ReportSpan,
    /// The language of its heads; `None`: the site's.
    pub language: Option<Language>,
}

/// Whose figures a report has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReportOf {
    /// All queues together.
    Line,
    /// Each queue.
    Queues,
    /// Each agent.
    Agents,
    /// Groups of agents with the same skills: how evenly work is spread.
    Fairness,
    /// Each trunk.
    Trunks,
    /// Each wrap-up code.
    Codes,
    /// Each procedure, by the wrap-up code that it has.
    Procedures,
    /// Each dialled number.
    Numbers,
    /// Each caller's number.
    Callers,
}

impl ReportOf {
    /// All of them with their words.
    pub const WORDS: [(&'static str, Self); 9] = [
        ("line", Self::Line),
        ("queues", Self::Queues),
        ("agents", Self::Agents),
        ("fairness", Self::Fairness),
        ("trunks", Self::Trunks),
        ("codes", Self::Codes),
        ("procedures", Self::Procedures),
        ("numbers", Self::Numbers),
        ("callers", Self::Callers),
    ];
}

/// By which time a report adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReportBy {
    /// Half hours, which begin at the full and the half hour (UTC).
    HalfHour,
    /// Hours of the site's clock.
    Hour,
    /// Days at the site.
    Day,
    /// Weeks from Monday (ISO 8601).
    Week,
    /// Months.
    Month,
    /// All together.
    Whole,
}

impl ReportBy {
    /// All of them with their words.
    pub const WORDS: [(&'static str, Self); 6] = [
        ("half-hour", Self::HalfHour),
        ("hour", Self::Hour),
        ("day", Self::Day),
        ("week", Self::Week),
        ("month", Self::Month),
        ("whole", Self::Whole),
    ];
}

/// The form of a report in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFormat {
    /// A page for people, on screen and on paper.
    Html,
    /// A workbook.
    Xlsx,
    /// RFC 4180.
    Csv,
    /// A list of objects.
    Json,
}

impl ReportFormat {
    /// All of them with their words, which are the ends of files' names too.
    pub const WORDS: [(&'static str, Self); 4] =
        [("html", Self::Html), ("xlsx", Self::Xlsx), ("csv", Self::Csv), ("json", Self::Json)];
}

/// How often a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportEvery {
    /// Every day.
    Day,
    /// Every Monday.
    Week,
    /// On the first of every month.
    Month,
}

/// The days of a report that is written by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportSpan {
    /// The day before.
    Yesterday,
    /// The last whole week from Monday.
    LastWeek,
    /// The last whole month.
    LastMonth,
}
