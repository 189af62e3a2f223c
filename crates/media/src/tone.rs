//! The tones, as samples.

use core::f64::consts::PI;

use turno_media_plan::Tone;

/// Rise and fall time of a beep, so that it does not click.
const RAMP_MILLISECONDS: f64 = 8.0;

/// One beep of a tone.
struct Beep {
    hertz: f64,
    milliseconds: u32,
    /// Silence after it.
    gap_milliseconds: u32,
    /// Relative to the loudest square wave (RFC 6464's dBov).
    level_dbov: f64,
}

const fn beep(hertz: f64, milliseconds: u32, gap_milliseconds: u32, level_dbov: f64) -> Beep {
    Beep { hertz, milliseconds, gap_milliseconds, level_dbov }
}

/// Two short, soft, high beeps: the handling target is near.
const WARNING: &[Beep] = &[beep(600.0, 120, 120, -26.0), beep(600.0, 120, 0, -26.0)];

/// Three longer, lower beeps: the handling target is passed.
const BREACH: &[Beep] =
    &[beep(400.0, 200, 100, -24.0), beep(400.0, 200, 100, -24.0), beep(400.0, 200, 0, -24.0)];

/// Rising: confirmed.
const CONFIRM: &[Beep] = &[beep(660.0, 120, 20, -22.0), beep(880.0, 180, 0, -22.0)];

/// Low and falling: refused.
const REFUSE: &[Beep] = &[beep(350.0, 200, 40, -22.0), beep(280.0, 300, 0, -22.0)];

/// One short, high beep: somebody observes the talk.
const OBSERVED: &[Beep] = &[beep(1_000.0, 150, 0, -28.0)];

/// One long beep: speak now.
const SPEAK: &[Beep] = &[beep(1_000.0, 600, 0, -18.0)];

/// The ringing tone: one second of tone in five.
const RINGBACK: &[Beep] = &[beep(425.0, 1_000, 4_000, -20.0)];

/// A tone's samples at a rate in hertz.
pub(crate) fn samples(tone: Tone, rate: u32) -> Vec<i16> {
    let beeps = match tone {
        Tone::Warning => WARNING,
        Tone::Breach => BREACH,
        Tone::Confirm => CONFIRM,
        Tone::Refuse => REFUSE,
        Tone::Observed => OBSERVED,
        Tone::Speak => SPEAK,
    };
    synthesise(beeps, rate)
}

/// One period of the ringing tone at a rate in hertz.
pub(crate) fn ringback(rate: u32) -> Vec<i16> {
    synthesise(RINGBACK, rate)
}

fn synthesise(beeps: &[Beep], rate: u32) -> Vec<i16> {
    let mut samples = Vec::new();
    for beep in beeps {
        let length = beep.milliseconds * rate / 1_000;
        let ramp = RAMP_MILLISECONDS * f64::from(rate) / 1_000.0;
        // A sine's amplitude is its RMS value times the square root of two.
        let amplitude = 32_768.0 * 10f64.powf(beep.level_dbov / 20.0) * 2f64.sqrt();
        samples.extend((0..length).map(|place| {
            let from_edge = f64::from(place.min(length - place)) / ramp;
            let envelope = 0.5 - 0.5 * (PI * from_edge.min(1.0)).cos();
            let turn = 2.0 * PI * beep.hertz * f64::from(place) / f64::from(rate);
            (amplitude * envelope * turn.sin()).round() as i16
        }));
        let silence = beep.gap_milliseconds * rate / 1_000;
        samples.resize(samples.len() + silence as usize, 0);
    }
    samples
}

#[cfg(test)]
mod tests {
    use turno_media_plan::Tone;

    use super::{ringback, samples};
    use crate::goertzel::{level, rms};

    #[test]
    fn the_warning_is_soft_and_the_breach_is_another_tone() {
        // Two beeps at 600 Hz, about -26 dBov; three at 400 Hz.
        for rate in [8_000u32, 16_000] {
            let per_ms = rate as usize / 1_000;
            let warning = samples(Tone::Warning, rate);
            assert_eq!(warning.len(), 360 * per_ms);
            let steady = &warning[20 * per_ms..100 * per_ms];
            let dbov = 20.0 * (rms(steady) / 32_768.0).log10();
            assert!((-27.0..-25.0).contains(&dbov), "{dbov}");
            assert!(level(steady, 600.0, f64::from(rate)) > 10.0 * level(steady, 400.0, f64::from(rate)));
            assert!(rms(&warning[120 * per_ms..240 * per_ms]) < 1.0, "silence between the beeps");
            let breach = samples(Tone::Breach, rate);
            assert_eq!(breach.len(), 800 * per_ms);
            let steady = &breach[20 * per_ms..180 * per_ms];
            assert!(level(steady, 400.0, f64::from(rate)) > 10.0 * level(steady, 600.0, f64::from(rate)));
        }
    }

    #[test]
    fn the_ringing_tone_rings_one_second_in_five() {
        let tone = ringback(8_000);
        assert_eq!(tone.len(), 40_000);
        assert!(level(&tone[..8_000], 425.0, 8_000.0) > 4_000.0);
        assert!(rms(&tone[8_000..]) < 1.0);
    }
}
