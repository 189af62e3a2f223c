//! G.711 of a phone: from another library than the engine's, so that an error in either one is heard.

use audio_codec_algorithms::{decode_alaw, decode_ulaw, encode_alaw, encode_ulaw};
use turno_media_plan::Codec;

/// One linear sample as an octet; every codec other than A-law is encoded as mu-law.
pub(crate) fn encode(codec: Codec, sample: i16) -> u8 {
    match codec {
        Codec::Pcma => encode_alaw(sample),
        Codec::Pcmu | Codec::G722 => encode_ulaw(sample),
    }
}

/// One octet as a linear sample; every codec other than A-law is decoded as mu-law.
pub(crate) fn decode(codec: Codec, octet: u8) -> i16 {
    match codec {
        Codec::Pcma => decode_alaw(octet),
        Codec::Pcmu | Codec::G722 => decode_ulaw(octet),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_octet_that_is_heard_is_said_again_the_same() {
        // ITU-T G.711: decoding and encoding again gives the same octet, except for mu-law's second zero.
        for octet in 0..=255u8 {
            assert_eq!(encode(Codec::Pcma, decode(Codec::Pcma, octet)), octet, "A-law {octet:#x}");
            let again = encode(Codec::Pcmu, decode(Codec::Pcmu, octet));
            assert!(again == octet || octet == 0x7F, "mu-law {octet:#x} became {again:#x}");
        }
    }

    #[test]
    fn a_voice_keeps_its_loudness_within_a_segment() {
        for codec in [Codec::Pcma, Codec::Pcmu] {
            for sample in (-32_600..32_600i32).step_by(37) {
                let sample = i16::try_from(sample).expect("within sixteen bits");
                let error = i32::from(decode(codec, encode(codec, sample))) - i32::from(sample);
                assert!(error.abs() <= 8 + i32::from(sample).abs() / 16, "{codec:?} {sample} off by {error}");
            }
        }
    }

    #[test]
    fn silence_has_the_octets_that_the_tables_print() {
        assert_eq!(encode(Codec::Pcma, 0), 0xD5);
        assert_eq!(encode(Codec::Pcmu, 0), 0xFF);
    }
}
