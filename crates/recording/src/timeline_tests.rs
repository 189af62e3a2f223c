//! Tests of the timeline: what comes late, twice, or with a clock of its own.

use proptest::prelude::*;

use super::*;

const FRAME: [i16; 160] = [100; 160];

fn piece(side: Side, speaker: u64, at: u64, timestamp: u32) -> Piece<'static> {
    Piece { side, speaker, at, timestamp, rate: Rate::Narrow, samples: &FRAME }
}

fn heard(frames: &[Frame], side: Side) -> Vec<bool> {
    frames.iter().map(|frame| !frame.sides[side.index()].samples.is_empty()).collect()
}

#[test]
fn a_voice_that_trembles_is_written_without_a_seam() {
    // Wound: pieces put where they came had gaps and overlaps at every tremble of the network.
    let mut line = Timeline::new(0);
    for number in 0..50u64 {
        let trembles = [0, 300, 90, 500, 10][(number % 5) as usize];
        line.put(piece(Side::Caller, 1, number * 160 + trembles, 4_000_000_000 + number as u32 * 160));
    }
    let frames: Vec<Frame> = line.frames_until(50 * 160 + WAIT).collect();
    assert_eq!(frames.len(), 50);
    assert!(frames.iter().all(|frame| frame.sides[0].samples == FRAME));
    assert!(heard(&frames, Side::Agent).iter().all(|it| !it));
    assert_eq!(line.late(), 0);
}

#[test]
fn what_was_paused_is_silence_of_the_same_length_on_both_sides() {
    let mut line = Timeline::new(0);
    for number in (0..10).chain(30..40u64) {
        line.put(piece(Side::Caller, 1, number * 160, number as u32 * 160));
        line.put(piece(Side::Agent, 2, number * 160, 77 + number as u32 * 160));
    }
    let frames: Vec<Frame> = line.rest(40 * 160).collect();
    for side in Side::BOTH {
        let right: Vec<bool> = (0..40).map(|number| !(10..30).contains(&number)).collect();
        assert_eq!(heard(&frames, side), right);
    }
}

#[test]
fn a_piece_that_comes_twice_is_not_louder_and_a_late_one_is_counted() {
    let mut line = Timeline::new(0);
    line.put(piece(Side::Caller, 1, 0, 0));
    line.put(piece(Side::Caller, 1, 40, 0));
    line.put(piece(Side::Agent, 2, 0, 9));
    line.put(piece(Side::Agent, 3, 0, 500));
    let frames: Vec<Frame> = line.rest(160).collect();
    assert_eq!(frames[0].sides[0].samples, FRAME, "once");
    assert_eq!(frames[0].sides[1].samples, [200; 160], "two voices of one side are heard together");
    line.put(piece(Side::Caller, 1, 100, 0));
    assert_eq!(line.late(), 1);
}

#[test]
fn a_wide_voice_after_a_narrow_one_keeps_its_time() {
    let mut line = Timeline::new(0);
    line.put(piece(Side::Caller, 1, 0, 0));
    let wide = Piece { rate: Rate::Wide, samples: &[5; 320], ..piece(Side::Caller, 2, 160, 0) };
    line.put(wide);
    line.put(piece(Side::Caller, 1, 320, 320));
    let frames: Vec<Frame> = line.rest(480).collect();
    let lengths: Vec<usize> = frames.iter().map(|frame| frame.sides[0].samples.len()).collect();
    assert_eq!(lengths, [320, 320, 320]);
    let first: Vec<i16> = frames.iter().map(|frame| frame.sides[0].samples[0]).collect();
    assert_eq!(first, [100, 5, 100]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn frames_are_numbered_without_a_gap_and_nothing_panics(
        pieces in prop::collection::vec((any::<bool>(), 0..10u64, 0..200_000u64, any::<u32>(), any::<bool>(), 0..320usize), 0..200),
        first in 0..1_000u64,
    ) {
        let mut line = Timeline::new(first);
        let mut number = first;
        for (is_caller, speaker, at, timestamp, is_wide, length) in pieces {
            let samples = vec![i16::MAX; length];
            line.put(Piece {
                side: if is_caller { Side::Caller } else { Side::Agent },
                speaker,
                at,
                timestamp,
                rate: if is_wide { Rate::Wide } else { Rate::Narrow },
                samples: &samples,
            });
            for frame in line.frames_until(at) {
                prop_assert_eq!(frame.number, number);
                number += 1;
                for side in frame.sides {
                    prop_assert!(side.samples.is_empty() || side.samples.len() == side.rate.per_frame());
                }
            }
        }
    }
}
