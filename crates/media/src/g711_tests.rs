//! Our G.711 tables compared with the recommendation's.

use crate::g711::{from_alaw, from_ulaw, to_alaw, to_ulaw};

#[test]
fn mu_law_has_the_printed_levels() {
    // ITU-T G.711, table 2a: output values at the segments' ends, in 14 bits; table 2b mirrors them.
    let printed =
        [(0x80, 8_031), (0x8f, 4_191), (0x9f, 2_079), (0xaf, 1_023), (0xbf, 495), (0xcf, 231), (0xdf, 99)];
    for (octet, level) in printed.into_iter().chain([(0xef, 33), (0xfe, 2), (0xff, 0)]) {
        assert_eq!(from_ulaw(octet), level * 4);
        assert_eq!(from_ulaw(octet & 0x7f), -level * 4);
    }
}

#[test]
fn a_law_has_the_printed_levels() {
    // ITU-T G.711, table 1a, in 13 bits; the even bits are inverted on the line.
    let printed =
        [(0xff, 4_032), (0xf0, 2_112), (0xe0, 1_056), (0xd0, 528), (0xc0, 264), (0xb0, 132), (0x80, 1)];
    for (octet, level) in printed {
        assert_eq!(from_alaw(octet ^ 0x55), level * 8);
        assert_eq!(from_alaw((octet & 0x7f) ^ 0x55), -level * 8);
    }
}

#[test]
fn every_sample_falls_into_the_interval_of_the_formula() {
    // G.711's companding laws in floating point, independent of our tables and shifts.
    for sample in i16::MIN..=i16::MAX {
        let magnitude = (f64::from(sample).abs() / 4.0).floor().min(8_158.0) + 33.0;
        let segment = magnitude.log2().floor() - 5.0;
        let step = (magnitude / 2f64.powf(segment + 1.0)).floor() - 16.0;
        let sign = if sample < 0 { 0.0 } else { 128.0 };
        let octet = (sign + 127.0 - segment * 16.0 - step) as u8;
        assert_eq!(to_ulaw(sample), octet, "mu-law of {sample}");

        let magnitude = if sample < 0 { -f64::from(sample) - 1.0 } else { f64::from(sample) } / 8.0;
        let magnitude = magnitude.floor();
        let segment = if magnitude < 32.0 { 0.0 } else { magnitude.log2().floor() - 4.0 };
        let width = 2f64.powf((segment - 1.0f64).max(0.0) + 1.0);
        let step = (magnitude / width).floor() - if segment == 0.0 { 0.0 } else { 16.0 };
        let sign = if sample < 0 { 0.0 } else { 128.0 };
        let octet = (sign + segment * 16.0 + step) as u8 ^ 0x55;
        assert_eq!(to_alaw(sample), octet, "A-law of {sample}");
    }
}

#[test]
fn what_is_decoded_encodes_to_itself() {
    for octet in 0..=255u8 {
        assert_eq!(to_alaw(from_alaw(octet)), octet);
        // Mu-law has two zeros; the negative one becomes the positive.
        let expected = if octet == 0x7f { 0xff } else { octet };
        assert_eq!(to_ulaw(from_ulaw(octet)), expected);
    }
}
