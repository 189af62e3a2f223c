//! The connection between two turno processes: messages and descriptors over a local socket, in bounded portions.

use std::collections::VecDeque;
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::net::{Shutdown, SocketAddr};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;

use core::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use serde_json::{Value, json};

use crate::clock::Clock;

/// Descriptors in one portion; the kernel accepts at most 253 at once.
const PORTION_MAX: usize = 100;

/// Longest line in bytes.
const LINE_BYTES_MAX: usize = 16_384;

/// Descriptors in one message: two for each of 32,768 streams.
const DESCRIPTORS_MAX: usize = 65_536;

/// How long the other end may take to accept a portion.
const SEND_SPAN_MAX: Duration = Duration::from_secs(1);

/// A descriptor with its purpose and its bound address.
pub(crate) type Named = (String, SocketAddr, OwnedFd);

/// A message from one process to the other.
#[derive(Debug)]
pub(crate) enum Word {
    /// Duplicates of the sockets.
    Offer(Vec<Named>),
    /// The successor is ready.
    Ready,
    /// The journal may be read.
    GoOn,
    /// The successor asks for the media ports.
    WantsVoices,
    /// Duplicates of the media ports; the lock is free.
    Voices(Vec<Named>),
    /// The successor serves.
    Begun,
    /// A refusal with its reason.
    Refused(String),
}

/// Why no message was received.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NoWord {
    /// The other end is gone, or its message is invalid.
    Lost(String),
    /// Nothing was received in time.
    Late,
}

/// The connection between two turno processes.
#[derive(Debug)]
pub(crate) struct HandOverLine {
    stream: UnixStream,
    bytes: Vec<u8>,
    descriptors: VecDeque<OwnedFd>,
    clock: Clock,
}

impl Word {
    const fn name(&self) -> &'static str {
        match self {
            Self::Offer(_) => "offer",
            Self::Ready => "ready",
            Self::GoOn => "go_on",
            Self::WantsVoices => "wants_voices",
            Self::Voices(_) => "voices",
            Self::Begun => "begun",
            Self::Refused(_) => "refused",
        }
    }
}

impl HandOverLine {
    /// Wraps a connection.
    ///
    /// # Errors
    /// The system refuses.
    pub(crate) fn new(stream: UnixStream) -> io::Result<Self> {
        stream.set_nonblocking(false)?;
        stream.set_write_timeout(Some(SEND_SPAN_MAX))?;
        Ok(Self { stream, bytes: Vec::new(), descriptors: VecDeque::new(), clock: Clock::new() })
    }

    /// The connection itself.
    pub(crate) const fn stream(&self) -> &UnixStream {
        &self.stream
    }

    /// Sends a message; the descriptors stay open here too.
    ///
    /// # Errors
    /// The other end is gone or does not read.
    pub(crate) fn say(&self, word: &Word) -> io::Result<()> {
        let name = word.name();
        match word {
            Word::Offer(sockets) | Word::Voices(sockets) => self.send_all(name, sockets),
            Word::Refused(why) => {
                let why: String = why.chars().take(LINE_BYTES_MAX / 8).collect();
                self.send(&json!({ "refused": why }), &[])
            }
            Word::Ready | Word::GoOn | Word::WantsVoices | Word::Begun => {
                self.send(&json!({ "word": name }), &[])
            }
        }
    }

    fn send_all(&self, name: &str, sockets: &[Named]) -> io::Result<()> {
        let portions = sockets.len().div_ceil(PORTION_MAX).max(1);
        for number in 0..portions {
            let portion = sockets.iter().skip(number * PORTION_MAX).take(PORTION_MAX);
            let names: Vec<Value> =
                portion.clone().map(|(purpose, address, _)| json!([purpose, address])).collect();
            let descriptors: Vec<BorrowedFd<'_>> = portion.map(|(_, _, socket)| socket.as_fd()).collect();
            let told = json!({ "word": name, "sockets": names, "more": number + 1 < portions });
            self.send(&told, &descriptors)?;
        }
        Ok(())
    }

