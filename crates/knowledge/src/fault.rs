//! What is wrong with a file, told so that its writer can mend it.

use core::fmt;
use std::path::{Path, PathBuf};

/// A place as people count: lines and columns from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1; 0 if it is the file as a whole.
    pub line: usize,
    /// The column in characters, from 1; 0 if it is the file as a whole.
    pub column: usize,
}

/// One fault: nothing is made of the files while there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub at: Location,
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: String,
    /// The nearest valid name.
    pub nearest: Option<String>,
}

/// Something allowed that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Where.
    pub at: Location,
    /// What, in a sentence.
    pub text: String,
}

/// Files that nothing is made of: every fault there is, in the order of files and lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// At least one.
    pub faults: Vec<Fault>,
}

impl Location {
    /// A file as a whole.
    pub(crate) fn of_file(file: &Path) -> Self {
        Self { file: file.to_owned(), line: 0, column: 0 }
    }

    /// The place of byte `offset` of `text`.
    pub(crate) fn in_text(file: &Path, text: &str, offset: usize) -> Self {
        let mut at = offset.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let line_start = text[..at].rfind('\n').map_or(0, |found| found + 1);
        Self {
            file: file.to_owned(),
            line: text[..at].matches('\n').count() + 1,
            column: text[line_start..at].chars().count() + 1,
        }
    }
}

impl Fault {
    pub(crate) fn new(at: Location, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { at, found: found.into(), expected: expected.into(), nearest: None }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 { write!(f, ":{}:{}", self.line, self.column) } else { Ok(()) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fault: {}\n--> {}\n = expected: {}", self.found, self.at, self.expected)?;
        self.nearest.as_ref().map_or(Ok(()), |nearest| write!(f, "\n = nearest: `{nearest}`"))
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "notice: {}\n--> {}", self.text, self.at)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.faults {
            writeln!(f, "{fault}\n")?;
        }
        let count = self.faults.len();
        write!(f, "{count} fault{}: the procedures are refused", if count == 1 { "" } else { "s" })
    }
}

impl core::error::Error for Refused {}
