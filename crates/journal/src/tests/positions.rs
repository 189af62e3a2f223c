//! Tests that a fact keeps its position in copies of a file and beside damage, and that missing facts are counted.

use turno_ground::Moment;
use turno_model::{Fact, Position, Step};

use super::{NUMBER, RUN, some_steps, written};
use crate::form::Content;
use crate::reader::{Entry, Reading, read};
use crate::writer::Writer;

fn positions(reading: &Reading<'_>) -> Vec<(Position, Fact)> {
    let read = |(position, _, form): (Position, _, crate::item::FactForm<'_>)| {
        (position, form.fact().expect("a fact of this version"))
    };
    reading.facts(Position::default()).map(read).collect()
}

fn numbered(steps: &[Step]) -> Vec<(Position, Fact)> {
    let facts = steps.iter().flat_map(|step| step.facts.iter().cloned());
    (1..).map(|number| RUN.plus(number)).zip(facts).collect()
}

#[test]
fn facts_are_numbered_in_order_and_keep_their_numbers_in_a_file_of_their_own() {
    let all = some_steps(20);
    let bytes = written(&all, true);
    let reading = read(&bytes, NUMBER);
    assert_eq!(positions(&reading), numbered(&all));
    let mut writer = Writer::new(0);
    writer.facts_go_on(RUN);
    writer.begin(Content::Facts, NUMBER, Moment::from_secs(1));
    for frame in &reading.frames {
        if let Some((first, ..)) = frame.facts(RUN).next() {
            writer.facts_go_on(Position { number: first.number - 1, ..first });
            writer.raw_facts(frame.at, frame.facts(RUN).map(|(_, _, fact)| fact)).expect("short facts");
        }
    }
    assert_eq!(positions(&read(writer.bytes(), NUMBER)), numbered(&all));
}

#[test]
fn a_damaged_frame_takes_the_positions_of_its_own_facts_and_no_others() {
    // Wound: after a flipped bit every later event has another number, and a reader gets some of them twice.
    let all = some_steps(8);
    let whole = written(&all, true);
    for frame in &read(&whole, NUMBER).frames {
        let mut bytes = whole.clone();
        bytes[frame.offset + frame.length - 1] ^= 1;
        let lost: Vec<Position> = frame.facts(RUN).map(|(position, ..)| position).collect();
        let mut expected = numbered(&all);
        expected.retain(|(position, _)| !lost.contains(position));
        assert_eq!(positions(&read(&bytes, NUMBER)), expected);
    }
}

#[test]
fn a_step_that_was_not_written_leaves_a_gap_that_can_be_counted() {
    let all = some_steps(4);
    let mut writer = Writer::new(0);
    writer.facts_go_on(RUN);
    let (lost, kept) = all.split_at(3);
    lost.iter().for_each(|step| writer.skip(step));
    writer.begin(Content::Segment, NUMBER, Moment::from_secs(1));
    kept.iter().for_each(|step| writer.step(step).expect("short"));
    let reading = read(writer.bytes(), NUMBER);
    let facts: usize = lost.iter().map(|step| step.facts.len()).sum();
    let header = reading.header.expect("a whole header");
    assert_eq!(header.facts.facts_since(RUN), Some(facts as u64));
    assert_eq!(positions(&reading), numbered(&all)[facts..]);
    assert_eq!(writer.last_fact(), RUN.plus(numbered(&all).len() as u64));
    assert!(matches!(reading.frames[0].entry, Entry::Step(_)));
}

#[test]
fn where_the_header_is_damaged_facts_stand_behind_those_of_the_file_before() {
    let mut bytes = written(&some_steps(2), true);
    bytes[45] ^= 1;
    let reading = read(&bytes, NUMBER);
    assert_eq!(reading.header, None);
    let before = Position { number: 900, ..RUN };
    let first = reading.facts(before).next().map(|(position, ..)| position);
    assert_eq!(first, Some(before.plus(1)));
}
