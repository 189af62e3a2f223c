//! A figure of a report with its formula, and the value that it has by sums.

use core::time::Duration;

use turno_model::Language;

/// A value of a report.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A time or a name.
    Text(String),
    /// A number.
    Count(i64),
    /// A share from 0 to 1; none where there is nothing to share.
    Share(Option<f64>),
    /// A time; none where there is nothing to divide by.
    Span(Option<Duration>),
    /// A mean, or another number with a fraction.
    Mean(Option<f64>),
    /// An amount in the report's currency.
    Money(f64),
}

/// A column of sums by its name.
pub(crate) type Name = &'static str;

/// How a figure is computed from sums.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Formula {
    /// The sum of these.
    Count(&'static [Name]),
    /// The first one less the other ones.
    Rest(Name, &'static [Name]),
    /// The sum of the first ones by the sum of the second ones, less the third ones.
    Share(&'static [Name], &'static [Name], &'static [Name]),
    /// The sum of these times.
    Spent(&'static [Name]),
    /// The sum of these times by this number.
    Each(&'static [Name], Name),
    /// The longest.
    Longest(Name),
    /// The sum of the points by the number of answers.
    Mean(Name, Name),
    /// The sum of these millionths of the currency.
    Money(&'static [Name]),
}

/// A figure.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// Its name for programs.
    pub key: &'static str,
    pub(crate) english: &'static str,
    pub(crate) spanish: &'static str,
    pub(crate) formula: Formula,
}

/// Adds the value of a row to a sum.
pub(crate) fn add(sum: &mut i64, column: &str, value: i64) {
    *sum = if is_longest(column) { (*sum).max(value) } else { sum.saturating_add(value) };
}

/// Whether the largest value of a column is taken, not the sum.
pub(crate) fn is_longest(column: &str) -> bool {
    column.contains("_max_")
}

impl Formula {
    /// The columns that it needs.
    pub(crate) fn columns(self) -> Vec<Name> {
        match self {
            Self::Count(columns) | Self::Spent(columns) | Self::Money(columns) => columns.to_vec(),
            Self::Rest(whole, parts) => [&[whole], parts].concat(),
            Self::Share(part, whole, less) => [part, whole, less].concat(),
            Self::Each(spans, by) => [spans, &[by]].concat(),
            Self::Longest(column) => vec![column],
            Self::Mean(points, answers) => vec![points, answers],
        }
    }
}

impl Figure {
    /// Its name for people.
    pub const fn head(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::Spanish => self.spanish,
        }
    }

    /// Its value by these sums of these columns, which are in order.
    pub(crate) fn cell(&self, columns: &[Name], sums: &[i64]) -> Cell {
        let of = |column: Name| {
            let place = columns.binary_search(&column).ok();
            place.and_then(|place| sums.get(place)).copied().unwrap_or_default()
        };
        let sum = |names: &[Name]| names.iter().map(|name| of(name)).sum::<i64>();
        match self.formula {
            Formula::Count(names) => Cell::Count(sum(names)),
            Formula::Rest(whole, parts) => Cell::Count((of(whole) - sum(parts)).max(0)),
            Formula::Share(part, whole, less) => Cell::Share(ratio(sum(part), sum(whole) - sum(less))),
            Formula::Spent(names) => Cell::Span(Some(micros(sum(names)))),
            Formula::Each(names, by) => {
                let each = sum(names).checked_div(of(by));
                Cell::Span(each.map(micros))
            }
            Formula::Longest(name) => Cell::Span(Some(micros(of(name)))),
            Formula::Mean(points, answers) => Cell::Mean(ratio(of(points), of(answers))),
            Formula::Money(names) => Cell::Money(ratio(sum(names), 1_000_000).unwrap_or_default()),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts and times of a site stay far below 2^53")]
pub(crate) fn ratio(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn micros(span: i64) -> Duration {
    Duration::from_micros(u64::try_from(span).unwrap_or_default())
}
