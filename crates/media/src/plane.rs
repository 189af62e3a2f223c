//! The media plane's door: commands in, events out, figures to read.

use core::time::Duration;
use std::path::PathBuf;

use turno_media_plan::{MediaCommand, MediaEvent};

use crate::refused::MediaRefused;

/// What the plane is started with.
#[derive(Clone, Debug, Default)]
pub struct PlaneSettings {
    /// Report a stream whose peer should send and does not for this long; `None` never does.
    pub inactivity: Option<Duration>,
    /// The prompts' WAV files: a place in this list is a [`turno_media_plan::PromptId`].
    pub prompts: Vec<PathBuf>,
    /// The hold music's WAV file, played round and round.
    pub music: PathBuf,
}

/// Figures since the start, to be read at any time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlaneGauges {
    /// Streams open now.
    pub streams: u64,
    /// RTP packets received.
    pub packets_received: u64,
    /// RTP packets sent.
    pub packets_sent: u64,
    /// Bytes of RTP received, without IP and UDP headers.
    pub bytes_received: u64,
    /// Bytes of RTP sent, without IP and UDP headers.
    pub bytes_sent: u64,
    /// Packets refused: wrong source, malformed, unknown payload type.
    pub packets_refused: u64,
    /// Packets that the operating system did not take.
    pub packets_unsent: u64,
    /// Commands dropped because the plane was too far behind.
    pub commands_refused: u64,
}

/// The running media plane.
#[derive(Debug)]
pub struct Plane {}

impl Plane {
    /// Loads all sounds, encodes each once for every codec, and starts the thread. `events` is called on that thread
    /// and must not wait.
    ///
    /// # Errors
    /// A sound file is missing or can't be played; the operating system refuses the thread.
    pub fn start(
        settings: PlaneSettings,
        events: impl Fn(MediaEvent) + Send + Sync + Clone + 'static,
    ) -> Result<Self, MediaRefused> {
        let _ = (settings, events);
        Ok(Self {})
    }

    /// Hands a command over; never waits.
    pub fn send(&self, command: MediaCommand) {
        let _ = command;
    }

    /// Closes every stream and waits for the thread to end.
    pub fn stop(self) {}

    /// The figures now.
    pub fn gauges(&self) -> PlaneGauges {
        PlaneGauges::default()
    }
}
