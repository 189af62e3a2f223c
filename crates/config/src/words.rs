//! Flags, words and texts that keys take, and what has a reader of its own.

use crate::key::{Key, Value};
use crate::ranges::{WholeRange, with_note};
use crate::reading::{Reading, list_words};
use crate::section::Section;

/// true or false.
#[derive(Debug)]
pub(crate) struct Flag {
    pub(crate) default: bool,
    /// Where the default is another.
    pub(crate) note: &'static str,
}

pub(crate) const OFF: Flag = Flag { default: false, note: "" };
pub(crate) const ON: Flag = Flag { default: true, note: "" };

impl Key<Flag> {
    pub(crate) fn read(&self, reading: &mut Reading<'_>, section: Section<'_>) -> bool {
        self.read_or(reading, section, self.value.default)
    }

    /// The same where the default depends on other keys, as the note says.
    pub(crate) fn read_or(&self, reading: &mut Reading<'_>, section: Section<'_>, default: bool) -> bool {
        section.flag(reading, self.name, default)
    }
}

impl Value for Flag {
    fn default_cell(&self) -> String {
        format!("`{}` {}", self.default, self.note).trim_end().to_owned()
    }

    fn range_cell(&self) -> String {
        String::new()
    }
}

/// One of some words, and one of them where none stands.
#[derive(Debug)]
pub(crate) struct Word<T: 'static> {
    pub(crate) words: &'static [(&'static str, T)],
    pub(crate) default: T,
}

pub(crate) const fn word<T>(words: &'static [(&'static str, T)], default: T) -> Word<T> {
    Word { words, default }
}

impl<T: Copy> Key<Word<T>> {
    pub(crate) fn read(&self, reading: &mut Reading<'_>, section: Section<'_>) -> T {
        section.word(reading, self.name, self.value.words).unwrap_or(self.value.default)
    }
}

impl<T: PartialEq> Value for Word<T> {
    fn default_cell(&self) -> String {
        format!("`{}`", word_of_value(self.words, &self.default))
    }

    fn range_cell(&self) -> String {
        list_words(&words_of(self.words))
    }
}

/// One of some words; `shown` says what holds where none stands.
#[derive(Debug)]
pub(crate) struct Choice<T: 'static> {
    pub(crate) words: &'static [(&'static str, T)],
    pub(crate) shown: &'static str,
}

impl<T: Copy> Key<Choice<T>> {
    pub(crate) fn read(&self, reading: &mut Reading<'_>, section: Section<'_>) -> Option<T> {
        section.word(reading, self.name, self.value.words)
    }
}

impl<T> Value for Choice<T> {
    fn default_cell(&self) -> String {
        self.shown.to_owned()
    }

    fn range_cell(&self) -> String {
        list_words(&words_of(self.words))
    }
}

/// Some of these words, in an order that counts.
#[derive(Debug)]
pub(crate) struct WordList<T: 'static> {
    pub(crate) words: &'static [(&'static str, T)],
    pub(crate) default: &'static [T],
    pub(crate) range: &'static str,
}

impl<T: PartialEq> Value for WordList<T> {
    fn default_cell(&self) -> String {
        let words = self.default.iter().map(|value| format!("\"{}\"", word_of_value(self.words, value)));
        format!("`[{}]`", words.collect::<Vec<_>>().join(", "))
    }

    fn range_cell(&self) -> String {
        self.range.to_owned()
    }
}

/// A text for people, or a name.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) default: &'static str,
    pub(crate) range: &'static str,
}

impl Key<Text> {
    pub(crate) fn read(&self, reading: &mut Reading<'_>, section: Section<'_>) -> String {
        section.text_or(reading, self.name, self.value.default)
    }
}

impl Value for Text {
    fn default_cell(&self) -> String {
        format!("`{}`", self.default)
    }

    fn range_cell(&self) -> String {
        self.range.to_owned()
    }
}

/// 1 to `max` signs of a kind.
#[derive(Debug)]
pub(crate) struct Signs {
    /// Empty: there is none.
    pub(crate) default: &'static str,
    /// What holds where there is no default.
    pub(crate) shown: &'static str,
    pub(crate) max: usize,
    pub(crate) of: &'static str,
    pub(crate) note: &'static str,
}

impl Signs {
    /// `1 to 8 digits`.
    pub(crate) fn words(&self) -> String {
        format!("1 to {} {}", self.max, self.of)
    }

    /// Whether so many are right.
    pub(crate) const fn fits(&self, text: &str) -> bool {
        !text.is_empty() && text.len() <= self.max
    }
}

impl Value for Signs {
    fn default_cell(&self) -> String {
        if self.default.is_empty() { self.shown.to_owned() } else { format!("`{}`", self.default) }
    }

    fn range_cell(&self) -> String {
        with_note(self.words(), self.note)
    }
}

/// Names, each with a level.
#[derive(Debug)]
pub(crate) struct Levels(pub(crate) WholeRange);

impl Value for Levels {
    fn default_cell(&self) -> String {
        "none".to_owned()
    }

    fn range_cell(&self) -> String {
        self.0.words(None)
    }
}

/// What has a reader of its own; its default and its range are told in words.
#[derive(Debug)]
pub(crate) struct Own {
    pub(crate) default: &'static str,
    pub(crate) range: &'static str,
}

pub(crate) const fn own(default: &'static str, range: &'static str) -> Own {
    Own { default, range }
}

/// It must be there.
pub(crate) const REQUIRED: Own = own("required", "");

impl Value for Own {
    fn default_cell(&self) -> String {
        self.default.to_owned()
    }

    fn range_cell(&self) -> String {
        self.range.to_owned()
    }
}

fn words_of<T>(words: &[(&'static str, T)]) -> Vec<&'static str> {
    words.iter().map(|(word, _)| *word).collect()
}

fn word_of_value<T: PartialEq>(words: &[(&'static str, T)], value: &T) -> &'static str {
    words.iter().find(|(_, known)| known == value).map_or("", |(word, _)| word)
}
