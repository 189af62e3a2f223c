//! What a WebSocket's message says: one SIP message, a keep-alive, or nothing.

use bytes::Bytes;

/// The answer to [`Heard::Ping`] (RFC 5626, 3.5.1; RFC 7118, 6).
pub(crate) const PONG: &str = "\r\n";

/// What was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// A SIP message.
    Message(Bytes),
    /// A double CRLF: a keep-alive that wants an answer.
    Ping,
    /// An empty message, or the answer to a keep-alive.
    Nothing,
}

/// Reads one message of a WebSocket. Empty lines before a SIP message are left out (RFC 3261, 7.5).
pub(crate) fn heard(bytes: Bytes) -> Heard {
    let lines = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    if lines < bytes.len() {
        return Heard::Message(bytes.slice(lines..));
    }
    if bytes.starts_with(b"\r\n\r\n") { Heard::Ping } else { Heard::Nothing }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keep_alive_is_told_from_a_message() {
        // RFC 7118, 6: keep-alives are messages of their own.
        let of = |text: &'static str| heard(Bytes::from_static(text.as_bytes()));
        assert_eq!(of("\r\n\r\n"), Heard::Ping);
        for nothing in ["", "\r\n", "\n", "\r"] {
            assert_eq!(of(nothing), Heard::Nothing, "{nothing:?}");
        }
        let options = "OPTIONS sip:turno SIP/2.0\r\n\r\n";
        assert_eq!(of(options), Heard::Message(Bytes::from_static(options.as_bytes())));
        assert_eq!(of("\r\n\r\nBYE"), Heard::Message(Bytes::from_static(b"BYE")));
        assert_eq!(of("\0"), Heard::Message(Bytes::from_static(b"\0")), "whether it is SIP is seen later");
    }
}
