//! A voice through the transcoder.

use proptest::prelude::*;
use turno_media_plan::Codec;

use crate::goertzel::{level, sine};
use crate::transcode::{Decoder, Encoder, Transcoder};

#[test]
fn a_tone_survives_every_way_between_the_codecs() {
    for from in Codec::ALL {
        for to in Codec::ALL {
            let rate = f64::from(from.sample_rate());
            let mut octets = Vec::new();
            Encoder::new(from).encode(&sine(440.0, 8_000.0, from.sample_rate() as usize, rate), &mut octets);
            let mut transcoder = Transcoder::new(from, to);
            let mut carried = Vec::new();
            for packet in octets.chunks(160) {
                let before = carried.len();
                transcoder.convert(packet, |_| {}, &mut carried);
                assert_eq!(carried.len() - before, 160, "20 ms stay 20 ms");
            }
            let mut samples = Vec::new();
            Decoder::new(to).decode(&carried, &mut samples);
            let heard = level(&samples[samples.len() / 10..], 440.0, f64::from(to.sample_rate()));
            assert!((heard - 8_000.0).abs() < 400.0, "{from:?} to {to:?}: {heard}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_octets_make_a_codec_panic(payload in prop::collection::vec(any::<u8>(), 0..400)) {
        for from in Codec::ALL {
            for to in Codec::ALL {
                let mut octets = Vec::new();
                let mut transcoder = Transcoder::new(from, to);
                transcoder.convert(&payload, |_| {}, &mut octets);
                transcoder.convert(&payload, |_| {}, &mut octets);
            }
        }
    }

    #[test]
    fn no_samples_make_a_codec_panic(samples in prop::collection::vec(any::<i16>(), 0..400)) {
        for codec in Codec::ALL {
            Encoder::new(codec).encode(&samples, &mut Vec::new());
        }
    }
}
