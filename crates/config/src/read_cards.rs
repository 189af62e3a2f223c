//! Reads the card of a [[menu]]: its procedure, and the sound of it that was made before.

use std::fs;
use std::path::Path;

use turno_knowledge::{read_procedure, spoken_card};
use turno_model::plan::{CardPlan, KnowledgePlan};

use crate::fault::FaultKind;
use crate::keys::numbers::MENU;
use crate::nearest::nearest;
use crate::reading::Reading;
use crate::section::Section;

/// The card that a menu reads; `None` where it names no procedure.
pub(crate) fn read_card(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    knowledge: &KnowledgePlan,
) -> Option<CardPlan> {
    let offer = section.prompt(reading, MENU.offer.name);
    let sent = section.prompt(reading, MENU.sent.name);
    let Some(name) = section.text(reading, MENU.procedure.name) else {
        let alone = [MENU.offer.name, MENU.sent.name].into_iter().find(|key| section.has(key));
        if let Some(key) = alone {
            let found = format!("`{key}` is about a card, and the menu has none");
            let expected = "`procedure`, the name of a procedure";
            reading.fault(FaultKind::Conflict, section.place_of(key), found, expected);
        }
        return None;
    };
    let place = section.place_of(MENU.procedure.name);
    let mut card = CardPlan { procedure: name.to_owned(), code: None, sound: None, offer, sent };
    let Some(folder) = &knowledge.procedures else {
        if !reading.is_partial {
            let found = format!("`{name}` is a procedure, and the plan has none");
            reading.fault(FaultKind::Missing, place, found, "[knowledge] with `procedures`");
        }
        return Some(card);
    };
    let file = folder.join(format!("{name}.md"));
    if !folder.is_dir() {
        reading.notice(place, format!("there is no folder {}", folder.display()));
        return Some(card);
    }
    if !file.is_file() {
        // Who writes cards need not know which menus read them, so one that is gone does not keep turno from starting.
        let known = procedures_in(folder);
        let near = nearest(name, known.iter().map(String::as_str));
        let near = near.map(|near| format!("; the nearest is `{near}`")).unwrap_or_default();
        let text = format!("there is no procedure `{name}`, so callers are led to a person{near}");
        reading.notice(place, text);
        return Some(card);
    }
    let text = fs::read_to_string(&file).unwrap_or_default();
    let Ok(procedure) = read_procedure(&file, &text) else {
        // What is wrong with it is told with all procedures, and need not keep turno from starting.
        reading.notice(place, format!("the card of `{name}` is faulty, so callers are led to a person"));
        return Some(card);
    };
    card.code.clone_from(&procedure.wrap_up);
    let sound = format!("{}/procedures/{name}", procedure.language);
    let to_person = "so callers are led to a person: `turno knowledge speak`";
    match reading.sound_of(&sound) {
        None => reading.notice(place, format!("the card of `{name}` has no sound, {to_person}")),
        Some(file) if is_of(&file, &spoken_card(&procedure)) => card.sound = reading.prompt_if_there(&sound),
        Some(_) => {
            reading.notice(place, format!("the sound of `{name}` is older than its card, {to_person}"));
        }
    }
    Some(card)
}

/// Whether the words beside a sound are these.
fn is_of(sound: &Path, words: &str) -> bool {
    fs::read_to_string(sound.with_extension("txt")).is_ok_and(|spoken| spoken.trim_end() == words)
}

fn procedures_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".md")?.to_owned()));
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}
