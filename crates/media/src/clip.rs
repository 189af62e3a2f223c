//! A sound, encoded once for every codec.

use std::path::Path;

use turno_media_plan::Codec;

use crate::refused::MediaRefused;
use crate::resample::{Resampler, Way};
use crate::transcode::Encoder;

/// Bytes of one frame: 20 ms. All our codecs have 64 kbit/s.
pub(crate) const FRAME_BYTES: usize = 160;

/// Silence in each codec's octets: mu-law's and A-law's zeros, and the octet that G.722 decodes to almost nothing.
pub(crate) const fn silence(codec: Codec) -> u8 {
    match codec {
        Codec::Pcmu | Codec::G722 => 0xff,
        Codec::Pcma => 0xd5,
    }
}

/// The longest sound that is loaded.
const SOUND_SECONDS_MAX: u32 = 600;

/// Samples at a sampling rate.
#[derive(Clone, Debug)]
pub struct Sound {
    rate: u32,
    samples: Vec<i16>,
}

/// How a sound continues after its last sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// With silence: the last frame is padded.
    Silence,
    /// With its first sample: the codec's state at the start is that of the end.
    Loop,
}

/// A sound in frames of 20 ms, in every codec.
#[derive(Clone, Debug)]
pub(crate) struct Clip {
    octets: [Vec<u8>; Codec::ALL.len()],
    frames: usize,
}

impl Sound {
    /// A sound from generated samples.
    pub fn new(rate: u32, samples: Vec<i16>) -> Self {
        Self { rate, samples }
    }

    /// Reads a WAV file.
    ///
    /// # Errors
    /// [`MediaRefused`] says what is wrong with the file.
    pub fn read(path: &Path) -> Result<Self, MediaRefused> {
        let unplayable = |why: String| MediaRefused::Unplayable { path: path.to_owned(), why };
        let file =
            std::fs::File::open(path).map_err(|why| MediaRefused::Missing { path: path.to_owned(), why })?;
        let mut reader = hound::WavReader::new(std::io::BufReader::new(file))
            .map_err(|why| unplayable(format!("is no WAV file ({why})")))?;
        let spec = reader.spec();
        if !matches!(spec.sample_rate, 8_000 | 16_000) {
            return Err(unplayable(format!("is sampled at {} Hz, not at 8000 or 16000", spec.sample_rate)));
        }
        if spec.channels != 1 {
            return Err(unplayable(format!("has {} channels, not one", spec.channels)));
        }
        if spec.bits_per_sample != 16 || spec.sample_format != hound::SampleFormat::Int {
            return Err(unplayable(format!("has samples of {} bits, not of 16", spec.bits_per_sample)));
        }
        let promised = reader.len();
        let seconds = reader.duration() / spec.sample_rate;
        if seconds >= SOUND_SECONDS_MAX {
            return Err(unplayable(format!("lasts {seconds} s, longer than {SOUND_SECONDS_MAX} s")));
        }
        let samples: Vec<i16> = reader.samples::<i16>().map_while(Result::ok).collect();
        if samples.len() < promised as usize {
            let there = samples.len();
            return Err(unplayable(format!("is cut short: {there} of the {promised} samples are there")));
        }
        if samples.len() < 2 * FRAME_BYTES {
            return Err(unplayable(format!("is empty: it has {} samples", samples.len())));
        }
        Ok(Self { rate: spec.sample_rate, samples })
    }

    fn at(&self, rate: u32, end: End) -> Vec<i16> {
        let mut resampler = Resampler::new(Way::between(self.rate, rate));
        if end == End::Loop {
            let mut before = self.samples[self.samples.len() - self.samples.len().min(1_600)..].to_vec();
            resampler.convert(&mut before);
        }
        let mut samples = self.samples.clone();
        resampler.convert(&mut samples);
        samples
    }
}

impl Clip {
    /// Encodes a sound for every codec.
    pub(crate) fn new(sound: &Sound, end: End) -> Self {
        let octets = Codec::ALL.map(|codec| encode(sound, codec, end));
        let frames = octets.iter().map(|octets| octets.len() / FRAME_BYTES).min().unwrap_or(0);
        Self { octets, frames }
    }

    /// The number of frames.
    pub(crate) fn frames(&self) -> usize {
        self.frames
    }

    /// A frame's octets.
    pub(crate) fn frame(&self, codec: Codec, place: usize) -> Option<&[u8]> {
        let at = place.checked_mul(FRAME_BYTES)?;
        self.octets[place_of(codec)].get(at..at + FRAME_BYTES)
    }
}

/// The index of a codec in [`Codec::ALL`].
pub(crate) const fn place_of(codec: Codec) -> usize {
    match codec {
        Codec::Pcma => 0,
        Codec::Pcmu => 1,
        Codec::G722 => 2,
    }
}

fn encode(sound: &Sound, codec: Codec, end: End) -> Vec<u8> {
    let rate = codec.sample_rate();
    let frame_samples = rate as usize / 50;
    let mut samples = sound.at(rate, end);
    let mut encoder = Encoder::new(codec);
    match end {
        End::Silence => samples.resize(samples.len().next_multiple_of(frame_samples), 0),
        End::Loop => {
            samples.truncate(samples.len() / frame_samples * frame_samples);
            // The codec's state at the loop's start is that of its end.
            let tail = samples.len() - samples.len().min(frame_samples * 25);
            encoder.encode(&samples[tail..], &mut Vec::new());
        }
    }
    let mut octets = Vec::with_capacity(samples.len());
    encoder.encode(&samples, &mut octets);
    octets
}

#[cfg(test)]
#[path = "clip_tests.rs"]
mod tests;
