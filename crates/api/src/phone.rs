//! Phones in browsers: SIP over a WebSocket (RFC 7118), and what the site behind the API makes of it.

pub(crate) mod frames;
pub(crate) mod socket;

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::Notify;
use tokio::sync::mpsc::{Receiver, Sender};

/// Both ends of the connection that a request came by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ends {
    /// Our end.
    pub local: SocketAddr,
    /// The client's end; behind a reverse proxy that is the proxy's.
    pub remote: SocketAddr,
}

/// A phone's connection that the site has taken on.
#[derive(Debug)]
pub struct PhoneLine {
    /// What the phone says. It waits while turno has no room; the phone is gone when it is dropped.
    pub says: Sender<Said>,
    /// What turno says; `None` when turno ends.
    pub told: Receiver<Bytes>,
    /// Too much waits for the phone: it reads too slowly.
    pub cut: Arc<Notify>,
}

/// What a phone's connection brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// One SIP message.
    Message(Bytes),
    /// The session of its person has ended: it registers no more.
    SignedOut,
    /// The connection is over.
    Over(PhoneEnd),
}

/// Why a phone's connection is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneEnd {
    /// The phone closed it, or the network did.
    Phone,
    /// turno ends.
    Ours,
    /// It has answered nothing for too long, or said nothing.
    Idle,
    /// It broke the rules of WebSockets, or sent too much at once.
    Malformed,
    /// It reads too slowly.
    Slow,
}
