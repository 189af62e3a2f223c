//! What is answered.

use serde::{Deserialize, Serialize};
use turno_model::{Done, Gap, PlanIndex, Position, Refusal};
use turno_trace::{Entry, Row};

use crate::bans::BanRow;
use crate::facts::PlacedFact;

/// Longest line of an answer, in bytes: twenty thousand contacts are listed on one.
pub const ANSWER_BYTES_MAX: usize = 32 * 1024 * 1024;

/// One line of the answer. The connection ends after the last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The last contacts, oldest first.
    Rows(Vec<Row>),
    /// What is otherwise in the plan that was read again, one line a change: it is not applied yet.
    Differences(Vec<String>),
    /// How that was applied: nothing follows.
    Applied(String),
    /// Who is shut out.
    Bans(Vec<BanRow>),
    /// The command is carried out: nothing follows.
    Done(Done),
    /// The command is refused: nothing follows, and nothing is changed.
    NotDone(Refusal),
    /// A line of the story.
    Entry(Entry),
    /// A fact.
    Fact(PlacedFact),
    /// The names behind the places of queues, agents and trunks in the facts that follow.
    Names(PlanIndex),
    /// Facts that are asked for and that nobody has any more; the next ones follow.
    Missing(Gap),
    /// Every fact up to this position was told. Nothing follows, unless what comes was asked for.
    UpTo(Position),
    /// Facts behind the position that was asked for are gone, and this is the oldest position to go on from: nothing follows.
    TooOld(Position),
    /// No fact has the position that was asked for, and this is the newest: nothing follows. It is another site's, or the journal
    /// was begun anew.
    Ahead(Position),
    /// Nothing has happened yet: the next contact is waited for.
    Waiting,
    /// The reader was too slow and has lost its place; nothing follows.
    LostPlace,
    /// Why not, and what to do: nothing follows.
    Refused(String),
    /// A successor was needed for the plan that was read again, and none took over: why. The turno that was asked goes on.
    NoSuccessor(String),
}

impl Answer {
    /// One line, without its end.
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("strings, numbers and truths become JSON")
    }

    /// The answer on a line.
    pub fn read(line: &[u8]) -> Option<Self> {
        serde_json::from_slice(line).ok()
    }
}
