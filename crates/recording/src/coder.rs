//! Encodes frames: each side by itself, so that one side is never heard on the other.

use audio_codec_algorithms::encode_alaw;
use opus_rs::{Application, OpusEncoder};

use crate::frame::{Frame, Rate, Side, SideFrame};
use crate::head::Form;

/// Most bytes of an encoded frame of one side.
pub const SIDE_BYTES_MAX: usize = 1_275;

/// Bits a second of a narrow side: the speech of a telephone, without audible loss.
const NARROW_BITRATE: i32 = 14_000;

/// Bits a second of a wide side.
const WIDE_BITRATE: i32 = 20_000;

/// After so many silent frames a side is encoded as silence once and for all, until it is heard again.
const SILENT_FRAMES: u32 = 10;

/// Encodes the frames of one part.
pub enum Coder {
    /// Opus, a mono encoder for each side.
    Opus(Box<[OpusSide; 2]>),
    /// A-law at 8 kHz.
    Alaw([Narrowing; 2]),
}

/// A frame can't be encoded: a fault of the encoder's, which costs the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotEncoded;

impl Coder {
    /// A coder for the next part.
    ///
    /// # Errors
    /// [`NotEncoded`] if the encoder can't be made.
    pub fn new(form: Form) -> Result<Self, NotEncoded> {
        Ok(match form {
            Form::Opus => Self::Opus(Box::new([OpusSide::new()?, OpusSide::new()?])),
            Form::Wav => Self::Alaw([Narrowing::default(), Narrowing::default()]),
        })
    }

    /// Appends an encoded frame: for each side its length in two bytes, then its bytes. No bytes are silence.
    ///
    /// # Errors
    /// [`NotEncoded`]; then nothing was appended.
    pub fn encode(&mut self, frame: &Frame, out: &mut Vec<u8>) -> Result<(), NotEncoded> {
        let before = out.len();
        for side in Side::BOTH {
            let heard = &frame.sides[side.index()];
            let length_at = out.len();
            out.extend([0, 0]);
            let encoded = match self {
                Self::Opus(sides) => sides[side.index()].encode(heard, out),
                Self::Alaw(sides) => {
                    sides[side.index()].encode(heard, out);
                    Ok(())
                }
            };
            if encoded.is_err() {
                out.truncate(before);
                return Err(NotEncoded);
            }
            let length = u16::try_from(out.len() - length_at - 2).map_err(|_| NotEncoded)?;
            out[length_at..length_at + 2].copy_from_slice(&length.to_be_bytes());
        }
        Ok(())
    }
}

impl core::fmt::Debug for Coder {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Opus(_) => "Opus",
            Self::Alaw(_) => "Alaw",
        })
    }
}

/// One side's Opus encoder.
pub struct OpusSide {
    encoder: OpusEncoder,
    rate: Rate,
    silent: u32,
}

impl OpusSide {
    fn new() -> Result<Self, NotEncoded> {
        Ok(Self { encoder: encoder(Rate::Narrow)?, rate: Rate::Narrow, silent: 0 })
    }

    fn encode(&mut self, heard: &SideFrame, out: &mut Vec<u8>) -> Result<(), NotEncoded> {
        let is_silent = heard.samples.is_empty();
        if is_silent && self.silent >= SILENT_FRAMES {
            // Read back as silence; it costs no encoding.
            return Ok(());
        }
        if heard.rate != self.rate || (!is_silent && self.silent >= SILENT_FRAMES) {
            // An encoder that knows nothing of what was before it begins as the decoder needs it.
            (self.encoder, self.rate) = (encoder(heard.rate)?, heard.rate);
        }
        self.silent = if is_silent { self.silent + 1 } else { 0 };
        let silence = [0; 320];
        let samples = if is_silent { &silence[..heard.rate.per_frame()] } else { &heard.samples };
        let mut packet = [0; SIDE_BYTES_MAX];
        let length = self.encoder.encode_i16(samples, heard.rate.per_frame(), &mut packet);
        let packet = packet.get(..length.map_err(|_| NotEncoded)?).ok_or(NotEncoded)?;
        // One frame in one packet: code 0 (RFC 6716, 3.2.2). Ogg's form of two streams relies on it.
        if packet.first().is_none_or(|toc| toc & 3 != 0) {
            return Err(NotEncoded);
        }
        out.extend_from_slice(packet);
        Ok(())
    }
}

fn encoder(rate: Rate) -> Result<OpusEncoder, NotEncoded> {
    let hertz = i32::try_from(rate.hertz()).map_err(|_| NotEncoded)?;
    let mut encoder = OpusEncoder::new(hertz, 1, Application::Voip).map_err(|_| NotEncoded)?;
    encoder.complexity = 0;
    encoder.bitrate_bps = match rate {
        Rate::Narrow => NARROW_BITRATE,
        Rate::Wide => WIDE_BITRATE,
    };
    Ok(encoder)
}

/// One side's way to 8 kHz: a half-band filter before every other sample is left out.
#[derive(Debug, Default)]
pub struct Narrowing {
    before: [i16; 6],
}

impl Narrowing {
    fn encode(&mut self, heard: &SideFrame, out: &mut Vec<u8>) {
        match heard.rate {
            Rate::Narrow => out.extend(heard.samples.iter().map(|sample| encode_alaw(*sample))),
            Rate::Wide if heard.samples.is_empty() => self.before = [0; 6],
            Rate::Wide => {
                let all: Vec<i32> =
                    self.before.iter().chain(&heard.samples).map(|sample| i32::from(*sample)).collect();
                for tap in all.windows(7).step_by(2) {
                    let sum = 16 * tap[3] + 9 * (tap[2] + tap[4]) - (tap[0] + tap[6]);
                    let sample = (sum / 32).clamp(i32::from(i16::MIN), i32::from(i16::MAX));
                    out.push(encode_alaw(i16::try_from(sample).unwrap_or_default()));
                }
                let last = heard.samples.len() - self.before.len();
                self.before.copy_from_slice(&heard.samples[last..]);
            }
        }
    }
}
