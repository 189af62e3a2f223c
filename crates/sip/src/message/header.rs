//! Header names: the known ones as an enum, with their compact forms.

use serde::{Deserialize, Serialize};

/// A header's name. Unknown ones are `Other`; the message keeps their text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Name {
    /// `Accept`.
    Accept,
    /// `Accept-Contact`. Compact form `a`.
    AcceptContact,
    /// `Accept-Encoding`.
    AcceptEncoding,
    /// `Accept-Language`.
    AcceptLanguage,
    /// `Alert-Info`.
    AlertInfo,
    /// `Allow`.
    Allow,
    /// `Allow-Events`. Compact form `u`.
    AllowEvents,
    /// `Authentication-Info`.
    AuthenticationInfo,
    /// `Authorization`.
    Authorization,
    /// `Call-ID`. Compact form `i`.
    CallId,
    /// `Call-Info`.
    CallInfo,
    /// `Contact`. Compact form `m`.
    Contact,
    /// `Content-Disposition`.
    ContentDisposition,
    /// `Content-Encoding`. Compact form `e`.
    ContentEncoding,
    /// `Content-Language`.
    ContentLanguage,
    /// `Content-Length`. Compact form `l`.
    ContentLength,
    /// `Content-Type`. Compact form `c`.
    ContentType,
    /// `CSeq`.
    CSeq,
    /// `Date`.
    Date,
    /// `Diversion`.
    Diversion,
    /// `Error-Info`.
    ErrorInfo,
    /// `Event`. Compact form `o`.
    Event,
    /// `Expires`.
    Expires,
    /// `Flow-Timer`.
    FlowTimer,
    /// `From`. Compact form `f`.
    From,
    /// `History-Info`.
    HistoryInfo,
    /// `Identity`. Compact form `y`.
    Identity,
    /// `In-Reply-To`.
    InReplyTo,
    /// `Max-Forwards`.
    MaxForwards,
    /// `MIME-Version`.
    MimeVersion,
    /// `Min-Expires`.
    MinExpires,
    /// `Min-SE`.
    MinSe,
    /// `Organization`.
    Organization,
    /// `P-Asserted-Identity`.
    PAssertedIdentity,
    /// `Path`.
    Path,
    /// `P-Preferred-Identity`.
    PPreferredIdentity,
    /// `Priority`.
    Priority,
    /// `Privacy`.
    Privacy,
    /// `Proxy-Authenticate`.
    ProxyAuthenticate,
    /// `Proxy-Authorization`.
    ProxyAuthorization,
    /// `Proxy-Require`.
    ProxyRequire,
    /// `RAck`.
    RAck,
    /// `Reason`.
    Reason,
    /// `Record-Route`.
    RecordRoute,
    /// `Refer-Sub`.
    ReferSub,
    /// `Refer-To`. Compact form `r`.
    ReferTo,
    /// `Referred-By`. Compact form `b`.
    ReferredBy,
    /// `Reject-Contact`. Compact form `j`.
    RejectContact,
    /// `Remote-Party-ID`.
    RemotePartyId,
    /// `Replaces`.
    Replaces,
    /// `Reply-To`.
    ReplyTo,
    /// `Request-Disposition`. Compact form `d`.
    RequestDisposition,
    /// `Require`.
    Require,
    /// `Retry-After`.
    RetryAfter,
    /// `Route`.
    Route,
    /// `RSeq`.
    RSeq,
    /// `Server`.
    Server,
    /// `Service-Route`.
    ServiceRoute,
    /// `Session-Expires`. Compact form `x`.
    SessionExpires,
    /// `SIP-ETag`.
    SipEtag,
    /// `SIP-If-Match`.
    SipIfMatch,
    /// `Subject`. Compact form `s`.
    Subject,
    /// `Subscription-State`.
    SubscriptionState,
    /// `Supported`. Compact form `k`.
    Supported,
    /// `Target-Dialog`.
    TargetDialog,
    /// `Timestamp`.
    Timestamp,
    /// `To`. Compact form `t`.
    To,
    /// `Unsupported`.
    Unsupported,
    /// `User-Agent`.
    UserAgent,
    /// `User-to-User`.
    UserToUser,
    /// `Via`. Compact form `v`.
    Via,
    /// `Warning`.
    Warning,
    /// `WWW-Authenticate`.
    WwwAuthenticate,
    /// Any other.
    Other,
}

