//! A tone keeps its frequency and level at the other rate.

use crate::goertzel::{level, sine};
use crate::resample::{Resampler, Way};

/// Converted in frames of 20 ms, as packets come; the first 100 ms are dropped, because the filter starts there.
fn through(way: Way, samples: &[i16], frame: usize) -> Vec<i16> {
    let mut resampler = Resampler::new(way);
    let mut out = Vec::new();
    for piece in samples.chunks(frame) {
        let mut piece = piece.to_vec();
        resampler.convert(&mut piece);
        out.extend(piece);
    }
    out
}

#[test]
fn a_tone_keeps_its_pitch_and_level_both_ways() {
    for frequency in [300.0, 440.0, 1_000.0, 3_000.0] {
        let up = through(Way::Double, &sine(frequency, 8_000.0, 8_000, 8_000.0), 160);
        assert_eq!(up.len(), 16_000);
        let there = level(&up[1_600..], frequency, 16_000.0);
        assert!((there - 8_000.0).abs() < 160.0, "{frequency} Hz up: {there}");
        let image = level(&up[1_600..], 8_000.0 - frequency, 16_000.0);
        assert!(image < 100.0, "the image of {frequency} Hz: {image}");
        let down = through(Way::Halve, &sine(frequency, 8_000.0, 16_000, 16_000.0), 320);
        assert_eq!(down.len(), 8_000);
        let there = level(&down[800..], frequency, 8_000.0);
        assert!((there - 8_000.0).abs() < 160.0, "{frequency} Hz down: {there}");
    }
}

#[test]
fn what_8_khz_cannot_carry_is_removed_not_folded() {
    let down = through(Way::Halve, &sine(6_000.0, 8_000.0, 16_000, 16_000.0), 320);
    let folded = level(&down[800..], 2_000.0, 8_000.0);
    assert!(folded < 80.0, "{folded}");
}

#[test]
fn the_loudest_sample_does_not_wrap() {
    let up = through(Way::Double, &[i16::MAX; 800], 160);
    assert!(up[200..].iter().all(|sample| *sample > 30_000));
}
