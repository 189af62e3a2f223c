//! A fact of a callback as a sentence.

use turno_model::{CallbackChange, CallbackFailure, CallbackOffer, CallbackRefusal, Language};

use crate::entry::Tone;
use crate::names::{Names, span};

/// What becomes of a callback. The number is not told here: the ladder shows it as it may be shown.
pub(crate) fn callback(change: &CallbackChange, names: Names<'_>) -> (Tone, String, Vec<String>) {
    let language = names.language;
    let (tone, text) = match change {
        CallbackChange::Offered(why) => (Tone::Plain, offer_words(*why, language).to_owned()),
        CallbackChange::Asked { after, .. } if after.is_zero() => {
            (Tone::Plain, say!(language, "wants to be called back", "quiere que le llamen"))
        }
        CallbackChange::Asked { after, .. } => {
            let after = span(*after);
            let text =
                say!(language, "wants to be called back in {after}", "quiere que le llamen en {after}");
            (Tone::Plain, text)
        }
        CallbackChange::Refused(why) => (Tone::Bad, refusal_words(*why, language).to_owned()),
        CallbackChange::PutOff { span: for_span } => {
            let for_span = span(*for_span);
            let text = say!(
                language,
                "the callback is not offered for {for_span}",
                "la llamada no se ofrece durante {for_span}"
            );
            (Tone::Plain, text)
        }
        CallbackChange::Due => {
            (Tone::Plain, say!(language, "the callback is due", "toca devolver la llamada"))
        }
        CallbackChange::Dialled { attempt } => {
            (Tone::Plain, say!(language, "is dialled, attempt {attempt}", "se le llama, intento {attempt}"))
        }
        CallbackChange::Failed(why) => (Tone::Bad, failure_words(*why, language).to_owned()),
        CallbackChange::Reached => {
            (Tone::Good, say!(language, "answers the callback", "contesta la llamada"))
        }
        CallbackChange::GivenUp => {
            (Tone::Bad, say!(language, "the callback is given up", "se desiste de devolver la llamada"))
        }
        CallbackChange::PickedUp => (
            Tone::Good,
            say!(language, "answers, and hears that an agent comes", "contesta y oye que viene un agente"),
        ),
        CallbackChange::LeftInLine => (
            Tone::Bad,
            say!(language, "hangs up before an agent comes", "cuelga antes de que venga un agente"),
        ),
        CallbackChange::LeftMessage => (
            Tone::Good,
            say!(language, "leaves a message instead of waiting", "deja un mensaje en vez de esperar"),
        ),
        CallbackChange::CancelledByCall { by } => {
            let by = by.0;
            let text = say!(
                language,
                "called again as contact {by}, which takes this place",
                "volvió a llamar como contacto {by}, que toma este lugar"
            );
            (Tone::Plain, text)
        }
    };
    (tone, text, Vec::new())
}

const fn offer_words(why: CallbackOffer, language: Language) -> &'static str {
    match why {
        CallbackOffer::Waited => language.say("hears the offer of a callback", "oye que le pueden llamar"),
        CallbackOffer::LongWait => language.say(
            "hears the offer of a callback, since the wait is long",
            "oye que le pueden llamar, porque la espera es larga",
        ),
        CallbackOffer::Full => language.say(
            "hears the offer of a callback, since the line is full",
            "oye que le pueden llamar, porque la fila está llena",
        ),
        CallbackOffer::Key => {
            language.say("presses the key for a callback", "marca la tecla para que le llamen")
        }
    }
}

const fn refusal_words(why: CallbackRefusal, language: Language) -> &'static str {
    match why {
        CallbackRefusal::NoNumber => {
            language.say("no callback: no number is known", "sin llamada: no se conoce el número")
        }
        CallbackRefusal::NotAllowed => {
            language.say("no callback: this number is not dialled", "sin llamada: ese número no se marca")
        }
        CallbackRefusal::Waits => {
            language.say("no second callback: one waits already", "sin segunda llamada: ya hay una en espera")
        }
    }
}

const fn failure_words(why: CallbackFailure, language: Language) -> &'static str {
    match why {
        CallbackFailure::Busy => language.say("the number is busy", "el número está ocupado"),
        CallbackFailure::NoAnswer => language.say("nobody answers", "nadie contesta"),
        CallbackFailure::Refused => language.say("the call is refused", "la llamada se rechaza"),
        CallbackFailure::Unreachable => {
            language.say("the number can't be reached", "no se puede alcanzar el número")
        }
        CallbackFailure::NoTrunk => language.say("no trunk is free", "no hay troncal libre"),
        CallbackFailure::AgentLeft => {
            language.say("the agent hung up before an answer", "el agente colgó antes de que contestaran")
        }
        CallbackFailure::Machine => {
            language.say("an answering machine answers", "contesta un contestador automático")
        }
        CallbackFailure::Silence => {
            language.say("somebody answers and says nothing", "alguien contesta y no dice nada")
        }
    }
}
