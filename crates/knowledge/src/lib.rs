//! What citizens ask for: procedures, one Markdown file each, and the search that finds the right one in their words.
//!
//! A [`Procedure`] has a typed head between two lines `+++` (TOML: name, requirements, cost, source and so on) and a text.
//! A [`Library`] is a folder of them with the site's synonyms. It reads all files, refuses what is wrong by file, line and
//! nearest name ([`Fault`]), and tells what is allowed but old ([`Notice`]). It never goes on with half of a folder.
//!
//! A search goes through stages, each of which can be seen in its answer ([`Answer`]):
//!
//! 1. `words`: lower case, no accents, no words without meaning of their own, the stems of Snowball's Spanish.
//! 2. `typos`: a word that no procedure has is taken for one that sounds alike or differs by one letter.
//! 3. `thesaurus`: words and phrases that mean the same become one.
//! 4. `index`: SQLite's full text search in memory, BM25 with weights by column.
//!
//! A score is a procedure's share of the most that any could reach for these words: from 0 to 1, so that a program can
//! compare scores and see how far the first is ahead.
//!
//! There are no sockets here and no clock: the day is given.

mod csv;
mod evaluation;
mod fault;
mod form;
mod groups;
mod head;
mod import;
mod index;
mod library;
mod markdown;
mod nearest;
mod procedure;
mod reader;
mod spoken;
mod synonyms;
mod text_file;
mod thesaurus;
mod typos;
mod what_if;
mod words;

#[cfg(test)]
mod tests;

pub use evaluation::{Evaluation, Question, QuestionFault, WorstQuestion, evaluate, read_questions};
pub use fault::{Fault, Location, Notice, Refused};
pub use form::{AnswerForm, HitForm, ProcedureForm, TakenForm};
pub use groups::{Group, group};
pub use import::{BadRow, Import, read_import};
pub use index::{Answer, Hit, Taken};
pub use library::{Library, PROCEDURES_MAX, SYNONYMS_FILE};
pub use markdown::to_markdown;
pub use procedure::Procedure;
pub use reader::read_procedure;
pub use spoken::spoken_card;
pub use what_if::{Changed, WhatIf, compare, read_past_questions};
pub use words::{meaning, plain_words};
