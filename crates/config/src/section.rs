//! One table of the plan, read key by key.

use core::time::Duration;
use std::net::{IpAddr, SocketAddr};

use turno_model::PromptName;

use crate::duration_text;
use crate::fault::{Fault, FaultKind};
use crate::limits::{NAME_LENGTH_MAX, TEXT_LENGTH_MAX};
use crate::nearest::nearest;
use crate::node::{Key, Kind, Node};
use crate::ranges::{SpanRange, WholeRange};
use crate::reading::{Names, Reading, list_words, table_of};
use crate::source::SourceSpan;

/// A table with the name that people see, and another one whose keys stand in for what it leaves out.
#[derive(Clone, Copy)]
pub(crate) struct Section<'n> {
    pub(crate) title: &'static str,
    pub(crate) place: SourceSpan,
    fields: &'n [(Key, Node)],
    defaults: &'n [(Key, Node)],
}

impl<'n> Section<'n> {
    /// A table of which these are all the keys; every other one is a fault.
    pub(crate) fn new(reading: &mut Reading<'_>, node: &'n Node, title: &'static str, keys: &[&str]) -> Self {
        let fields = table_of(reading, node, title).unwrap_or(&[]);
        for (key, _) in fields.iter().filter(|(key, _)| !keys.contains(&key.name.as_str())) {
            let found = format!("unknown key `{}` in {title}", key.name);
            reading
                .fault(FaultKind::UnknownKey, key.place, found, format!("one of {}", list_words(keys)))
                .nearest = nearest(&key.name, keys.iter().copied()).map(str::to_owned);
        }
        Self { title, place: node.place, fields, defaults: &[] }
    }

    /// A table that was not written: every key has its default.
    pub(crate) const fn absent(title: &'static str, place: SourceSpan) -> Self {
        Self { title, place, fields: &[], defaults: &[] }
    }

    /// The same table with another one's keys behind its own.
    pub(crate) const fn with_defaults(mut self, defaults: Section<'n>) -> Self {
        self.defaults = defaults.fields;
        self
    }

    /// A key's value.
    pub(crate) fn field(&self, key: &str) -> Option<&'n Node> {
        self.fields.iter().chain(self.defaults).find(|(known, _)| known.name == key).map(|(_, node)| node)
    }

    /// Whether the table itself has the key.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.field(key).is_some()
    }

    /// Where a key's value stands, or else the table.
    pub(crate) fn place_of(&self, key: &str) -> SourceSpan {
        self.field(key).map_or(self.place, |node| node.place)
    }

    /// Notes that a required key is missing.
    pub(crate) fn missing(&self, reading: &mut Reading<'_>, key: &str, expected: &str) {
        reading.fault(
            FaultKind::Missing,
            self.place,
            format!("{} has no `{key}`", self.title),
            format!("`{key}`: {expected}"),
        );
    }

    /// A text, if it is there.
    pub(crate) fn text(&self, reading: &mut Reading<'_>, key: &str) -> Option<&'n str> {
        text_of(reading, self.field(key)?, key)
    }

    /// A name, required: it becomes a label in metrics.
    pub(crate) fn name(&self, reading: &mut Reading<'_>, key: &str) -> Option<&'n str> {
        let Some(node) = self.field(key) else {
            self.missing(reading, key, "a name");
            return None;
        };
        let text = text_of(reading, node, key)?;
        is_name(reading, node.place, text).then_some(text)
    }

    /// A text of people's, or something instead.
    pub(crate) fn text_or(&self, reading: &mut Reading<'_>, key: &str, default: &str) -> String {
        self.text(reading, key).unwrap_or(default).to_owned()
    }

    /// true or false.
    pub(crate) fn flag(&self, reading: &mut Reading<'_>, key: &str, default: bool) -> bool {
        let Some(node) = self.field(key) else { return default };
        if let Kind::Flag(flag) = node.kind {
            return flag;
        }
        wrong_type(reading, node, key, "true or false");
        default
    }

    /// One of these words.
    pub(crate) fn word<T: Copy>(
        &self,
        reading: &mut Reading<'_>,
        key: &str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let node = self.field(key)?;
        word_of(reading, node, key, words)
    }

    /// An IP address.
    pub(crate) fn ip(&self, reading: &mut Reading<'_>, key: &str) -> Option<IpAddr> {
        let node = self.field(key)?;
        let text = text_of(reading, node, key)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            unintelligible(reading, node, text, "an IP address such as `192.0.2.10`");
        }
        parsed
    }

    /// An address with a port.
    pub(crate) fn socket(&self, reading: &mut Reading<'_>, key: &str) -> Option<SocketAddr> {
        let node = self.field(key)?;
        let text = text_of(reading, node, key)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            unintelligible(reading, node, text, "an address and port such as `127.0.0.1:8080`");
        }
        parsed
    }

    /// A list of texts with their places; empty if it is not there.
    pub(crate) fn texts(&self, reading: &mut Reading<'_>, key: &str) -> Vec<(&'n str, &'n Node)> {
        let Some(node) = self.field(key) else { return Vec::new() };
        let Kind::List(items) = &node.kind else {
            wrong_type(reading, node, key, "a list of texts");
            return Vec::new();
        };
        items.iter().filter_map(|item| Some((text_of(reading, item, key)?, item))).collect()
    }

    /// A prompt, if it is there.
    pub(crate) fn prompt(&self, reading: &mut Reading<'_>, key: &str) -> Option<PromptName> {
        let node = self.field(key)?;
        let name = text_of(reading, node, key)?;
        Some(reading.prompt(node, name))
    }

    /// A list of prompts.
    pub(crate) fn prompts(&self, reading: &mut Reading<'_>, key: &str) -> Vec<PromptName> {
        let names = self.texts(reading, key);
        names.into_iter().map(|(name, node)| reading.prompt(node, name)).collect()
    }

    /// A reference to one of `names`, if it is there.
    pub(crate) fn reference(
        &self,
        reading: &mut Reading<'_>,
        key: &str,
        what: &str,
        names: &Names,
    ) -> Option<u32> {
        let node = self.field(key)?;
        let name = text_of(reading, node, key)?;
        reference_of(reading, node.place, name, what, names)
    }

    /// A table's keys and values; empty if it is not there.
    pub(crate) fn table(&self, reading: &mut Reading<'_>, key: &str) -> &'n [(Key, Node)] {
        let Some(node) = self.field(key) else { return &[] };
        table_of(reading, node, &format!("`{key}`")).unwrap_or(&[])
    }
}

