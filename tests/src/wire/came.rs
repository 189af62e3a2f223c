//! Events of a phone's connection: messages, and changes of the connection itself.

use rustls::ProtocolVersion;
use rustls::pki_types::CertificateDer;

/// A change of the connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineNews {
    /// A TLS connection is open, with this version and this certificate of the peer.
    Connected(ProtocolVersion, CertificateDer<'static>),
    /// The phone has opened a plain connection.
    Opened,
    /// Another side has opened a plain connection to the phone.
    Accepted,
    /// The other side has answered a keep-alive (RFC 5626, 4.4.1).
    Pong,
    /// The connection is closed.
    Cut,
}

/// What was received over a link.
pub(crate) enum Came {
    Message(Vec<u8>),
    News(LineNews),
}

/// The first complete message, or the answer to a keep-alive before it (RFC 5626, 3.5.1; RFC 3261, 18.3).
pub(crate) fn first_of(unread: &mut Vec<u8>) -> Option<Came> {
    if unread.starts_with(b"\r\n") {
        unread.drain(..2);
        return Some(Came::News(LineNews::Pong));
    }
    let head = unread.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&unread[..head]).to_ascii_lowercase();
    let length =
        text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    let end = head + length.expect("RFC 3261, 18.3: over a stream each message says its length");
    (unread.len() >= end).then(|| Came::Message(unread.drain(..end).collect()))
}
