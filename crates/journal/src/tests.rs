//! Tests that the journal reads back what was written, also from damaged bytes.

mod damage;
mod golden;
mod positions;
mod sealed;
mod written;

use core::time::Duration;

use bytes::Bytes;
use turno_ground::{Moment, Pii};
use turno_model::{Channel, ContactId, Fact, Position, QueueId, Row, RowKey, Step, Table};

use crate::form::Content;
use crate::item::Item;
use crate::reader::{Entry, Reading};
use crate::writer::Writer;

/// The number of the tests' segment.
const NUMBER: u64 = 7;

/// The position before the first fact of the tests' segment.
const RUN: Position = Position { run: Moment::from_secs(1_794_999_999), number: 40 };

fn name(key: u64) -> RowKey {
    RowKey { table: Table::Call, key }
}

/// Steps of a short day: callers come, are queued, talk and leave.
fn some_steps(calls: u64) -> Vec<Step> {
    let begin = Moment::from_secs(1_795_000_000);
    let mut steps = Vec::new();
    for call in 0..calls {
        let contact = ContactId(call);
        let at = |stage: u64| begin + Duration::from_millis(call * 350 + stage * 40);
        let arrived = Fact::ContactArrived {
            contact,
            channel: Channel::Voice,
            from: Pii(format!("+59399{call:07}").into()),
            dialled: "1800510510".into(),
            trunk: None,
        };
        let queued = Fact::Queued { contact, queue: QueueId(0), priority: 0, position: 1 };
        let byte = u8::try_from(call % 251).expect("below 251");
        let form = Bytes::from(vec![byte; 40 + usize::try_from(call).expect("few") % 90]);
        let kept = |key: u64, form: Bytes| Row { name: name(key), form };
        steps.push(Step {
            at: at(0),
            facts: vec![arrived, queued],
            kept: vec![kept(call, form.clone())],
            gone: vec![],
        });
        steps.push(Step {
            at: at(1),
            kept: vec![kept(call, form.slice(4..)), kept(1 << 40, form.slice(..9))],
            ..Step::default()
        });
        if call % 3 == 0 {
            steps.push(Step { at: at(2), gone: vec![name(call)], ..Step::default() });
        }
    }
    steps
}

fn written(steps: &[Step], is_closed: bool) -> Vec<u8> {
    let mut writer = Writer::new(100);
    writer.facts_go_on(RUN);
    writer.begin(Content::Segment, NUMBER, Moment::from_secs(1_795_000_000));
    for step in steps {
        writer.step(step).expect("a short step");
    }
    if is_closed {
        writer.last(Moment::from_secs(1_795_999_999));
    }
    writer.bytes().to_vec()
}

/// The steps of a reading, each with its place.
fn steps(reading: &Reading<'_>) -> Vec<(u32, Step)> {
    let mut steps = Vec::new();
    for frame in &reading.frames {
        let Entry::Step(items) = frame.entry else { continue };
        let mut step = Step { at: frame.at, ..Step::default() };
        for item in items {
            match item {
                Item::Fact(fact) => step.facts.push(fact.fact().expect("a fact of this version")),
                Item::Row { name, form } => {
                    step.kept.push(Row { name, form: Bytes::copy_from_slice(form) });
                }
                Item::Gone(name) => step.gone.push(name),
            }
        }
        steps.push((frame.place, step));
    }
    steps
}
