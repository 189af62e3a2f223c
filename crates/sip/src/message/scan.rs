//! Scans a message's bytes once and finds the start line, the headers and the body.

use core::ops::Range;

use smallvec::SmallVec;

use crate::message::header::Name;
use crate::message::limits::{HEADER_BYTES_MAX, HEADER_COUNT_MAX, MESSAGE_BYTES_MAX, URI_BYTES_MAX};
use crate::message::malformed::Malformed;
use crate::message::params::{is_token, is_token_byte};

/// A byte range of the message; 16 bits suffice for `MESSAGE_BYTES_MAX`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    start: u16,
    end: u16,
}

impl Span {
    pub(crate) fn new(range: Range<usize>) -> Self {
        let narrow = |at| u16::try_from(at).expect("a message that is scanned has at most 65535 bytes");
        Self { start: narrow(range.start), end: narrow(range.end) }
    }

    pub(crate) fn range(self) -> Range<usize> {
        usize::from(self.start)..usize::from(self.end)
    }
}

/// One header line: its name, where it starts, and its value without surrounding blanks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeaderLine {
    pub(crate) name: Name,
    pub(crate) start: u16,
    pub(crate) value: Span,
}

/// The parts of the start line.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Start {
    Request { method: Span, uri: Span, is_version_2: bool },
    Response { status: u16, reason: Span },
}

/// Header lines: 32 without an allocation, more on the heap.
pub(crate) type Lines = SmallVec<[HeaderLine; 32]>;

/// Where the parts of a message lie.
#[derive(Clone, Debug)]
pub(crate) struct Scan {
    pub(crate) start: Start,
    pub(crate) lines: Lines,
    /// Where the headers end and the body begins.
    pub(crate) head_end: usize,
    pub(crate) body: Span,
    /// Whether a header is folded over several lines (RFC 3261, 7.3.1).
    pub(crate) is_folded: bool,
    /// The first broken rule that did not stop the scan.
    pub(crate) fault: Option<Malformed>,
}

/// Reads `bytes` as one message: a datagram, or what the framer cut.
///
/// # Errors
/// A fault that stops the scan. Lesser faults are in [`Scan::fault`].
pub(crate) fn scan(bytes: &[u8]) -> Result<Scan, Malformed> {
    if bytes.len() > MESSAGE_BYTES_MAX {
        return Err(Malformed::MessageTooLong);
    }
    // Empty lines before the start line are skipped (RFC 3261, 7.5).
    let begin = bytes.iter().position(|byte| !matches!(byte, b'\r' | b'\n'));
    let begin = begin.filter(|at| bytes[*at..].iter().any(|byte| *byte != 0)).ok_or(Malformed::KeepAlive)?;
    let mut fault = None;
    let first_end = line_end(bytes, begin, &mut fault).ok_or(Malformed::NotSip)?;
    let start = start_line(bytes, begin..first_end, &mut fault)?;
    let mut scan = Scan {
        start,
        lines: Lines::new(),
        head_end: bytes.len(),
        body: Span::default(),
        is_folded: false,
        fault,
    };
    headers(&mut scan, bytes, first_end + 2)?;
    body(&mut scan, bytes);
    Ok(scan)
}

/// The position of the CRLF that ends the line beginning at `from`.
fn line_end(bytes: &[u8], from: usize, fault: &mut Option<Malformed>) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr::memchr2(b'\r', b'\n', bytes.get(at..)?)?;
        if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') {
            return Some(at);
        }
        fault.get_or_insert(Malformed::LineEnd);
        at += 1;
    }
}

fn start_line(bytes: &[u8], line: Range<usize>, fault: &mut Option<Malformed>) -> Result<Start, Malformed> {
    let text = &bytes[line.clone()];
    if text.get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"SIP/")) {
        return status_line(text, line.start);
    }
    let first = memchr::memchr(b' ', text).ok_or(Malformed::NotSip)?;
    let last = memchr::memrchr(b' ', text).ok_or(Malformed::NotSip)?;
    let (method, version) = (&text[..first], &text[last + 1..]);
    let uri = if last > first { first + 1..last } else { first..first };
    let is_version_2 = version.eq_ignore_ascii_case(b"SIP/2.0");
    if !is_version_2 && !is_version(version) {
        // A start line that contains `SIP/` gets a 400; anything else is noise.
        let is_sip = text.windows(4).any(|four| four.eq_ignore_ascii_case(b"SIP/"));
        fault.get_or_insert(if is_sip { Malformed::StartLine } else { return Err(Malformed::NotSip) });
    }
    if !is_token(method) || uri.is_empty() || memchr::memchr2(b' ', b'\t', &text[uri.clone()]).is_some() {
        fault.get_or_insert(Malformed::StartLine);
    }
    if uri.len() > URI_BYTES_MAX {
        fault.get_or_insert(Malformed::UriTooLong);
    }
    let place = |range: Range<usize>| Span::new(line.start + range.start..line.start + range.end);
    Ok(Start::Request { method: place(0..first), uri: place(uri), is_version_2 })
}

fn is_version(text: &[u8]) -> bool {
    let digits = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    text.get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"SIP/"))
        && memchr::memchr(b'.', text).is_some_and(|dot| digits(&text[4..dot]) && digits(&text[dot + 1..]))
}

