//! What a story is made of: words that are safe to show, in the order in which they happened.

use serde::{Deserialize, Serialize};
use turno_model::Language;

use crate::column::Column;

/// Whose story it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The contact's number.
    pub contact: u64,
    /// The site.
    pub site: String,
    /// When the contact arrived, in microseconds since the Unix epoch: times of the ladder count from here.
    pub began: u64,
    /// The same on the site's wall clock.
    pub clock: String,
    /// Who called.
    pub caller: String,
    /// What was dialled.
    pub dialled: String,
    /// The language in which it is told.
    #[serde(default, skip_serializing_if = "Language::is_english")]
    pub language: Language,
}

/// One message on the ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// When, in microseconds since the Unix epoch.
    pub at: u64,
    /// The other end's column, by place; turno's own is the other end of the arrow.
    pub column: usize,
    /// Whether it came in.
    pub inward: bool,
    /// Method, or status and reason.
    pub title: String,
    /// Number and method of the CSeq.
    pub cseq: String,
    /// What is worth knowing of the rest: media, reasons.
    pub detail: String,
    /// Whether the same bytes passed before: a retransmission.
    pub again: bool,
    /// How it travelled.
    pub transport: String,
    /// From which address.
    pub from: String,
    /// To which address.
    pub to: String,
    /// The whole message, credentials and what else must not be read taken out.
    pub text: String,
}

/// How a note is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// As things go.
    Plain,
    /// A decision of turno's, with its reasons.
    Decision,
    /// It went well.
    Good,
    /// It did not.
    Bad,
    /// Figures.
    Figures,
}

/// One sentence between the arrows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// When, in microseconds since the Unix epoch.
    pub at: u64,
    /// How to read it.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
    /// What explains it.
    pub reasons: Vec<String>,
}

/// How much of the story this was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// Whether the contact has ended.
    pub is_over: bool,
    /// What is missing, if something is: a sentence.
    pub missing: Option<String>,
}

/// One line of a story, also of a saved one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// The first line.
    Head(Head),
    /// A party appears; columns count from 0 in this order.
    Column(Column),
    /// A message.
    Message(Message),
    /// A sentence.
    Note(Note),
    /// The last line.
    End(End),
}
