//! Marks, help and after-call work as sentences.

use turno_model::{Handled, HandlingChange};

use crate::entry::Tone;
use crate::names::{Names, span};

/// What happened to the handling of a contact, with its tone.
pub(crate) fn handled(handled: &Handled, names: Names<'_>) -> (Tone, String) {
    let language = names.language;
    let agent = names.agent(handled.agent);
    match handled.change {
        HandlingChange::Marked { percent } => {
            let text = say!(
                language,
                "{percent} % of the handling target: {agent} hears a tone",
                "{percent} % de la meta de atención: {agent} oye un tono"
            );
            (Tone::Bad, text)
        }
        HandlingChange::Retargeted { target } => {
            let target = span(target);
            let text = say!(
                language,
                "by its wrap-up code the handling target is {target}",
                "por su código de cierre la meta de atención es {target}"
            );
            (Tone::Plain, text)
        }
        HandlingChange::CodeOwed => {
            let text = say!(
                language,
                "{agent} is to give a wrap-up code before anything else",
                "{agent} debe dar un código de cierre antes de seguir"
            );
            (Tone::Plain, text)
        }
        HandlingChange::Extended { by } => {
            let by = span(by);
            let text = say!(
                language,
                "{agent} makes the after-call work {by} longer",
                "{agent} prolonga {by} el trabajo posterior"
            );
            (Tone::Plain, text)
        }
        HandlingChange::HelpAsked => {
            (Tone::Plain, say!(language, "{agent} asks for help", "{agent} pide ayuda"))
        }
        HandlingChange::HelpRings { expert } => {
            let expert = names.agent(expert);
            (Tone::Plain, say!(language, "{expert} is rung for help", "se llama a {expert} para que ayude"))
        }
        HandlingChange::HelpCame { expert } => {
            let expert = names.agent(expert);
            (Tone::Good, say!(language, "{expert} comes to help", "{expert} acude en ayuda"))
        }
        HandlingChange::NoHelp => {
            (Tone::Bad, say!(language, "nobody is free to help", "nadie está libre para ayudar"))
        }
    }
}
