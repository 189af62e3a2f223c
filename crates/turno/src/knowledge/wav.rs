//! What a voice program writes, as a sound that turno plays: WAV of any rate into one channel of 16 bits at 8,000 Hz.

use std::f64::consts::PI;

/// Samples in a second of what turno gets: a telephone hears no more, and the files stay small.
const RATE: u32 = 8_000;

/// Nothing above passes, in parts of the rate of what turno gets.
const PASSED: f64 = 0.45;

/// Samples of the result on each side by which one sample is made.
const REACH: f64 = 24.0;

/// The loudest sample.
const PEAK: f64 = 18_000.0;

/// Quieter is silence at the ends.
const SILENCE: f64 = 40.0;

/// Samples of silence before and after.
const BEFORE: usize = 640;
const AFTER: usize = 1_600;

/// The file that turno plays.
///
/// # Errors
/// What is wrong with what the program wrote.
pub(super) fn playable(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let (rate, samples) = read(bytes)?;
    let mut samples = resampled(&samples, rate);
    let loudest = samples.iter().fold(0.0_f64, |loudest, sample| loudest.max(sample.abs()));
    if loudest < SILENCE {
        return Err("it is silent".to_owned());
    }
    samples.iter_mut().for_each(|sample| *sample *= PEAK / loudest);
    let is_sound = |sample: &f64| sample.abs() >= SILENCE;
    let first = samples.iter().position(is_sound).unwrap_or_default();
    let last = samples.iter().rposition(is_sound).unwrap_or_default();
    let silence = |many: usize| core::iter::repeat_n(0.0, many);
    let spoken = samples[first..=last].iter().copied();
    Ok(write(&silence(BEFORE).chain(spoken).chain(silence(AFTER)).collect::<Vec<_>>()))
}

/// The rate and the samples of the first channel. A program that writes into a pipe does not know the length beforehand, so that
/// the promised one is not believed.
fn read(bytes: &[u8]) -> Result<(u32, Vec<f64>), String> {
    if !(bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WAVE")) {
        return Err("it is no WAV file".to_owned());
    }
    let mut form = None;
    let mut rest = bytes.get(12..).unwrap_or_default();
    while let (Some(name), Some(length)) = (rest.get(..4), number(rest, 4, 4)) {
        let body = rest.get(8..).unwrap_or_default();
        let length = usize::try_from(length).unwrap_or(usize::MAX).min(body.len());
        if name == b"fmt " {
            form =
                number(body, 0, 2).zip(number(body, 2, 2)).zip(number(body, 4, 4).zip(number(body, 14, 2)));
        } else if name == b"data" {
            let Some(((1, channels @ 1..=8), (rate @ 4_000..=192_000, 16))) = form else {
                return Err("it has no samples of 16 bits".to_owned());
            };
            let frame = 2 * usize::try_from(channels).unwrap_or(1);
            let first = |frame: &[u8]| f64::from(i16::from_le_bytes([frame[0], frame[1]]));
            return Ok((rate, body[..length].chunks_exact(frame).map(first).collect()));
        }
        rest = body.get(length + length % 2..).unwrap_or_default();
    }
    Err("it has no samples".to_owned())
}

fn number(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let digits = bytes.get(at..at + length)?;
    Some(digits.iter().rev().fold(0, |number, digit| number << 8 | u32::from(*digit)))
}

/// The same at the telephone's rate, by a windowed sinc.
fn resampled(samples: &[f64], rate: u32) -> Vec<f64> {
    let step = f64::from(rate) / f64::from(RATE);
    // What is slower than the telephone has nothing above its own band either.
    let (cut, reach) = (2.0 * PASSED / step.max(1.0), REACH * step.max(1.0));
    let many = (samples.len() as f64 / step) as usize;
    let sample = |at: usize| {
        let middle = at as f64 * step;
        let (from, to) =
            ((middle - reach).max(0.0) as usize, ((middle + reach) as usize + 1).min(samples.len()));
        let weighed = (from..to).map(|near| samples[near] * weight(near as f64 - middle, cut, reach));
        weighed.sum()
    };
    (0..many).map(sample).collect()
}

