//! Reads [[number]] and [[menu]]: the ways in.

use turno_model::plan::{Entry, MenuPlan, NumberPlan, bare_number};
use turno_model::{HoursId, MenuId, QueueId};

use crate::fault::FaultKind;
use crate::limits;
use crate::reading::{Names, Reading};
use crate::section::{Section, reference_of, text_of};
use crate::tables::Tables;

pub(crate) const NUMBER_KEYS: [&str; 6] = ["number", "queue", "menu", "hours", "closed", "holiday"];
pub(crate) const MENU_KEYS: [&str; 5] = ["name", "prompts", "wait", "choices", "otherwise"];

/// Most digits of a dialled number; E.164 has 15, private ones may be longer.
const NUMBER_LENGTH_MAX: usize = 32;

/// Reads every [[menu]].
pub(crate) fn read_menus(
    reading: &mut Reading<'_>,
    tables: &Tables,
    queues: &Names,
) -> (Vec<MenuPlan>, Names) {
    let mut names = Names::default();
    let mut menus = Vec::new();
    for section in tables.many(reading, "menu", "[[menu]]", &MENU_KEYS) {
        let Some(name) = section.name(reading, "name") else { continue };
        reading.add_name(&mut names, name, section.place_of("name"), "menu");
        let prompts = section.prompts(reading, "prompts");
        if prompts.is_empty() {
            section.missing(reading, "prompts", "at least one prompt that names the keys");
        }
        if !section.has("otherwise") {
            section.missing(reading, "otherwise", "the queue for those who press nothing");
        }
        let otherwise = section.reference(reading, "otherwise", "queue", queues);
        menus.push(MenuPlan {
            name: name.to_owned(),
            prompts,
            wait: section.span(reading, limits::MENU_WAIT),
            choices: read_choices(reading, section, queues),
            otherwise: QueueId(otherwise.unwrap_or(0)),
        });
    }
    (menus, names)
}

/// `choices = { 1 = "luae", 2 = "patente" }`.
fn read_choices(reading: &mut Reading<'_>, section: Section<'_>, queues: &Names) -> Vec<(char, QueueId)> {
    let mut choices = Vec::new();
    for (key, node) in section.table(reading, "choices") {
        let mut chars = key.name.chars();
        let digit = match (chars.next(), chars.next()) {
            (Some(digit @ ('0'..='9' | '*' | '#')), None) => digit,
            _ => {
                let found = format!("`{}` is no key of a telephone", key.name);
                reading.fault(FaultKind::UnknownValue, key.place, found, "one of 0 to 9, `\"*\"`, `\"#\"`");
                continue;
            }
        };
        let Some(queue) = text_of(reading, node, "choices") else { continue };
        if let Some(queue) = reference_of(reading, node.place, queue, "queue", queues) {
            choices.push((digit, QueueId(queue)));
        }
    }
    if !section.has("choices") {
        section.missing(reading, "choices", "keys and their queues, `{ 1 = \"luae\" }`");
    }
    choices
}

/// Reads every [[number]].
pub(crate) fn read_numbers(
    reading: &mut Reading<'_>,
    tables: &Tables,
    queues: &Names,
    menus: &Names,
    hours: &Names,
    extensions: &Names,
) -> Vec<NumberPlan> {
    let mut known = Names::default();
    let mut numbers = Vec::new();
    for section in tables.many(reading, "number", "[[number]]", &NUMBER_KEYS) {
        let Some(number) = read_number(reading, section, &mut known, extensions) else { continue };
        let entry = read_entry(reading, section, queues, menus);
        let closed = section.prompt(reading, "closed");
        let hours = section.reference(reading, "hours", "opening hours", hours).map(HoursId);
        if hours.is_some() && closed.is_none() && !section.has("closed") {
            reading.notice(
                section.place,
                format!("{number} has hours but no `closed` prompt: callers hear nothing"),
            );
        }
        if !section.has("hours") {
            for key in ["closed", "holiday"].into_iter().filter(|key| section.has(key)) {
                let text = format!("{number} has no `hours`: its `{key}` prompt is never played");
                reading.notice(section.place_of(key), text);
            }
        }
        let holiday = section.prompt(reading, "holiday");
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
    if !section.has("number") {
        section.missing(reading, "number", "digits in quotes such as `\"1800510510\"`");
        return None;
    }
    let number = section.text(reading, "number")?;
    let place = section.place_of("number");
    let bare = bare_number(number);
    let is_number = !bare.is_empty()
        && bare.len() <= NUMBER_LENGTH_MAX
        && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '#'));
    if !is_number {
        let expected = format!(
            "1 to {NUMBER_LENGTH_MAX} digits, `*`, `#`; `-`, `.`, spaces, brackets and `+` are dropped"
        );
        reading.fault(FaultKind::Unintelligible, place, format!("`{number}` is no number"), expected);
    }
    reading.add_name(known, &bare, place, "number");
    if let Some(first) = extensions.place(&bare) {
        reading.twice(place, first, &format!("`{bare}`, as a number and as a seat's extension,"));
    }
    Some(number.to_owned())
}

fn read_entry(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    queues: &Names,
    menus: &Names,
) -> Option<Entry> {
    match (section.has("menu"), section.has("queue")) {
        (true, false) => section.reference(reading, "menu", "menu", menus).map(|at| Entry::Menu(MenuId(at))),
        (false, true) => {
            section.reference(reading, "queue", "queue", queues).map(|at| Entry::Queue(QueueId(at)))
        }
        (true, true) => {
            let found = "a number leads either to a menu or to a queue";
            reading.fault(
                FaultKind::Conflict,
                section.place_of("queue"),
                found,
                "`menu` or `queue`, not both",
            );
            None
        }
        (false, false) => {
            section.missing(reading, "queue", "a queue's name, or `menu` with a menu's");
            None
        }
    }
}
