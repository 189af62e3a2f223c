//! A caller's step in the menus as a sentence.

use turno_model::{Language, MenuChange, MenuStep};

use crate::entry::Tone;
use crate::names::Names;
use crate::safe;

/// What the caller did in a menu; nothing where [`Fact::MenuChosen`](turno_model::Fact::MenuChosen) says it.
pub(crate) fn menu_step(step: &MenuStep, names: Names<'_>) -> Option<(Tone, String, Vec<String>)> {
    let language = names.language;
    let menu = safe::line(&step.menu);
    let sign = |key: char| safe::line(&key.to_string());
    let text = match &step.change {
        MenuChange::Entered(None) => say!(language, "hears the menu {menu}", "escucha el menú {menu}"),
        MenuChange::Entered(Some(key)) => {
            let key = sign(*key);
            say!(language, "presses {key}: the menu {menu}", "marca {key}: menú {menu}")
        }
        MenuChange::Read { key, prompt } => {
            let (key, prompt) = (sign(*key), safe::line(prompt));
            say!(
                language,
                "presses {key} in the menu {menu}: {prompt} is read",
                "marca {key} en el menú {menu}: se lee {prompt}"
            )
        }
        MenuChange::Wrong(key) => {
            let key = sign(*key);
            say!(
                language,
                "presses {key}, which the menu {menu} does not have: again",
                "marca {key}, que no está en el menú {menu}: otra vez"
            )
        }
        MenuChange::Repeated => say!(
            language,
            "presses nothing in the menu {menu}: again",
            "no marca nada en el menú {menu}: otra vez"
        ),
        MenuChange::WrongKeys(key) => {
            let key = sign(*key);
            say!(
                language,
                "presses {key}, one unlisted key too many in the menu {menu}",
                "marca {key}: demasiadas teclas equivocadas en el menú {menu}"
            )
        }
        MenuChange::TooLong => {
            say!(language, "has been in menus for too long", "lleva demasiado tiempo en los menús")
        }
        MenuChange::Language(chosen) => {
            let code = chosen.code();
            say!(
                language,
                "chooses the language {code} in the menu {menu}",
                "elige el idioma {code} en el menú {menu}"
            )
        }
        MenuChange::Card { .. }
        | MenuChange::Sent { .. }
        | MenuChange::NoSound { .. }
        | MenuChange::Contained { .. } => of_card(&step.change, language)?,
        MenuChange::Chosen(_) | MenuChange::Person | MenuChange::NoKey => return None,
    };
    Some((Tone::Plain, text, Vec::new()))
}

/// What became of a procedure's card; nothing for other steps.
fn of_card(change: &MenuChange, language: Language) -> Option<String> {
    Some(match change {
        MenuChange::Card { procedure, .. } => {
            let procedure = safe::line(procedure);
            say!(language, "hears the card of {procedure}", "escucha la ficha de {procedure}")
        }
        MenuChange::Sent { key, procedure, .. } => {
            let (key, procedure) = (safe::line(&key.to_string()), safe::line(procedure));
            say!(
                language,
                "presses {key}: the card of {procedure} is sent by WhatsApp",
                "marca {key}: se envía la ficha de {procedure} por WhatsApp"
            )
        }
        MenuChange::NoSound { procedure } => {
            let procedure = safe::line(procedure);
            say!(
                language,
                "the card of {procedure} has no sound of its present text: a person answers",
                "la ficha de {procedure} no tiene audio de su texto actual: atiende una persona"
            )
        }
        MenuChange::Contained { procedure, .. } => {
            let procedure = safe::line(procedure);
            say!(
                language,
                "hangs up after the card of {procedure}, without a person",
                "cuelga después de la ficha de {procedure}, sin una persona"
            )
        }
        MenuChange::Entered(_)
        | MenuChange::Read { .. }
        | MenuChange::Wrong(_)
        | MenuChange::Repeated
        | MenuChange::WrongKeys(_)
        | MenuChange::TooLong
        | MenuChange::Language(_)
        | MenuChange::Chosen(_)
        | MenuChange::Person
        | MenuChange::NoKey => return None,
    })
}