/// Every known name with its text and whether its value is a comma list, in the order of the enum.
const KNOWN: &[(Name, &str, bool)] = &[
    (Name::Accept, "Accept", true),
    (Name::AcceptContact, "Accept-Contact", true),
    (Name::AcceptEncoding, "Accept-Encoding", true),
    (Name::AcceptLanguage, "Accept-Language", true),
    (Name::AlertInfo, "Alert-Info", true),
    (Name::Allow, "Allow", true),
    (Name::AllowEvents, "Allow-Events", true),
    (Name::AuthenticationInfo, "Authentication-Info", false),
    (Name::Authorization, "Authorization", false),
    (Name::CallId, "Call-ID", false),
    (Name::CallInfo, "Call-Info", true),
    (Name::Contact, "Contact", true),
    (Name::ContentDisposition, "Content-Disposition", false),
    (Name::ContentEncoding, "Content-Encoding", true),
    (Name::ContentLanguage, "Content-Language", true),
    (Name::ContentLength, "Content-Length", false),
    (Name::ContentType, "Content-Type", false),
    (Name::CSeq, "CSeq", false),
    (Name::Date, "Date", false),
    (Name::Diversion, "Diversion", true),
    (Name::ErrorInfo, "Error-Info", true),
    (Name::Event, "Event", false),
    (Name::Expires, "Expires", false),
    (Name::FlowTimer, "Flow-Timer", false),
    (Name::From, "From", false),
    (Name::HistoryInfo, "History-Info", true),
    (Name::Identity, "Identity", false),
    (Name::InReplyTo, "In-Reply-To", true),
    (Name::MaxForwards, "Max-Forwards", false),
    (Name::MimeVersion, "MIME-Version", false),
    (Name::MinExpires, "Min-Expires", false),
    (Name::MinSe, "Min-SE", false),
    (Name::Organization, "Organization", false),
    (Name::PAssertedIdentity, "P-Asserted-Identity", true),
    (Name::Path, "Path", true),
    (Name::PPreferredIdentity, "P-Preferred-Identity", true),
    (Name::Priority, "Priority", false),
    (Name::Privacy, "Privacy", false),
    (Name::ProxyAuthenticate, "Proxy-Authenticate", false),
    (Name::ProxyAuthorization, "Proxy-Authorization", false),
    (Name::ProxyRequire, "Proxy-Require", true),
    (Name::RAck, "RAck", false),
    (Name::Reason, "Reason", true),
    (Name::RecordRoute, "Record-Route", true),
    (Name::ReferSub, "Refer-Sub", false),
    (Name::ReferTo, "Refer-To", false),
    (Name::ReferredBy, "Referred-By", false),
    (Name::RejectContact, "Reject-Contact", true),
    (Name::RemotePartyId, "Remote-Party-ID", true),
    (Name::Replaces, "Replaces", false),
    (Name::ReplyTo, "Reply-To", false),
    (Name::RequestDisposition, "Request-Disposition", true),
    (Name::Require, "Require", true),
    (Name::RetryAfter, "Retry-After", false),
    (Name::Route, "Route", true),
    (Name::RSeq, "RSeq", false),
    (Name::Server, "Server", false),
    (Name::ServiceRoute, "Service-Route", true),
    (Name::SessionExpires, "Session-Expires", false),
    (Name::SipEtag, "SIP-ETag", false),
    (Name::SipIfMatch, "SIP-If-Match", false),
    (Name::Subject, "Subject", false),
    (Name::SubscriptionState, "Subscription-State", false),
    (Name::Supported, "Supported", true),
    (Name::TargetDialog, "Target-Dialog", false),
    (Name::Timestamp, "Timestamp", false),
    (Name::To, "To", false),
    (Name::Unsupported, "Unsupported", true),
    (Name::UserAgent, "User-Agent", false),
    (Name::UserToUser, "User-to-User", true),
    (Name::Via, "Via", true),
    (Name::Warning, "Warning", true),
    (Name::WwwAuthenticate, "WWW-Authenticate", false),
];

impl Name {
    /// The name written as `text` in any case, long or compact (RFC 3261, 7.3.3).
    pub fn of(text: &[u8]) -> Self {
        let Some(first) = text.first() else { return Self::Other };
        let candidates = candidates(text.len(), first | 0x20);
        match candidates.iter().find(|name| name.text().as_bytes().eq_ignore_ascii_case(text)) {
            Some(name) => *name,
            None if text.len() == 1 => compact(first | 0x20),
            None => Self::Other,
        }
    }

    /// The name as we write it; empty for `Other`.
    pub fn text(self) -> &'static str {
        KNOWN.get(self as usize).map_or("", |known| known.1)
    }

    /// Whether commas separate values of this header (RFC 3261, 7.3.1).
    pub fn is_list(self) -> bool {
        KNOWN.get(self as usize).is_some_and(|known| known.2)
    }

    /// Every known name, in the order of the enum.
    pub fn known() -> impl Iterator<Item = Self> {
        KNOWN.iter().map(|known| known.0)
    }
}

