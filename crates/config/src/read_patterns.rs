//! Reads patterns of numbers.

use crate::reading::Reading;
use crate::section::{Section, unintelligible};

/// A list of patterns.
pub(crate) fn read_patterns(reading: &mut Reading<'_>, section: Section<'_>, key: &str) -> Vec<String> {
    let mut patterns = Vec::new();
    for (text, node) in section.texts(reading, key) {
        let digits = text.strip_suffix('.').unwrap_or(text);
        let is_pattern = !digits.is_empty()
            && digits.len() <= 32
            && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, 'X' | '+'));
        if !is_pattern {
            unintelligible(
                reading,
                node,
                text,
                "digits, `X` for any digit, a last `.` for any more: `02XXXXXXX`",
            );
        }
        patterns.push(text.to_owned());
    }
    patterns
}
