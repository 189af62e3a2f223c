//! Checks of RFC 3261 that a readable message must pass before it is handled.

use crate::message::header::Name;
use crate::message::malformed::Malformed;
use crate::message::method::Method;
use crate::message::received::Message;
use crate::message::uri::Uri;

/// The extensions that we accept in Require and list in Supported.
pub const SUPPORTED_EXTENSIONS: &[&str] = &["100rel", "timer", "replaces", "path", "outbound"];

/// The response to a request that is refused. The peer is to blame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status, from 400 to 699.
    pub status: u16,
    /// The phrase for the status line, which names the fault.
    pub reason: &'static str,
    /// Headers that the status requires.
    pub headers: Vec<(Name, String)>,
}

impl Refusal {
    /// A refusal without extra headers.
    pub fn new(status: u16, reason: &'static str) -> Self {
        Self { status, reason, headers: Vec::new() }
    }

    fn with(mut self, name: Name, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl From<Malformed> for Refusal {
    fn from(fault: Malformed) -> Self {
        let reason = match fault {
            Malformed::Missing(Name::Via | Name::From | Name::To | Name::CallId | Name::CSeq) => {
                "Missing Required Header"
            }
            Malformed::Value(Name::CSeq) => "Bad CSeq",
            Malformed::Value(Name::Via) => "Bad Via",
            Malformed::Value(Name::From) => "Bad From",
            Malformed::Value(Name::To) => "Bad To",
            Malformed::Value(Name::Contact) => "Bad Contact",
            Malformed::Repeated(_) => "Repeated Header",
            Malformed::Uri => "Bad URI",
            Malformed::UriTooLong => "Request-URI Too Long",
            Malformed::MessageTooLong | Malformed::HeaderTooLong | Malformed::TooManyHeaders => {
                "Message Too Large"
            }
            Malformed::KeepAlive
            | Malformed::NotSip
            | Malformed::StartLine
            | Malformed::StatusCode
            | Malformed::LineEnd
            | Malformed::HeaderName
            | Malformed::HeadUnfinished
            | Malformed::ContentLength
            | Malformed::BodyShort
            | Malformed::Missing(_)
            | Malformed::Value(_) => "Bad Request",
        };
        Self::new(fault.status().unwrap_or(400), reason)
    }
}

/// Headers that every message has exactly once (RFC 3261, 8.1.1). Max-Forwards may be missing: RFC 2543 did not require
/// it.
const ONCE: [Name; 4] = [Name::To, Name::From, Name::CSeq, Name::CallId];

/// Headers that a message has at most once.
const AT_MOST_ONCE: [Name; 4] = [Name::MaxForwards, Name::ContentType, Name::Expires, Name::Event];

/// Whether a UAS may act on `request` (RFC 3261, 8.2, and RFC 4475).
///
/// The caller checks for unknown or forbidden methods, dialogs and authentication.
///
/// # Errors
/// The refusal to answer with. An ACK is never answered: drop it.
pub fn check_request(request: &Message) -> Result<(), Refusal> {
    if !request.is_version_2() {
        return Err(Refusal::new(505, "Version Not Supported"));
    }
    check_headers(request)?;
    check_uri(request)?;
    if request.method() == Method::Ack || request.method() == Method::Cancel {
        return Ok(());
    }
    check_require(request)?;
    check_content(request)
}

/// Whether a UAC may act on `response`.
///
/// # Errors
/// Why to drop it silently: a mandatory header is missing or wrong, or it has more than one Via and so is not for us
/// (RFC 3261, 8.1.3.3).
pub fn check_response(response: &Message) -> Result<(), Malformed> {
    for name in ONCE {
        once(response, name)?;
    }
    response.cseq()?;
    response.from()?;
    response.to()?;
    response.top_via()?;
    if response.values(Name::Via).nth(1).is_some() {
        return Err(Malformed::Repeated(Name::Via));
    }
    Ok(())
}

fn check_headers(request: &Message) -> Result<(), Refusal> {
    for name in ONCE {
        once(request, name)?;
    }
    for name in AT_MOST_ONCE {
        if request.lines(name).nth(1).is_some() {
            return Err(Malformed::Repeated(name).into());
        }
    }
    request.top_via()?;
    request.from()?;
    request.to()?;
    for contact in request.contacts() {
        contact?;
    }
    let cseq = request.cseq()?;
    if cseq.method_name != request.method_name() {
        return Err(Refusal::new(400, "CSeq Method Mismatch"));
    }
    let hops = request
        .header(Name::MaxForwards)
        .is_none_or(|_| request.number(Name::MaxForwards).is_some_and(|hops| hops <= u32::from(u8::MAX)));
    if hops { Ok(()) } else { Err(Refusal::new(400, "Bad Max-Forwards")) }
}

fn once(message: &Message, name: Name) -> Result<(), Malformed> {
    let mut lines = message.lines(name);
    match (lines.next(), lines.next()) {
        (Some(line), None) if line.value.range().is_empty() => Err(Malformed::Value(name)),
        (Some(_), None) => Ok(()),
        (Some(_), Some(_)) => Err(Malformed::Repeated(name)),
        (None, _) => Err(Malformed::Missing(name)),
    }
}

fn check_uri(request: &Message) -> Result<(), Refusal> {
    let uri = Uri::parse(request.request_uri())?;
    if !uri.is_sip() && !uri.scheme.eq_ignore_ascii_case("tel") {
        return Err(Refusal::new(416, "Unsupported URI Scheme"));
    }
    // A Request-URI must not have headers (RFC 3261, 19.1.1).
    if uri.headers.is_empty() { Ok(()) } else { Err(Malformed::Uri.into()) }
}

fn check_require(request: &Message) -> Result<(), Refusal> {
    let unknown: Vec<&str> = request
        .values(Name::Require)
        .filter(|wanted| !SUPPORTED_EXTENSIONS.iter().any(|ours| ours.eq_ignore_ascii_case(wanted)))
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(420, "Bad Extension").with(Name::Unsupported, unknown.join(", ")))
}

fn check_content(request: &Message) -> Result<(), Refusal> {
    if request.values(Name::ContentEncoding).any(|encoding| !encoding.eq_ignore_ascii_case("identity")) {
        return Err(Refusal::new(415, "Unsupported Media Type").with(Name::AcceptEncoding, "identity"));
    }
    if request.method() != Method::Invite {
        return Ok(());
    }
    // RFC 3261, 25.1: there may be blanks around the slash.
    let media_type = |value: &str| {
        let kind = value.split(';').next().unwrap_or("");
        kind.split_ascii_whitespace().collect::<String>().to_ascii_lowercase()
    };
    let content = request.header(Name::ContentType).map(media_type);
    let readable = |kind: &str| kind == "application/sdp" || kind.starts_with("multipart/");
    let body = request.body();
    let is_readable = content.as_deref().map_or_else(|| body.starts_with(b"v="), readable);
    // RFC 3261, 20.11: an optional body that can't be read is ignored.
    let is_optional = request.header(Name::ContentDisposition).is_some_and(|value| {
        let mut params = value.split(';').skip(1).filter_map(|param| param.split_once('='));
        params.any(|(name, value)| {
            name.trim().eq_ignore_ascii_case("handling") && value.trim().eq_ignore_ascii_case("optional")
        })
    });
    if !body.is_empty() && !is_readable && !is_optional {
        return Err(Refusal::new(415, "Unsupported Media Type").with(Name::Accept, "application/sdp"));
    }
    let mut accepted = request.values(Name::Accept).map(media_type).peekable();
    let acceptable = |kind: String| matches!(kind.as_str(), "application/sdp" | "application/*" | "*/*");
    // An INVITE that does not accept SDP can't get an SDP answer (RFC 4475, 3.3.12).
    if accepted.peek().is_some() && !accepted.any(acceptable) {
        return Err(Refusal::new(406, "Not Acceptable"));
    }
    Ok(())
}
