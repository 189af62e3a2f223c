//! One RTP conversation, how many there may be, and which way it flows.

use serde::{Deserialize, Serialize};

/// One RTP conversation with one peer; never reused in a life of the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StreamId(pub u64);

/// Most streams open at a time. The media plane refuses more, so the brain gives out no more ports.
pub const STREAMS_MAX: usize = 16_384;

/// How many other ports must be closed before a closed stream's port is given to another: what an earlier peer still
/// sends dies meanwhile. So many stay bound without a stream, since binding is dear.
pub const RESTING_PORTS_MAX: usize = 1_024;

/// Which way audio may flow, seen from us (RFC 3264).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// Both ways.
    SendRecv,
    /// We send only: the peer is held by us, with music, or wants to listen only.
    SendOnly,
    /// We receive only: the peer has put us on hold.
    RecvOnly,
    /// Neither.
    Inactive,
}

impl Direction {
    /// Whether we may send.
    pub const fn sends(self) -> bool {
        matches!(self, Self::SendRecv | Self::SendOnly)
    }

    /// Whether the peer may send.
    pub const fn receives(self) -> bool {
        matches!(self, Self::SendRecv | Self::RecvOnly)
    }
}
