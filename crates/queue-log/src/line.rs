//! A line of the log.

use core::fmt::Write as _;

use turno_ground::Moment;

/// What stands where there is no call, queue or agent.
pub(crate) const NONE: &str = "NONE";

/// A line: of which call, queue and agent, what happened, and its parameters.
pub(crate) fn line(at: Moment, whose: [&str; 3], event: &str, parameters: &[&str]) -> String {
    let mut line = (at.as_micros() / 1_000_000).to_string();
    for part in whose.into_iter().chain([event]).chain(parameters.iter().copied()) {
        let _ = write!(line, "|{}", plain(part));
    }
    line
}

/// A text that ends no field and no line.
fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter == '|' || letter.is_control() { '_' } else { letter }).collect()
}

/// Whole seconds of a span, as Asterisk counts.
pub(crate) fn seconds(span: core::time::Duration) -> String {
    span.as_secs().to_string()
}
