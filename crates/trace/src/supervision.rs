//! What supervisors do to a contact, as sentences.

use turno_model::command::verb::Verb;
use turno_model::{Asker, Commanded, Fact, Language, LiveSpeech, Observing, SpeechChange};

use crate::names::Names;
use crate::safe;

/// A supervisor comes into the talk, leaves it, takes it over, or asks for something about the contact.
pub(crate) fn supervision(fact: &Fact, names: Names<'_>) -> Option<String> {
    let language = names.language;
    Some(if let Fact::ObservingBegan { observer, how, by, .. } = fact {
        let does = match how {
            Observing::Listen => language.say("listens, and is heard by nobody", "escucha, y nadie le oye"),
            Observing::Whisper => {
                language.say("listens, and is heard by the agent alone", "escucha, y solo el agente le oye")
            }
            Observing::Barge => language.say("joins the talk", "entra en la conversación"),
        };
        let by = match by {
            Asker::Phone(agent) if agent == observer => String::new(),
            Asker::Phone(agent) => {
                say!(language, ", as {} asked", ", como pidió {}", names.agent(*agent))
            }
            Asker::Control => say!(
                language,
                ", as was asked over the control socket",
                ", como se pidió por el socket de control"
            ),
            Asker::Shell => say!(language, ", as turno asked", ", como pidió turno"),
        };
        format!("{} {does}{by}", names.agent(*observer))
    } else if let Fact::ObservingEnded { observer, .. } = fact {
        say!(language, "{} observes no more", "{} ya no observa", names.agent(*observer))
    } else if let Fact::TakenOver { from, to, .. } = fact {
        let (from, to) = (names.agent(*from), names.agent(*to));
        say!(language, "{to} takes over from {from}", "{to} toma la llamada de {from}")
    } else if let Fact::LiveSpeech(LiveSpeech { speaker, change: SpeechChange::Heard { .. }, .. }) = fact {
        let speaker = names.agent(*speaker);
        say!(language, "hears {speaker}, who speaks to the queue", "escucha a {speaker}, que habla a la cola")
    } else if let Fact::Commanded(Commanded { why, verb, .. }) = fact {
        commanded(*verb, why.as_deref(), language)
    } else {
        return None;
    })
}

/// What a person asked for about this contact, and why.
fn commanded(verb: Verb, why: Option<&str>, language: Language) -> String {
    let word = verb.word();
    let why = why.map_or_else(String::new, |why| format!(": {}", safe::line(why)));
    say!(
        language,
        "asked over the control socket: {word}{why}",
        "se pidió por el socket de control: {word}{why}"
    )
}
