//! G.711: sixteen bits to eight and back (ITU-T G.711).

use turno_media_plan::Codec;

/// One linear sample as an octet; a codec other than A-law is taken for mu-law.
pub(crate) fn encode(codec: Codec, sample: i16) -> u8 {
    match codec {
        Codec::Pcma => encode_alaw(sample),
        Codec::Pcmu | Codec::G722 => encode_ulaw(sample),
    }
}

/// One octet as a linear sample; a codec other than A-law is taken for mu-law.
pub(crate) fn decode(codec: Codec, octet: u8) -> i16 {
    match codec {
        Codec::Pcma => decode_alaw(octet),
        Codec::Pcmu | Codec::G722 => decode_ulaw(octet),
    }
}

/// The loudest magnitude that mu-law can carry once its bias is added.
const ULAW_CLIP: u16 = 32_635;
/// What mu-law adds so that every segment begins at a power of two.
const ULAW_BIAS: u16 = 132;

fn encode_ulaw(sample: i16) -> u8 {
    let sign = if sample < 0 { 0x80 } else { 0 };
    let biased = sample.unsigned_abs().min(ULAW_CLIP) + ULAW_BIAS;
    // The bias makes bit 7 the lowest leading one and the clip makes bit 14 the highest.
    let segment = 8u32.saturating_sub(biased.leading_zeros()) as u8;
    let mantissa = (biased >> (segment + 3)) as u8 & 0x0F;
    !(sign | (segment << 4) | mantissa)
}

fn decode_ulaw(octet: u8) -> i16 {
    let bits = !octet;
    let segment = (bits >> 4) & 7;
    let magnitude = (((u16::from(bits & 0x0F) << 3) + ULAW_BIAS) << segment) - ULAW_BIAS;
    signed(magnitude, bits & 0x80 == 0)
}

fn encode_alaw(sample: i16) -> u8 {
    let positive = sample >= 0;
    // Thirteen bits; negative values are counted from -1 so that there is no second zero.
    let magnitude = if positive { sample >> 3 } else { !sample >> 3 } as u16;
    let magnitude = magnitude.min(0x0FFF);
    let segment = 16u32.saturating_sub(magnitude.leading_zeros()).saturating_sub(5) as u8;
    let mantissa = (magnitude >> segment.max(1)) as u8 & 0x0F;
    (if positive { 0x80 } else { 0 } | (segment << 4) | mantissa) ^ 0x55
}

fn decode_alaw(octet: u8) -> i16 {
    let bits = octet ^ 0x55;
    let segment = (bits >> 4) & 7;
    let step = (u16::from(bits & 0x0F) << 4) + 8;
    let magnitude = if segment == 0 { step } else { (step + 0x100) << (segment - 1) };
    signed(magnitude, bits & 0x80 != 0)
}

fn signed(magnitude: u16, positive: bool) -> i16 {
    let magnitude = i16::try_from(magnitude).unwrap_or(i16::MAX);
    if positive { magnitude } else { -magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_octet_that_is_heard_is_said_again_the_same() {
        // ITU-T G.711: decoding and encoding again is the identity, but for mu-law's second zero.
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
