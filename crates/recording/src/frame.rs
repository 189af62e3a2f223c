//! Frames of 20 ms with a caller's side and an agent's side.

use core::time::Duration;

/// The length of a frame.
pub const FRAME_SPAN: Duration = Duration::from_millis(20);

/// Frames a second.
pub const FRAMES_PER_SECOND: u64 = 50;

/// A side of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The caller, on the left.
    Caller,
    /// The agent and everybody else, on the right.
    Agent,
}

impl Side {
    /// Both, left first.
    pub const BOTH: [Self; 2] = [Self::Caller, Self::Agent];

    /// Its index.
    pub const fn index(self) -> usize {
        match self {
            Self::Caller => 0,
            Self::Agent => 1,
        }
    }
}

/// Samples a second of a side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rate {
    /// 8 kHz.
    Narrow,
    /// 16 kHz.
    Wide,
}

impl Rate {
    /// Samples of a frame.
    pub const fn per_frame(self) -> usize {
        match self {
            Self::Narrow => 160,
            Self::Wide => 320,
        }
    }

    /// Samples a second.
    pub const fn hertz(self) -> u32 {
        match self {
            Self::Narrow => 8_000,
            Self::Wide => 16_000,
        }
    }

    /// The rate of this many samples a second, if we know it.
    pub const fn of(hertz: u32) -> Option<Self> {
        match hertz {
            8_000 => Some(Self::Narrow),
            16_000 => Some(Self::Wide),
            _ => None,
        }
    }
}

/// 20 ms of one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideFrame {
    /// Its rate.
    pub rate: Rate,
    /// Its samples; none at all is silence.
    pub samples: Vec<i16>,
}

/// 20 ms of both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its number, from the beginning of the talk.
    pub number: u64,
    /// The sides, caller first.
    pub sides: [SideFrame; 2],
}

/// The length of so many frames.
pub fn span(frames: u64) -> Duration {
    Duration::from_millis(frames.saturating_mul(20))
}
