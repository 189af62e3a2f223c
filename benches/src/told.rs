//! What an engine was told in one step, kept so that another engine can be told the same.

use bytes::Bytes;
use turno_engine::Input;
use turno_ground::{Datagram, Flow};
use turno_media_plan::MediaEvent;

/// What an engine was told.
#[derive(Clone, Debug)]
pub enum Told {
    /// A message and the way it came.
    Datagram(Flow, Bytes),
    /// From the media plane.
    Media(MediaEvent),
    /// That a deadline is due.
    Wake,
}

impl Told {
    /// As the engine takes it.
    pub fn input(&self) -> Input<'_> {
        match self {
            Self::Datagram(flow, bytes) => Input::Datagram(Datagram { flow: *flow, bytes }),
            Self::Media(event) => Input::Media(event.clone()),
            Self::Wake => Input::Wake,
        }
    }

    /// Whether it is a message that begins so.
    pub fn begins(&self, with: &str) -> bool {
        matches!(self, Self::Datagram(_, bytes) if bytes.starts_with(with.as_bytes()))
    }
}
