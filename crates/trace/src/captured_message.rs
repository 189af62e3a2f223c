//! One SIP message that passed by turno.

use std::net::SocketAddr;

use bytes::Bytes;
use turno_ground::{Flow, Moment, Transport};

/// Which way a message went, seen from turno.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It came in.
    In,
    /// It went out.
    Out,
}

/// One SIP message that passed.
#[derive(Clone, Debug)]
pub struct CapturedMessage {
    /// When, by the engine's clock.
    pub at: Moment,
    /// Which way.
    pub way: Way,
    /// The path, with turno's end as its local one.
    pub flow: Flow,
    /// The message as it stood on the wire.
    pub bytes: Bytes,
}

impl CapturedMessage {
    /// A message that turno received.
    pub const fn received(at: Moment, flow: Flow, bytes: Bytes) -> Self {
        Self { at, way: Way::In, flow, bytes }
    }

    /// A message that turno sent.
    pub const fn sent(at: Moment, flow: Flow, bytes: Bytes) -> Self {
        Self { at, way: Way::Out, flow, bytes }
    }

    /// Who sent it.
    pub const fn from(&self) -> SocketAddr {
        match self.way {
            Way::In => self.flow.remote,
            Way::Out => self.flow.local,
        }
    }

    /// To whom it was sent.
    pub const fn to(&self) -> SocketAddr {
        match self.way {
            Way::In => self.flow.local,
            Way::Out => self.flow.remote,
        }
    }

    /// How it travelled.
    pub const fn transport(&self) -> Transport {
        self.flow.transport
    }
}
