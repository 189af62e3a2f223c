//! A bot that answers with procedures, asks which is meant, and hands over to a person.
//!
//! It never makes up a sentence about a procedure: what it says of one is its card, with source and day. It hands over when it
//! is asked to, when it did not understand twice, when a person is angry, when its answer did not help, and when a file
//! comes; from then on it says nothing, so it never talks over a person. [`Dialogue`] is all that it remembers.
//!
//! - `settings`: from which score on it answers, and which words call a person.
//! - `verdict`: sure, several, or unsure, from the scores of a search.
//! - `wants`: whether words ask for a person, are angry, thank, or greet.
//! - `card`: a procedure as a message.
//! - `dialogue`: the table of its stages.
//! - `model`: an optional model beside it, and what its answers may change.

mod card;
mod dialogue;
pub mod model;
mod phrases;
mod settings;
mod verdict;
mod wants;
mod why;

#[cfg(test)]
mod tests;

pub use card::{card, first_lines};
pub use dialogue::{Deed, Dialogue, HandOver, Said, Stage};
pub use settings::Settings;
pub use verdict::{Found, Verdict, verdict};
pub use wants::is_question;
pub use why::Why;

use turno_knowledge::{AnswerForm, ProcedureForm};

/// The procedures of the site, as the bot sees them.
pub trait Procedures {
    /// The procedures that a citizen's words may ask for, the best first, at most so many.
    fn search(&self, question: &str, most: usize) -> AnswerForm;

    /// The procedure of this name.
    fn procedure(&self, id: &str) -> Option<ProcedureForm>;
}
