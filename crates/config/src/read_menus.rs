//! Reads [[menu]]: prompts, and what keys do.

use turno_model::plan::{Entry, KnowledgePlan, MenuChoice, MenuPlan, NumberPlan};
use turno_model::{Language, MenuId, QueueId};

use crate::fault::FaultKind;
use crate::keys::numbers::MENU;
use crate::node::{Kind, Node};
use crate::read_cards::read_card;
use crate::reading::{Names, Reading};
use crate::section::{Section, reference_of, text_of};
use crate::tables::Tables;

/// The words of a choice that are no queue's name.
const BACK: &str = "back";
const REPEAT: &str = "repeat";
const SEND: &str = "send";

/// The key of a person, if it is not listed.
const PERSON: char = '0';

/// Reads every [[menu]].
pub(crate) fn read_menus(
    reading: &mut Reading<'_>,
    tables: &Tables,
    queues: &Names,
    knowledge: &KnowledgePlan,
) -> (Vec<MenuPlan>, Names) {
    let mut names = Names::default();
    let sections: Vec<_> = tables
        .many(reading, "menu")
        .into_iter()
        .filter_map(|section| {
            let name = section.name(reading, MENU.name.name)?;
            reading.add_name(&mut names, name, section.place_of(MENU.name.name), "menu");
            Some((name, section))
        })
        .collect();
    let menus = sections
        .into_iter()
        .map(|(name, section)| read_menu(reading, (name, section), (queues, &names), knowledge))
        .collect();
    (menus, names)
}

