//! Supported audio codecs.

use serde::{Deserialize, Serialize};

/// An audio codec with its static payload type (RFC 3551). All are carried in 20 ms packets at an RTP clock of 8 kHz.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Codec {
    /// G.711 mu-law.
    Pcmu,
    /// G.711 A-law.
    Pcma,
    /// G.722 at 64 kbit/s: sampled at 16 kHz, although its RTP clock is 8 kHz (RFC 3551, 4.5.2).
    G722,
}

impl Codec {
    /// Every codec, in turno's default order of preference.
    pub const ALL: [Self; 3] = [Self::Pcma, Self::Pcmu, Self::G722];

    /// The encoding name in `a=rtpmap`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pcmu => "PCMU",
            Self::Pcma => "PCMA",
            Self::G722 => "G722",
        }
    }

    /// The static RTP payload type.
    pub const fn payload_type(self) -> u8 {
        match self {
            Self::Pcmu => 0,
            Self::Pcma => 8,
            Self::G722 => 9,
        }
    }

    /// Samples a second of the decoded audio.
    pub const fn sample_rate(self) -> u32 {
        match self {
            Self::Pcmu | Self::Pcma => 8_000,
            Self::G722 => 16_000,
        }
    }
}
