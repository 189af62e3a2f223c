//! What is known of a caller, as a sentence.

use turno_model::{CallerKnown, DiversionReason, Language, ListEffect, WITHHELD};

use crate::entry::Tone;
use crate::names::{Names, span};
use crate::redaction::{NUMBER_WITHHELD, short};

/// What is known of the caller. Numbers are short here: the ladder shows them as they may be shown.
pub(crate) fn known(known: &CallerKnown, names: Names<'_>) -> (Tone, String, Vec<String>) {
    let language = names.language;
    let text = match known {
        CallerKnown::Claims { number } => {
            let number = short(&number.0);
            say!(
                language,
                "the caller's phone says {number}; the carrier's number counts",
                "el teléfono de quien llama dice {number}; vale el número de la operadora"
            )
        }
        CallerKnown::Diverted { from, why } => {
            let number = if from.0 == WITHHELD { NUMBER_WITHHELD.to_owned() } else { short(&from.0) };
            let why = reason_words(*why, language);
            say!(language, "diverted from {number}: {why}", "desviada desde {number}: {why}")
        }
        CallerKnown::ServedBy { agent } => {
            let agent = names.agent(*agent);
            say!(language, "was served by {agent} before", "ya fue atendida por {agent}")
        }
        CallerKnown::KeptFor { agent, span: longest } => {
            let (agent, longest) = (names.agent(*agent), span(*longest));
            say!(
                language,
                "waits for {agent} alone, who is busy: up to {longest}",
                "espera solo a {agent}, que está ocupado: hasta {longest}"
            )
        }
        CallerKnown::KeptNoMore { agent } | CallerKnown::DirectNoMore { agent } => {
            let agent = names.agent(*agent);
            say!(language, "waits no longer for {agent} alone", "ya no espera solo a {agent}")
        }
        CallerKnown::PulledTo { agent, span: longest } => {
            let (agent, longest) = (names.agent(*agent), span(*longest));
            say!(
                language,
                "a supervisor gave it to {agent}, as the next contact: up to {longest}",
                "la supervisión la dio a {agent}, como siguiente: hasta {longest}"
            )
        }
        CallerKnown::PulledNoMore { agent } => {
            let agent = names.agent(*agent);
            say!(
                language,
                "not given to {agent} any more: everybody may take it",
                "ya no es solo para {agent}: cualquiera la puede tomar"
            )
        }
        CallerKnown::DirectFor { agent, span: longest } => {
            let (agent, longest) = (names.agent(*agent), span(*longest));
            say!(
                language,
                "waits for {agent} alone, whose own number was dialled: up to {longest}",
                "espera solo a {agent}, a cuyo número llamó: hasta {longest}"
            )
        }
        CallerKnown::Listed { list, effect: ListEffect::Prefer(priority) } => say!(
            language,
            "is on the list `{list}`: preferred, priority {priority}",
            "consta en la lista `{list}`: preferente, prioridad {priority}"
        ),
        CallerKnown::Listed { list, effect: ListEffect::Refuse } => say!(
            language,
            "is on the list `{list}`: not served",
            "consta en la lista `{list}`: no se atiende"
        ),
    };
    (Tone::Plain, text, Vec::new())
}

const fn reason_words(why: DiversionReason, language: Language) -> &'static str {
    let (english, spanish) = match why {
        DiversionReason::Unknown => ("reason not known", "motivo desconocido"),
        DiversionReason::UserBusy => ("busy", "ocupado"),
        DiversionReason::NoAnswer => ("no answer", "no contesta"),
        DiversionReason::Unavailable => ("not reachable", "no disponible"),
        DiversionReason::Unconditional => ("always", "siempre"),
        DiversionReason::TimeOfDay => ("at this time of the day", "a esta hora"),
        DiversionReason::DoNotDisturb => ("do not disturb", "no molestar"),
        DiversionReason::Deflection => ("passed on while it rang", "pasada mientras timbraba"),
        DiversionReason::FollowMe => ("follow me", "sígueme"),
        DiversionReason::OutOfService => ("out of service", "fuera de servicio"),
        DiversionReason::Away => ("away", "ausente"),
    };
    language.say(english, spanish)
}
