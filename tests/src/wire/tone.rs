//! Writes a tone as a WAV file, and detects the frequency in a recorded one.

use core::f32::consts::TAU;
use core::time::Duration;
use std::path::Path;

/// The sampling rate of all files here.
const RATE: u32 = 8_000;

/// Writes `seconds` of a sine of `hertz`, 12 dB below full scale.
pub fn write_tone(file: &Path, hertz: u32, seconds: u32) {
    let form = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut wav = hound::WavWriter::create(file, form).expect("the test's folder can be written");
    for at in 0..RATE * seconds {
        let phase = TAU * hertz as f32 * (at % RATE) as f32 / RATE as f32;
        wav.write_sample((8_000.0 * phase.sin()) as i16).expect("the test's folder can be written");
    }
    wav.finalize().expect("the test's folder can be written");
}

/// The frequency among `candidates` that holds at least half the energy of the loudest second of a WAV file.
pub fn dominant_hertz(file: &Path, candidates: &[u32]) -> Option<u32> {
    let mut wav = hound::WavReader::open(file).ok()?;
    let form = wav.spec();
    let step = usize::from(form.channels.max(1));
    let samples: Vec<f32> =
        wav.samples::<i16>().step_by(step).filter_map(Result::ok).map(f32::from).collect();
    let second = samples
        .chunks(form.sample_rate as usize)
        .max_by(|one, other| energy(one).total_cmp(&energy(other)))?;
    let whole = energy(second) * second.len() as f32 / 2.0;
    let (hertz, power) = candidates
        .iter()
        .map(|hertz| (*hertz, power(second, *hertz as f32 / form.sample_rate as f32)))
        .max_by(|one, other| one.1.total_cmp(&other.1))?;
    (energy(second) > 10_000.0 * second.len() as f32 && power * 2.0 > whole).then_some(hertz)
}

/// How many whole seconds of a WAV file contain this tone, with at least half of the energy.
pub fn seconds_of(file: &Path, hertz: u32) -> usize {
    let Ok(mut wav) = hound::WavReader::open(file) else { return 0 };
    let form = wav.spec();
    let step = usize::from(form.channels.max(1));
    let samples: Vec<f32> =
        wav.samples::<i16>().step_by(step).filter_map(Result::ok).map(f32::from).collect();
    let is_tone = |second: &[f32]| {
        let whole = energy(second) * second.len() as f32 / 2.0;
        let power = power(second, hertz as f32 / form.sample_rate as f32);
        energy(second) > 10_000.0 * second.len() as f32 && power * 2.0 > whole
    };
    samples.chunks_exact(form.sample_rate as usize).filter(|second| is_tone(second)).count()
}

/// Whether any whole second of a WAV file contains this tone, perhaps among others, with at least a tenth of the
/// energy.
pub fn has_tone(file: &Path, hertz: u32) -> bool {
    let Ok(mut wav) = hound::WavReader::open(file) else { return false };
    let form = wav.spec();
    let step = usize::from(form.channels.max(1));
    let samples: Vec<f32> =
        wav.samples::<i16>().step_by(step).filter_map(Result::ok).map(f32::from).collect();
    let has_tone = |second: &[f32]| {
        let whole = energy(second) * second.len() as f32 / 2.0;
        let power = power(second, hertz as f32 / form.sample_rate as f32);
        energy(second) > 10_000.0 * second.len() as f32 && power * 10.0 > whole
    };
    samples.chunks_exact(form.sample_rate as usize).any(has_tone)
}

/// The longest time without this tone between its first and its last sound in a WAV file, in steps of 20 ms.
pub fn longest_silence_of(file: &Path, hertz: u32) -> Duration {
    let Ok(mut wav) = hound::WavReader::open(file) else { return Duration::MAX };
    let form = wav.spec();
    let step = usize::from(form.channels.max(1));
    let samples: Vec<f32> =
        wav.samples::<i16>().step_by(step).filter_map(Result::ok).map(f32::from).collect();
    let is_tone = |part: &[f32]| {
        let whole = energy(part) * part.len() as f32 / 2.0;
        energy(part) > 10_000.0 * part.len() as f32
            && power(part, hertz as f32 / form.sample_rate as f32) * 2.0 > whole
    };
    let parts: Vec<bool> = samples.chunks_exact(form.sample_rate as usize / 50).map(is_tone).collect();
    let sounds = parts.iter().position(|is| *is).zip(parts.iter().rposition(|is| *is));
    let Some((first, last)) = sounds else { return Duration::MAX };
    let silences = parts[first..=last].split(|is| *is).map(<[bool]>::len);
    Duration::from_millis(20) * u32::try_from(silences.max().unwrap_or(0)).unwrap_or(u32::MAX)
}

fn energy(samples: &[f32]) -> f32 {
    samples.iter().map(|sample| sample * sample).sum()
}

/// Goertzel's filter, with `turns` of the tone in one sample.
fn power(samples: &[f32], turns: f32) -> f32 {
    let coefficient = 2.0 * f64::from(TAU * turns).cos();
    let (mut last, mut before) = (0.0f64, 0.0f64);
    for sample in samples {
        let next = f64::from(*sample) + coefficient * last - before;
        before = core::mem::replace(&mut last, next);
    }
    (last * last + before * before - coefficient * last * before) as f32
}
