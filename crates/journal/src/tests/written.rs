//! Tests that records are read back as written, and that a fold has the last rows.

use std::collections::BTreeMap;

use turno_ground::Moment;
use turno_model::{Fact, Step};

use super::{NUMBER, name, some_steps, steps, written};
use crate::fold::Fold;
use crate::form::{BODY_BYTES_MAX, Content, HEADER_BYTES, Kind};
use crate::item::Item;
use crate::reader::read;
use crate::writer::{TooLong, Writer};

fn folded(mut fold: Fold, bytes: &[u8], number: u64) -> Fold {
    read(bytes, number).frames.iter().for_each(|frame| fold.take(&frame.entry));
    fold
}

#[test]
fn what_was_written_is_read_back_with_its_moments() {
    // Wound: after a restart everyone who waited is lost, or comes back as a stray call.
    let all = some_steps(40);
    let bytes = written(&all, true);
    let reading = read(&bytes, NUMBER);
    assert_eq!(reading.faults, []);
    assert_eq!(steps(&reading).into_iter().map(|(_, step)| step).collect::<Vec<_>>(), all);
    assert_eq!(reading.position(), Some(100 + all.len() as u64 + 1));
    assert!(reading.is_closed);
}

#[test]
fn room_that_was_asked_for_and_not_written_is_no_fault() {
    let mut bytes = written(&some_steps(4), false);
    let end = bytes.len();
    bytes.resize(end + 4096, 0);
    let reading = read(&bytes, NUMBER);
    assert_eq!((reading.end, reading.faults.as_slice()), (end, [].as_slice()));
    assert_eq!(read(&[0; 4096], NUMBER).faults, []);
    assert_eq!(read(&[], NUMBER).faults, []);
}

#[test]
fn a_fold_and_a_fold_of_its_checkpoint_are_the_same() {
    let all = some_steps(100);
    let (before, behind) = all.split_at(120);
    let mut expected = BTreeMap::new();
    for step in all.clone() {
        expected.extend(step.kept.into_iter().map(|kept| (kept.name, kept.form)));
        step.gone.iter().for_each(|name| drop(expected.remove(name)));
    }
    assert_eq!(folded(Fold::new(), &written(&all, true), NUMBER).images(), &expected);

    let mut part = folded(Fold::new(), &written(before, true), NUMBER);
    part.set_books(b"the ledger"[..].into());
    let mut writer = Writer::new(999);
    writer.begin(Content::Checkpoint, NUMBER + 1, Moment::from_secs(1));
    part.write(&mut writer, Moment::from_secs(2)).expect("short books");
    let checkpoint = writer.bytes();
    assert!(read(checkpoint, NUMBER + 1).is_closed && read(checkpoint, NUMBER + 1).faults.is_empty());
    let again = folded(Fold::new(), checkpoint, NUMBER + 1);
    assert_eq!(again, part);
    let again = folded(again, &written(behind, true), NUMBER);
    assert_eq!(again.images(), &expected);
    assert_eq!(again.books().as_ref(), b"the ledger");
}

#[test]
fn the_facts_of_a_segment_can_be_kept_without_its_images() {
    let all = some_steps(20);
    let bytes = written(&all, true);
    let mut writer = Writer::new(0);
    writer.begin(Content::Facts, NUMBER, Moment::from_secs(1));
    for frame in &read(&bytes, NUMBER).frames {
        let crate::reader::Entry::Step(items) = frame.entry else { continue };
        let facts = items.filter_map(|item| if let Item::Fact(fact) = item { Some(fact) } else { None });
        writer.raw_facts(frame.at, facts).expect("short facts");
    }
    let reading = read(writer.bytes(), NUMBER);
    let back: Vec<(Moment, Fact)> = steps(&reading)
        .into_iter()
        .flat_map(|(_, step)| step.facts.into_iter().map(move |it| (step.at, it)))
        .collect();
    let facts: Vec<(Moment, Fact)> =
        all.into_iter().flat_map(|step| step.facts.into_iter().map(move |it| (step.at, it))).collect();
    assert_eq!(back, facts);
}

#[test]
fn a_step_beyond_the_limit_is_refused_and_leaves_no_trace() {
    let mut writer = Writer::new(0);
    writer.begin(Content::Segment, 1, Moment::from_secs(1));
    let started = Step { at: Moment::from_secs(2), facts: vec![Fact::Started], ..Step::default() };
    writer.step(&started).expect("a short step");
    let long = vec![1; BODY_BYTES_MAX + 1];
    assert_eq!(
        writer.raw(Kind::Books, Moment::from_secs(3), &long),
        Err(TooLong { bytes: BODY_BYTES_MAX + 1 })
    );
    writer.step(&started).expect("a short step");
    let reading = read(writer.bytes(), 1);
    assert_eq!((reading.frames.len(), reading.faults.len()), (2, 0));
}

#[test]
fn a_file_of_a_later_turno_is_left_alone_and_named() {
    let mut bytes = written(&some_steps(3), true);
    bytes[8] = 9;
    let check = crc32c::crc32c(&bytes[..HEADER_BYTES - 4]).to_le_bytes();
    bytes[HEADER_BYTES - 4..HEADER_BYTES].copy_from_slice(&check);
    let reading = read(&bytes, NUMBER);
    assert!(reading.frames.is_empty());
    assert!(reading.faults[0].to_string().contains("form 9"), "{:?}", reading.faults);
    let foreign = read(b"[site]\nname = \"no journal\"\nand some more text", 1);
    assert!(foreign.faults[0].to_string().contains("not a file"));
}

#[test]
fn images_that_were_lost_on_a_failed_disk_do_not_come_back_as_ghosts() {
    // Wound: after a restart callers who left long ago stand in line (OpenSIPS).
    let mut fold = folded(Fold::new(), &written(&some_steps(9), true), NUMBER);
    let lives = turno_model::Row { name: name(2), form: b"lives"[..].into() };
    fold.set_images([lives.clone()]);
    assert_eq!(fold.into_images().into_iter().collect::<Vec<_>>(), [(lives.name, lives.form)]);
}
