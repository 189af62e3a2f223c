//! Mixes what members hear: the other voices of the bridge, encoded once for all who hear the same in one codec.

use turno_media_plan::Codec;

use crate::bridge::mouth::Mouth;
use crate::clip::{FRAME_BYTES, silence};
use crate::transcode::Encoder;

/// Samples of a frame at 16 kHz.
const FRAME_SAMPLES_MAX: usize = 320;

/// Listeners who hear the same voices in the same codec.
pub(crate) struct Ear {
    /// The speakers, by seat.
    pub(crate) heard: Seats,
    /// The listeners, by seat.
    pub(crate) listeners: Seats,
    /// The first listener's slot: the encoder's state is that of its phone.
    pub(crate) first: usize,
    /// The listeners' codec.
    pub(crate) codec: Codec,
    /// Whether it has one listener only, because a tone is mixed in for that one.
    pub(crate) is_private: bool,
    /// The mix of this tick.
    pub(crate) samples: Vec<i16>,
    /// The mix, encoded.
    pub(crate) octets: Vec<u8>,
    /// The encoder; its state follows what the phone has heard.
    pub(crate) encoder: Encoder,
}

/// A set of a bridge's seats, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seats(u8);

impl Seats {
    /// Adds a seat.
    pub(crate) fn add(&mut self, place: usize) {
        self.0 |= 1 << place;
    }

    /// Whether the set contains a seat.
    pub(crate) const fn has(self, place: usize) -> bool {
        self.0 >> place & 1 == 1
    }

    /// The seat, if it is the only one.
    pub(crate) const fn only(self) -> Option<usize> {
        if self.0.count_ones() == 1 { Some(self.0.trailing_zeros() as usize) } else { None }
    }

    /// Whether the set is empty.
    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl Ear {
    /// An ear of one listener, with a new encoder.
    pub(crate) fn new(heard: Seats, codec: Codec, (place, first): (usize, usize), is_private: bool) -> Self {
        let mut listeners = Seats::default();
        listeners.add(place);
        Self {
            heard,
            listeners,
            first,
            codec,
            is_private,
            samples: Vec::with_capacity(FRAME_SAMPLES_MAX),
            octets: Vec::with_capacity(FRAME_SAMPLES_MAX),
            encoder: Encoder::new(codec),
        }
    }

    /// Takes over the encoder of an earlier ear of the same phone and codec.
    pub(crate) fn inherit(&mut self, before: &mut [Self]) {
        let same = |ear: &&mut Self| ear.first == self.first && ear.codec == self.codec;
        if let Some(ear) = before.iter_mut().find(same) {
            core::mem::swap(&mut self.encoder, &mut ear.encoder);
        }
    }

    /// Whether any of the speakers says something in this tick.
    pub(crate) fn hears_any<'a>(&self, mouths: impl Iterator<Item = (usize, &'a Mouth)>) -> bool {
        self.heard_of(mouths).any(|mouth| mouth.speaks())
    }

    /// Takes these octets unchanged, or silence if there are none.
    pub(crate) fn pass(&mut self, octets: &[u8]) {
        self.octets.clear();
        self.octets.extend_from_slice(octets);
        if octets.is_empty() {
            self.octets.resize(FRAME_BYTES, silence(self.codec));
        }
    }

    /// Sums the voices of this tick, or silence if there are none, and encodes the sum; `add` may mix something in.
    pub(crate) fn mix<'a>(
        &mut self,
        mouths: impl Iterator<Item = (usize, &'a Mouth)>,
        add: impl FnOnce(&mut [i16]),
    ) {
        let rate = self.codec.sample_rate();
        let mut sums = [0i32; FRAME_SAMPLES_MAX];
        let mut length = 0;
        for mouth in self.heard_of(mouths) {
            let frame = mouth.frame_at(rate);
            for (sum, sample) in sums.iter_mut().zip(frame) {
                *sum += i32::from(*sample);
            }
            length = length.max(frame.len().min(FRAME_SAMPLES_MAX));
        }
        if length == 0 {
            length = rate as usize / 50;
        }
        self.samples.clear();
        let (least, most) = (i32::from(i16::MIN), i32::from(i16::MAX));
        self.samples.extend(sums[..length].iter().map(|sum| (*sum).clamp(least, most) as i16));
        add(&mut self.samples);
        self.octets.clear();
        self.encoder.encode(&self.samples, &mut self.octets);
    }

    fn heard_of<'a>(
        &self,
        mouths: impl Iterator<Item = (usize, &'a Mouth)>,
    ) -> impl Iterator<Item = &'a Mouth> {
        let heard = self.heard;
        mouths.filter(move |(place, _)| heard.has(*place)).map(|(_, mouth)| mouth)
    }
}
