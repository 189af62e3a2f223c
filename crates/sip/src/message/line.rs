//! Writes one line of a message: a CR or LF in a text becomes a blank, so that no text can start a new line.

use core::fmt::{self, Display, Write};
use std::borrow::Cow;

/// A type that can be written as a header's value. Text and numbers are copied directly: formatting takes ten times as
/// long.
pub trait HeaderValue {
    /// Writes the value.
    fn put<'l>(&self, line: Line<'l>) -> Line<'l>;
}

/// A line that is being written.
#[derive(Debug)]
pub struct Line<'l>(&'l mut Vec<u8>);

impl<'l> Line<'l> {
    pub(crate) const fn new(bytes: &'l mut Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Adds a text; each CR and LF becomes a blank.
    pub fn text(self, text: &str) -> Self {
        self.raw(text.as_bytes())
    }

    /// Adds bytes that a peer sent, UTF-8 or not; each CR and LF becomes a blank.
    pub(crate) fn raw(self, text: &[u8]) -> Self {
        let begin = self.0.len();
        self.0.extend_from_slice(text);
        let is_break = |byte: &u8| matches!(byte, b'\r' | b'\n');
        // Without an early exit the search runs over many bytes at a time.
        if text.iter().fold(false, |found, byte| found | is_break(byte)) {
            for byte in self.0[begin..].iter_mut().filter(|byte| is_break(byte)) {
                *byte = b' ';
            }
        }
        self
    }

    /// Adds a number.
    pub fn number(self, number: u64) -> Self {
        let mut digits = [0; 20];
        let (mut at, mut rest) = (digits.len(), number);
        loop {
            at -= 1;
            digits[at] = b"0123456789"[(rest % 10) as usize];
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.0.extend_from_slice(&digits[at..]);
        self
    }

    /// Adds a value that implements `Display`.
    pub fn display(mut self, value: impl Display) -> Self {
        // Writing to memory can't fail; if a `Display` fails, the line keeps what it wrote before.
        let _ = write!(self, "{value}");
        self
    }
}

impl Write for Line<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        Line(self.0).text(text);
        Ok(())
    }
}

impl HeaderValue for str {
    fn put<'l>(&self, line: Line<'l>) -> Line<'l> {
        line.text(self)
    }
}

impl HeaderValue for String {
    fn put<'l>(&self, line: Line<'l>) -> Line<'l> {
        line.text(self)
    }
}

impl HeaderValue for Cow<'_, str> {
    fn put<'l>(&self, line: Line<'l>) -> Line<'l> {
        line.text(self)
    }
}

impl HeaderValue for fmt::Arguments<'_> {
    fn put<'l>(&self, line: Line<'l>) -> Line<'l> {
        line.display(self)
    }
}

impl<T: HeaderValue + ?Sized> HeaderValue for &T {
    fn put<'l>(&self, line: Line<'l>) -> Line<'l> {
        (*self).put(line)
    }
}

impl HeaderValue for i32 {
    fn put<'l>(&self, line: Line<'l>) -> Line<'l> {
        line.display(self)
    }
}

impl HeaderValue for u8 {
    fn put<'l>(&self, line: Line<'l>) -> Line<'l> {
        line.number((*self).into())
    }
}

impl HeaderValue for u32 {
    fn put<'l>(&self, line: Line<'l>) -> Line<'l> {
        line.number((*self).into())
    }
}

impl HeaderValue for u64 {
    fn put<'l>(&self, line: Line<'l>) -> Line<'l> {
        line.number(*self)
    }
}

impl HeaderValue for usize {
    fn put<'l>(&self, line: Line<'l>) -> Line<'l> {
        line.number(*self as u64)
    }
}