/// The place in the list of a name that must be in it.
pub(crate) fn reference_of(
    reading: &mut Reading<'_>,
    place: SourceSpan,
    name: &str,
    what: &str,
    names: &Names,
) -> Option<u32> {
    let found = names.find(name);
    if found.is_none() {
        reading.unknown_name(place, what, name, &names.iter().collect::<Vec<_>>());
    }
    found.and_then(|at| u32::try_from(at).ok())
}

/// Whether a text will do as a name; a fault if not.
pub(crate) fn is_name(reading: &mut Reading<'_>, place: SourceSpan, text: &str) -> bool {
    let fits = !text.is_empty()
        && text.len() <= NAME_LENGTH_MAX
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    if !fits {
        let expected = format!("a name: 1 to {NAME_LENGTH_MAX} letters (a-z), digits, `_`, `-` or `.`");
        reading.fault(FaultKind::Unintelligible, place, format!("`{}` is no name", shorten(text)), expected);
    }
    fits
}

pub(crate) fn text_of<'n>(reading: &mut Reading<'_>, node: &'n Node, key: &str) -> Option<&'n str> {
    let Kind::Text(text) = &node.kind else {
        wrong_type(reading, node, key, "a text in quotes");
        return None;
    };
    if text.chars().count() > TEXT_LENGTH_MAX {
        let found = format!("`{key}` is {} characters long", text.chars().count());
        reading.fault(
            FaultKind::OutOfRange,
            node.place,
            found,
            format!("at most {TEXT_LENGTH_MAX} characters"),
        );
        return None;
    }
    if text.chars().any(char::is_control) {
        let found = format!("`{key}` has a control character");
        reading.fault(FaultKind::Unintelligible, node.place, found, "a text on one line");
        return None;
    }
    Some(text)
}

pub(crate) fn word_of<T: Copy>(
    reading: &mut Reading<'_>,
    node: &Node,
    key: &str,
    words: &[(&str, T)],
) -> Option<T> {
    let text = text_of(reading, node, key)?;
    let found = words.iter().find(|(word, _)| *word == text).map(|&(_, value)| value);
    if found.is_none() {
        let known: Vec<&str> = words.iter().map(|&(word, _)| word).collect();
        let title = format!("`{}` is no {key}", shorten(text));
        reading
            .fault(FaultKind::UnknownValue, node.place, title, format!("one of {}", list_words(&known)))
            .nearest = nearest(text, known.iter().copied()).map(str::to_owned);
    }
    found
}

/// A whole number within its range; `word` may stand instead, and the caller has met it.
pub(crate) fn whole_of(
    reading: &mut Reading<'_>,
    node: &Node,
    key: &str,
    range: WholeRange,
    word: Option<&str>,
) -> Option<u32> {
    let expected = range.words(word);
    let Kind::Whole(number) = node.kind else {
        wrong_type(reading, node, key, &format!("a whole number, {expected}"));
        return None;
    };
    let fits = u32::try_from(number).ok().filter(|number| (range.min..=range.max).contains(number));
    if fits.is_none() {
        reading.fault(FaultKind::OutOfRange, node.place, format!("`{key}` is {number}"), expected);
    }
    fits
}

/// A duration within its range; `word` may stand instead, and the caller has met it.
pub(crate) fn span_of(
    reading: &mut Reading<'_>,
    node: &Node,
    key: &str,
    range: SpanRange,
    word: Option<&str>,
) -> Option<Duration> {
    let expected = range.words(word);
    let Kind::Text(text) = &node.kind else {
        wrong_type(reading, node, key, &format!("a duration with its unit in quotes, {expected}"));
        return None;
    };
    let Some(span) = duration_text::parse(text) else {
        let expected = format!("a duration such as `15s`, `2m` or `1h30m`, {expected}");
        unintelligible(reading, node, text, &expected).nearest = nearest(text, word).map(str::to_owned);
        return None;
    };
    if !(range.min..=range.max).contains(&span) {
        reading.fault(FaultKind::OutOfRange, node.place, format!("`{key}` is {text}"), expected);
        return None;
    }
    Some(span)
}

pub(crate) fn wrong_type(reading: &mut Reading<'_>, node: &Node, key: &str, expected: &str) {
    let found = format!("`{key}` is {}", node.kind.words());
    reading.fault(FaultKind::WrongType, node.place, found, expected);
}

pub(crate) fn unintelligible<'f>(
    reading: &'f mut Reading<'_>,
    node: &Node,
    text: &str,
    expected: &str,
) -> &'f mut Fault {
    let found = format!("`{}` can't be understood", shorten(text));
    reading.fault(FaultKind::Unintelligible, node.place, found, expected)
}

/// The beginning of a text.
fn shorten(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(NAME_LENGTH_MAX).collect()
}
