//! Voices that many listeners hear live, without a mix: each is decoded once, and encoded once for each codec in use.
//!
//! A listener's stream plays [`crate::player::Player::Live`] as it would play music, so a listener comes and goes without
//! any list here. A speaker's voice waits in a `mouth`, which makes up for late packets.

use turno_ground::Moment;
use turno_media_plan::{Codec, SPEAKERS_MAX, StreamId};

use crate::bridge::mouth::Mouth;
use crate::clip::{FRAME_BYTES, place_of};
use crate::packet::Header;
use crate::player::quiet;
use crate::transcode::Encoder;

/// All who speak live.
#[derive(Default)]
pub(crate) struct Live(Vec<Speaker>);

/// One who speaks.
struct Speaker {
    stream: StreamId,
    mouth: Mouth,
    /// This tick's frame in each codec that a listener has asked for.
    frames: [Option<[u8; FRAME_BYTES]>; Codec::ALL.len()],
    /// The encoders of those codecs, with their states.
    encoders: [Option<Encoder>; Codec::ALL.len()],
}

impl Live {
    /// Begins to pass a stream's voice on. False if too many speak.
    pub(crate) fn begin(&mut self, stream: StreamId, codec: Codec) -> bool {
        if self.0.len() >= SPEAKERS_MAX {
            return false;
        }
        self.0.push(Speaker {
            stream,
            mouth: Mouth::new(codec),
            frames: Default::default(),
            encoders: Default::default(),
        });
        true
    }

    /// A stream speaks no more.
    pub(crate) fn end(&mut self, stream: StreamId) {
        self.0.retain(|speaker| speaker.stream != stream);
    }

    /// A packet of a stream that speaks.
    pub(crate) fn hear(
        &mut self,
        stream: StreamId,
        header: &Header,
        (codec, payload): (Codec, &[u8]),
        now: Moment,
    ) {
        if let Some(speaker) = self.speaker(stream) {
            speaker.mouth.push(header, codec, payload, now);
        }
    }

    /// The next tick begins.
    pub(crate) fn tick(&mut self, at: Moment) {
        for speaker in &mut self.0 {
            speaker.mouth.take(at);
            speaker.frames = Default::default();
        }
    }

    /// What is heard of a stream in this tick; `None` if it does not speak.
    pub(crate) fn frame(&mut self, stream: StreamId, codec: Codec) -> Option<[u8; FRAME_BYTES]> {
        Some(self.speaker(stream)?.frame(codec))
    }

    fn speaker(&mut self, stream: StreamId) -> Option<&mut Speaker> {
        self.0.iter_mut().find(|speaker| speaker.stream == stream)
    }
}

impl Speaker {
    fn frame(&mut self, codec: Codec) -> [u8; FRAME_BYTES] {
        let Self { mouth, frames, encoders, .. } = self;
        let (frame, encoder) = (&mut frames[place_of(codec)], &mut encoders[place_of(codec)]);
        *frame.get_or_insert_with(|| {
            let octets = match mouth.octets_in(codec) {
                Some(said) => said.try_into().ok(),
                None => {
                    mouth.decode_at(codec.sample_rate());
                    let encoder = encoder.get_or_insert_with(|| Encoder::new(codec));
                    let mut octets = Vec::with_capacity(FRAME_BYTES);
                    encoder.encode(mouth.frame_at(codec.sample_rate()), &mut octets);
                    octets.try_into().ok()
                }
            };
            octets.unwrap_or(*quiet(codec))
        })
    }
}
