//! Ids, limits and directions of RTP streams.

use serde::{Deserialize, Serialize};

/// One RTP session with one peer; the id is never reused while the engine runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StreamId(pub u64);

/// Cap on open streams. The media plane refuses more, so the engine gives out no more ports.
pub const STREAMS_MAX: usize = 16_384;

/// Cap on streams that speak live to others at once.
pub const SPEAKERS_MAX: usize = 32;

/// How many other ports must be released before a closed stream's port is used again; meanwhile late packets of the
/// earlier peer arrive. This many ports stay bound without a stream, since binding is expensive.
pub const RESTING_PORTS_MAX: usize = 1_024;

/// Directions of audio, seen from us (RFC 3264).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// Both ways.
    SendRecv,
    /// We only send: we hold the peer with music, or the peer only wants to listen.
    SendOnly,
    /// We only receive: the peer holds us.
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

    /// Our wish, limited by the direction `theirs`, which the peer states from its own side.
    pub(crate) const fn limited_by(self, theirs: Self) -> Self {
        match (self.sends() && theirs.receives(), self.receives() && theirs.sends()) {
            (true, true) => Self::SendRecv,
            (true, false) => Self::SendOnly,
            (false, true) => Self::RecvOnly,
            (false, false) => Self::Inactive,
        }
    }
}
