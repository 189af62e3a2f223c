//! Durations and numbers that keys take: their defaults, their ranges, and how they are read.

use core::ops::RangeInclusive;
use core::time::Duration;

use crate::duration_text;
use crate::key::{Key, Value};
use crate::node::Kind;
use crate::ranges::{SpanRange, WholeRange, with_note};
use crate::reading::Reading;
use crate::section::{Section, span_of, whole_of};

pub(crate) const fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}

pub(crate) const fn secs(count: u64) -> Duration {
    Duration::from_secs(count)
}

pub(crate) const fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

pub(crate) const fn hours(count: u64) -> Duration {
    Duration::from_secs(count * 3600)
}

/// A duration.
#[derive(Debug)]
pub(crate) struct Span {
    default: Duration,
    range: SpanRange,
    /// What else holds, behind the range.
    note: &'static str,
}

pub(crate) const fn span(default: Duration, range: RangeInclusive<Duration>) -> Span {
    let range = SpanRange { min: *range.start(), max: *range.end() };
    Span { default, range, note: "" }
}

impl Span {
    /// Something else that holds for it.
    pub(crate) const fn and(self, note: &'static str) -> Self {
        Self { note, ..self }
    }

    /// The same with a word that may stand instead.
    pub(crate) const fn or(self, word: &'static str) -> OptionalSpan {
        OptionalSpan { default: Some(self.default), range: self.range, word, note: "" }
    }
}

impl Key<Span> {
    pub(crate) fn read(&self, reading: &mut Reading<'_>, section: Section<'_>) -> Duration {
        let node = section.field(self.name);
        let read = node.and_then(|node| span_of(reading, node, self.name, self.value.range, None));
        read.unwrap_or(self.value.default)
    }
}

impl Value for Span {
    fn default_cell(&self) -> String {
        duration_text::write(self.default)
    }

    fn range_cell(&self) -> String {
        with_note(self.range.words(None), self.note)
    }
}

/// A duration, or a word that stands for none.
#[derive(Debug)]
pub(crate) struct OptionalSpan {
    default: Option<Duration>,
    range: SpanRange,
    word: &'static str,
    /// When the default holds, behind it.
    note: &'static str,
}

/// None unless one is written.
pub(crate) const fn none_or(range: RangeInclusive<Duration>) -> OptionalSpan {
    let range = SpanRange { min: *range.start(), max: *range.end() };
    OptionalSpan { default: None, range, word: "none", note: "" }
}

impl OptionalSpan {
    /// When the default holds.
    pub(crate) const fn default_if(self, note: &'static str) -> Self {
        Self { note, ..self }
    }
}

impl Key<OptionalSpan> {
    /// `None` where the word stands.
    pub(crate) fn read(&self, reading: &mut Reading<'_>, section: Section<'_>) -> Option<Duration> {
        let OptionalSpan { default, range, word, .. } = self.value;
        match section.field(self.name) {
            Some(node) if matches!(&node.kind, Kind::Text(text) if text == word) => None,
            Some(node) => span_of(reading, node, self.name, range, Some(word)).or(default),
            None => default,
        }
    }
}

impl Value for OptionalSpan {
    fn default_cell(&self) -> String {
        let default = self.default.map_or_else(|| self.word.to_owned(), duration_text::write);
        format!("{default} {}", self.note).trim_end().to_owned()
    }

    fn range_cell(&self) -> String {
        self.range.words(Some(self.word))
    }
}

/// A duration that has no default and no word for none.
#[derive(Debug)]
pub(crate) struct WrittenSpan(SpanRange);

pub(crate) const fn written_span(range: RangeInclusive<Duration>) -> WrittenSpan {
    WrittenSpan(SpanRange { min: *range.start(), max: *range.end() })
}

impl Key<WrittenSpan> {
    pub(crate) fn read(&self, reading: &mut Reading<'_>, section: Section<'_>) -> Option<Duration> {
        section.field(self.name).and_then(|node| span_of(reading, node, self.name, self.value.0, None))
    }
}

impl Value for WrittenSpan {
    fn default_cell(&self) -> String {
        "none".to_owned()
    }

    fn range_cell(&self) -> String {
        self.0.words(None)
    }
}

/// A whole number.
#[derive(Debug)]
pub(crate) struct Whole {
    default: u32,
    range: WholeRange,
}

pub(crate) const fn whole(default: u32, range: RangeInclusive<u32>, unit: &'static str) -> Whole {
    Whole { default, range: whole_range(range, unit) }
}

pub(crate) const fn whole_range(range: RangeInclusive<u32>, unit: &'static str) -> WholeRange {
    WholeRange { min: *range.start(), max: *range.end(), unit }
}

impl Whole {
    /// The same with the word `none`, which may stand instead.
    pub(crate) const fn or_none(self) -> OptionalWhole {
        OptionalWhole {
            default: Some(self.default),
            range: self.range,
            word: Some("none"),
            shown: "",
            note: "",
        }
    }
}

impl Key<Whole> {
    pub(crate) fn read(&self, reading: &mut Reading<'_>, section: Section<'_>) -> u32 {
        let node = section.field(self.name);
        let read = node.and_then(|node| whole_of(reading, node, self.name, self.value.range, None));
        read.unwrap_or(self.value.default)
    }
}

impl Value for Whole {
    fn default_cell(&self) -> String {
        self.default.to_string()
    }

    fn range_cell(&self) -> String {
        self.range.words(None)
    }
}

/// A whole number that need not be there.
#[derive(Debug)]
pub(crate) struct OptionalWhole {
    default: Option<u32>,
    range: WholeRange,
    word: Option<&'static str>,
    /// What the default is, where it is no number.
    shown: &'static str,
    note: &'static str,
}

/// A number without default; `shown` says what holds without it.
pub(crate) const fn written(
    shown: &'static str,
    range: RangeInclusive<u32>,
    unit: &'static str,
) -> OptionalWhole {
    OptionalWhole { default: None, range: whole_range(range, unit), word: None, shown, note: "" }
}

impl OptionalWhole {
    /// Something else that holds for it.
    pub(crate) const fn and(self, note: &'static str) -> Self {
        Self { note, ..self }
    }

    /// A word that may stand instead, and means no limit.
    pub(crate) const fn or_word(self, word: &'static str) -> Self {
        Self { word: Some(word), ..self }
    }
}

impl Key<OptionalWhole> {
    pub(crate) fn read(&self, reading: &mut Reading<'_>, section: Section<'_>) -> Option<u32> {
        let OptionalWhole { default, range, word, .. } = self.value;
        match section.field(self.name) {
            Some(node) if matches!(&node.kind, Kind::Text(text) if Some(text.as_str()) == word) => None,
            Some(node) => whole_of(reading, node, self.name, range, word).or(default),
            None => default,
        }
    }
}

impl Value for OptionalWhole {
    fn default_cell(&self) -> String {
        self.default.map_or_else(|| self.shown.to_owned(), |number| number.to_string())
    }

    fn range_cell(&self) -> String {
        with_note(self.range.words(self.word), self.note)
    }
}

/// The first, an even one, and the last of some numbers.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) default: (u16, u16),
    pub(crate) range: WholeRange,
    /// How many there must be.
    pub(crate) least: u16,
}

impl Value for Pair {
    fn default_cell(&self) -> String {
        format!("`[{}, {}]`", self.default.0, self.default.1)
    }

    fn range_cell(&self) -> String {
        with_note(self.range.words(None), &format!("the first even, at least {}", self.least))
    }
}
