//! A line of the chain.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use turno_ground::Moment;
use turno_history::day_rows::Finished;
use turno_model::Position;

/// Where the hash begins in the text of a line.
const HASH: &str = ",\"hash\":\"";

/// The end of a line's text.
const END: &str = "\"}";

/// The facts of a span of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactsMark {
    /// How many.
    pub count: u64,
    /// The position of the first one.
    pub first: Position,
    /// The position of the last one.
    pub last: Position,
    /// SHA-256 over positions, moments and bytes as they stand in the journal.
    pub hash: String,
}

/// The finished rows of one class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsMark {
    /// How many.
    pub rows: u64,
    /// SHA-256 over them, without numbers of people.
    pub hash: String,
    /// The oldest moment by which one of them may be deleted for its age.
    pub since: Option<Moment>,
}

impl From<Finished> for RowsMark {
    fn from(finished: Finished) -> Self {
        Self { rows: finished.rows, hash: finished.hash, since: finished.since }
    }
}

/// What a line is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Entry {
    /// A day is over.
    Day {
        /// Its date.
        day: String,
        /// Its begin.
        from: Moment,
        /// The begin of the next day.
        until: Moment,
        /// Its facts.
        facts: FactsMark,
        /// Contacts that ended on it, with all that belongs to them.
        contacts: RowsMark,
        /// States of agents that ended on it.
        states: RowsMark,
        /// Its half hours.
        intervals: RowsMark,
    },
    /// turno was stopped.
    Stop {
        /// The date.
        day: String,
        /// The begin of the day.
        from: Moment,
        /// The facts of the day until the stop.
        facts: FactsMark,
    },
    /// Rows are deleted because they were kept for long enough.
    Kept {
        /// Which rows: `contacts`, `states`, `intervals`.
        class: String,
        /// Those from before this moment.
        before: Moment,
    },
    /// The number of a person was deleted.
    Forgotten {
        /// The key of its row in `history_audit`.
        id: String,
        /// When.
        when: Moment,
        /// Who did it.
        who: String,
        /// Why.
        why: String,
        /// In how many rows it stood.
        rows: i64,
    },
}

/// A line of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number, from 1.
    pub line: u64,
    /// When it was written.
    pub at: Moment,
    /// What it is about.
    #[serde(flatten)]
    pub entry: Entry,
    /// The hash of the line before; empty in the first line.
    pub previous: String,
}

impl Line {
    /// Its text with its hash, without the end of line, and the hash.
    pub(crate) fn text(&self) -> (String, String) {
        let json = serde_json::to_string(self).expect("a line has only texts and numbers");
        let body = json.strip_suffix('}').expect("an object ends with a brace");
        let hash = hash_of(body);
        (format!("{body}{HASH}{hash}{END}"), hash)
    }

    /// Reads a text: the line and the hash that stands in it.
    pub(crate) fn read(text: &str) -> Option<(Self, String)> {
        let (_, rest) = text.rsplit_once(HASH)?;
        Some((serde_json::from_str(text).ok()?, rest.strip_suffix(END)?.to_owned()))
    }
}

/// Whether the hash in a text is that of the text.
pub(crate) fn is_whole(text: &str) -> bool {
    text.rsplit_once(HASH)
        .and_then(|(body, rest)| Some(rest.strip_suffix(END)? == hash_of(body)))
        .unwrap_or_default()
}

fn hash_of(text: &str) -> String {
    hex(&Sha256::digest(text))
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
