//! Reports: figures of half hours and contacts added up by time and name, with every ratio by its formula (FIELD.md).

mod adherence;
mod fairness;
mod figure;
mod groups;
mod lists;
mod period;
mod source;

#[cfg(test)]
mod clock_tests;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use turno_model::plan::{ReportBy, ReportOf};
use turno_model::{Language, Plan};

use crate::calendar::zone_of;
use crate::failure::Failure;
use crate::report::groups::{Groups, Key};
use crate::schema;
use crate::store::{Sql, Store};
use crate::value::Value;

pub use figure::{Cell, Figure};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// The first day, in the site's time zone.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Whose figures.
    pub of: ReportOf,
    /// By which time.
    pub by: ReportBy,
}

/// A report: a row for each time and name, in this order, and one for all together.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// What was asked for.
    pub question: Question,
    /// The site's name.
    pub site: String,
    /// The currency of amounts.
    pub currency: Option<String>,
    /// The language of the heads.
    pub language: Language,
    /// The names of the columns for programs: they stay.
    pub keys: Vec<&'static str>,
    /// The same for people.
    pub heads: Vec<&'static str>,
    /// How many columns of times and names stand before the figures.
    pub names: usize,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// All rows together; none if there is no row.
    pub total: Option<Vec<Cell>>,
}

/// Makes a report from a history, which may be written meanwhile.
///
/// # Errors
/// [`Failure`], also if the schema is of another version: the turno that writes it brings it up to date at its start.
pub fn make(
    store: &mut dyn Store,
    question: &Question,
    plan: &Plan,
    language: Language,
) -> Result<Report, Failure> {
    let mut report = None;
    store.reading(&mut |sql| {
        let found = schema::check(sql)?;
        if found != schema::SCHEMA_VERSION {
            let why =
                format!("its schema is of version {found}; turno brings it up to date at its next start");
            return Err(Failure::Other(why));
        }
        report = Some(Report::read(sql, question, plan, language)?);
        Ok(())
    })?;
    report.ok_or_else(|| Failure::Other("nothing was read".to_owned()))
}

/// The time zone of the site, by which its days begin.
pub fn site_zone(plan: &Plan) -> TimeZone {
    zone_of(plan)
}

/// The queries of a report that read half hours and contacts, for measurements.
#[cfg(feature = "checks")]
pub fn queries(question: &Question, plan: &Plan) -> Vec<String> {
    let figures = list(question.of).iter().flat_map(|figure| figure.formula.columns());
    let wanted: Vec<_> = figures.chain(fairness::SUMS).collect();
    let mut sources = source::sources(question.of, &plan.reports.tariffs);
    sources.iter_mut().for_each(|source| source.sums.retain(|(name, _)| wanted.contains(name)));
    sources.iter().map(|source| source.text(question.by)).collect()
}

impl Report {
    /// Gives each row of a report of procedures the name of its code's procedure, as `name` says; a code of none stays as it is.
    pub fn name_procedures(&mut self, name: impl Fn(&str) -> Option<String>) {
        let Some(column) = self.keys.iter().position(|key| *key == "procedure") else { return };
        for cell in self.rows.iter_mut().filter_map(|row| row.get_mut(column)) {
            if let Cell::Text(code) = cell
                && let Some(named) = name(code)
            {
                *code = format!("{code} {named}");
            }
        }
    }

