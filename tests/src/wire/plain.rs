//! A phone's messages over plain TCP: over connections that it opens, or that are opened to it.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};

use crate::wire::came::{Came, LineNews, first_of};

/// The reaction of a phone when its connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redial {
    /// It opens another connection.
    AtOnce,
    /// It waits until the test asks it to.
    Never,
}

/// A phone's connections, the newest last.
pub(crate) struct Plain {
    server: SocketAddr,
    /// The address in its Via and Contact.
    listener: TcpListener,
    /// Whether it must open one now.
    dials: bool,
    redial: Redial,
    live: Vec<Live>,
    told: Vec<LineNews>,
}

struct Live {
    stream: TcpStream,
    unread: Vec<u8>,
}

impl Plain {
    pub(crate) fn new(at: SocketAddr, server: SocketAddr, redial: Redial) -> Self {
        let listener = TcpListener::bind(at).expect("the phone's port is free");
        listener.set_nonblocking(true).expect("a socket that does not wait");
        Self { server, listener, dials: true, redial, live: Vec::new(), told: Vec::new() }
    }

    /// Opens a connection if one is needed.
    pub(crate) fn connect(&mut self) {
        if self.dials
            && let Ok(stream) = TcpStream::connect(self.server)
        {
            self.dials = false;
            self.take(stream, LineNews::Opened);
        }
    }

    /// The next received event; `None` if there is none at present.
    pub(crate) fn receive(&mut self) -> Option<Came> {
        while let Ok((stream, _)) = self.listener.accept() {
            self.take(stream, LineNews::Accepted);
        }
        if !self.told.is_empty() {
            return Some(Came::News(self.told.remove(0)));
        }
        for place in 0..self.live.len() {
            let is_over = self.live[place].reads_more();
            if let Some(came) = first_of(&mut self.live[place].unread) {
                return Some(came);
            }
            if is_over {
                self.live.remove(place);
                self.dials |= self.live.is_empty() && self.redial == Redial::AtOnce;
                return Some(Came::News(LineNews::Cut));
            }
        }
        None
    }

    /// Sends a message over the newest connection. Without one it is lost.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        if let Some(live) = self.live.last_mut() {
            // The next read notices that it is cut.
            let _ = live.stream.write_all(bytes);
        }
    }

    /// Drops every connection without closing it properly.
    pub(crate) fn cut(&self) {
        for live in &self.live {
            // The next read notices it.
            let _ = live.stream.shutdown(Shutdown::Both);
        }
    }

    /// The descriptors to wait for.
    pub(crate) fn descriptors(&self) -> Vec<BorrowedFd<'_>> {
        let streams = self.live.iter().map(|live| live.stream.as_fd());
        streams.chain([self.listener.as_fd()]).collect()
    }

    /// Whether it needs a connection that it could not open yet.
    pub(crate) fn is_waiting_to_dial(&self) -> bool {
        self.dials
    }

    fn take(&mut self, stream: TcpStream, news: LineNews) {
        stream.set_nonblocking(true).expect("a socket that does not wait");
        self.live.push(Live { stream, unread: Vec::new() });
        self.told.push(news);
    }
}

impl Live {
    /// Reads the available bytes; returns whether the connection has ended.
    fn reads_more(&mut self) -> bool {
        let mut bytes = [0; 4_096];
        loop {
            match self.stream.read(&mut bytes) {
                Ok(0) => return true,
                Ok(length) => self.unread.extend_from_slice(&bytes[..length]),
                Err(error) => return error.kind() != std::io::ErrorKind::WouldBlock,
            }
        }
    }
}
