//! The answer to a why: sentences for people, with what programs need beside them.

use serde::Serialize;
use turno_model::Language;

/// What a sentence is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The contact came.
    Arrived,
    /// What is known of the caller.
    Caller,
    /// Menus and announcements before any queue.
    Menu,
    /// It entered a line.
    Queued,
    /// What held it up.
    HeldUp,
    /// What was foretold, and whether that held.
    Told,
    /// A step of the queue.
    Step,
    /// An offer to an agent, and why to this one.
    Offered,
    /// What came of an offer.
    Settled,
    /// The talk.
    Talk,
    /// A transfer or a consultation.
    Transfer,
    /// A callback.
    Callback,
    /// A message.
    Voicemail,
    /// A command of a person.
    Command,
    /// How it ended.
    Ended,
    /// What can't be known.
    Unknown,
    /// Why an agent does not get something.
    Reason,
}

/// One sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// When it happened, in microseconds since 1970.
    pub at: u64,
    /// What it is about.
    pub kind: Kind,
    /// The sentence.
    pub text: String,
    /// More on it, for who wants to know exactly.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<String>,
}

/// The whole answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Why {
    /// The contact, if it is about one.
    pub contact: Option<u64>,
    /// The language of the sentences.
    pub language: Language,
    /// The sentences, in order.
    pub sentences: Vec<Said>,
}

impl Why {
    /// One paragraph a sentence; with `has_more`, what explains it below.
    pub fn text(&self, has_more: bool) -> String {
        let mut text = String::new();
        for said in &self.sentences {
            text.push_str(&said.text);
            text.push('\n');
            for more in said.more.iter().filter(|_| has_more) {
                text.push_str("    - ");
                text.push_str(more);
                text.push('\n');
            }
        }
        text
    }
}
