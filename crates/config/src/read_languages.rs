//! Finds the prompts of the languages that callers may choose in menus.

use turno_model::Language;
use turno_model::plan::{MenuPlan, QueuePlan, Voice, spoken_part};
use turno_model::speech::recordings;

use crate::reading::{Names, Reading, list_words};

/// The languages that keys of menus choose. Every prompt of the plan that exists in them is loaded too.
pub(crate) fn read_languages(
    reading: &mut Reading<'_>,
    (menus, names): (&[MenuPlan], &Names),
    queues: &[QueuePlan],
) -> Vec<Voice> {
    let tells = queues.iter().any(|queue| {
        let told = queue.announcements.as_ref();
        queue.callback.is_some() || told.is_some_and(|told| told.tells_place || told.tells_wait)
    });
    let mut voices = Vec::new();
    for language in Language::ALL {
        let Some(menu) = menus.iter().find(|menu| menu.languages().any(|it| it == language)) else {
            continue;
        };
        let spoken: Vec<String> = reading
            .prompt_names()
            // A card is read in the language in which it is written.
            .filter(|name| !name.contains("/procedures/"))
            .filter_map(|name| spoken_part(name).map(|rest| format!("{}/{rest}", language.code())))
            .collect();
        let mut missing: Vec<String> = Vec::new();
        for name in spoken {
            if reading.prompt_if_there(&name).is_none() && !missing.contains(&name) {
                missing.push(name);
            }
        }
        let parts: Vec<String> = if tells {
            recordings(language).iter().map(|(name, _)| format!("{}/{name}", language.code())).collect()
        } else {
            Vec::new()
        };
        let found: Vec<_> = parts.iter().filter_map(|name| reading.prompt_if_there(name)).collect();
        if found.len() < parts.len() {
            missing.push(format!("{}/say", language.code()));
        }
        if !missing.is_empty() && !reading.is_partial {
            let words: Vec<&str> = missing.iter().map(String::as_str).collect();
            let place = names.place(&menu.name).unwrap_or_default();
            let text = format!("not recorded, so callers hear the other language: {}", list_words(&words));
            reading.notice(place, text);
        }
        let recordings = if found.len() == parts.len() { found } else { Vec::new() };
        voices.push(Voice { language, recordings });
    }
    voices
}
