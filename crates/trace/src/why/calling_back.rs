//! Call backs and messages: what the caller chose, and what came of it.

use turno_ground::Moment;
use turno_model::{
    CallbackChange, CallbackFailure, CallbackRefusal, MessageDiscarded, VoicemailChange, VoicemailRefusal,
};

use crate::why::answer::Kind;
use crate::why::tale::Tale;
use crate::why::telling::capital;

impl Tale<'_> {
    /// A change of the call back.
    pub(crate) fn calls_back(&mut self, at: Moment, change: &CallbackChange) {
        self.tell_hold_up();
        if *change == CallbackChange::Reached && self.has_picked_up {
            return;
        }
        self.has_picked_up |= *change == CallbackChange::PickedUp;
        let when = capital(&self.when(at));
        let language = self.language();
        let text = match change {
            CallbackChange::Offered(_) => say!(
                language,
                "{when} you were offered a call back.",
                "{when} se le ofreció devolverle la llamada."
            ),
            CallbackChange::Asked { after, .. } if after.is_zero() => say!(
                language,
                "{when} you asked to be called back. You hung up, and the call kept its place in line.",
                "{when} usted pidió que le devolvieran la llamada. Colgó, y la llamada conservó su lugar en la fila."
            ),
            CallbackChange::Asked { after, .. } => {
                let after = self.telling.span(*after);
                say!(
                    language,
                    "{when} you asked to be called back after {after} at the earliest.",
                    "{when} usted pidió que le devolvieran la llamada, no antes de {after}."
                )
            }
            CallbackChange::Refused(why) => {
                let why = match why {
                    CallbackRefusal::NoNumber => {
                        language.say("no number of yours was known", "no se conocía su número")
                    }
                    CallbackRefusal::NotAllowed => language
                        .say("that number is not dialled from here", "a ese número no se llama desde aquí"),
                    CallbackRefusal::Waits => language.say(
                        "a call back to that number was waiting already",
                        "ya había una devolución pendiente a ese número",
                    ),
                };
                say!(
                    language,
                    "A call back was not possible: {why}. The call waited on.",
                    "No se pudo acordar la devolución de la llamada: {why}. La llamada siguió en la fila."
                )
            }
            CallbackChange::PutOff { span } => {
                let span = self.telling.span(*span);
                say!(
                    language,
                    "{when} the call back was put off for {span}.",
                    "{when} la devolución de la llamada se aplazó {span}."
                )
            }
            CallbackChange::Due => say!(
                language,
                "{when} the call was in its place in line again.",
                "{when} la llamada volvió a su lugar en la fila."
            ),
            CallbackChange::Dialled { .. }
            | CallbackChange::Failed(_)
            | CallbackChange::Reached
            | CallbackChange::PickedUp
            | CallbackChange::GivenUp
            | CallbackChange::CancelledByCall { .. }
            | CallbackChange::LeftInLine
            | CallbackChange::LeftMessage => dial_words(change, &when, language),
        };
        self.say(Kind::Callback, at, text);
    }

    /// A step at the voicemail, or of a message.
    pub(crate) fn leaves_message(&mut self, at: Moment, change: VoicemailChange) {
        self.tell_hold_up();
        let language = self.language();
        let text = match change {
            // It is told with the arrival.
            VoicemailChange::Left { .. } => return,
            VoicemailChange::Began(_) => {
                let when = capital(&self.when(at));
                say!(language, "{when} you could leave a message.", "{when} usted pudo dejar un mensaje.")
            }
            VoicemailChange::Refused(why) => {
                let why = match why {
                    VoicemailRefusal::Full => {
                        language.say("too many were waiting", "había demasiados en espera")
                    }
                    VoicemailRefusal::NoRecorder => {
                        language.say("the recorder did not work", "el grabador no funcionaba")
                    }
                    VoicemailRefusal::NoVoice => {
                        language.say("the call had no voice", "la llamada no tenía voz")
                    }
                };
                say!(language, "No message could be taken: {why}.", "No se pudo recibir el mensaje: {why}.")
            }
            VoicemailChange::Recorded { length, .. } => {
                let length = self.telling.span(length);
                say!(language, "You spoke for {length}.", "Usted habló {length}.")
            }
            VoicemailChange::Discarded(MessageDiscarded::Empty) => say!(
                language,
                "Nothing was heard in it, so it was deleted.",
                "No se oyó nada en él, y se borró."
            ),
            VoicemailChange::Discarded(MessageDiscarded::Again) => {
                say!(language, "You recorded it again.", "Usted lo grabó de nuevo.")
            }
            VoicemailChange::Discarded(MessageDiscarded::Unwanted) => {
                say!(language, "You deleted it.", "Usted lo borró.")
            }
            VoicemailChange::WaitsOn => {
                say!(language, "The call waited on in its line.", "La llamada siguió en la fila.")
            }
            VoicemailChange::Kept { message } => {
                let message = message.0;
                say!(
                    language,
                    "The message was kept, and waits in your place as contact {message}.",
                    "El mensaje quedó guardado y espera en su lugar como contacto {message}."
                )
            }
            VoicemailChange::Played { agent } => {
                let (when, agent) = (capital(&self.when(at)), self.telling.agent(agent));
                say!(language, "{when} {agent} listened to it.", "{when} {agent} lo escuchó.")
            }
            VoicemailChange::Heard { .. } => {
                say!(language, "It was heard to its end.", "Se escuchó hasta el final.")
            }
            VoicemailChange::NotPlayed { agent } => {
                let agent = self.telling.agent(agent);
                say!(language, "It could not be played to {agent}.", "No se pudo reproducir para {agent}.")
            }
            VoicemailChange::Expired => say!(
                language,
                "Nobody heard it in the time for which messages are kept.",
                "Nadie lo escuchó en el tiempo por el que se guardan los mensajes."
            ),
            VoicemailChange::PutOff { .. } | VoicemailChange::Due => return,
        };
        self.say(Kind::Voicemail, at, text);
    }
}