fn weight(away: f64, cut: f64, reach: f64) -> f64 {
    let angle = PI * away * cut;
    let sinc = if angle.abs() < 1e-9 { 1.0 } else { angle.sin() / angle };
    let window = 0.5 + 0.5 * (PI * (away / reach).clamp(-1.0, 1.0)).cos();
    cut * sinc * window
}

fn write(samples: &[f64]) -> Vec<u8> {
    let length = u32::try_from(samples.len() * 2).unwrap_or(u32::MAX - 36);
    let mut bytes = Vec::with_capacity(44 + samples.len() * 2);
    bytes.extend(b"RIFF");
    bytes.extend((36 + length).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16_u32.to_le_bytes());
    bytes.extend([1, 0, 1, 0]);
    bytes.extend(RATE.to_le_bytes());
    bytes.extend((RATE * 2).to_le_bytes());
    bytes.extend([2, 0, 16, 0]);
    bytes.extend(b"data");
    bytes.extend(length.to_le_bytes());
    samples.iter().for_each(|sample| bytes.extend((sample.round() as i16).to_le_bytes()));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tone as a program writes it into a pipe: the length is a wild promise.
    fn tone(hertz: f64, rate: u32, seconds: f64) -> Vec<u8> {
        let many = (f64::from(rate) * seconds) as usize;
        let angle = |at: usize| 2.0 * PI * hertz * at as f64 / f64::from(rate);
        let mut bytes = write(&(0..many).map(|at| angle(at).sin() * 9_000.0).collect::<Vec<_>>());
        bytes[24..28].copy_from_slice(&rate.to_le_bytes());
        bytes[40..44].copy_from_slice(&0x7fff_f000_u32.to_le_bytes());
        bytes
    }

    /// The strength of a tone in the middle of a file of ours.
    fn strength(file: &[u8], hertz: f64) -> f64 {
        let (rate, samples) = read(file).expect("a WAV file");
        let middle = &samples[samples.len() / 4..samples.len() * 3 / 4];
        let (mut sines, mut cosines) = (0.0, 0.0);
        for (at, sample) in middle.iter().enumerate() {
            let angle = 2.0 * PI * hertz * at as f64 / f64::from(rate);
            sines += sample * angle.sin();
            cosines += sample * angle.cos();
        }
        2.0 * (sines * sines + cosines * cosines).sqrt() / middle.len() as f64
    }

    #[test]
    fn a_tone_of_any_rate_stays_the_same_tone_and_what_a_telephone_cannot_carry_is_gone() {
        for rate in [8_000, 16_000, 22_050, 44_100] {
            let made = playable(&tone(1_000.0, rate, 1.0)).expect("a sound");
            assert!(
                (strength(&made, 1_000.0) - PEAK).abs() < PEAK * 0.03,
                "{rate}: {}",
                strength(&made, 1_000.0)
            );
            let (got, samples) = read(&made).expect("a WAV file");
            assert_eq!(got, RATE);
            assert!(samples.len().abs_diff(8_000 + BEFORE + AFTER) < 50, "{rate}: {}", samples.len());
        }
        let (rate, high) = read(&tone(5_000.0, 22_050, 1.0)).expect("a WAV file");
        let heard = resampled(&high, rate);
        let loudest =
            heard[200..heard.len() - 200].iter().fold(0.0_f64, |most, sample| most.max(sample.abs()));
        assert!(loudest < 90.0, "5 kHz would come back as 3 kHz: {loudest}");
    }

    #[test]
    fn what_is_no_sound_is_refused_and_never_breaks_anything() {
        let whole = tone(500.0, 16_000, 0.1);
        for length in 0..60.min(whole.len()) {
            assert!(playable(&whole[..length]).is_err() || length > 44, "{length}");
        }
        assert!(playable(b"RIFF\0\0\0\0WAVEfmt \xff\xff\xff\xff").is_err());
        assert!(playable(&write(&[0.0; 9_000])).is_err(), "silence");
    }
}
