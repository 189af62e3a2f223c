//! Messages of our own: start line, headers, body, with nothing that could break out of its line.

use core::fmt::{self, Display, Write};
use std::net::SocketAddr;

use bytes::{BufMut, Bytes, BytesMut};
use smallvec::SmallVec;

use crate::message::header::Name;
use crate::message::method::Method;
use crate::message::params::Split;
use crate::message::reason::reason_phrase;
use crate::message::received::Message;
use crate::message::via::Via;

/// Headers that an application adds. With [`Name::Other`] the text is the whole line, `X-Name: value`.
pub type Extra = SmallVec<[(Name, String); 4]>;

/// Room for a usual message without a second allocation, in bytes.
const ROOM_BYTES: usize = 1_024;

/// A request under construction.
#[derive(Debug)]
pub struct Request(Draft);

/// A response under construction.
#[derive(Debug)]
pub struct Response(Draft);

impl Request {
    /// Begins a request of a known method. It needs Via, From, To, Call-ID, CSeq and Max-Forwards from the caller.
    pub fn new(method: Method, uri: &str) -> Self {
        Self::named(method.name(), uri)
    }

    /// Begins a request of any method.
    pub fn named(method: &str, uri: &str) -> Self {
        Self(Draft::begin(format_args!("{method} {uri} SIP/2.0")))
    }

    /// Adds a header.
    pub fn header(mut self, name: Name, value: impl Display) -> Self {
        self.0.header(name.text(), value);
        self
    }

    /// Adds a header of any name.
    pub fn other_header(mut self, name: &str, value: impl Display) -> Self {
        self.0.header(name, value);
        self
    }

    /// Adds all of `headers`.
    pub fn headers(mut self, headers: &[(Name, String)]) -> Self {
        self.0.headers(headers);
        self
    }

    /// Ends it with a body.
    pub fn body(self, content_type: &str, body: &[u8]) -> Bytes {
        self.0.body(content_type, body)
    }

    /// Ends it without a body.
    pub fn finish(self) -> Bytes {
        self.0.finish()
    }
}

impl Response {
    /// Begins the response to `request`: copies Via, From, To, Call-ID and CSeq, the Record-Route of a request that
    /// opens a dialog, and the Timestamp into a 100 (RFC 3261, 8.2.6 and 12.1.1).
    ///
    /// An empty `reason` becomes the usual phrase. `to_tag` is added if the To has none and the status is not 100.
    /// `source`, where the request came from, fills `received` and `rport` of the first Via (RFC 3261, 18.2.1;
    /// RFC 3581, 4).
    pub fn to(
        request: &Message,
        status: u16,
        reason: &str,
        to_tag: Option<&str>,
        source: Option<SocketAddr>,
    ) -> Self {
        let reason = if reason.is_empty() { reason_phrase(status) } else { reason };
        let mut draft = Draft::begin(format_args!("SIP/2.0 {status} {reason}"));
        draft.vias(request, source);
        if (101..300).contains(&status) && opens_dialog(request.method()) {
            draft.copy(request, Name::RecordRoute);
        }
        draft.copy(request, Name::From);
        draft.copy(request, Name::To);
        let untagged = request.to().is_ok_and(|to| to.tag().is_none());
        if let Some(tag) = to_tag.filter(|_| untagged && status > 100) {
            draft.bytes.truncate(draft.bytes.len() - 2);
            draft.line(format_args!(";tag={tag}"));
        }
        draft.copy(request, Name::CallId);
        draft.copy(request, Name::CSeq);
        if status == 100 {
            draft.copy(request, Name::Timestamp);
        }
        Self(draft)
    }

    /// Adds a header.
    pub fn header(mut self, name: Name, value: impl Display) -> Self {
        self.0.header(name.text(), value);
        self
    }

    /// Adds a header of any name.
    pub fn other_header(mut self, name: &str, value: impl Display) -> Self {
        self.0.header(name, value);
        self
    }

    /// Adds all of `headers`.
    pub fn headers(mut self, headers: &[(Name, String)]) -> Self {
        self.0.headers(headers);
        self
    }

    /// Ends it with a body.
    pub fn body(self, content_type: &str, body: &[u8]) -> Bytes {
        self.0.body(content_type, body)
    }

