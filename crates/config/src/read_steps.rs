//! Reads [[queue.step]]: what happens to those who wait.

use turno_model::QueueId;
use turno_model::plan::{QueuePlan, STEPS_MAX, StepAction, StepPlan, StepWhen, bare_number};

use crate::fault::FaultKind;
use crate::keys::queues::QUEUE;
use crate::keys::steps::{Found, Offered, STEP};
use crate::node::Kind;
use crate::reading::{Names, Reading, list_words};
use crate::section::{Section, wrong_type};
use crate::sections::table;
use crate::source::SourceSpan;

/// The keys that say when, and those that say what.
const WHEN: [&str; 4] = [STEP.after.name, STEP.told_over.name, STEP.longer_than.name, STEP.when.name];
const WHAT: [&str; 8] = [
    STEP.level_max.name,
    STEP.also.name,
    STEP.priority.name,
    STEP.move_to.name,
    STEP.send_to.name,
    STEP.prompt.name,
    STEP.offer.name,
    STEP.interrupt.name,
];

/// Reads the steps of a queue, with the places of those that lead to other queues or outside.
pub(crate) fn read_steps(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    own: QueueId,
    queues: &Names,
) -> Vec<(StepPlan, SourceSpan)> {
    let key = QUEUE.step.name;
    let Some(node) = section.field(key) else { return Vec::new() };
    let Kind::List(items) = &node.kind else {
        wrong_type(reading, node, key, "tables [[queue.step]]");
        return Vec::new();
    };
    if items.len() > STEPS_MAX {
        let found = format!("the queue has {} steps", items.len());
        reading.fault(FaultKind::OutOfRange, node.place, found, format!("at most {STEPS_MAX}"));
    }
    let table = table("queue.step");
    let sections: Vec<_> =
        items.iter().map(|item| Section::new(reading, item, table.title, &table.keys())).collect();
    let read = sections.into_iter().filter_map(|step| {
        let (when, action) = (read_when(reading, step), read_action(reading, step, own, queues));
        let (when, action) = (when?, action?);
        let stays = match action {
            StepAction::LevelMax(_) | StepAction::Also(_) | StepAction::Raise(_) => true,
            StepAction::OfferCallback | StepAction::Interrupt(_) => true,
            StepAction::MoveTo(_) | StepAction::SendTo(_) => false,
            StepAction::PromptAndEnd(_) | StepAction::Voicemail => false,
        };
        if when == StepWhen::Closed && stays {
            let found = "the contact would wait in a closed queue";
            let expected =
                "`move_to`, `send_to`, `prompt` or `offer = \"voicemail\"` for `when = \"closed\"`";
            reading.fault(FaultKind::Conflict, step.place, found, expected);
        }
        let place =
            [STEP.move_to.name, STEP.also.name, STEP.send_to.name].into_iter().find(|key| step.has(key));
        Some((StepPlan { when, action }, place.map_or(step.place, |key| step.place_of(key))))
    });
    read.collect()
}

/// Whether the step has one of these keys; a fault if not.
fn has_one_of(reading: &mut Reading<'_>, step: Section<'_>, keys: &[&str], what: &str) -> bool {
    let mut there = keys.iter().filter(|key| step.has(key));
    match (there.next(), there.next()) {
        (Some(_), None) => true,
        (first, second) => {
            let found = match (first, second) {
                (Some(first), Some(second)) => format!("a step has both `{first}` and `{second}`"),
                _ => format!("a step does not say {what}"),
            };
            let kind = if second.is_some() { FaultKind::Conflict } else { FaultKind::Missing };
            reading.fault(kind, step.place, found, format!("one of {}", list_words(keys)));
            false
        }
    }
}

/// Every key that is there is read, so that each fault is told.
fn read_when(reading: &mut Reading<'_>, step: Section<'_>) -> Option<StepWhen> {
    let found = STEP.when.read(reading, step).map(|found| match found {
        Found::Nobody => StepWhen::Nobody,
        Found::Closed => StepWhen::Closed,
    });
    let read = [
        STEP.after.read(reading, step).map(StepWhen::Waited),
        STEP.told_over.read(reading, step).map(StepWhen::ToldOver),
        STEP.longer_than.read(reading, step).map(StepWhen::LongerThan),
        found,
    ];
    has_one_of(reading, step, &WHEN, "when it is taken").then_some(())?;
    read.into_iter().flatten().next()
}

