//! Answers on the control socket.

use serde::{Deserialize, Serialize};
use turno_model::{Done, Gap, Language, PlanIndex, Position, Refusal};
use turno_trace::{Entry, Row};

use crate::bans::BanRow;
use crate::facts::PlacedFact;
use crate::listed::ListedRow;
use crate::skills::SkillRow;
use crate::waiting::{BreakRow, CallbackRow};

/// The longest line of an answer, in bytes: one line may list twenty thousand contacts.
pub const ANSWER_BYTES_MAX: usize = 32 * 1024 * 1024;

/// One line of the answer. The connection ends after the last line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The last contacts, oldest first.
    Rows(Vec<Row>),
    /// The differences of the plan that was read again, one line each. They are not applied yet.
    Differences(Vec<String>),
    /// How the plan was applied. The last line.
    Applied(String),
    /// The bans.
    Bans(Vec<BanRow>),
    /// The numbers on lists of callers.
    CallerLists(Vec<ListedRow>),
    /// The skills of an agent, or all that commands changed.
    Skills(Vec<SkillRow>),
    /// Who is to be called back.
    Callbacks(Vec<CallbackRow>),
    /// Who takes a break in turns.
    Breaks(Vec<BreakRow>),
    /// The command was accepted. The last line.
    Done(Done),
    /// The command was refused and changed nothing. The last line.
    NotDone(Refusal),
    /// A line of a contact trace.
    Entry(Entry),
    /// A fact.
    Fact(PlacedFact),
    /// The names behind the indexes of queues, agents and trunks in the facts that follow.
    Names(PlanIndex),
    /// Requested facts that are lost; the next ones follow.
    Missing(Gap),
    /// All facts up to this position were sent. The last line, unless the reader follows.
    UpTo(Position),
    /// The facts after the requested position are deleted; this is the oldest position to continue from. The last line.
    TooOld(Position),
    /// No fact has the requested position; this is the newest one. The position is of another site, or the journal was
    /// started again. The last line.
    Ahead(Position),
    /// No contact yet: the next one is awaited.
    Waiting,
    /// The reader was too slow and lost its position. The last line.
    LostPlace,
    /// Why the request is refused, and what to do. The last line.
    Refused(String),
    /// Too many requests are being answered: the same request may succeed later. The last line.
    Busy(String),
    /// The site's language, if the plan has one.
    Language(Option<Language>),
    /// The new plan needs a successor, and none took over, for this reason. The running turno goes on.
    NoSuccessor(String),
}

impl Answer {
    /// The answer as one line of JSON, without the line end.
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("strings, numbers and truths become JSON")
    }

    /// Parses a line.
    pub fn read(line: &[u8]) -> Option<Self> {
        serde_json::from_slice(line).ok()
    }
}