/// The names of `length` bytes that begin with `first`, lower case.
const fn candidates(length: usize, first: u8) -> &'static [Name] {
    use Name as N;
    match (length, first) {
        (2, b't') => &[N::To],
        (3, b'v') => &[N::Via],
        (4, b'c') => &[N::CSeq],
        (4, b'd') => &[N::Date],
        (4, b'f') => &[N::From],
        (4, b'p') => &[N::Path],
        (4, b'r') => &[N::RAck, N::RSeq],
        (5, b'a') => &[N::Allow],
        (5, b'e') => &[N::Event],
        (5, b'r') => &[N::Route],
        (6, b'a') => &[N::Accept],
        (6, b'm') => &[N::MinSe],
        (6, b'r') => &[N::Reason],
        (6, b's') => &[N::Server],
        (7, b'c') => &[N::CallId, N::Contact],
        (7, b'e') => &[N::Expires],
        (7, b'p') => &[N::Privacy],
        (7, b'r') => &[N::Require],
        (7, b's') => &[N::Subject],
        (7, b'w') => &[N::Warning],
        (8, b'i') => &[N::Identity],
        (8, b'p') => &[N::Priority],
        (8, b'r') => &[N::ReferTo, N::Replaces, N::ReplyTo],
        (8, b's') => &[N::SipEtag],
        (9, b'c') => &[N::CallInfo],
        (9, b'd') => &[N::Diversion],
        (9, b'r') => &[N::ReferSub],
        (9, b's') => &[N::Supported],
        (9, b't') => &[N::Timestamp],
        (10, b'a') => &[N::AlertInfo],
        (10, b'e') => &[N::ErrorInfo],
        (10, b'f') => &[N::FlowTimer],
        (10, b'u') => &[N::UserAgent],
        (11, b'i') => &[N::InReplyTo],
        (11, b'm') => &[N::MinExpires],
        (11, b'r') => &[N::ReferredBy, N::RetryAfter],
        (11, b'u') => &[N::Unsupported],
        (12, b'a') => &[N::AllowEvents],
        (12, b'c') => &[N::ContentType],
        (12, b'h') => &[N::HistoryInfo],
        (12, b'm') => &[N::MaxForwards, N::MimeVersion],
        (12, b'o') => &[N::Organization],
        (12, b'r') => &[N::RecordRoute],
        (12, b's') => &[N::SipIfMatch],
        (12, b'u') => &[N::UserToUser],
        (13, b'a') => &[N::Authorization],
        (13, b'p') => &[N::ProxyRequire],
        (13, b's') => &[N::ServiceRoute],
        (13, b't') => &[N::TargetDialog],
        (14, b'a') => &[N::AcceptContact],
        (14, b'c') => &[N::ContentLength],
        (14, b'r') => &[N::RejectContact],
        (15, b'a') => &[N::AcceptEncoding, N::AcceptLanguage],
        (15, b'r') => &[N::RemotePartyId],
        (15, b's') => &[N::SessionExpires],
        (16, b'c') => &[N::ContentEncoding, N::ContentLanguage],
        (16, b'w') => &[N::WwwAuthenticate],
        (18, b'p') => &[N::ProxyAuthenticate],
        (18, b's') => &[N::SubscriptionState],
        (19, b'a') => &[N::AuthenticationInfo],
        (19, b'c') => &[N::ContentDisposition],
        (19, b'p') => &[N::PAssertedIdentity, N::ProxyAuthorization],
        (19, b'r') => &[N::RequestDisposition],
        (20, b'p') => &[N::PPreferredIdentity],
        _ => &[],
    }
}

/// The name whose compact form is `letter`, lower case.
const fn compact(letter: u8) -> Name {
    match letter {
        b'a' => Name::AcceptContact,
        b'u' => Name::AllowEvents,
        b'i' => Name::CallId,
        b'm' => Name::Contact,
        b'e' => Name::ContentEncoding,
        b'l' => Name::ContentLength,
        b'c' => Name::ContentType,
        b'o' => Name::Event,
        b'f' => Name::From,
        b'y' => Name::Identity,
        b'r' => Name::ReferTo,
        b'b' => Name::ReferredBy,
        b'j' => Name::RejectContact,
        b'd' => Name::RequestDisposition,
        b'x' => Name::SessionExpires,
        b's' => Name::Subject,
        b'k' => Name::Supported,
        b't' => Name::To,
        b'v' => Name::Via,
        _ => Name::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_header_is_known_in_any_case() {
        // RFC 3261, 7.3.1: names are case-insensitive.
        for name in Name::known() {
            assert_eq!(Name::of(name.text().as_bytes()), name);
            assert_eq!(Name::of(name.text().to_uppercase().as_bytes()), name);
            assert_eq!(Name::of(name.text().to_lowercase().as_bytes()), name);
            assert_eq!(KNOWN[name as usize].0, name);
        }
    }

    #[test]
    fn a_compact_letter_is_its_header() {
        // RFC 3261, 7.3.3.
        for (letter, name) in
            [("v", Name::Via), ("F", Name::From), ("i", Name::CallId), ("X", Name::SessionExpires)]
        {
            assert_eq!(Name::of(letter.as_bytes()), name);
        }
        assert_eq!(Name::of(b"q"), Name::Other);
        assert_eq!(Name::of(b"C%6Fntact"), Name::Other);
        assert_eq!(Name::of(b""), Name::Other);
    }
}
