//! Cuts a stream of bytes into messages (RFC 3261, 18.3; RFC 5626, 3.5.1 for keep-alives).

use bytes::{Buf, Bytes, BytesMut};

use crate::message::header::Name;
use crate::message::limits::MESSAGE_BYTES_MAX;
use crate::message::malformed::Malformed;
use crate::message::scan::content_length;

/// The next item of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Framed {
    /// A whole message.
    Message(Bytes),
    /// A double CRLF between messages: a keep-alive of the peer, answered with [`Framer::PONG`].
    Ping,
}

/// Cuts the bytes of one connection into messages. It holds at most `MESSAGE_BYTES_MAX` plus the bytes of one read.
#[derive(Debug, Default)]
pub struct Framer {
    bytes: BytesMut,
    /// Bytes already searched for the end of the headers, so that a slow peer costs no more than a fast one.
    searched: usize,
    /// The length of the next message, once its headers are complete.
    whole: Option<usize>,
}

impl Framer {
    /// The answer to [`Framed::Ping`].
    pub const PONG: &'static [u8] = b"\r\n";

    /// A framer at the beginning of a stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds received bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next message or ping; `None` if more bytes are needed.
    ///
    /// # Errors
    /// The rest of the stream can't be cut into messages: close the connection.
    pub fn pop(&mut self) -> Result<Option<Framed>, Malformed> {
        if self.whole.is_none() && self.searched == 0 && self.skip_empty_lines() {
            return Ok(Some(Framed::Ping));
        }
        let Some(whole) = self.whole_length()? else { return Ok(None) };
        if self.bytes.len() < whole {
            return Ok(None);
        }
        self.whole = None;
        self.searched = 0;
        Ok(Some(Framed::Message(self.bytes.split_to(whole).freeze())))
    }

    /// Drops single CRLFs before a message; true if it dropped a double one.
    fn skip_empty_lines(&mut self) -> bool {
        while self.bytes.starts_with(b"\r\n") {
            if self.bytes.starts_with(b"\r\n\r\n") {
                self.bytes.advance(4);
                return true;
            }
            // The second half of a ping may still arrive.
            if self.bytes.len() < 4 && b"\r\n\r\n".starts_with(&self.bytes) {
                return false;
            }
            self.bytes.advance(2);
        }
        false
    }

    fn whole_length(&mut self) -> Result<Option<usize>, Malformed> {
        if self.whole.is_some() {
            return Ok(self.whole);
        }
        match memchr::memmem::find(&self.bytes[self.searched..], b"\r\n\r\n") {
            Some(found) => {
                let head = self.searched + found + 4;
                let body = stream_length(&self.bytes[..head])?;
                if head.saturating_add(body) > MESSAGE_BYTES_MAX {
                    return Err(Malformed::MessageTooLong);
                }
                self.whole = Some(head + body);
                Ok(self.whole)
            }
            None if self.bytes.len() > MESSAGE_BYTES_MAX => Err(Malformed::MessageTooLong),
            None => {
                // A CRLF at the front may still become a ping, so the search must not move past it.
                if !b"\r\n\r\n".starts_with(&self.bytes) {
                    self.searched = self.bytes.len().saturating_sub(3);
                }
                Ok(None)
            }
        }
    }
}

/// The Content-Length in `head`, which is mandatory on a stream (RFC 3261, 20.14).
fn stream_length(head: &[u8]) -> Result<usize, Malformed> {
    let mut length = None;
    let mut from = 0;
    while let Some(end) = memchr::memmem::find(&head[from..], b"\r\n") {
        let line = &head[from..from + end];
        let begin = from;
        from += end + 2;
        let Some(colon) = memchr::memchr(b':', line) else { continue };
        if Name::of(line[..colon].trim_ascii_end()) != Name::ContentLength {
            continue;
        }
        // A value may continue on lines that begin with a blank (RFC 3261, 7.3.1).
        while matches!(head.get(from), Some(b' ' | b'\t')) {
            from += memchr::memmem::find(&head[from..], b"\r\n").map_or(head.len() - from, |end| end + 2);
        }
        let value = head[begin + colon + 1..from].trim_ascii();
        let read = content_length(value).ok_or(Malformed::ContentLength)?;
        if length.is_some_and(|known| known != read) {
            return Err(Malformed::ContentLength);
        }
        length = Some(read);
    }
    length.ok_or(Malformed::ContentLength)
}

#[cfg(test)]
#[path = "framing_tests.rs"]
mod tests;
