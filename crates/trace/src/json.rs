//! Entries as lines of JSON, and back.

use crate::contact_trace::ContactTrace;
use crate::entry::Entry;

/// A saved story that can't be read: which line, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Counted from 1.
    pub line: usize,
    /// What was wrong with it.
    pub why: String,
}

impl core::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "line {} is not a line of a saved trace: {}", self.line, self.why)
    }
}

impl core::error::Error for Unreadable {}

impl Entry {
    /// One line, without its end.
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("strings, numbers and truths become JSON")
    }
}

impl ContactTrace {
    /// The story as lines of JSON, to be read again by [`ContactTrace::from_json`].
    pub fn json(&self) -> String {
        self.entries().map(|entry| entry.json() + "\n").collect()
    }

    /// The story that [`ContactTrace::json`] wrote.
    ///
    /// # Errors
    /// [`Unreadable`] for the first line that is not one.
    pub fn from_json(text: &str) -> Result<Self, Unreadable> {
        let mut story = Self::default();
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            let entry: Entry = serde_json::from_str(line)
                .map_err(|error| Unreadable { line: number, why: error.to_string() })?;
            if let Entry::Message(message) = &entry
                && message.column >= story.columns.len()
            {
                return Err(Unreadable {
                    line: number,
                    why: "it names a party that has not appeared".to_owned(),
                });
            }
            story.extend([entry]);
        }
        Ok(story)
    }
}
