//! Ranges of durations and numbers, in the words of refusals and of docs/CONFIG.md.

use core::time::Duration;

use crate::duration_text;

/// From the shortest to the longest duration that a key takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SpanRange {
    pub(crate) min: Duration,
    pub(crate) max: Duration,
}

/// From the least to the greatest whole number that a key takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WholeRange {
    pub(crate) min: u32,
    pub(crate) max: u32,
    pub(crate) unit: &'static str,
}

impl SpanRange {
    /// `1s to 2m`; `word` may stand instead.
    pub(crate) fn words(self, word: Option<&str>) -> String {
        let range = format!("{} to {}", duration_text::write(self.min), duration_text::write(self.max));
        or_word(range, word)
    }
}

impl WholeRange {
    /// `1 to 16 contacts`; `word` may stand instead.
    pub(crate) fn words(self, word: Option<&str>) -> String {
        or_word(format!("{} to {} {}", self.min, self.max, self.unit), word)
    }
}

fn or_word(range: String, word: Option<&str>) -> String {
    word.map_or(range.clone(), |word| format!("{range}, or `{word}`"))
}

/// Something else that holds, behind a range.
pub(crate) fn with_note(range: String, note: &str) -> String {
    if note.is_empty() { range } else { format!("{range}, {note}") }
}
