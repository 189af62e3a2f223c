//! Reads what the plan says of handling: marks of a queue, wrap-up codes, a key of a phone.

use turno_model::plan::WrapUpCodePlan;

use crate::fault::FaultKind;
use crate::keys::handling::WRAP_UP_CODE;
use crate::keys::queues::QUEUE;
use crate::limits;
use crate::node::Kind;
use crate::reading::{Names, Reading};
use crate::section::{Section, text_of, whole_of, wrong_type};
use crate::tables::Tables;
use crate::values::whole_range;

/// Percentages of the handling target at which a mark after it may be.
const MARKS: (u32, u32) = (101, 1_000);

/// `handling_marks = [150, 200]`.
pub(crate) fn read_marks(reading: &mut Reading<'_>, section: Section<'_>) -> Vec<u16> {
    let name = QUEUE.handling_marks.name;
    let Some(node) = section.field(name) else { return Vec::new() };
    let Kind::List(listed) = &node.kind else {
        wrong_type(reading, node, name, "a list of percentages of the handling target, such as `[150, 200]`");
        return Vec::new();
    };
    let mut marks: Vec<u16> = Vec::new();
    for node in listed {
        let range = whole_range(MARKS.0..=MARKS.1, "per cent of the handling target");
        let Some(percent) = whole_of(reading, node, name, range, None) else { continue };
        let percent = u16::try_from(percent).unwrap_or(u16::MAX);
        if marks.last().is_some_and(|before| *before >= percent) {
            let found = format!("{percent} comes after {}", marks.last().copied().unwrap_or_default());
            reading.fault(FaultKind::Conflict, node.place, found, "marks that rise");
        }
        marks.push(percent);
    }
    if marks.len() > limits::MARKS_MAX {
        let found = format!("{} marks", marks.len());
        reading.fault(FaultKind::OutOfRange, node.place, found, format!("at most {}", limits::MARKS_MAX));
    }
    marks
}

/// Reads every [[wrap_up_code]].
pub(crate) fn read_wrap_up_codes(reading: &mut Reading<'_>, tables: &Tables) -> Vec<WrapUpCodePlan> {
    let mut codes = Names::default();
    let mut plans = Vec::new();
    for section in tables.many(reading, "wrap_up_code") {
        let key = WRAP_UP_CODE.code.name;
        let Some(code) = section.text(reading, key) else {
            if !section.has(key) {
                section.missing(
                    reading,
                    key,
                    "the digits dialled after the code `wrap_up`, such as `\"17\"`",
                );
            }
            continue;
        };
        let place = section.place_of(key);
        if !WRAP_UP_CODE.code.value.fits(code) || !code.chars().all(|sign| sign.is_ascii_digit()) {
            let found = format!("`{code}` is no wrap-up code");
            reading.fault(FaultKind::Unintelligible, place, found, WRAP_UP_CODE.code.value.words());
            continue;
        }
        reading.add_name(&mut codes, code, place, "wrap-up code");
        plans.push(WrapUpCodePlan {
            code: code.to_owned(),
            name: section.text_or(reading, WRAP_UP_CODE.name.name, code),
            handling_target: WRAP_UP_CODE.handling_target.read(reading, section),
        });
    }
    plans
}

/// A key of a phone; `None` where none is named.
pub(crate) fn read_phone_key(reading: &mut Reading<'_>, section: Section<'_>, name: &str) -> Option<char> {
    let node = section.field(name)?;
    let text = text_of(reading, node, name)?;
    let mut signs = text.chars();
    let key = signs.next().filter(|sign| sign.is_ascii_digit() || matches!(sign, '*' | '#'));
    if key.is_none() || signs.next().is_some() {
        let found = format!("`{text}` is no key of a phone");
        reading.fault(FaultKind::Unintelligible, node.place, found, "one of 0 to 9, `*`, `#`");
        return None;
    }
    key
}
