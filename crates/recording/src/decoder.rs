//! Decodes frames to linear sound, and reads a recording's frames in order.

use audio_codec_algorithms::decode_alaw;
use opus_rs::OpusDecoder;

use crate::frame::{Rate, Side};
use crate::head::Form;

/// An encoded frame of both sides, as it is in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoded {
    /// The sides, caller first; no bytes are silence.
    pub sides: [Vec<u8>; 2],
}

/// Splits the payload of a sound record into frames.
///
/// `None` if it is none.
pub fn split(mut payload: &[u8]) -> Option<Vec<Encoded>> {
    let mut frames = Vec::new();
    while !payload.is_empty() {
        let mut frame = Encoded::default();
        for side in &mut frame.sides {
            let (length, rest) = payload.split_first_chunk::<2>()?;
            let (bytes, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
            side.extend_from_slice(bytes);
            payload = rest;
        }
        frames.push(frame);
    }
    Some(frames)
}

/// Decodes a recording's frames, in order, to interleaved samples of both sides.
pub struct Decoder {
    form: Form,
    opus: Option<[OpusDecoder; 2]>,
}

impl Decoder {
    /// A decoder for a recording.
    pub fn new(form: Form) -> Self {
        let side = || OpusDecoder::new(16_000, 1).ok();
        let opus = match form {
            Form::Opus => side().zip(side()).map(|(one, other)| [one, other]),
            Form::Wav => None,
        };
        Self { form, opus }
    }

    /// The rate of what it gives.
    pub const fn rate(&self) -> Rate {
        match self.form {
            Form::Opus => Rate::Wide,
            Form::Wav => Rate::Narrow,
        }
    }

    /// Appends a frame's samples, left and right in turn. A side that can't be decoded is silence.
    pub fn decode(&mut self, frame: &Encoded, out: &mut Vec<i16>) {
        let length = self.rate().per_frame();
        let mut sides = [vec![0i16; length], vec![0i16; length]];
        for side in Side::BOTH {
            let (bytes, samples) = (&frame.sides[side.index()], &mut sides[side.index()]);
            match &mut self.opus {
                Some(_) if bytes.is_empty() => {}
                Some(decoders) => decode_opus(&mut decoders[side.index()], bytes, samples),
                None => {
                    for (sample, octet) in samples.iter_mut().zip(bytes) {
                        *sample = decode_alaw(*octet);
                    }
                }
            }
        }
        out.extend(sides[0].iter().zip(&sides[1]).flat_map(|(left, right)| [*left, *right]));
    }
}

impl core::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Decoder").field("form", &self.form).finish_non_exhaustive()
    }
}

fn decode_opus(decoder: &mut OpusDecoder, bytes: &[u8], samples: &mut [i16]) {
    let mut decoded = vec![0f32; samples.len()];
    if decoder.decode(bytes, samples.len(), &mut decoded).is_ok() {
        for (sample, value) in samples.iter_mut().zip(decoded) {
            *sample = (value * 32_768.0).clamp(-32_768.0, 32_767.0) as i16;
        }
    }
}