fn read_menu(
    reading: &mut Reading<'_>,
    (name, section): (&str, Section<'_>),
    (queues, menus): (&Names, &Names),
    knowledge: &KnowledgePlan,
) -> MenuPlan {
    let prompts = section.prompts(reading, MENU.prompts.name);
    if prompts.is_empty() {
        section.missing(reading, MENU.prompts.name, "at least one prompt that names the keys");
    }
    if !section.has(MENU.otherwise.name) {
        section.missing(reading, MENU.otherwise.name, "the queue for those who press nothing");
    }
    let otherwise = section.reference(reading, MENU.otherwise.name, "queue", queues);
    let choices = read_choices(reading, section, queues, menus);
    let person = section.reference(reading, MENU.person.name, "queue", queues).map(QueueId);
    if section.has(MENU.person.name) && choices.iter().any(|(key, _)| *key == PERSON) {
        let found = format!("the key {PERSON} of menu `{name}` is in `choices` and leads to `person`");
        let place = section.place_of(MENU.person.name);
        reading.fault(FaultKind::Conflict, place, found, "`person`, or 0 in `choices`, not both");
    }
    let card = read_card(reading, section, knowledge);
    if card.is_none() && choices.iter().any(|(_, choice)| *choice == MenuChoice::Send) {
        let found = format!("a key of menu `{name}` sends a card, and the menu has none");
        let place = section.place_of(MENU.choices.name);
        reading.fault(FaultKind::Conflict, place, found, "`procedure`, the name of a procedure");
    }
    MenuPlan {
        name: name.to_owned(),
        prompts,
        wait: MENU.wait.read(reading, section),
        choices,
        repeats: MENU.repeats.read(reading, section),
        wrong: section.prompt(reading, MENU.wrong.name),
        wrong_max: MENU.wrong_max.read(reading, section),
        person,
        otherwise: QueueId(otherwise.unwrap_or(0)),
        card,
    }
}

/// `choices = { 1 = "luae", 2 = "menu taxes", 3 = ["es/requirements"], "*" = "back" }`.
fn read_choices(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    queues: &Names,
    menus: &Names,
) -> Vec<(char, MenuChoice)> {
    let mut choices = Vec::new();
    for (key, node) in section.table(reading, MENU.choices.name) {
        let mut chars = key.name.chars();
        let digit = match (chars.next(), chars.next()) {
            (Some(digit @ ('0'..='9' | '*' | '#')), None) => digit,
            _ => {
                let found = format!("`{}` is no key of a telephone", key.name);
                reading.fault(FaultKind::UnknownValue, key.place, found, "one of 0 to 9, `\"*\"`, `\"#\"`");
                continue;
            }
        };
        let choice = if let Kind::List(items) = &node.kind {
            read_prompts(reading, node, items)
        } else {
            read_choice(reading, node, queues, menus)
        };
        choices.extend(choice.map(|choice| (digit, choice)));
    }
    if !section.has(MENU.choices.name) {
        section.missing(reading, MENU.choices.name, "keys and what they do, `{ 1 = \"luae\" }`");
    }
    choices
}

/// A list of prompts that are read to the caller.
fn read_prompts(reading: &mut Reading<'_>, node: &Node, items: &[Node]) -> Option<MenuChoice> {
    let mut prompts = Vec::new();
    for item in items {
        let name = text_of(reading, item, MENU.choices.name)?;
        prompts.push(reading.prompt(item, name));
    }
    if prompts.is_empty() {
        reading.fault(FaultKind::Missing, node.place, "a key reads no prompts", "at least one prompt");
        return None;
    }
    Some(MenuChoice::Read(prompts))
}

/// A queue's name, `menu NAME`, `language CODE`, `back` or `repeat`. Names have no spaces, so no queue is called like the first two.
fn read_choice(reading: &mut Reading<'_>, node: &Node, queues: &Names, menus: &Names) -> Option<MenuChoice> {
    let text = text_of(reading, node, MENU.choices.name)?;
    if let Some(name) = text.strip_prefix("menu ") {
        return reference_of(reading, node.place, name.trim(), "menu", menus)
            .map(|at| MenuChoice::Menu(MenuId(at)));
    }
    if let Some(code) = text.strip_prefix("language ") {
        let found = Language::ALL.into_iter().find(|language| language.code() == code.trim());
        if found.is_none() {
            let known: Vec<&str> = Language::ALL.iter().map(|language| language.code()).collect();
            reading.unknown_name(node.place, "language", code.trim(), &known);
        }
        return found.map(MenuChoice::Language);
    }
    let word = match text {
        BACK => Some(MenuChoice::Back),
        REPEAT => Some(MenuChoice::Repeat),
        SEND => Some(MenuChoice::Send),
        _ => None,
    };
    if word.is_some() {
        if queues.find(text).is_some() {
            let found = format!("`{text}` is a queue's name and a word of menus");
            reading.fault(FaultKind::Conflict, node.place, found, "another name of that queue");
        }
        return word;
    }
    if let Some(at) = queues.find(text) {
        return u32::try_from(at).ok().map(|at| MenuChoice::Queue(QueueId(at)));
    }
    let submenus: Vec<String> = menus.iter().map(|name| format!("menu {name}")).collect();
    let languages = Language::ALL.map(|language| format!("language {}", language.code()));
    let words = submenus.iter().chain(&languages).map(String::as_str);
    let known: Vec<&str> = queues.iter().chain(words).chain([BACK, REPEAT, SEND]).collect();
    reading.unknown_name(node.place, "queue", text, &known);
    None
}

/// Says which menus no number leads to.
pub(crate) fn notice_unreached(
    reading: &mut Reading<'_>,
    (menus, names): (&[MenuPlan], &Names),
    numbers: &[NumberPlan],
) {
    if reading.is_partial {
        return;
    }
    let mut reached = Vec::new();
    for number in numbers {
        if let Entry::Menu(menu) = number.entry {
            reached.extend(MenuPlan::reached(menus, menu));
        }
    }
    for (at, menu) in menus.iter().enumerate() {
        if !reached.iter().any(|it| it.index() == at) {
            let place = names.place(&menu.name).unwrap_or_default();
            reading.notice(place, format!("no number and no reached menu leads to menu `{}`", menu.name));
        }
    }
}