    /// Reads the report in an open transaction.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn read(
        sql: &mut dyn Sql,
        question: &Question,
        plan: &Plan,
        language: Language,
    ) -> Result<Self, Failure> {
        let zone = zone_of(plan);
        let shifts = if question.of == ReportOf::Agents { plan.reports.shifts.as_slice() } else { &[] };
        let mut sources = source::sources(question.of, &plan.reports.tariffs);
        let mut there: Vec<_> =
            sources.iter().flat_map(|source| source.sums.iter().map(|(name, _)| *name)).collect();
        if !shifts.is_empty() {
            there.extend(["scheduled_us", "adhered_us"]);
        }
        let figures: Vec<&Figure> =
            list(question.of).iter().filter(|figure| has(&there, figure.formula.columns())).collect();
        let mut columns: Vec<_> = figures.iter().flat_map(|figure| figure.formula.columns()).collect();
        columns.extend(if question.of == ReportOf::Fairness { &fairness::SUMS[..] } else { &[] });
        columns.sort_unstable();
        columns.dedup();
        let mut groups = Groups::new(question.by, &zone, columns);
        let days = [question.from, question.to].map(|day| Value::Text(day.to_string()));
        for source in &mut sources {
            groups.read(sql, source, &days)?;
        }
        if !shifts.is_empty() {
            adherence::add(sql, &mut groups, (question, shifts, &zone))?;
        }
        let rows = if question.of == ReportOf::Fairness {
            fairness::rows(&groups, plan)
        } else {
            let cells = |sums: &[i64]| figures.iter().map(|it| it.cell(groups.columns(), sums)).collect();
            groups.iter().map(|(key, sums)| (key.clone(), cells(sums))).collect()
        };
        let total = groups
            .all()
            .filter(|_| question.of != ReportOf::Fairness)
            .map(|sums| figures.iter().map(|figure| figure.cell(groups.columns(), sums)).collect::<Vec<_>>());
        let heads: Vec<(&str, &str)> = if question.of == ReportOf::Fairness {
            let heads = fairness::COLUMNS.iter();
            heads.map(|(key, english, spanish)| (*key, in_language(language, english, spanish))).collect()
        } else {
            figures.iter().map(|figure| (figure.key, figure.head(language))).collect()
        };
        Ok(Self::laid_out((question, plan, language), heads, rows, total))
    }

    /// With the columns of times and names before the figures.
    fn laid_out(
        (question, plan, language): (&Question, &Plan, Language),
        figures: Vec<(&'static str, &'static str)>,
        rows: Vec<(Key, Vec<Cell>)>,
        total: Option<Vec<Cell>>,
    ) -> Self {
        let time = Some(("time", in_language(language, "time", "tiempo")));
        let first: Vec<(&str, &str)> =
            [time.filter(|_| question.by != ReportBy::Whole), name(question.of, language)]
                .into_iter()
                .flatten()
                .collect();
        let named = |time: &str, name: &str, cells: Vec<Cell>| {
            let names =
                first.iter().map(|(key, _)| Cell::Text(if *key == "time" { time } else { name }.to_owned()));
            names.chain(cells).collect::<Vec<_>>()
        };
        let nameless = in_language(language, "(none)", "(ninguno)");
        let rows = rows.into_iter().map(|((_, time, name), cells)| {
            named(&time, if name.is_empty() { nameless } else { &name }, cells)
        });
        let rows: Vec<Vec<Cell>> = rows.collect();
        let total = total.filter(|_| !rows.is_empty()).map(|cells| named("", "", cells));
        let all = || first.iter().chain(&figures);
        Self {
            question: *question,
            site: plan.site.clone(),
            currency: plan.reports.tariffs.first().map(|tariff| tariff.currency.clone()),
            language,
            keys: all().map(|(key, _)| *key).collect(),
            heads: all().map(|(_, head)| *head).collect(),
            names: first.len(),
            rows,
            total,
        }
    }
}

/// The figures that a report may have.
fn list(of: ReportOf) -> &'static [Figure] {
    match of {
        ReportOf::Line
        | ReportOf::Queues
        | ReportOf::Trunks
        | ReportOf::Codes
        | ReportOf::Procedures
        | ReportOf::Numbers
        | ReportOf::Callers => &lists::CONTACTS,
        ReportOf::Agents => &lists::AGENTS,
        ReportOf::Fairness => &[],
    }
}

fn has(there: &[&str], columns: Vec<&str>) -> bool {
    columns.iter().all(|column| there.contains(column))
}

/// The column of names; `None` for the line, which is one.
const fn name(of: ReportOf, language: Language) -> Option<(&'static str, &'static str)> {
    Some(match of {
        ReportOf::Line => return None,
        ReportOf::Queues => ("queue", in_language(language, "queue", "cola")),
        ReportOf::Agents => ("agent", in_language(language, "agent", "agente")),
        ReportOf::Fairness => ("skills", in_language(language, "skills", "competencias")),
        ReportOf::Trunks => ("trunk", in_language(language, "trunk", "troncal")),
        ReportOf::Codes => ("code", in_language(language, "code", "código")),
        ReportOf::Procedures => ("procedure", in_language(language, "procedure", "trámite")),
        ReportOf::Numbers => ("number", in_language(language, "number", "número")),
        ReportOf::Callers => ("caller", in_language(language, "caller", "llamante")),
    })
}

const fn in_language(language: Language, english: &'static str, spanish: &'static str) -> &'static str {
    match language {
        Language::English => english,
        Language::Spanish => spanish,
    }
}