    /// Ends it without a body.
    pub fn finish(self) -> Bytes {
        self.0.finish()
    }
}

const fn opens_dialog(method: Method) -> bool {
    matches!(method, Method::Invite | Method::Subscribe | Method::Refer | Method::Notify)
}

/// Lines written so far.
#[derive(Debug)]
struct Draft {
    bytes: BytesMut,
}

impl Draft {
    fn begin(start: fmt::Arguments<'_>) -> Self {
        let mut draft = Self { bytes: BytesMut::with_capacity(ROOM_BYTES) };
        draft.line(start);
        draft
    }

    fn line(&mut self, text: fmt::Arguments<'_>) {
        // Writing to memory cannot fail, and a Display that fails has written what it could.
        let _ = Lineless(&mut self.bytes).write_fmt(text);
        self.bytes.put_slice(b"\r\n");
    }

    fn header(&mut self, name: &str, value: impl Display) {
        self.line(format_args!("{name}: {value}"));
    }

    fn headers(&mut self, headers: &[(Name, String)]) {
        for (name, value) in headers {
            if *name == Name::Other {
                self.line(format_args!("{value}"));
            } else {
                self.header(name.text(), value);
            }
        }
    }

    /// Copies every line of `name` as received.
    fn copy(&mut self, from: &Message, name: Name) {
        for value in from.raw_values(name) {
            self.raw(name, value);
        }
    }

    fn raw(&mut self, name: Name, value: &[u8]) {
        self.bytes.put_slice(name.text().as_bytes());
        self.bytes.put_slice(b": ");
        // A request that is refused for a lone LF in a value must not get it back: it would begin a line of its own.
        Lineless(&mut self.bytes).put(value);
        self.bytes.put_slice(b"\r\n");
    }

    fn vias(&mut self, request: &Message, source: Option<SocketAddr>) {
        let mut lines = request.raw_values(Name::Via);
        if let (Some(source), Ok(top)) = (source, request.top_via()) {
            self.top_via(top, source);
            let mut values = request
                .header(Name::Via)
                .into_iter()
                .flat_map(|line| Split::new(line, b',').skip_while(|value| value.is_empty()));
            values.next();
            for value in values {
                self.header(Name::Via.text(), value);
            }
            lines.next();
        }
        for value in lines {
            self.raw(Name::Via, value);
        }
    }

    fn top_via(&mut self, via: Via<'_>, source: SocketAddr) {
        let Via { transport, host, port, params } = via;
        let ip = source.ip().to_canonical();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let told = via.wants_rport() || bare.parse() != Ok(ip);
        let mut out = Lineless(&mut self.bytes);
        let _ = write!(out, "Via: SIP/2.0/{transport} {host}");
        if let Some(port) = port {
            let _ = write!(out, ":{port}");
        }
        for (name, value) in params.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("received")) {
            let _ = match value {
                _ if name.eq_ignore_ascii_case("rport") => write!(out, ";rport={}", source.port()),
                Some(value) => write!(out, ";{name}={value}"),
                None => write!(out, ";{name}"),
            };
        }
        if told {
            let _ = write!(out, ";received={ip}");
        }
        self.bytes.put_slice(b"\r\n");
    }

    fn body(mut self, content_type: &str, body: &[u8]) -> Bytes {
        self.header(Name::ContentType.text(), content_type);
        self.header(Name::ContentLength.text(), body.len());
        self.bytes.put_slice(b"\r\n");
        self.bytes.put_slice(body);
        self.bytes.freeze()
    }

    fn finish(mut self) -> Bytes {
        self.bytes.put_slice(b"Content-Length: 0\r\n\r\n");
        self.bytes.freeze()
    }
}

/// Writes text in which every CR and LF has become a blank, so that no value begins a header of its own.
struct Lineless<'a>(&'a mut BytesMut);

impl Lineless<'_> {
    fn put(&mut self, text: &[u8]) {
        let mut rest = text;
        while let Some(at) = memchr::memchr2(b'\r', b'\n', rest) {
            self.0.put_slice(&rest[..at]);
            self.0.put_u8(b' ');
            rest = &rest[at + 1..];
        }
        self.0.put_slice(rest);
    }
}

impl Write for Lineless<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.put(text.as_bytes());
        Ok(())
    }
}
