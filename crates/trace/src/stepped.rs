//! A step of a queue as a sentence.

use turno_model::{AgentId, Language, StepDid, StepTaken, StepWhy};

use crate::entry::Tone;
use crate::names::{Names, span};
use crate::safe;

/// What a step did, and why.
pub(crate) fn stepped(step: &StepTaken, names: Names<'_>) -> (Tone, String, Vec<String>) {
    let language = names.language;
    let (number, why) = (step.number, why_words(step.why, language));
    let (tone, did) = did_words(&step.did, names);
    let text = say!(language, "step {number}: {did} ({why})", "paso {number}: {did} ({why})");
    (tone, text, Vec::new())
}

fn why_words(why: StepWhy, language: Language) -> String {
    match why {
        StepWhy::Waited { after, waited } => {
            let (after, waited) = (span(after), span(waited));
            say!(language, "waited {waited}, due after {after}", "espera {waited}, previsto tras {after}")
        }
        StepWhy::Told { over, within } => {
            let within = within.map_or_else(|| language.say("unknown", "desconocida").to_owned(), span);
            let over = span(over);
            say!(
                language,
                "expected wait {within}, more than {over}",
                "espera prevista {within}, más de {over}"
            )
        }
        StepWhy::Longer { than, length } => {
            say!(language, "{length} wait, more than {than}", "{length} en espera, más de {than}")
        }
        StepWhy::Nobody => language.say("nobody is logged in", "no hay agentes en sesión").to_owned(),
        StepWhy::Closed => language.say("the queue is closed", "la cola está cerrada").to_owned(),
    }
}

fn did_words(did: &StepDid, names: Names<'_>) -> (Tone, String) {
    let language = names.language;
    match did {
        StepDid::LevelMax(Some(level)) => {
            let text = say!(
                language,
                "agents up to level {level} may take it",
                "la pueden tomar agentes hasta el nivel {level}"
            );
            (Tone::Plain, text)
        }
        StepDid::LevelMax(None) => {
            let text = language
                .say("agents of every level may take it", "la pueden tomar agentes de todos los niveles");
            (Tone::Plain, text.to_owned())
        }
        StepDid::Also(queue) => {
            let queue = names.queue(*queue);
            let text = say!(
                language,
                "agents of {queue} may take it too",
                "también la pueden tomar agentes de {queue}"
            );
            (Tone::Plain, text)
        }
        StepDid::Raised(to) => (Tone::Plain, say!(language, "priority {to}", "prioridad {to}")),
        StepDid::Moved(queue) => {
            let queue = names.queue(*queue);
            (Tone::Plain, say!(language, "moves to {queue}", "pasa a {queue}"))
        }
        StepDid::Sending(number) => {
            let number = safe::line(number);
            (Tone::Plain, say!(language, "{number} is called", "se llama al {number}"))
        }
        StepDid::Sent(number) => {
            let number = safe::line(number);
            (Tone::Good, say!(language, "{number} answers", "contesta el {number}"))
        }
        StepDid::NotSent(number) => {
            let number = safe::line(number);
            let text = say!(
                language,
                "{number} does not answer: it waits on",
                "no contesta el {number}: sigue en espera"
            );
            (Tone::Bad, text)
        }
        StepDid::Ended(prompt) => {
            let prompt = safe::line(prompt);
            let text = say!(language, "hears {prompt} and is ended", "oye {prompt} y termina");
            (Tone::Bad, text)
        }
        StepDid::OfferedCallback => {
            (Tone::Plain, say!(language, "a callback is offered", "se ofrece devolver la llamada"))
        }
        StepDid::Interrupted(agents) => interrupted(agents, names),
        StepDid::Voicemail => {
            (Tone::Plain, say!(language, "a message may be left", "se puede dejar un mensaje"))
        }
        StepDid::TargetClosed(queue) => {
            let queue = names.queue(*queue);
            let text =
                say!(language, "{queue} is closed: it waits on", "{queue} está cerrada: sigue en espera");
            (Tone::Bad, text)
        }
    }
}

/// Which agents were called back from AUX.
fn interrupted(agents: &[AgentId], names: Names<'_>) -> (Tone, String) {
    let language = names.language;
    if agents.is_empty() {
        let text = language.say(
            "nobody is in an AUX that may be interrupted",
            "nadie está en una pausa que se pueda interrumpir",
        );
        return (Tone::Plain, text.to_owned());
    }
    let agents: Vec<_> = agents.iter().map(|agent| names.agent(*agent)).collect();
    let agents = agents.join(", ");
    (Tone::Good, say!(language, "{agents} called back from AUX", "{agents}: se interrumpe su pausa"))
}
