//! Values as people read them.

use core::time::Duration;

use turno_history::report::Cell;
use turno_model::Language;

/// A value as a text.
pub(crate) fn shown(cell: &Cell, language: Language) -> String {
    let none = || "-".to_owned();
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Count(number) => number.to_string(),
        Cell::Share(share) => {
            share.map_or_else(none, |share| local(&format!("{:.1}", share * 100.0), language) + " %")
        }
        Cell::Span(span) => span.map_or_else(none, clock),
        Cell::Mean(mean) => mean.map_or_else(none, |mean| local(&format!("{mean:.2}"), language)),
        Cell::Money(amount) => local(&format!("{amount:.2}"), language),
    }
}

/// `0:07`, `3:05`, `8:40:00`.
pub(crate) fn clock(span: Duration) -> String {
    let seconds = (span + Duration::from_millis(500)).as_secs();
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// A number with the language's comma.
pub(crate) fn local(number: &str, language: Language) -> String {
    match language {
        Language::English => number.to_owned(),
        Language::Spanish => number.replace('.', ","),
    }
}

/// Whether there is something to show.
pub(crate) fn has_value(cell: &Cell) -> bool {
    match cell {
        Cell::Text(_) => false,
        Cell::Count(count) => *count != 0,
        Cell::Share(number) | Cell::Mean(number) => number.is_some(),
        Cell::Span(span) => span.is_some_and(|span| !span.is_zero()),
        Cell::Money(amount) => *amount != 0.0,
    }
}
