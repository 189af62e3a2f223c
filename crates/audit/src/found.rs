//! What an audit has found: how much it compared, and each difference.

use core::fmt;

use turno_history::Value;

/// Differences that are kept; more are counted.
const DIFFERENCES_MAX: usize = 1_000;

/// Something that stands otherwise than the facts say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where it stands: a table, `report of queues`, `ledger`.
    pub place: String,
    /// The key of the row.
    pub key: String,
    /// The column; empty: the whole row.
    pub column: String,
    /// What stands there.
    pub stands: String,
    /// What the facts say.
    pub facts: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, key, column, stands, facts } = self;
        if column.is_empty() {
            return write!(f, "{place}, {key}: {stands}; by the facts {facts}");
        }
        write!(f, "{place}, {key}, {column}: {stands}; by the facts {facts}")
    }
}

/// What was compared, and what differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The first differences.
    pub differences: Vec<Difference>,
    /// How many more there are.
    pub more: u64,
    /// Rows of the history that were compared.
    pub rows: u64,
    /// Figures of rows, ledger and report that were compared.
    pub figures: u64,
    /// Rows that can't be counted again, because the facts of their begin are no longer kept.
    pub unknown_rows: u64,
    /// Numbers of people that are empty for a reason: `forget`, or their time is over.
    pub emptied: u64,
    /// Sentences about what was not compared.
    pub left_out: Vec<String>,
}

/// The columns that hold the number of a person.
const NUMBERS: [&str; 2] = ["caller", "number"];

/// Columns that depend on the targets of the plan.
const BY_TARGETS: [&str; 8] = [
    "in_target",
    "is_short",
    "completed_in_target",
    "answered_in_target",
    "abandoned_short",
    "service_level",
    "service_level_net",
    "within_target",
];

impl Found {
    /// Whether everything agrees.
    pub const fn agrees(&self) -> bool {
        self.differences.is_empty()
    }

    /// Whether only figures differ that depend on the targets of the plan.
    pub fn is_by_targets_alone(&self) -> bool {
        let by_targets = |difference: &Difference| BY_TARGETS.contains(&&*difference.column);
        !self.agrees() && self.differences.iter().all(by_targets)
    }

    /// Notes a difference.
    pub(crate) fn differ(&mut self, place: &str, key: &str, column: &str, [stands, facts]: [String; 2]) {
        if self.differences.len() >= DIFFERENCES_MAX {
            self.more += 1;
            return;
        }
        let (place, key, column) = (place.to_owned(), key.to_owned(), column.to_owned());
        self.differences.push(Difference { place, key, column, stands, facts });
    }

    /// Compares two numbers that may be apart this far.
    pub(crate) fn number(
        &mut self,
        place: &str,
        key: &str,
        column: &str,
        (stands, facts, apart): (i64, i64, i64),
    ) {
        self.figures += 1;
        if (stands - facts).abs() > apart {
            self.differ(place, key, column, [stands.to_string(), facts.to_string()]);
        }
    }
}

/// A value for people; of a person's number the last two digits.
pub(crate) fn shown(column: &str, value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) if is_number(column) => {
            let end: String = text.chars().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect();
            format!("…{end}")
        }
        Value::Text(text) => text.clone(),
    }
}

/// Whether the column holds the number of a person.
pub(crate) fn is_number(column: &str) -> bool {
    NUMBERS.contains(&column)
}
