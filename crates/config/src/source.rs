//! What a plan is read from: the text of its files, places in it, and the environment.

use std::path::{Path, PathBuf};

/// How environment variables are looked up.
pub(crate) type Environment<'e> = &'e dyn Fn(&str) -> Option<String>;

/// One file's text with the name that people know it by.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// As shown to people.
    pub(crate) name: PathBuf,
    /// What it says.
    pub(crate) text: String,
}

/// A span of bytes in one of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct SourceSpan {
    /// Which of the sources.
    pub(crate) file: usize,
    /// First byte.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
}

/// A place as people count: lines and columns from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file, as it was named.
    pub file: PathBuf,
    /// The line, from 1; 0 if the fault is not in a line.
    pub line: usize,
    /// The column in characters, from 1; 0 if the fault is not in a line.
    pub column: usize,
}

/// A line of a file as it may be shown: never with a password in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    /// The text; empty if it must not be shown.
    pub(crate) line: String,
    /// How many characters the caret covers.
    pub(crate) width: usize,
}

impl Location {
    /// A file as a whole.
    pub(crate) fn of_file(file: &Path) -> Self {
        Self { file: file.to_owned(), line: 0, column: 0 }
    }
}

impl Source {
    /// Lines and columns of a place.
    pub(crate) fn location(&self, place: SourceSpan) -> Location {
        let (start, line_start) = self.bounds(place);
        Location {
            file: self.name.clone(),
            line: self.text[..start].matches('\n').count() + 1,
            column: self.text[line_start..start].chars().count() + 1,
        }
    }

    /// The first line of a place.
    pub(crate) fn excerpt(&self, place: SourceSpan) -> Excerpt {
        let (start, line_start) = self.bounds(place);
        let rest = &self.text[line_start..];
        let line = rest.split('\n').next().unwrap_or(rest).trim_end_matches('\r');
        let line_end = line_start + line.len();
        let end = self.floor(place.end).clamp(start, line_end.max(start));
        let width = self.text[start..end].chars().count().max(1);
        Excerpt { line: self.hide_secrets(line, line_start), width }
    }

    /// The start of a place and of its line, both at borders of characters.
    fn bounds(&self, place: SourceSpan) -> (usize, usize) {
        let start = self.floor(place.start);
        (start, self.text[..start].rfind('\n').map_or(0, |at| at + 1))
    }

    /// The last border of characters that is not after `at`.
    fn floor(&self, at: usize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// A line without what a key of a password or a PIN is set to; nothing of a line inside a multi-line string.
    fn hide_secrets(&self, line: &str, line_start: usize) -> String {
        let before = &self.text[..line_start];
        let in_block = |quotes| before.matches(quotes).count() % 2 == 1;
        if in_block("\"\"\"") || in_block("'''") {
            return String::new();
        }
        let lower = line.to_ascii_lowercase();
        let Some(key) = secret_key(&lower) else { return line.replace('\t', " ") };
        let open = ["password_env", "password_file", "pin_env", "pin_file"];
        let is_secret = !open.iter().any(|open| lower[key..].starts_with(open));
        match line[key..].find(['=', '"', '\'']) {
            Some(at) if is_secret => format!("{} ***", line[..=key + at].replace('\t', " ")),
            Some(_) | None => line.replace('\t', " "),
        }
    }
}

/// Where a key begins whose value may be a password or a PIN, also if it is misspelt.
fn secret_key(line: &str) -> Option<usize> {
    let mut pins = line.match_indices("pin").map(|(at, _)| at);
    let pin = pins.find(|at| !line[..*at].ends_with(char::is_alphanumeric));
    [line.find("pass"), pin].into_iter().flatten().min()
}
