//! A fact of voicemail as a sentence.

use turno_model::{Language, MessageDiscarded, MessageEnd, VoicemailChange, VoicemailRefusal, VoicemailWhy};

use crate::entry::Tone;
use crate::names::{Names, span};

/// What a caller did at the voicemail, or what became of a message.
pub(crate) fn voicemail(change: VoicemailChange, names: Names<'_>) -> (Tone, String, Vec<String>) {
    let language = names.language;
    let (tone, text) = match change {
        VoicemailChange::Began(why) => (Tone::Plain, begin_words(why, language).to_owned()),
        VoicemailChange::Refused(why) => (Tone::Bad, refusal_words(why, language).to_owned()),
        VoicemailChange::Recorded { length, voiced, end } => {
            let (length, voiced, end) = (span(length), span(voiced), end_words(end, language));
            let text = say!(
                language,
                "has spoken for {voiced} of {length}: {end}",
                "habló {voiced} de {length}: {end}"
            );
            (Tone::Plain, text)
        }
        VoicemailChange::Discarded(why) => (Tone::Plain, discarded_words(why, language).to_owned()),
        VoicemailChange::WaitsOn => (Tone::Plain, say!(language, "waits on in line", "sigue en la fila")),
        VoicemailChange::Kept { message } => {
            let message = message.0;
            let text = say!(
                language,
                "the message waits as contact {message}",
                "el mensaje espera como contacto {message}"
            );
            (Tone::Good, text)
        }
        VoicemailChange::Left { .. }
        | VoicemailChange::Played { .. }
        | VoicemailChange::Heard { .. }
        | VoicemailChange::NotPlayed { .. }
        | VoicemailChange::Expired
        | VoicemailChange::PutOff { .. }
        | VoicemailChange::Due => message(change, names),
    };
    (tone, text, Vec::new())
}

/// What becomes of a message.
fn message(change: VoicemailChange, names: Names<'_>) -> (Tone, String) {
    let language = names.language;
    let agent = change.agent().map(|agent| names.agent(agent)).unwrap_or_default();
    if let VoicemailChange::Left { caller, recording, length } = change {
        let (caller, recording, length) = (caller.0, recording.0, span(length));
        let text = say!(
            language,
            "message of {length}, recording {recording}, left by contact {caller}",
            "mensaje de {length}, grabación {recording}, dejado por el contacto {caller}"
        );
        (Tone::Plain, text)
    } else if let VoicemailChange::Played { .. } = change {
        (Tone::Plain, say!(language, "the message plays to {agent}", "{agent} oye el mensaje"))
    } else if let VoicemailChange::Heard { .. } = change {
        (Tone::Good, say!(language, "{agent} has heard it to the end", "{agent} lo oyó hasta el final"))
    } else if let VoicemailChange::NotPlayed { .. } = change {
        let text = say!(
            language,
            "the message can't be played to {agent}",
            "no se puede reproducir el mensaje para {agent}"
        );
        (Tone::Bad, text)
    } else if let VoicemailChange::PutOff { span: for_span } = change {
        let for_span = span(for_span);
        let text = say!(
            language,
            "the message is not offered for {for_span}",
            "el mensaje no se ofrece durante {for_span}"
        );
        (Tone::Plain, text)
    } else if let VoicemailChange::Due = change {
        (Tone::Plain, say!(language, "the message waits again", "el mensaje vuelve a esperar"))
    } else {
        let text = say!(
            language,
            "nobody has heard the message, and it is kept no longer",
            "nadie oyó el mensaje, y ya no se guarda"
        );
        (Tone::Bad, text)
    }
}

const fn begin_words(why: VoicemailWhy, language: Language) -> &'static str {
    match why {
        VoicemailWhy::Step => language.say(
            "may leave a message, as a step of the queue says",
            "puede dejar un mensaje, según un paso de la cola",
        ),
        VoicemailWhy::Key => {
            language.say("presses the key to leave a message", "marca la tecla para dejar un mensaje")
        }
    }
}

const fn refusal_words(why: VoicemailRefusal, language: Language) -> &'static str {
    match why {
        VoicemailRefusal::Full => language
            .say("no message is taken: too many wait", "no se acepta mensaje: hay demasiados en espera"),
        VoicemailRefusal::NoRecorder => language.say(
            "no message is taken: the recorder does not write",
            "no se acepta mensaje: el grabador no escribe",
        ),
        VoicemailRefusal::NoVoice => language.say(
            "no message is taken: the call has no voice",
            "no se acepta mensaje: la llamada no tiene voz",
        ),
    }
}

const fn end_words(end: MessageEnd, language: Language) -> &'static str {
    match end {
        MessageEnd::Key => language.say("presses the key", "marca la tecla"),
        MessageEnd::Silence => language.say("silence", "silencio"),
        MessageEnd::TooLong => language.say("as long as allowed", "llegó al máximo"),
        MessageEnd::HungUp => language.say("hangs up", "cuelga"),
        MessageEnd::Lost => language.say("the phone is lost", "se pierde el teléfono"),
    }
}

const fn discarded_words(why: MessageDiscarded, language: Language) -> &'static str {
    match why {
        MessageDiscarded::Empty => {
            language.say("that is no message: it is deleted", "eso no es un mensaje: se borra")
        }
        MessageDiscarded::Again => language.say("records it again", "lo graba de nuevo"),
        MessageDiscarded::Unwanted => language.say("deletes the message", "borra el mensaje"),
    }
}
