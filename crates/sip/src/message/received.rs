//! A received message: its bytes, and access to its parts.

use core::str;

use bytes::Bytes;
use bytestring::ByteString;

use crate::message::cseq::CSeq;
use crate::message::header::Name;
use crate::message::limits::LIST_VALUES_MAX;
use crate::message::malformed::Malformed;
use crate::message::method::Method;
use crate::message::name_addr::NameAddr;
use crate::message::params::{Params, Split};
use crate::message::scan::{HeaderLine, Scan, Span, Start, scan};
use crate::message::via::Via;

/// A request or response, read in place: cloning shares the bytes.
///
/// All text is as received, except that a fold or a lone CR or LF reads as blanks and a byte that is not UTF-8 as `?`.
/// [`Message::bytes`] and [`Message::raw_values`] return the original bytes.
#[derive(Clone, Debug)]
pub struct Message {
    bytes: Bytes,
    /// The head as text: the same bytes, or a copy of the same length without folds and broken UTF-8.
    text: ByteString,
    scan: Scan,
    method: Method,
    /// Where the parts of the first Via lie: it is read three times per message.
    top_via: Result<ViaSpans, Malformed>,
}

/// The parts of a Via value.
#[derive(Clone, Copy, Debug)]
struct ViaSpans {
    transport: Span,
    host: Span,
    port: Option<u16>,
    params: Span,
}

impl Message {
    /// Reads a datagram, or one message cut from a stream. Bytes after the body do not belong to the message.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use turno_sip::{Message, Method, Name};
    ///
    /// let bytes = Bytes::from_static(
    ///     b"OPTIONS sip:7000@192.0.2.1 SIP/2.0\r\n\
    ///       v: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKexample\r\n\
    ///       From: Ana <sip:ana@192.0.2.9>;tag=1\r\n\
    ///       To: <sip:7000@192.0.2.1>\r\n\
    ///       Call-ID: example\r\n\
    ///       CSeq: 1 OPTIONS\r\n\r\n",
    /// );
    /// let message = Message::scan(&bytes).expect("a request of RFC 3261");
    /// assert_eq!(message.method(), Method::Options);
    /// assert_eq!(message.request_uri(), "sip:7000@192.0.2.1");
    /// assert_eq!(message.header(Name::CallId), Some("example"));
    /// assert_eq!(message.from().ok().and_then(|from| from.tag()), Some("1"));
    /// assert!(Message::scan(&Bytes::from_static(b"OPTIONS\r\n\r\n")).is_err());
    /// ```
    ///
    /// # Errors
    /// The first syntax rule that is broken. [`Message::salvage`] may still give what a refusal needs.
    pub fn scan(bytes: &Bytes) -> Result<Self, Malformed> {
        let scan = scan(bytes)?;
        match scan.fault {
            Some(fault) => Err(fault),
            None => Ok(Self::new(bytes, scan)),
        }
    }

    /// The readable part of a malformed request, so that it can be refused with [`Malformed::status`]. `None` if it is
    /// not a request, is an ACK, or has no Via.
    pub fn salvage(bytes: &Bytes) -> Option<Self> {
        let message = Self::new(bytes, scan(bytes).ok()?);
        let answerable = message.is_request() && message.method != Method::Ack && message.has(Name::Via);
        answerable.then_some(message)
    }

    fn new(bytes: &Bytes, scan: Scan) -> Self {
        let head = &bytes[..scan.head_end];
        let is_plain = !scan.is_folded && scan.fault.is_none();
        let plain = if is_plain { ByteString::try_from(bytes.slice(..scan.head_end)).ok() } else { None };
        let text = plain.unwrap_or_else(|| readable(head));
        let (method, top_via) = (Method::Other, Err(Malformed::Missing(Name::Via)));
        let mut message = Self { bytes: bytes.clone(), text, scan, method, top_via };
        message.top_via = message.find_top_via();
        message.method = match message.scan.start {
            Start::Request { method, .. } => Method::of(message.text(method)),
            Start::Response { .. } => message.cseq().map_or(Method::Other, |cseq| cseq.method),
        };
        message
    }

    /// Whether it is a request.
    pub const fn is_request(&self) -> bool {
        matches!(self.scan.start, Start::Request { .. })
    }

    /// The method; for a response, the method in its CSeq.
    pub const fn method(&self) -> Method {
        self.method
    }