const fn failure_words(why: CallbackFailure, language: turno_model::Language) -> &'static str {
    match why {
        CallbackFailure::Busy => language.say("the number was busy", "el número estaba ocupado"),
        CallbackFailure::NoAnswer => language.say("nobody answered", "nadie contestó"),
        CallbackFailure::Refused => language.say("the call was refused", "la llamada fue rechazada"),
        CallbackFailure::Unreachable => {
            language.say("the number can't be reached", "el número no tiene línea")
        }
        CallbackFailure::NoTrunk => {
            language.say("there was no line to dial by", "no había línea para llamar")
        }
        CallbackFailure::AgentLeft => {
            language.say("the agent hung up meanwhile", "quien iba a atenderle colgó entretanto")
        }
        CallbackFailure::Machine => language.say("a machine answered", "contestó una máquina"),
        CallbackFailure::Silence => language.say("nobody spoke", "nadie habló"),
    }
}

/// A dial, or how the call back ended.
fn dial_words(change: &CallbackChange, when: &str, language: turno_model::Language) -> String {
    match change {
        CallbackChange::Dialled { attempt } => say!(
            language,
            "{when} your number was dialled (attempt {attempt}).",
            "{when} se marcó a su número (intento {attempt})."
        ),
        CallbackChange::Failed(why) => {
            let why = failure_words(*why, language);
            say!(language, "Nobody was reached: {why}.", "No se logró la comunicación: {why}.")
        }
        CallbackChange::Reached => {
            say!(language, "{when} you answered the call back.", "{when} usted contestó.")
        }
        CallbackChange::PickedUp => say!(
            language,
            "{when} you answered, and heard that somebody was coming.",
            "{when} usted contestó y oyó que en un momento le atenderían."
        ),
        CallbackChange::GivenUp => {
            say!(language, "{when} no further attempt was made.", "{when} se dejó de intentar la llamada.")
        }
        CallbackChange::CancelledByCall { .. } => say!(
            language,
            "{when} you called again, and the new call took this place in line.",
            "{when} usted volvió a llamar, y la nueva llamada tomó este lugar en la fila."
        ),
        CallbackChange::LeftInLine => say!(
            language,
            "{when} you hung up before somebody was free.",
            "{when} usted colgó antes de que hubiera alguien libre."
        ),
        CallbackChange::LeftMessage => say!(
            language,
            "{when} you left a message instead of waiting.",
            "{when} usted dejó un mensaje en lugar de esperar."
        ),
        CallbackChange::Offered(_)
        | CallbackChange::Asked { .. }
        | CallbackChange::Refused(_)
        | CallbackChange::PutOff { .. }
        | CallbackChange::Due => String::new(),
    }
}
