//! Builds requests and responses; a CR or LF in a value can't start a new line.

use std::net::SocketAddr;

use bytes::Bytes;
use smallvec::SmallVec;

use crate::message::header::Name;
use crate::message::line::{HeaderValue, Line};
use crate::message::method::Method;
use crate::message::outline::Outline;
use crate::message::params::Split;
use crate::message::reason::reason_phrase;
use crate::message::received::Message;
use crate::message::via::Via;

/// Headers that an application adds. With [`Name::Other`] the text is the whole line, `X-Name: value`.
pub type Extra = SmallVec<[(Name, String); 4]>;

/// Size of the buffer in which a usual message is written, in bytes. The finished message is copied to its exact size:
/// it may be kept half a minute for retransmissions, and the buffer, still in the CPU cache, serves the next message.
const ROOM_BYTES: usize = 1_000;

/// A request under construction.
#[derive(Debug)]
pub struct Request(Draft);

/// A response under construction.
#[derive(Debug)]
pub struct Response(Draft);

impl Request {
    /// Begins a request of a known method. The caller must add Via, From, To, Call-ID, CSeq and Max-Forwards.
    pub fn new(method: Method, uri: &str) -> Self {
        Self::named(method.name(), uri)
    }

    /// Begins a request with any method name.
    pub fn named(method: &str, uri: &str) -> Self {
        Self(Draft::begin(|line| line.text(method).text(" ").text(uri).text(" SIP/2.0")))
    }

    /// Adds a header.
    pub fn header(mut self, name: Name, value: impl HeaderValue) -> Self {
        self.0.header(name.text(), value);
        self
    }

    /// Adds a header of any name.
    pub fn other_header(mut self, name: &str, value: impl HeaderValue) -> Self {
        self.0.header(name, value);
        self
    }

    /// Adds all of `headers`.
    pub fn headers(mut self, headers: &[(Name, String)]) -> Self {
        self.0.headers(headers);
        self
    }

    /// Finishes the message with a body.
    pub fn body(self, content_type: &str, body: &[u8]) -> Bytes {
        self.0.body(content_type, body)
    }

    /// Finishes the message without a body.
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
        let mut draft =
            Draft::begin(|line| line.text("SIP/2.0 ").number(status.into()).text(" ").text(reason));
        draft.vias(request, source);
        if (101..300).contains(&status) && opens_dialog(request.method()) {
            draft.copy(request, Name::RecordRoute);
        }
        draft.copy(request, Name::From);
        draft.copy(request, Name::To);
        let untagged = request.to().is_ok_and(|to| to.tag().is_none());
        if let Some(tag) = to_tag.filter(|_| untagged && status > 100) {
            draft.bytes.truncate(draft.bytes.len() - 2);
            draft.line(|line| line.text(";tag=").text(tag));
        }
        draft.copy(request, Name::CallId);
        draft.copy(request, Name::CSeq);
        if status == 100 {
            draft.copy(request, Name::Timestamp);
        }
        Self(draft)
    }

    /// The same for a request of which only the outline was read; `via` is its first Via.
    pub(crate) fn to_outline(
        outline: &Outline<'_>,
        via: Via<'_>,
        status: u16,
        to_tag: &str,
        source: SocketAddr,
    ) -> Self {
        let mut draft = Draft::begin(|line| {
            line.text("SIP/2.0 ").number(status.into()).text(" ").text(reason_phrase(status))
        });
        draft.top_via(via, source);
        for further in outline.vias[1..].iter().filter(|further| !further.is_empty()) {
            draft.header(Name::Via.text(), *further);
        }
        draft.header(Name::From.text(), outline.from);
        draft.line(|line| line.text("To: ").text(outline.to).text(";tag=").text(to_tag));
        draft.header(Name::CallId.text(), outline.call_id);
        draft.header(Name::CSeq.text(), outline.cseq);
        Self(draft)
    }

    /// Adds a header.
    pub fn header(mut self, name: Name, value: impl HeaderValue) -> Self {
        self.0.header(name.text(), value);
        self
    }

    /// Adds a header of any name.
    pub fn other_header(mut self, name: &str, value: impl HeaderValue) -> Self {
        self.0.header(name, value);
        self
    }

    /// Adds all of `headers`.
    pub fn headers(mut self, headers: &[(Name, String)]) -> Self {
        self.0.headers(headers);
        self
    }

    /// Finishes the message with a body.
    pub fn body(self, content_type: &str, body: &[u8]) -> Bytes {
        self.0.body(content_type, body)
    }

    /// Finishes the message without a body.
    pub fn finish(self) -> Bytes {
        self.0.finish()
    }
}

const fn opens_dialog(method: Method) -> bool {
    matches!(method, Method::Invite | Method::Subscribe | Method::Refer | Method::Notify)
}

/// A message under construction: the lines written so far.
#[derive(Debug)]
struct Draft {
    bytes: Vec<u8>,
}

impl Draft {
    fn begin(start: impl FnOnce(Line<'_>) -> Line<'_>) -> Self {
        let mut draft = Self { bytes: Vec::with_capacity(ROOM_BYTES) };
        draft.line(start);
        draft
    }

    fn line(&mut self, write: impl FnOnce(Line<'_>) -> Line<'_>) {
        write(Line::new(&mut self.bytes));
        self.bytes.extend_from_slice(b"\r\n");
    }

    fn header(&mut self, name: &str, value: impl HeaderValue) {
        self.line(|line| value.put(line.text(name).text(": ")));
    }

    fn headers(&mut self, headers: &[(Name, String)]) {
        for (name, value) in headers {
            if *name == Name::Other {
                self.line(|line| line.text(value));
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

    /// A request that is refused for a lone LF in a value must not get that LF back: it would start a new line.
    fn raw(&mut self, name: Name, value: &[u8]) {
        self.line(|line| line.text(name.text()).text(": ").raw(value));
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
        let needs_received = via.wants_rport() || bare.parse() != Ok(ip);
        self.line(|line| {
            let mut line = line.text("Via: SIP/2.0/").text(transport).text(" ").text(host);
            if let Some(port) = port {
                line = line.text(":").number(port.into());
            }
            for (name, value) in params.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("received")) {
                line = match value {
                    _ if name.eq_ignore_ascii_case("rport") => {
                        line.text(";rport=").number(source.port().into())
                    }
                    Some(value) => line.text(";").text(name).text("=").text(value),
                    None => line.text(";").text(name),
                };
            }
            if needs_received { line.text(";received=").display(ip) } else { line }
        });
    }

    fn body(mut self, content_type: &str, body: &[u8]) -> Bytes {
        self.header(Name::ContentType.text(), content_type);
        self.header(Name::ContentLength.text(), body.len());
        self.bytes.extend_from_slice(b"\r\n");
        self.bytes.extend_from_slice(body);
        Bytes::copy_from_slice(&self.bytes)
    }

    fn finish(mut self) -> Bytes {
        self.bytes.extend_from_slice(b"Content-Length: 0\r\n\r\n");
        Bytes::copy_from_slice(&self.bytes)
    }
}
