//! An agent's ordinary telephone as a sentence.

use turno_model::{PhoneChange, PhoneStep};

use crate::entry::Tone;
use crate::names::Names;

/// What happened to the phone; nothing where no contact is concerned.
pub(crate) fn phone(step: &PhoneStep, names: Names<'_>) -> Option<(Tone, String)> {
    let language = names.language;
    let agent = names.agent(step.agent?);
    let text = match step.change {
        PhoneChange::Dialled => {
            say!(language, "the telephone of {agent} is dialled", "se marca al teléfono de {agent}")
        }
        PhoneChange::PickedUp => say!(
            language,
            "picked up: asked to press 1, the caller waits on",
            "descolgado: se pide pulsar 1, quien llama sigue en espera"
        ),
        PhoneChange::Confirmed => {
            return Some((Tone::Good, say!(language, "{agent} presses 1", "{agent} pulsa 1")));
        }
        PhoneChange::AgentsLine(_)
        | PhoneChange::LineDialled
        | PhoneChange::LineOpened
        | PhoneChange::LineLost
        | PhoneChange::LineReleased
        | PhoneChange::LineRefused => return None,
    };
    Some((Tone::Plain, text))
}
