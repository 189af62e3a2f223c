//! One contact from beginning to end.

use turno_ground::Moment;
use turno_model::{ContactId, Fact, Plan};

use crate::assembler::Assembler;
use crate::captured_message::CapturedMessage;
use crate::column::Column;
use crate::entry::{End, Entry, Head, Message, Note};
use crate::redaction::Numbers;
use crate::text::{Ladder, TextOptions};

/// A line between the first and the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TraceLine {
    /// A message.
    Message(Message),
    /// A sentence.
    Note(Note),
}

/// All that was told of one contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactTrace {
    pub(crate) head: Head,
    pub(crate) columns: Vec<Column>,
    pub(crate) lines: Vec<TraceLine>,
    pub(crate) end: End,
}

impl ContactTrace {
    /// The story of `contact`, out of whatever happened: facts and passages each in their order, of all contacts.
    pub fn gather<'a>(
        contact: ContactId,
        facts: impl Iterator<Item = (Moment, &'a Fact)>,
        captured_messages: impl Iterator<Item = &'a CapturedMessage>,
        plan: &Plan,
    ) -> Self {
        Self::gather_with(contact, facts, captured_messages, plan, Numbers::Short)
    }

    /// The same, with callers' numbers as asked.
    pub fn gather_with<'a>(
        contact: ContactId,
        facts: impl Iterator<Item = (Moment, &'a Fact)>,
        captured_messages: impl Iterator<Item = &'a CapturedMessage>,
        plan: &Plan,
        numbers: Numbers,
    ) -> Self {
        let mut assembler = Assembler::new(contact, plan, numbers);
        let mut story = Self::default();
        story.head.contact = contact.0;
        story.head.site.clone_from(&plan.site);
        story.head.language = assembler.language();
        story.extend(assembler.hear(facts, captured_messages));
        story.end =
            End { is_over: assembler.over_at().is_some(), missing: what_is_missing(&story, &assembler) };
        story
    }

    /// Takes more entries.
    pub fn extend(&mut self, entries: impl IntoIterator<Item = Entry>) {
        for entry in entries {
            match entry {
                Entry::Head(head) => self.head = head,
                Entry::Column(column) => self.columns.push(column),
                Entry::Message(message) => self.lines.push(TraceLine::Message(message)),
                Entry::Note(note) => self.lines.push(TraceLine::Note(note)),
                Entry::End(end) => self.end = end,
            }
        }
    }

    /// The entries again, in an order in which they can be taken.
    pub fn entries(&self) -> impl Iterator<Item = Entry> + '_ {
        let columns = self.columns.iter().cloned().map(Entry::Column);
        let lines = self.lines.iter().map(|line| match line {
            TraceLine::Message(message) => Entry::Message(message.clone()),
            TraceLine::Note(note) => Entry::Note(note.clone()),
        });
        [Entry::Head(self.head.clone())]
            .into_iter()
            .chain(columns)
            .chain(lines)
            .chain([Entry::End(self.end.clone())])
    }

    /// Whether nothing is known of the contact.
    pub const fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Whether it has ended.
    pub const fn is_over(&self) -> bool {
        self.end.is_over
    }

    /// How many messages it has.
    pub fn messages(&self) -> usize {
        self.lines.iter().filter(|line| matches!(line, TraceLine::Message(_))).count()
    }

    /// The ladder for a terminal.
    pub fn text(&self, options: &TextOptions) -> String {
        let mut ladder = Ladder::new(options);
        ladder.foresee(&self.columns);
        self.entries().map(|entry| ladder.show(&entry)).collect()
    }
}

/// One sentence for who would look in vain.
fn what_is_missing(story: &ContactTrace, assembler: &Assembler<'_>) -> Option<String> {
    let language = assembler.language();
    if assembler.is_full() {
        Some(say!(
            language,
            "it is longer than a story may be: the rest is left out",
            "es más larga de lo permitido: el resto se omite"
        ))
    } else if !assembler.has_begun() && !story.is_empty() {
        Some(say!(language, "its beginning is no longer kept", "su comienzo ya no se conserva"))
    } else if !story.is_empty() && story.messages() == 0 {
        Some(say!(language, "its messages are no longer kept", "sus mensajes ya no se conservan"))
    } else {
        None
    }
}

#[cfg(test)]
#[path = "contact_trace_tests.rs"]
mod tests;
