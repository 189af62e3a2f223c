//! The input of an engine in one step, kept so that another engine can get the same.

use bytes::Bytes;
use turno_engine::Input;
use turno_ground::{Datagram, Flow};
use turno_media_plan::MediaEvent;

/// An input of an engine.
#[derive(Clone, Debug)]
pub enum Told {
    /// A message and its flow.
    Datagram(Flow, Bytes),
    /// An event of the media plane.
    Media(MediaEvent),
    /// A deadline is due.
    Wake,
}

impl Told {
    /// The input in the engine's form.
    pub fn input(&self) -> Input<'_> {
        match self {
            Self::Datagram(flow, bytes) => Input::Datagram(Datagram { flow: *flow, bytes }),
            Self::Media(event) => Input::Media(event.clone()),
            Self::Wake => Input::Wake,
        }
    }

    /// Whether it is a message that begins with this text.
    pub fn begins(&self, with: &str) -> bool {
        matches!(self, Self::Datagram(_, bytes) if bytes.starts_with(with.as_bytes()))
    }
}