    /// The method's name; for a response, the name in its CSeq.
    pub fn method_name(&self) -> &str {
        match self.scan.start {
            Start::Request { method, .. } => self.text(method),
            Start::Response { .. } => self.cseq().map_or("", |cseq| cseq.method_name),
        }
    }

    /// The status of a response, from 100 to 699.
    pub const fn status(&self) -> Option<u16> {
        match self.scan.start {
            Start::Request { .. } => None,
            Start::Response { status, .. } => Some(status),
        }
    }

    /// The reason phrase of a response; empty in a request.
    pub fn reason(&self) -> &str {
        match self.scan.start {
            Start::Request { .. } => "",
            Start::Response { reason, .. } => self.text(reason),
        }
    }

    /// The Request-URI; empty in a response.
    pub fn request_uri(&self) -> &str {
        match self.scan.start {
            Start::Request { uri, .. } => self.text(uri),
            Start::Response { .. } => "",
        }
    }

    /// Whether the version is SIP/2.0. Other versions get a 505.
    pub const fn is_version_2(&self) -> bool {
        match self.scan.start {
            Start::Request { is_version_2, .. } => is_version_2,
            Start::Response { .. } => true,
        }
    }

    /// The value of the first line of header `name`, comma lists unsplit. For `Name::Other` use
    /// [`Message::other_header`].
    pub fn header(&self, name: Name) -> Option<&str> {
        self.lines(name).next().map(|line| self.text(line.value))
    }

    /// Whether header `name` is present.
    pub fn has(&self, name: Name) -> bool {
        self.lines(name).next().is_some()
    }

    /// Every value of header `name` in order, at most `LIST_VALUES_MAX`. The comma lists of list headers are split,
    /// empty values are skipped.
    pub fn values(&self, name: Name) -> impl Iterator<Item = &str> {
        self.lines(name)
            .flat_map(move |line| {
                let text = self.text(line.value);
                // 0xff never occurs in UTF-8 text, so the value of any other header stays whole.
                Split::new(text, if name.is_list() { b',' } else { 0xff })
            })
            .filter(|value| !value.is_empty())
            .take(LIST_VALUES_MAX)
    }

    /// Whether the list header `name` has `token` among its values, in any case.
    pub fn lists(&self, name: Name, token: &str) -> bool {
        self.values(name).any(|value| value.eq_ignore_ascii_case(token))
    }

    /// The value of each line of header `name` as received: unsplit, with its folds and with bytes that are not UTF-8.
    pub fn raw_values(&self, name: Name) -> impl Iterator<Item = &[u8]> {
        self.lines(name).map(|line| &self.bytes[line.value.range()])
    }

    /// The value of the first header line called `name`, in any case, for headers that [`Name`] does not know.
    pub fn other_header(&self, name: &str) -> Option<&str> {
        self.headers().find(|(_, text, _)| text.eq_ignore_ascii_case(name)).map(|(_, _, value)| value)
    }

    /// Every header line in order: name, name as written, value.
    pub fn headers(&self) -> impl Iterator<Item = (Name, &str, &str)> {
        self.scan.lines.iter().map(|line| (line.name, self.name_of(line), self.text(line.value)))
    }