    fn send(&self, told: &Value, descriptors: &[BorrowedFd<'_>]) -> io::Result<()> {
        let line = told.to_string() + "\n";
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(PORTION_MAX))];
        let mut ancillary = SendAncillaryBuffer::new(&mut space);
        if !descriptors.is_empty() {
            ancillary.push(SendAncillaryMessage::ScmRights(descriptors));
        }
        let sent =
            sendmsg(&self.stream, &[IoSlice::new(line.as_bytes())], &mut ancillary, SendFlags::NOSIGNAL)?;
        if sent < line.len() {
            io::Write::write_all(&mut &self.stream, &line.as_bytes()[sent..])?;
        }
        Ok(())
    }

    /// Receives the next message, within `span`.
    pub(crate) fn hear(&mut self, span: Duration) -> Result<Word, NoWord> {
        let until = self.clock.now() + span;
        let mut sockets: Vec<Named> = Vec::new();
        loop {
            let Some(line) = self.next_line()? else {
                self.receive(until.since(self.clock.now()))?;
                continue;
            };
            let told: Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(why) = told.get("refused").and_then(Value::as_str) {
                return Ok(Word::Refused(why.to_owned()));
            }
            let strange = || NoWord::Lost(format!("it makes no sense: {:.60}", line.trim().escape_debug()));
            if let Some(names) = told.get("sockets").and_then(Value::as_array) {
                for name in names {
                    let named = || Some((name.get(0)?.as_str()?, name.get(1)?.as_str()?.parse().ok()?));
                    let (purpose, address) = named().ok_or_else(strange)?;
                    let socket = self.descriptors.pop_front().ok_or_else(strange)?;
                    sockets.push((purpose.to_owned(), address, socket));
                }
                if sockets.len() > DESCRIPTORS_MAX {
                    return Err(strange());
                }
            }
            let has_more = told.get("more").and_then(Value::as_bool) == Some(true);
            return Ok(match told.get("word").and_then(Value::as_str) {
                Some("offer" | "voices") if has_more => continue,
                Some("offer") => Word::Offer(sockets),
                Some("voices") => Word::Voices(sockets),
                Some("ready") => Word::Ready,
                Some("go_on") => Word::GoOn,
                Some("wants_voices") => Word::WantsVoices,
                Some("begun") => Word::Begun,
                Some(_) | None => return Err(strange()),
            });
        }
    }

    fn next_line(&mut self) -> Result<Option<String>, NoWord> {
        match self.bytes.iter().position(|byte| *byte == b'\n') {
            Some(end) => {
                let line: Vec<u8> = self.bytes.drain(..=end).collect();
                Ok(Some(String::from_utf8_lossy(&line).into_owned()))
            }
            None if self.bytes.len() > LINE_BYTES_MAX => Err(NoWord::Lost("its line has no end".to_owned())),
            None => Ok(None),
        }
    }

    fn receive(&mut self, span: Duration) -> Result<(), NoWord> {
        let lost = |error: io::Error| NoWord::Lost(error.to_string());
        let span = Timespec::try_from(span).ok();
        match poll(&mut [PollFd::new(&self.stream, PollFlags::IN)], span.as_ref()) {
            Ok(0) => return Err(NoWord::Late),
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => return Ok(()),
            Err(error) => return Err(lost(error.into())),
        }
        let mut bytes = vec![0; LINE_BYTES_MAX];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(PORTION_MAX))];
        let mut ancillary = RecvAncillaryBuffer::new(&mut space);
        let flags = RecvFlags::CMSG_CLOEXEC;
        let received = recvmsg(&self.stream, &mut [IoSliceMut::new(&mut bytes)], &mut ancillary, flags)
            .map_err(|error| lost(error.into()))?;
        let descriptors = ancillary.drain().filter_map(|message| match message {
            RecvAncillaryMessage::ScmRights(descriptors) => Some(descriptors),
            RecvAncillaryMessage::ScmCredentials(_) | _ => None,
        });
        self.descriptors.extend(descriptors.flatten());
        if received.flags.contains(ReturnFlags::CTRUNC) {
            let why = "not every descriptor has arrived: this process may open too few files (ulimit -n, LimitNOFILE)";
            return Err(NoWord::Lost(why.to_owned()));
        }
        if received.bytes == 0 {
            return Err(NoWord::Lost("the other turno has closed the connection".to_owned()));
        }
        self.bytes.extend_from_slice(&bytes[..received.bytes]);
        Ok(())
    }

    /// Closes the connection in both directions.
    pub(crate) fn close(&self) {
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
