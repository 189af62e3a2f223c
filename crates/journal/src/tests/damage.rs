//! Tests that any single damage is noticed, and costs only the record that it hit.

use proptest::prelude::*;
use turno_ground::Moment;
use turno_model::Step;

use super::{NUMBER, some_steps, steps, written};
use crate::fault::Fault;
use crate::form::{Content, HEADER_BYTES};
use crate::reader::read;
use crate::writer::Writer;

const CALLS: u64 = 6;

fn file() -> Vec<u8> {
    written(&some_steps(CALLS), true)
}

/// The steps by their places, without the lost ones.
fn without(lost: impl Fn(u32) -> bool) -> Vec<(u32, Step)> {
    (0u32..).zip(some_steps(CALLS)).filter(|(place, _)| !lost(*place)).collect()
}

/// Where each frame begins, and the end of the last.
fn borders(bytes: &[u8]) -> Vec<usize> {
    let reading = read(bytes, NUMBER);
    assert_eq!(reading.faults, []);
    reading.frames.iter().map(|frame| frame.offset).chain([reading.end]).collect()
}

#[test]
fn any_flipped_bit_is_noticed_and_costs_one_step_at_most() {
    // Wound: after one torn row the whole queue state must be edited by hand in the database.
    let file = file();
    let borders = borders(&file);
    for bit in 0..file.len() * 8 {
        let mut bytes = file.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let reading = read(&bytes, NUMBER);
        assert!(!reading.faults.is_empty(), "bit {bit} was not noticed");
        let met = borders.windows(2).position(|frame| (frame[0]..frame[1]).contains(&(bit / 8)));
        let lost = |place: u32| met == usize::try_from(place).ok();
        assert_eq!(steps(&reading), without(lost), "bit {bit}: {:?}", reading.faults);
        assert_eq!(met.is_none(), bit / 8 < HEADER_BYTES);
    }
}

#[test]
fn any_truncation_of_a_closed_file_is_noticed_and_costs_the_cut_step_alone() {
    let file = file();
    let borders = borders(&file);
    for length in 1..file.len() {
        let reading = read(&file[..length], NUMBER);
        assert!(!reading.is_closed, "{length} bytes pass as the whole");
        let whole = borders.iter().skip(1).take_while(|end| **end <= length).count();
        let cut = |place: u32| usize::try_from(place).expect("a place") >= whole;
        if length >= HEADER_BYTES {
            assert_eq!(steps(&reading), without(cut), "{length}");
            assert!(reading.faults.iter().all(Fault::is_tail), "{:?}", reading.faults);
            let between = borders.contains(&length);
            assert_eq!(
                reading.faults.iter().any(|fault| matches!(fault, Fault::TornTail { .. })),
                !between,
                "{length}: {:?}",
                reading.faults
            );
        } else {
            assert_eq!(reading.faults, [Fault::Header], "{length}");
        }
    }
}

#[test]
fn any_two_frames_that_changed_places_are_noticed_and_put_back() {
    let file = file();
    let borders = borders(&file);
    // The closing frame stays: nothing after it is read.
    let frames = borders.len() - 2;
    for one in 0..frames {
        for other in one + 1..frames {
            let part = |at: usize| &file[borders[at]..borders[at + 1]];
            let mut bytes = file[..borders[one]].to_vec();
            bytes.extend_from_slice(part(other));
            bytes.extend_from_slice(&file[borders[one + 1]..borders[other]]);
            bytes.extend_from_slice(part(one));
            bytes.extend_from_slice(&file[borders[other + 1]..]);
            let reading = read(&bytes, NUMBER);
            assert!(
                reading.faults.iter().all(|fault| matches!(fault, Fault::OutOfOrder { .. }))
                    && !reading.faults.is_empty(),
                "{:?}",
                reading.faults
            );
            assert_eq!(steps(&reading), without(|_| false));
        }
    }
}

#[test]
fn a_frame_that_was_taken_out_or_put_in_twice_is_named() {
    let file = file();
    let borders = borders(&file);
    for frame in 0..borders.len() - 2 {
        let place = u32::try_from(frame).expect("few");
        let mut bytes = file.clone();
        bytes.drain(borders[frame]..borders[frame + 1]);
        let reading = read(&bytes, NUMBER);
        assert_eq!(reading.faults, [Fault::Missing { place, records: 1 }]);
        assert_eq!(steps(&reading), without(|lost| lost == place));

        let mut bytes = file[..borders[frame + 1]].to_vec();
        bytes.extend_from_slice(&file[borders[frame]..]);
        let reading = read(&bytes, NUMBER);
        assert_eq!(reading.faults, [Fault::Doubled { offset: borders[frame + 1], place }]);
        assert_eq!(steps(&reading), without(|_| false));
    }
}

#[test]
fn what_an_older_file_left_in_the_same_place_of_a_disk_is_not_taken_for_steps() {
    let new = written(&some_steps(2), false);
    let mut old = Writer::new(0);
    old.begin(Content::Segment, NUMBER - 1, Moment::from_secs(1));
    some_steps(CALLS).iter().for_each(|step| old.step(step).expect("short"));
    let mut bytes = new.clone();
    bytes.extend_from_slice(&old.bytes()[new.len()..]);
    let reading = read(&bytes, NUMBER);
    assert_eq!(steps(&reading).len(), some_steps(2).len());
    assert!(matches!(reading.faults[..], [Fault::TornTail { .. }]), "{:?}", reading.faults);
}

proptest! {
    #[test]
    fn a_stretch_of_rubbish_costs_the_records_under_it_and_no_others(
        begin in 0.0..1.0f64, length in 1usize..400, rubbish in any::<u64>(),
    ) {
        let file = file();
        let borders = borders(&file);
        let room = file.len() - HEADER_BYTES - length;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in the file")]
        let begin = HEADER_BYTES + (begin * room as f64) as usize;
        let mut bytes = file.clone();
        let mut noise = rubbish | 1;
        for byte in &mut bytes[begin..begin + length] {
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = noise.to_le_bytes()[7];
        }
        let changed = |frame: &[usize]| bytes[frame[0]..frame[1]] != file[frame[0]..frame[1]];
        let met: Vec<bool> = borders.windows(2).map(changed).collect();
        let reading = read(&bytes, NUMBER);
        prop_assert_eq!(!reading.faults.is_empty(), met.contains(&true));
        let lost = |place: u32| met[usize::try_from(place).expect("a place")];
        prop_assert_eq!(steps(&reading), without(lost));
    }

    #[test]
    fn any_bytes_at_all_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let reading = read(&bytes, NUMBER);
        prop_assert!(reading.frames.is_empty());
    }
}
