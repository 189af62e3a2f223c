//! Resamples between 8 kHz and 16 kHz.

use core::f32::consts::PI;

/// Taps of the low-pass filter; an odd number, so that its delay is a whole number of samples.
const TAPS: usize = 47;

/// Doubles or halves the sampling rate; keeps the filter's state.
#[derive(Clone, Debug)]
pub(crate) struct Resampler {
    way: Way,
    taps: [f32; TAPS],
    memory: Vec<f32>,
}

/// The direction of the conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// No change.
    Same,
    /// 8 kHz to 16 kHz.
    Double,
    /// 16 kHz to 8 kHz.
    Halve,
}

impl Way {
    /// The conversion between two rates of our codecs.
    pub(crate) fn between(from: u32, to: u32) -> Self {
        match from.cmp(&to) {
            core::cmp::Ordering::Less => Self::Double,
            core::cmp::Ordering::Equal => Self::Same,
            core::cmp::Ordering::Greater => Self::Halve,
        }
    }
}

impl Resampler {
    /// A resampler with an empty state.
    pub(crate) fn new(way: Way) -> Self {
        Self { way, taps: low_pass(), memory: vec![0.0; TAPS - 1] }
    }

    /// Whether it changes the rate.
    pub(crate) fn changes_rate(&self) -> bool {
        self.way != Way::Same
    }

    /// Replaces the samples by the same duration at the other rate.
    pub(crate) fn convert(&mut self, samples: &mut Vec<i16>) {
        match self.way {
            Way::Same => {}
            Way::Double => {
                // Zeros between the samples halve the level; a gain of two restores it.
                let spread = samples.iter().flat_map(|sample| [f32::from(*sample) * 2.0, 0.0]);
                self.memory.extend(spread);
                self.filter(1, samples);
            }
            Way::Halve => {
                self.memory.extend(samples.iter().map(|sample| f32::from(*sample)));
                self.filter(2, samples);
            }
        }
    }

    fn filter(&mut self, step: usize, out: &mut Vec<i16>) {
        out.clear();
        let windows = self.memory.windows(TAPS).step_by(step);
        out.extend(windows.map(|window| {
            let sum: f32 = window.iter().zip(&self.taps).map(|(sample, tap)| sample * tap).sum();
            // A cast from float saturates.
            sum.round() as i16
        }));
        let used = self.memory.len() - (TAPS - 1);
        self.memory.drain(..used);
    }
}

/// A windowed sinc with a Hamming window: cutoff at 3.7 kHz, sampling rate 16 kHz.
fn low_pass() -> [f32; TAPS] {
    let middle = (TAPS - 1) as f32 / 2.0;
    let cut = 2.0 * 3_700.0 / 16_000.0;
    let mut taps: [f32; TAPS] = core::array::from_fn(|place| {
        let x = place as f32 - middle;
        let sinc = if x == 0.0 { cut } else { (PI * cut * x).sin() / (PI * x) };
        sinc * (0.54 - 0.46 * (2.0 * PI * place as f32 / (TAPS - 1) as f32).cos())
    });
    let sum: f32 = taps.iter().sum();
    for tap in &mut taps {
        *tap /= sum;
    }
    taps
}

#[cfg(test)]
#[path = "resample_tests.rs"]
mod tests;
