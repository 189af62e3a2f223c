//! Reports of the history in every form: a table for people, CSV and JSON for programs, a workbook, and a page for screen and
//! paper.
//!
//! [`turno_history::report::make`] reads the figures; [`render`] gives the bytes of a form. Nothing here reads a database, a
//! file or a clock.

mod amount;
mod form;
mod not_made;
mod page;
mod schedule;
mod text;
mod words;
mod workbook;

use turno_history::report::Report;

pub use form::{Form, render};
pub use not_made::NotMade;
pub use schedule::{Due, MISSED_MAX, due_since, scheduled_file};
pub use text::as_table;

/// The name of a file with this report, without a folder: the site's days and whose figures.
pub fn file_name(report: &Report, form: Form) -> String {
    let question = report.question;
    let of = words::of_key(question.of);
    let by = words::by_key(question.by);
    let days = if question.from == question.to {
        question.from.to_string()
    } else {
        format!("{}_{}", question.from, question.to)
    };
    format!("{of}-{by}-{days}.{}", form.ending())
}
