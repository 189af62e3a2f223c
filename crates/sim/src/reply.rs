//! Builds a SIP response without a phone.

use bytes::Bytes;

/// Header fields that a response copies from its request (RFC 3261, 8.2.6).
const TAKEN_OVER: [&str; 5] = ["Via", "From", "To", "Call-ID", "CSeq"];

/// A response to a request, without a body or a tag of its own.
pub(crate) fn to(request: &str, status: &str) -> Bytes {
    let mut reply = String::with_capacity(request.len());
    reply.push_str("SIP/2.0 ");
    reply.push_str(status);
    reply.push_str("\r\n");
    for (name, value) in lines(request) {
        if TAKEN_OVER.iter().any(|taken| taken.eq_ignore_ascii_case(name)) {
            for part in [name, ": ", value, "\r\n"] {
                reply.push_str(part);
            }
        }
    }
    reply.push_str("Content-Length: 0\r\n\r\n");
    Bytes::from(reply)
}

/// The value of the first header field of this name.
pub(crate) fn line<'t>(text: &'t str, wanted: &str) -> Option<&'t str> {
    lines(text).find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
}

fn lines(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let head = text.lines().skip(1).take_while(|line| !line.is_empty());
    head.filter_map(|line| line.split_once(':')).map(|(name, value)| (name.trim(), value.trim()))
}
