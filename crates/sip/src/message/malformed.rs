//! Syntax errors of a received message, by the rule that is broken.

use crate::message::header::Name;

/// The rule that a message, or one of its values, breaks. The peer is to blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Only CRLFs or NULs: a keep-alive, dropped silently.
    #[error("a keep-alive, not a message")]
    KeepAlive,
    /// The start line is not SIP: another protocol, or noise.
    #[error("not SIP")]
    NotSip,
    /// Longer than `MESSAGE_BYTES_MAX`.
    #[error("the message is too long")]
    MessageTooLong,
    /// The start line is not `method SP URI SP version` (RFC 3261, 7.1).
    #[error("the start line is malformed")]
    StartLine,
    /// A status that is not three digits from 100 to 699 (RFC 3261, 7.2).
    #[error("the status code is out of range")]
    StatusCode,
    /// A CR or LF that is not part of a CRLF (RFC 3261, 7).
    #[error("a line does not end in CRLF")]
    LineEnd,
    /// A header line without a colon, or whose name is not a token (RFC 3261, 7.3.1).
    #[error("a header line has no name")]
    HeaderName,
    /// A header line longer than `HEADER_BYTES_MAX`.
    #[error("a header line is too long")]
    HeaderTooLong,
    /// More than `HEADER_COUNT_MAX` header lines.
    #[error("too many header lines")]
    TooManyHeaders,
    /// No empty line ends the headers.
    #[error("the headers do not end")]
    HeadUnfinished,
    /// Content-Length is not a number, or two of them disagree (RFC 3261, 20.14).
    #[error("the Content-Length is wrong or missing")]
    ContentLength,
    /// The body is shorter than Content-Length says (RFC 3261, 18.3).
    #[error("the body is shorter than the Content-Length")]
    BodyShort,
    /// A header that every message must have is missing (RFC 3261, 8.1.1).
    #[error("{0:?} is missing")]
    Missing(Name),
    /// A header that is allowed once appears twice (RFC 3261, 7.3.1).
    #[error("{0:?} appears more than once")]
    Repeated(Name),
    /// A header's value does not follow its grammar (RFC 3261, 25.1).
    #[error("{0:?} has a value against the grammar")]
    Value(Name),
    /// A URI does not follow its grammar (RFC 3261, 19.1.1).
    #[error("a URI against the grammar")]
    Uri,
    /// A URI longer than `URI_BYTES_MAX`.
    #[error("a URI is too long")]
    UriTooLong,
}

impl Malformed {
    /// The status to refuse a request with; `None` if no response is sent.
    pub const fn status(self) -> Option<u16> {
        match self {
            Self::KeepAlive | Self::NotSip | Self::StatusCode => None,
            Self::MessageTooLong | Self::HeaderTooLong | Self::TooManyHeaders => Some(513),
            Self::UriTooLong => Some(414),
            Self::StartLine
            | Self::LineEnd
            | Self::HeaderName
            | Self::HeadUnfinished
            | Self::ContentLength
            | Self::BodyShort
            | Self::Missing(_)
            | Self::Repeated(_)
            | Self::Value(_)
            | Self::Uri => Some(400),
        }
    }
}
