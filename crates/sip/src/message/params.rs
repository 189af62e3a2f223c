//! Reads parameters, comma lists and quoted strings in header values.

use std::borrow::Cow;

use crate::message::limits::URI_PARAMS_MAX;

/// `;name=value` pairs in the message's own text, read on demand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Params<'a>(&'a str);

impl<'a> Params<'a> {
    /// The parameters of `text`, which begins after the first semicolon.
    pub const fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// Name and value of each parameter, trimmed, in order, at most `URI_PARAMS_MAX`. Empty parameters are skipped,
    /// quotes are kept.
    pub fn iter(self) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
        self.raw().filter(|param| !param.is_empty()).map(pair)
    }

    /// The value of parameter `name`, in any case; empty if the parameter has no value. Quotes are kept.
    pub fn value(self, name: &str) -> Option<&'a str> {
        self.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.unwrap_or(""))
    }

    /// Whether parameter `name`, in any case, is present.
    pub fn has(self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// The text of all parameters.
    pub const fn as_str(self) -> &'a str {
        self.0
    }

    /// Whether each parameter has a token for a name (RFC 3261, 25.1) and every quote is closed.
    pub(crate) fn is_strict(self) -> bool {
        self.0.is_empty()
            || self.raw().all(|param| {
                let (name, value) = pair(param);
                is_token(name.as_bytes()) && value.is_none_or(is_value)
            })
    }

    fn raw(self) -> impl Iterator<Item = &'a str> {
        let some = (!self.0.is_empty()).then_some(self.0);
        some.into_iter().flat_map(|text| Split::new(text, b';')).take(URI_PARAMS_MAX)
    }
}

fn pair(param: &str) -> (&str, Option<&str>) {
    match cut(param, b'=') {
        Some((name, value)) => (trim(name), Some(trim(value))),
        None => (param, None),
    }
}

fn is_value(value: &str) -> bool {
    match value.strip_prefix('"') {
        Some(rest) => quoted_end(rest).is_some_and(|end| end + 1 == rest.len()),
        None => !value.is_empty() && !value.contains([' ', '\t', '"', ',', '<', '>']),
    }
}

/// The trimmed parts of a text between separators. Separators in quotes or angle brackets do not count.
#[derive(Clone, Debug)]
pub(crate) struct Split<'a> {
    rest: Option<&'a str>,
    separator: u8,
}

impl<'a> Split<'a> {
    pub(crate) const fn new(text: &'a str, separator: u8) -> Self {
        Self { rest: Some(text), separator }
    }
}

impl<'a> Iterator for Split<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.rest?;
        let (part, rest) = match find_outside(text, self.separator) {
            Some(at) => (&text[..at], Some(&text[at + 1..])),
            None => (text, None),
        };
        self.rest = rest;
        Some(trim(part))
    }
}

/// The position of the first `separator` outside quoted strings and angle brackets.
fn find_outside(text: &str, separator: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    // Most values have neither quotes nor brackets before their separator.
    let plain = memchr::memchr3(separator, b'"', b'<', bytes)?;
    if bytes[plain] == separator {
        return Some(plain);
    }
    let (mut quoted, mut bracketed) = (false, false);
    let mut at = plain;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quoted => at += 1,
            b'"' if !bracketed => quoted = !quoted,
            b'<' if !quoted => bracketed = true,
            b'>' if !quoted => bracketed = false,
            byte if byte == separator && !quoted && !bracketed => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The position of the closing quote of a quoted string; `text` begins after its opening quote.
pub(crate) fn quoted_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    None
}

/// Whether each quoted string in `text` ends. One that does not would swallow the parameters that we append.
pub(crate) fn quotes_close(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, inner)) = rest.split_once('"') {
        let Some(end) = quoted_end(inner) else { return false };
        rest = &inner[end + 1..];
    }
    true
}

/// `text` without its quotes and with its quoted pairs resolved (RFC 3261, 25.1).
pub fn unquote(text: &str) -> Cow<'_, str> {
    let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return Cow::Borrowed(text);
    };
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    let mut plain = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => plain.extend(chars.next()),
            other => plain.push(other),
        }
    }
    Cow::Owned(plain)
}

/// `text` without the blanks around it. Most values have none, so two comparisons suffice.
pub(crate) fn trim(text: &str) -> &str {
    trim_end(trim_start(text))
}

/// `text` without the blanks before it.
pub(crate) fn trim_start(mut text: &str) -> &str {
    while let [b' ' | b'\t', ..] = text.as_bytes() {
        text = &text[1..];
    }
    text
}

/// `text` without the blanks after it.
pub(crate) fn trim_end(mut text: &str) -> &str {
    while let [.., b' ' | b'\t'] = text.as_bytes() {
        text = &text[..text.len() - 1];
    }
    text
}

/// The text before and after the first `separator`, an ASCII character. Header values are short: a search built for
/// long texts takes longer to start than this loop takes to end.
pub(crate) fn cut(text: &str, separator: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == separator)?;
    Some((&text[..at], &text[at + 1..]))
}

/// Whether `char` is linear white space; folds have been replaced by blanks before.
pub(crate) const fn is_blank(char: char) -> bool {
    matches!(char, ' ' | '\t')
}

/// Whether `text` is a token (RFC 3261, 25.1).
pub(crate) fn is_token(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|byte| is_token_byte(*byte))
}

/// Whether `byte` is allowed in a token (RFC 3261, 25.1).
pub(crate) const fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'-' | b'.' | b'!' | b'%' | b'*' | b'_' | b'+' | b'`' | b'\'' | b'~')
}
