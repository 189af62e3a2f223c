//! The keys of a TOML table with their places, taken one by one: what is left over was unknown.

use std::path::Path;

use jiff::civil::Date;
use toml_span::value::ValueInner;

use crate::fault::{Fault, Location};
use crate::nearest::nearest;

/// A text of which a table is read, with the faults that are found in it.
pub(crate) struct Head<'t> {
    file: &'t Path,
    text: &'t str,
    /// Where the table's text begins in the file's.
    offset: usize,
    fields: Vec<(String, usize, toml_span::Value<'t>)>,
    taken: Vec<&'static str>,
    faults: Vec<Fault>,
}

impl<'t> Head<'t> {
    /// Reads `text[from..to]` as a table.
    ///
    /// # Errors
    /// Where it is no TOML.
    pub(crate) fn new(file: &'t Path, text: &'t str, (from, to): (usize, usize)) -> Result<Self, Fault> {
        let mut value = toml_span::parse(&text[from..to]).map_err(|error| {
            let at = Location::in_text(file, text, from + error.span.start);
            Fault::new(at, format!("this is no TOML: {error}"), "lines such as `name = \"...\"`")
        })?;
        let ValueInner::Table(table) = value.take() else {
            return Err(Fault::new(
                Location::of_file(file),
                "there are no keys",
                "lines such as `name = \"...\"`",
            ));
        };
        let mut fields: Vec<_> = table
            .into_iter()
            .map(|(key, value)| (key.name.into_owned(), from + key.span.start, value))
            .collect();
        fields.sort_by_key(|&(_, place, _)| place);
        Ok(Self { file, text, offset: from, fields, taken: Vec::new(), faults: Vec::new() })
    }

    /// A text, if the key is there.
    pub(crate) fn text(&mut self, name: &'static str) -> Option<String> {
        let (value, at) = self.take(name)?;
        let ValueInner::String(text) = value else {
            return self.wrong(at, format!("`{name}` is no text"), "a text in quotation marks");
        };
        if text.trim().is_empty() {
            return self.wrong(at, format!("`{name}` is empty"), "a text, or no such line");
        }
        Some(text.trim().to_owned())
    }

    /// A text that must be there.
    pub(crate) fn required_text(&mut self, name: &'static str, expected: &str) -> String {
        self.required(name, expected);
        self.text(name).unwrap_or_default()
    }

    /// A list of texts; empty if the key is not there.
    pub(crate) fn texts(&mut self, name: &'static str) -> Vec<String> {
        let Some((value, at)) = self.take(name) else { return Vec::new() };
        let ValueInner::Array(items) = value else {
            self.wrong::<()>(at, format!("`{name}` is no list"), "texts in square brackets: `[\"...\"]`");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items {
            let at = self.offset + item.span.start;
            match as_text(item) {
                Some(text) => texts.push(text),
                None => {
                    self.wrong::<()>(
                        at,
                        format!("something in `{name}` is no text"),
                        "texts in quotation marks",
                    );
                }
            }
        }
        texts
    }

    /// A list of texts that must be there; it may only be empty where that is said.
    pub(crate) fn required_texts(
        &mut self,
        name: &'static str,
        may_be_empty: bool,
        expected: &str,
    ) -> Vec<String> {
        self.required(name, expected);
        let at = self.place_of(name);
        let texts = self.texts(name);
        if let (true, false, Some(at)) = (texts.is_empty(), may_be_empty, at) {
            self.wrong::<()>(at, format!("`{name}` is empty"), expected);
        }
        texts
    }

    /// A day, if the key is there.
    pub(crate) fn day(&mut self, name: &'static str) -> Option<Date> {
        let at = self.place_of(name)?;
        let text = self.text(name)?;
        match text.parse() {
            Ok(day) => Some(day),
            Err(_) => self.wrong(at, format!("`{name}` is no day: {text}"), "a day such as `\"2026-11-28\"`"),
        }
    }

    /// A day that must be there.
    pub(crate) fn required_day(&mut self, name: &'static str, expected: &str) -> Date {
        self.required(name, expected);
        self.day(name).unwrap_or_default()
    }

    /// A value as TOML has it, with its place in the file.
    pub(crate) fn take(&mut self, name: &'static str) -> Option<(ValueInner<'t>, usize)> {
        self.taken.push(name);
        let at = self.fields.iter().position(|(key, ..)| key == name)?;
        let (_, _, mut value) = self.fields.remove(at);
        Some((value.take(), self.offset + value.span.start))
    }

    /// Where a key's value stands.
    pub(crate) fn place_of(&self, name: &str) -> Option<usize> {
        let field = self.fields.iter().find(|(key, ..)| key == name)?;
        Some(self.offset + field.2.span.start)
    }

    /// Notes a fault at byte `at` of the file.
    pub(crate) fn wrong<T>(&mut self, at: usize, found: impl Into<String>, expected: &str) -> Option<T> {
        self.faults.push(Fault::new(Location::in_text(self.file, self.text, at), found, expected));
        None
    }

    /// The faults, with a further one for each key that nobody has taken.
    pub(crate) fn finish(mut self) -> Vec<Fault> {
        for (name, at, _) in core::mem::take(&mut self.fields) {
            let mut fault = Fault::new(
                Location::in_text(self.file, self.text, at),
                format!("there is no key `{name}`"),
                format!("one of {}", self.taken.join(", ")),
            );
            fault.nearest = nearest(&name, self.taken.iter().copied());
            self.faults.push(fault);
        }
        self.faults
    }

    fn required(&mut self, name: &'static str, expected: &str) {
        if !self.fields.iter().any(|(key, ..)| key == name) {
            let at = self.offset;
            self.wrong::<()>(at, format!("`{name}` is missing"), expected);
        }
    }
}

/// A text that is not empty.
pub(crate) fn as_text(mut value: toml_span::Value<'_>) -> Option<String> {
    let ValueInner::String(text) = value.take() else { return None };
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