fn read_action(
    reading: &mut Reading<'_>,
    step: Section<'_>,
    own: QueueId,
    queues: &Names,
) -> Option<StepAction> {
    let small = |number: Option<u32>| number.and_then(|number| u8::try_from(number).ok());
    let level = STEP.level_max.read(reading, step);
    let has_level = step.has(STEP.level_max.name);
    let also = step.reference(reading, STEP.also.name, "queue", queues).map(QueueId);
    if also == Some(own) {
        let found = "the agents of the own queue take the contact anyway";
        reading.fault(FaultKind::Conflict, step.place_of(STEP.also.name), found, "another queue");
    }
    let read = [
        has_level.then(|| StepAction::LevelMax(small(level))),
        also.map(StepAction::Also),
        small(STEP.priority.read(reading, step)).map(StepAction::Raise),
        step.reference(reading, STEP.move_to.name, "queue", queues).map(|at| StepAction::MoveTo(QueueId(at))),
        read_number(reading, step).map(StepAction::SendTo),
        step.prompt(reading, STEP.prompt.name).map(StepAction::PromptAndEnd),
        STEP.offer.read(reading, step).map(|offered| match offered {
            Offered::Callback => StepAction::OfferCallback,
            Offered::Voicemail => StepAction::Voicemail,
        }),
        small(STEP.interrupt.read(reading, step)).map(StepAction::Interrupt),
    ];
    has_one_of(reading, step, &WHAT, "what it does").then_some(())?;
    read.into_iter().flatten().next()
}

fn read_number(reading: &mut Reading<'_>, step: Section<'_>) -> Option<String> {
    let number = step.text(reading, STEP.send_to.name)?;
    let bare = bare_number(number);
    if STEP.send_to.value.fits(&bare) && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '#')) {
        return Some(bare);
    }
    let expected = format!("{}; separators are dropped", STEP.send_to.value.words());
    let place = step.place_of(STEP.send_to.name);
    reading.fault(FaultKind::Unintelligible, place, format!("`{number}` is no number"), expected);
    None
}

/// Refuses circles of queues that move contacts on: a contact could go round for ever. Circles of `also` are fine, since a
/// contact stays where it is.
pub(crate) fn refuse_circles(reading: &mut Reading<'_>, plans: &[QueuePlan], places: &[Vec<SourceSpan>]) {
    let moves = |at: usize| {
        plans[at].steps.iter().zip(&places[at]).filter_map(|(step, place)| match step.action {
            StepAction::MoveTo(to) => Some((to.index(), *place)),
            StepAction::LevelMax(_)
            | StepAction::Also(_)
            | StepAction::Raise(_)
            | StepAction::SendTo(_)
            | StepAction::PromptAndEnd(_)
            | StepAction::OfferCallback
            | StepAction::Interrupt(_)
            | StepAction::Voicemail => None,
        })
    };
    // A queue is on the way, or everything behind it is known to end.
    let mut ends = vec![false; plans.len()];
    for begin in 0..plans.len() {
        if ends[begin] {
            continue;
        }
        let mut way = vec![begin];
        let mut open: Vec<Vec<(usize, SourceSpan)>> = vec![moves(begin).collect()];
        while let Some(next) = open.last_mut() {
            let Some((to, place)) = next.pop() else {
                open.pop();
                way.pop().into_iter().for_each(|at| ends[at] = true);
                continue;
            };
            if let Some(from) = way.iter().position(|at| *at == to) {
                let circle: Vec<&str> = way[from..].iter().map(|at| plans[*at].name.as_str()).collect();
                let found = circle_words(&circle);
                reading.fault(FaultKind::Conflict, place, found, "steps that end in some queue");
            } else if !ends[to] {
                way.push(to);
                open.push(moves(to).collect());
            }
        }
    }
}

/// `queue a moves to b, b to c, c to a`.
fn circle_words(circle: &[&str]) -> String {
    let next = |at: usize| circle[(at + 1) % circle.len()];
    let first = format!("queue `{}` moves to `{}`", circle[0], next(0));
    let rest = (1..circle.len()).map(|at| format!("`{}` to `{}`", circle[at], next(at)));
    core::iter::once(first).chain(rest).collect::<Vec<_>>().join(", ")
}
