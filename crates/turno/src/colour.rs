//! Whether text may have colours: where a terminal shows it, and NO_COLOR (no-color.org) is empty or not set.

use std::io::IsTerminal;

/// Whether what goes there may have colours.
pub(crate) fn has_colour(out: &impl IsTerminal) -> bool {
    out.is_terminal() && !is_unwanted()
}

/// Whether the user wants no colours anywhere.
pub(crate) fn is_unwanted() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}
