//! Transcodes from one codec to another through linear samples.

use ezk_g722::libg722::Bitrate;
use ezk_g722::libg722::decoder::Decoder as G722Decoder;
use ezk_g722::libg722::encoder::Encoder as G722Encoder;
use turno_media_plan::Codec;

use crate::g711::{from_alaw, from_ulaw, to_alaw, to_ulaw};
use crate::resample::{Resampler, Way};

/// Most payload bytes of one packet that are transcoded: 160 ms.
pub(crate) const PAYLOAD_BYTES_MAX: usize = 1_280;

/// Decodes octets to samples; keeps the codec's state.
pub(crate) enum Decoder {
    /// Mu-law has no state.
    Pcmu,
    /// A-law has no state.
    Pcma,
    /// G.722 adapts to what it decoded.
    G722(Box<G722Decoder>),
}

impl Decoder {
    /// A decoder in its initial state.
    pub(crate) fn new(codec: Codec) -> Self {
        match codec {
            Codec::Pcmu => Self::Pcmu,
            Codec::Pcma => Self::Pcma,
            Codec::G722 => Self::G722(Box::new(G722Decoder::new(Bitrate::Mode1_64000, false, false))),
        }
    }

    /// Replaces `samples` by the decoded octets, at the codec's own rate.
    pub(crate) fn decode(&mut self, payload: &[u8], samples: &mut Vec<i16>) {
        samples.clear();
        match self {
            Self::Pcmu => samples.extend(payload.iter().map(|octet| from_ulaw(*octet))),
            Self::Pcma => samples.extend(payload.iter().map(|octet| from_alaw(*octet))),
            Self::G722(decoder) => samples.extend(decoder.decode(payload)),
        }
    }
}

/// Encodes samples to octets; keeps the codec's state.
pub(crate) enum Encoder {
    /// Mu-law has no state.
    Pcmu,
    /// A-law has no state.
    Pcma,
    /// G.722 adapts to what it encoded.
    G722(Box<G722Encoder>),
}

impl Encoder {
    /// An encoder in its initial state.
    pub(crate) fn new(codec: Codec) -> Self {
        match codec {
            Codec::Pcmu => Self::Pcmu,
            Codec::Pcma => Self::Pcma,
            Codec::G722 => Self::G722(Box::new(G722Encoder::new(Bitrate::Mode1_64000, false, false))),
        }
    }

    /// Appends the encoded samples, at the codec's own rate; G.722 takes them in pairs.
    pub(crate) fn encode(&mut self, samples: &[i16], octets: &mut Vec<u8>) {
        match self {
            Self::Pcmu => octets.extend(samples.iter().map(|sample| to_ulaw(*sample))),
            Self::Pcma => octets.extend(samples.iter().map(|sample| to_alaw(*sample))),
            Self::G722(encoder) => octets.extend(encoder.encode(&samples[..samples.len() & !1])),
        }
    }
}

/// Converts one codec to another, or to the same with a tone mixed in.
pub(crate) struct Transcoder {
    from: Codec,
    to: Codec,
    decoder: Decoder,
    resampler: Resampler,
    encoder: Encoder,
    samples: Vec<i16>,
}

impl Transcoder {
    /// A transcoder in its initial state.
    pub(crate) fn new(from: Codec, to: Codec) -> Self {
        Self {
            from,
            to,
            decoder: Decoder::new(from),
            resampler: Resampler::new(Way::between(from.sample_rate(), to.sample_rate())),
            encoder: Encoder::new(to),
            samples: Vec::with_capacity(640),
        }
    }

    /// A transcoder from parts of a mix, which keep their states.
    pub(crate) fn of(
        (from, decoder): (Codec, Decoder),
        resampler: Resampler,
        (to, encoder): (Codec, Encoder),
    ) -> Self {
        Self { from, to, decoder, resampler, encoder, samples: Vec::with_capacity(640) }
    }

    /// Its parts, for a mix that takes them over.
    pub(crate) fn into_parts(self) -> ((Codec, Decoder), Resampler, (Codec, Encoder)) {
        ((self.from, self.decoder), self.resampler, (self.to, self.encoder))
    }

    /// Whether it converts between these two codecs.
    pub(crate) fn leads(&self, from: Codec, to: Codec) -> bool {
        self.from == from && self.to == to
    }

    /// Converts `payload` and appends it to `octets`; `mix` may change the samples, which have the target codec's rate.
    pub(crate) fn convert(&mut self, payload: &[u8], mix: impl FnOnce(&mut [i16]), octets: &mut Vec<u8>) {
        self.decoder.decode(payload, &mut self.samples);
        self.resampler.convert(&mut self.samples);
        mix(&mut self.samples);
        self.encoder.encode(&self.samples, octets);
    }
}

#[cfg(test)]
#[path = "transcode_tests.rs"]
mod tests;
