//! Whether somebody speaks: how loud a frame is, how much voice a message has, and where its silent end begins.

use core::time::Duration;

use crate::frame::{FRAME_SPAN, SideFrame};
use crate::opened::Opened;

/// A frame is voice from this root mean square on, of 32768: about -42 dBov. Quiet lines and comfort noise are below.
const VOICE_RMS: i64 = 260;

/// What is left of the silence at the end of a message.
const TAIL: usize = 25;

/// Whether these samples are louder than a quiet line.
pub fn is_voice(samples: &[i16]) -> bool {
    let Ok(count) = i64::try_from(samples.len()) else { return false };
    let energy: i64 = samples.iter().map(|sample| i64::from(*sample) * i64::from(*sample)).sum();
    count > 0 && energy > VOICE_RMS * VOICE_RMS * count
}

/// Counts voice and silence in frames as they come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VoiceMeter {
    voiced: u64,
    silent: u64,
}

impl VoiceMeter {
    /// Takes the next frame of a side.
    pub fn hear(&mut self, frame: &SideFrame) {
        if is_voice(&frame.samples) {
            self.voiced += 1;
            self.silent = 0;
        } else {
            self.silent += 1;
        }
    }

    /// How long there was a voice.
    pub fn voiced(&self) -> Duration {
        FRAME_SPAN * u32::try_from(self.voiced).unwrap_or(u32::MAX)
    }

    /// How long there has been none.
    pub fn silent(&self) -> Duration {
        FRAME_SPAN * u32::try_from(self.silent).unwrap_or(u32::MAX)
    }

    /// Silence counts anew.
    pub const fn listen_anew(&mut self) {
        self.silent = 0;
    }
}

/// How long there is a voice on the caller's side of a recording.
pub fn voiced(opened: &Opened) -> Duration {
    let (rate, samples) = opened.samples();
    let caller: Vec<i16> = samples.iter().copied().step_by(2).collect();
    let frames = caller.chunks(rate.per_frame()).filter(|frame| is_voice(frame)).count();
    FRAME_SPAN * u32::try_from(frames).unwrap_or(u32::MAX)
}

/// The caller's side of interleaved samples, without most of the silence at its end.
pub fn spoken(samples: &[i16], per_frame: usize) -> Vec<i16> {
    let caller: Vec<i16> = samples.iter().copied().step_by(2).collect();
    let last = caller.chunks(per_frame.max(1)).rposition(is_voice).map_or(0, |last| last + 1 + TAIL);
    let until = caller.len().min(last * per_frame);
    caller[..until].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Rate;

    fn frame(amplitude: i16) -> SideFrame {
        let samples = (0..160).map(|at| if at % 8 < 4 { amplitude } else { -amplitude }).collect();
        SideFrame { rate: Rate::Narrow, samples }
    }

    #[test]
    fn a_voice_is_told_from_a_quiet_line() {
        let mut meter = VoiceMeter::default();
        let nothing = SideFrame { rate: Rate::Narrow, samples: Vec::new() };
        for (heard, many) in [(frame(3_000), 50), (frame(40), 30), (nothing, 20)] {
            (0..many).for_each(|_| meter.hear(&heard));
        }
        assert_eq!((meter.voiced(), meter.silent()), (Duration::from_secs(1), Duration::from_secs(1)));
        meter.hear(&frame(3_000));
        assert_eq!(meter.silent(), Duration::ZERO);
    }

    #[test]
    fn the_silent_end_of_a_message_is_cut() {
        let mut both = Vec::new();
        for amplitude in [3_000, 0] {
            for sample in (0..100).flat_map(|_| frame(amplitude).samples) {
                both.extend([sample, 0]);
            }
        }
        assert_eq!(spoken(&both, 160).len(), (100 + TAIL) * 160);
        assert!(spoken(&[0; 3_200], 160).is_empty());
    }
}
