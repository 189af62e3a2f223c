//! Reads REFER and Replaces, and the NOTIFY bodies that report a transfer's result (RFC 3515; RFC 3891).

use core::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::message::header::Name;
use crate::message::name_addr::NameAddr;
use crate::message::reason::reason_phrase;
use crate::message::uri::unescape;

/// How long a REFER's subscription lives without a final NOTIFY.
pub(crate) const REFER_SPAN_MAX: Duration = Duration::from_secs(180);

/// Maximum number of open REFERs in one session.
pub(crate) const REFERS_MAX: usize = 4;

/// A peer's REFER inside a session: its CSeq number. Unique in its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ReferId(pub(crate) u32);

/// The dialog that an attended transfer takes over, as the Replaces header names it (RFC 3891).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Replaces {
    /// The dialog's Call-ID.
    pub call_id: String,
    /// The tag on the side that gets the Replaces.
    pub to_tag: String,
    /// The tag on the other side.
    pub from_tag: String,
    /// Whether only a dialog that is still ringing may be replaced.
    pub early_only: bool,
}

/// The body of a NOTIFY that reports `status` (RFC 3515, 2.4.5).
pub(crate) fn fragment(status: u16) -> Bytes {
    format!("SIP/2.0 {status} {}\r\n", reason_phrase(status)).into()
}

/// The status that a NOTIFY's body reports.
pub(crate) fn read_fragment(body: &[u8]) -> Option<u16> {
    let text = core::str::from_utf8(body).ok()?;
    let line = text.trim_start().lines().next()?;
    let rest = line.strip_prefix("SIP/2.0 ")?.trim_start();
    rest.get(..3)?.parse().ok().filter(|status| (100..700).contains(status))
}

/// Why a Refer-To value is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotReferred {
    /// The value can't be read.
    Unreadable,
    /// It asks for another request than INVITE (RFC 3515, 2.1).
    OtherMethod,
}

/// The URI of a Refer-To value without its headers, and the dialog to replace, if it names one.
pub(crate) fn read_refer_to(value: &str) -> Result<(String, Option<Replaces>), NotReferred> {
    let address = NameAddr::parse(Name::ReferTo, value).map_err(|_| NotReferred::Unreadable)?;
    // Without brackets, the parameters of the URI are those of the header (RFC 3261, 20).
    let method = address.uri().ok().and_then(|uri| uri.param("method")).or_else(|| address.param("method"));
    if method.is_some_and(|method| !unescape(method).eq_ignore_ascii_case("INVITE")) {
        return Err(NotReferred::OtherMethod);
    }
    let (target, headers) = address.uri.split_once('?').unwrap_or((address.uri, ""));
    let replaces = headers
        .split('&')
        .filter_map(|header| header.split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case("Replaces"))
        .and_then(|(_, value)| read_replaces(&unescape(value)));
    Ok((target.to_owned(), replaces))
}

/// Reads a Replaces value.
pub(crate) fn read_replaces(value: &str) -> Option<Replaces> {
    let mut parts = value.split(';').map(str::trim);
    let mut replaces = Replaces { call_id: parts.next()?.to_owned(), ..Replaces::default() };
    for part in parts {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "to-tag" => replaces.to_tag = value.trim().to_owned(),
            "from-tag" => replaces.from_tag = value.trim().to_owned(),
            "early-only" => replaces.early_only = true,
            _ => {}
        }
    }
    let whole = !replaces.call_id.is_empty() && !replaces.to_tag.is_empty() && !replaces.from_tag.is_empty();
    whole.then_some(replaces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attended_transfer_names_the_call_to_take_over() {
        // RFC 3891, 2 and RFC 5589, 7.3.
        let value = "<sip:bob@example.com?Replaces=12345%40host%3Bto-tag%3D1234%3Bfrom-tag%3D5678>";
        let (target, replaces) = read_refer_to(value).unwrap();
        assert_eq!(target, "sip:bob@example.com");
        let replaces = replaces.unwrap();
        assert_eq!(replaces.call_id, "12345@host");
        assert_eq!((replaces.to_tag.as_str(), replaces.from_tag.as_str()), ("1234", "5678"));
        assert!(!replaces.early_only);
    }

    #[test]
    fn only_an_invite_is_asked_for() {
        // RFC 3515, 2.1: without a method the URI asks for INVITE.
        for value in ["<sip:bob@h;method=INVITE>", "<sip:bob@h;method=%49nvite>", "sip:bob@h", "<tel:112>"] {
            assert!(read_refer_to(value).is_ok(), "{value}");
        }
        for value in ["<sip:bob@h;method=BYE>", "sip:bob@h;method=BYE", "<sip:bob@h;method>"] {
            assert_eq!(read_refer_to(value), Err(NotReferred::OtherMethod), "{value}");
        }
        assert_eq!(read_refer_to("<sip:bob"), Err(NotReferred::Unreadable));
    }

    #[test]
    fn a_notify_tells_how_the_transfer_went() {
        // RFC 3515, 2.4.5.
        assert_eq!(read_fragment(b"SIP/2.0 486 Busy Here\r\n"), Some(486));
        assert_eq!(read_fragment(&fragment(200)), Some(200));
        assert_eq!(read_fragment(b"HTTP/1.1 200 OK"), None);
        assert_eq!(read_fragment(b"SIP/2.0 999 Odd"), None);
    }

    #[test]
    fn half_a_replaces_replaces_nothing() {
        // RFC 3891, 3: both tags are needed.
        assert_eq!(read_replaces("a@b;to-tag=1"), None);
        assert_eq!(read_replaces(";to-tag=1;from-tag=2"), None);
    }
}
