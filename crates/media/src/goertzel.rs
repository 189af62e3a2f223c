//! Measures how strong a frequency is in the samples, for tests.

use core::f64::consts::PI;

/// A sine with this amplitude.
pub(crate) fn sine(frequency: f64, amplitude: f64, samples: usize, rate: f64) -> Vec<i16> {
    (0..samples)
        .map(|n| (amplitude * (2.0 * PI * frequency * n as f64 / rate).sin()).round() as i16)
        .collect()
}

/// The amplitude of a frequency in the samples (Goertzel).
pub(crate) fn level(samples: &[i16], frequency: f64, rate: f64) -> f64 {
    let turn = 2.0 * PI * frequency / rate;
    let (mut one, mut two) = (0.0, 0.0);
    for sample in samples {
        let next = f64::from(*sample) + 2.0 * turn.cos() * one - two;
        (one, two) = (next, one);
    }
    let power: f64 = one * one + two * two - 2.0 * turn.cos() * one * two;
    power.max(0.0).sqrt() * 2.0 / samples.len() as f64
}

/// The root mean square of the samples.
pub(crate) fn rms(samples: &[i16]) -> f64 {
    let sum: f64 = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    (sum / samples.len().max(1) as f64).sqrt()
}