    /// The first Via.
    ///
    /// # Errors
    /// Missing, or against the grammar.
    pub fn top_via(&self) -> Result<Via<'_>, Malformed> {
        let ViaSpans { transport, host, port, params } = self.top_via?;
        let (transport, host, params) = (self.text(transport), self.text(host), self.text(params));
        Ok(Via { transport, host, port, params: Params::new(params) })
    }

    fn find_top_via(&self) -> Result<ViaSpans, Malformed> {
        let via = Via::parse(self.values(Name::Via).next().ok_or(Malformed::Missing(Name::Via))?)?;
        let begin = self.text.as_ptr().addr();
        let place = |part: &str| {
            // An empty part may point anywhere.
            let start = if part.is_empty() { 0 } else { part.as_ptr().addr() - begin };
            Span::new(start..start + part.len())
        };
        let (transport, host, params) = (place(via.transport), place(via.host), place(via.params.as_str()));
        Ok(ViaSpans { transport, host, port: via.port, params })
    }

    /// The From header.
    ///
    /// # Errors
    /// Missing, or against the grammar.
    pub fn from(&self) -> Result<NameAddr<'_>, Malformed> {
        self.address(Name::From)
    }

    /// The To header.
    ///
    /// # Errors
    /// Missing, or against the grammar.
    pub fn to(&self) -> Result<NameAddr<'_>, Malformed> {
        self.address(Name::To)
    }

    /// The first value of header `name` as an address.
    ///
    /// # Errors
    /// Missing, or against the grammar.
    pub fn address(&self, name: Name) -> Result<NameAddr<'_>, Malformed> {
        let value = if name.is_list() { self.values(name).next() } else { self.header(name) };
        NameAddr::parse(name, value.ok_or(Malformed::Missing(name))?)
    }

    /// Every Contact.
    pub fn contacts(&self) -> impl Iterator<Item = Result<NameAddr<'_>, Malformed>> {
        self.values(Name::Contact).map(|value| NameAddr::parse(Name::Contact, value))
    }

    /// The Call-ID; empty if missing.
    pub fn call_id(&self) -> &str {
        self.header(Name::CallId).unwrap_or("")
    }

    /// The CSeq.
    ///
    /// # Errors
    /// Missing, or against the grammar.
    pub fn cseq(&self) -> Result<CSeq<'_>, Malformed> {
        CSeq::parse(self.header(Name::CSeq).ok_or(Malformed::Missing(Name::CSeq))?)
    }

    /// A header whose value is a number, such as Expires; `None` if missing, against the grammar, or above 2^32-1.
    pub fn number(&self, name: Name) -> Option<u32> {
        let value = self.header(name)?;
        value.bytes().all(|byte| byte.is_ascii_digit()).then(|| value.parse().ok())?
    }

    /// The body, shared with the message.
    pub fn body(&self) -> Bytes {
        self.bytes.slice(self.scan.body.range())
    }

    /// All bytes as received.
    pub const fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// All bytes as received, without the lines of these headers.
    pub(crate) fn bytes_without(&self, names: &[Name]) -> Bytes {
        if !self.scan.lines.iter().any(|line| names.contains(&line.name)) {
            return self.bytes.clone();
        }
        let lines = &self.scan.lines;
        let start = |place: usize| lines.get(place).map(|line| usize::from(line.start));
        let mut kept = self.bytes[..start(0).unwrap_or(0)].to_vec();
        for (place, line) in lines.iter().enumerate().filter(|(_, line)| !names.contains(&line.name)) {
            let end = start(place + 1).unwrap_or(self.scan.head_end - 2);
            kept.extend_from_slice(&self.bytes[usize::from(line.start)..end]);
        }
        kept.extend_from_slice(&self.bytes[self.scan.head_end - 2..]);
        kept.into()
    }

    pub(crate) fn lines(&self, name: Name) -> impl Iterator<Item = &HeaderLine> {
        self.scan.lines.iter().filter(move |line| line.name == name)
    }

    fn name_of(&self, line: &HeaderLine) -> &str {
        let start = usize::from(line.start);
        let text = self.text.get(start..line.value.range().start).unwrap_or("");
        text.split([':', ' ', '\t']).next().unwrap_or("")
    }

    fn text(&self, span: Span) -> &str {
        self.text.get(span.range()).expect("spans end at ASCII")
    }
}

/// A copy of `head` of the same length, with blanks for folds and lone line ends, and `?` for bytes that are not UTF-8.
fn readable(head: &[u8]) -> ByteString {
    let mut text = head.to_vec();
    for at in memchr::memmem::find_iter(head, b"\r\n") {
        if matches!(head.get(at + 2), Some(b' ' | b'\t')) {
            text[at..at + 2].fill(b' ');
        }
    }
    for at in memchr::memchr2_iter(b'\r', b'\n', head) {
        let is_whole = match head[at] {
            b'\r' => head.get(at + 1) == Some(&b'\n'),
            _ => at > 0 && head[at - 1] == b'\r',
        };
        if !is_whole {
            text[at] = b' ';
        }
    }
    let mut from = 0;
    while let Err(error) = str::from_utf8(&text[from..]) {
        from += error.valid_up_to();
        let broken = error.error_len().unwrap_or(text.len() - from);
        text[from..from + broken].fill(b'?');
    }
    String::from_utf8(text).expect("bytes that are not UTF-8 are replaced").into()
}

#[cfg(test)]
#[path = "received_tests.rs"]
mod tests;
