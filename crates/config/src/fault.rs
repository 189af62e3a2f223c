//! What is wrong with a plan, told so that its writer can mend it.

use core::fmt;

use crate::source::{Excerpt, Location};

/// What sort of fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// A file or folder can't be read.
    Unreadable,
    /// Not TOML.
    Syntax,
    /// A key that no table of this name has.
    UnknownKey,
    /// A value of another type than the key takes.
    WrongType,
    /// A value that can't be read: a duration, an address, a date.
    Unintelligible,
    /// A value outside its range.
    OutOfRange,
    /// A word that is none of the key's words.
    UnknownValue,
    /// A reference to something that the plan does not have.
    UnknownName,
    /// Something required is not there.
    Missing,
    /// The same thing stands twice.
    Twice,
    /// Two settings that can't both hold.
    Conflict,
    /// A prompt or the music is not there or is no WAV file.
    Audio,
    /// A password can't be had, or may not be used.
    Password,
}

/// One fault. Its `Display` is a block like a compiler's, without a line break at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What sort.
    pub kind: FaultKind,
    /// Where.
    pub at: Location,
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: String,
    /// The nearest valid name.
    pub nearest: Option<String>,
    /// Where its twin stands.
    pub first: Option<Location>,
    pub(crate) excerpt: Option<Excerpt>,
}

/// Something allowed that its writer may not have meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Where.
    pub at: Location,
    /// What, in a sentence.
    pub text: String,
}

/// A plan that nothing may start with: every fault there is, in the order of files and lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRefused {
    /// At least one.
    pub faults: Vec<Fault>,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 { write!(f, ":{}:{}", self.line, self.column) } else { Ok(()) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = if self.at.line > 0 { self.at.line.to_string() } else { String::new() };
        let margin = " ".repeat(number.len());
        writeln!(f, "fault: {}", self.found)?;
        write!(f, "{margin}--> {}", self.at)?;
        if let Some(excerpt) = self.excerpt.as_ref().filter(|excerpt| !excerpt.line.is_empty()) {
            write!(f, "\n{margin} |\n{number} | {}", excerpt.line)?;
            let shown = excerpt.line.chars().count();
            if self.at.column <= shown {
                let width = excerpt.width.min(shown + 1 - self.at.column);
                write!(f, "\n{margin} | {}{}", " ".repeat(self.at.column - 1), "^".repeat(width))?;
            }
        }
        if let Some(first) = &self.first {
            write!(f, "\n{margin} = first: {first}")?;
        }
        write!(f, "\n{margin} = expected: {}", self.expected)?;
        if let Some(nearest) = &self.nearest {
            write!(f, "\n{margin} = nearest: `{nearest}`")?;
        }
        Ok(())
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "notice: {}\n--> {}", self.text, self.at)
    }
}

impl fmt::Display for PlanRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.faults {
            writeln!(f, "{fault}\n")?;
        }
        let count = self.faults.len();
        write!(f, "{count} fault{}: the plan is refused", if count == 1 { "" } else { "s" })
    }
}

impl core::error::Error for PlanRefused {}