fn status_line(text: &[u8], offset: usize) -> Result<Start, Malformed> {
    if !text.get(..8).is_some_and(|version| version.eq_ignore_ascii_case(b"SIP/2.0 ")) {
        return Err(Malformed::NotSip);
    }
    let rest = &text[8..];
    let code_end = memchr::memchr(b' ', rest).unwrap_or(rest.len());
    let status = match &rest[..code_end] {
        [a @ b'1'..=b'6', b @ b'0'..=b'9', c @ b'0'..=b'9'] => {
            u16::from(a - b'0') * 100 + u16::from(b - b'0') * 10 + u16::from(c - b'0')
        }
        _ => return Err(Malformed::StatusCode),
    };
    let reason = (code_end + 1).min(rest.len())..rest.len();
    Ok(Start::Response { status, reason: Span::new(offset + 8 + reason.start..offset + 8 + reason.end) })
}

fn headers(scan: &mut Scan, bytes: &[u8], from: usize) -> Result<(), Malformed> {
    let mut at = from;
    let mut is_read = false;
    loop {
        let Some(end) = line_end(bytes, at, &mut scan.fault) else {
            scan.head_end = bytes.len();
            unfinished(scan, bytes, at);
            return Ok(());
        };
        if end == at {
            scan.head_end = end + 2;
            return Ok(());
        }
        if matches!(bytes[at], b' ' | b'\t') {
            // A fold belongs to the line before it; if that line was dropped, so is the fold.
            if is_read {
                continue_line(scan, bytes, at..end);
            } else {
                scan.fault.get_or_insert(Malformed::HeaderName);
            }
        } else if let Some(line) = header_line(bytes, at..end) {
            if end - at > HEADER_BYTES_MAX {
                scan.fault.get_or_insert(Malformed::HeaderTooLong);
            }
            is_read = scan.lines.len() < HEADER_COUNT_MAX;
            if is_read {
                scan.lines.push(line);
            } else {
                // The lines that are kept name the sender, who gets a 513.
                scan.fault.get_or_insert(Malformed::TooManyHeaders);
            }
        } else {
            scan.fault.get_or_insert(Malformed::HeaderName);
            is_read = false;
        }
        at = end + 2;
    }
}

/// The headers end without an empty line: accepted if the last line is complete and Content-Length is 0.
fn unfinished(scan: &mut Scan, bytes: &[u8], at: usize) {
    let no_body = scan.lines.iter().any(|line| {
        line.name == Name::ContentLength && bytes[line.value.range()].iter().all(|byte| *byte == b'0')
    });
    if at < bytes.len() || !no_body {
        scan.fault.get_or_insert(Malformed::HeadUnfinished);
    }
}

fn continue_line(scan: &mut Scan, bytes: &[u8], more: Range<usize>) {
    scan.is_folded = true;
    let line = scan.lines.last_mut().expect("the line before this one was read");
    line.value = trim(bytes, line.value.range().start..more.end);
    if more.end - usize::from(line.start) > HEADER_BYTES_MAX {
        scan.fault.get_or_insert(Malformed::HeaderTooLong);
    }
}

fn header_line(bytes: &[u8], line: Range<usize>) -> Option<HeaderLine> {
    let text = &bytes[line.clone()];
    let name_end = text.iter().position(|byte| !is_token_byte(*byte))?;
    let mut colon = name_end;
    // Blanks are allowed before the colon (RFC 3261, 25.1: HCOLON).
    while matches!(text.get(colon), Some(b' ' | b'\t')) {
        colon += 1;
    }
    if name_end == 0 || text.get(colon) != Some(&b':') {
        return None;
    }
    let value = trim(bytes, line.start + colon + 1..line.end);
    Some(HeaderLine { name: Name::of(&text[..name_end]), start: Span::new(line.clone()).start, value })
}

fn trim(bytes: &[u8], range: Range<usize>) -> Span {
    let blank = |byte: u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let (mut start, mut end) = (range.start, range.end);
    while start < end && blank(bytes[start]) {
        start += 1;
    }
    while start < end && blank(bytes[end - 1]) {
        end -= 1;
    }
    Span::new(start..end)
}

/// In a datagram the body is the rest of the bytes, or as many of them as Content-Length says (RFC 3261, 18.3).
fn body(scan: &mut Scan, bytes: &[u8]) {
    let rest = bytes.len() - scan.head_end;
    let mut length = None;
    for line in scan.lines.iter().filter(|line| line.name == Name::ContentLength) {
        let read = content_length(&bytes[line.value.range()]);
        if read.is_none() || length.is_some_and(|known| Some(known) != read) {
            scan.fault.get_or_insert(Malformed::ContentLength);
        }
        length = length.or(read);
    }
    if length.is_some_and(|length| length > rest) {
        scan.fault.get_or_insert(Malformed::BodyShort);
    }
    let taken = length.map_or(rest, |length| length.min(rest));
    scan.body = Span::new(scan.head_end..scan.head_end + taken);
}

/// Reads a Content-Length; `None` if it is not a number. A number too large for `usize` reads as its maximum.
pub(crate) fn content_length(digits: &[u8]) -> Option<usize> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(
        digits
            .iter()
            .fold(0usize, |sum, digit| sum.saturating_mul(10).saturating_add(usize::from(digit - b'0'))),
    )
}
