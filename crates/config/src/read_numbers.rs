//! Reads [[number]]: the ways in.

use turno_model::plan::{Entry, NumberPlan, bare_number};
use turno_model::{AgentId, HoursId, MenuId, QueueId};

use crate::fault::FaultKind;
use crate::keys::numbers::NUMBER;
use crate::read_seats::Seats;
use crate::reading::{Names, Reading};
use crate::section::Section;
use crate::tables::Tables;

/// Reads every [[number]].
pub(crate) fn read_numbers(
    reading: &mut Reading<'_>,
    tables: &Tables,
    queues: &Names,
    menus: &Names,
    hours: &Names,
    seats: &Seats,
) -> Vec<NumberPlan> {
    let mut known = Names::default();
    let mut numbers = Vec::new();
    for section in tables.many(reading, "number") {
        let Some(number) = read_number(reading, section, &mut known, &seats.extensions) else { continue };
        let entry = read_entry(reading, section, queues, menus);
        let entry = read_agent(reading, section, entry, seats);
        let closed = section.prompt(reading, NUMBER.closed.name);
        let hours = section.reference(reading, NUMBER.hours.name, "opening hours", hours).map(HoursId);
        if hours.is_some() && closed.is_none() && !section.has(NUMBER.closed.name) {
            reading.notice(
                section.place,
                format!("{number} has hours but no `closed` prompt: callers hear nothing"),
            );
        }
        if !section.has(NUMBER.hours.name) {
            for key in [NUMBER.closed.name, NUMBER.holiday.name].into_iter().filter(|key| section.has(key)) {
                let text = format!("{number} has no `hours`: its `{key}` prompt is never played");
                reading.notice(section.place_of(key), text);
            }
        }
        let holiday = section.prompt(reading, NUMBER.holiday.name);
        numbers.push(NumberPlan {
            number,
            entry: entry.unwrap_or(Entry::Queue(QueueId(0))),
            hours,
            closed,
            holiday,
        });
    }
    if numbers.is_empty() && !reading.is_partial {
        let place = reading.nowhere();
        reading.notice(place, "the plan has no [[number]]: no call leads to a queue");
    }
    numbers
}

fn read_number(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    known: &mut Names,
    extensions: &Names,
) -> Option<String> {
    if !section.has(NUMBER.number.name) {
        section.missing(reading, NUMBER.number.name, "digits in quotes such as `\"1800510510\"`");
        return None;
    }
    let number = section.text(reading, NUMBER.number.name)?;
    let place = section.place_of(NUMBER.number.name);
    let bare = bare_number(number);
    let is_number =
        NUMBER.number.value.fits(&bare) && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '#'));
    if !is_number {
        let expected =
            format!("{}; `-`, `.`, spaces, brackets and `+` are dropped", NUMBER.number.value.words());
        reading.fault(FaultKind::Unintelligible, place, format!("`{number}` is no number"), expected);
    }
    reading.add_name(known, &bare, place, "number");
    if let Some(first) = extensions.place(&bare) {
        reading.twice(place, first, &format!("`{bare}`, as a number and as a seat's extension,"));
    }
    Some(number.to_owned())
}

/// An agent's own number leads to a queue, and before to the agent.
fn read_agent(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    entry: Option<Entry>,
    seats: &Seats,
) -> Option<Entry> {
    let Some(extension) = section.text(reading, NUMBER.agent.name) else { return entry };
    let place = section.place_of(NUMBER.agent.name);
    let Some(Entry::Queue(queue)) = entry else {
        let found = "`agent` stands in a number without a `queue`";
        let expected = "the `queue` that takes the caller when the agent does not";
        reading.fault(FaultKind::Conflict, place, found, expected);
        return entry;
    };
    let known: Vec<&str> = seats.agents.iter().map(|agent| agent.extension.as_str()).collect();
    let Some(at) = known.iter().position(|known| *known == extension) else {
        reading.unknown_name(place, "agent's extension", extension, &known);
        return entry;
    };
    u32::try_from(at).ok().map(|at| Entry::Agent(AgentId(at), queue))
}

fn read_entry(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    queues: &Names,
    menus: &Names,
) -> Option<Entry> {
    match (section.has(NUMBER.menu.name), section.has(NUMBER.queue.name)) {
        (true, false) => {
            section.reference(reading, NUMBER.menu.name, "menu", menus).map(|at| Entry::Menu(MenuId(at)))
        }
        (false, true) => {
            section.reference(reading, NUMBER.queue.name, "queue", queues).map(|at| Entry::Queue(QueueId(at)))
        }
        (true, true) => {
            let found = "a number leads either to a menu or to a queue";
            reading.fault(
                FaultKind::Conflict,
                section.place_of(NUMBER.queue.name),
                found,
                "`menu` or `queue`, not both",
            );
            None
        }
        (false, false) => {
            section.missing(reading, NUMBER.queue.name, "a queue's name, or `menu` with a menu's");
            None
        }
    }
}
