//! Steps of a queue that were taken for a waiting contact.

use core::time::Duration;

use turno_ground::Moment;
use turno_model::{StepDid, StepTaken, StepWhy};

use crate::safe;
use crate::why::answer::Kind;
use crate::why::tale::Tale;
use crate::why::telling::capital;

impl Tale<'_> {
    /// A step was taken.
    pub(crate) fn steps(&mut self, at: Moment, step: &StepTaken) {
        self.tell_hold_up();
        let (when, why) = (capital(&self.when(at)), self.step_why(step.why));
        let (language, number) = (self.language(), step.number);
        let did = self.step_did(&step.did);
        let text = say!(
            language,
            "{when}, {why}, {did} (step {number} of the line).",
            "{when}, {why}, {did} (paso {number} de la fila)."
        );
        self.say(Kind::Step, at, text);
    }

    fn step_why(&self, why: StepWhy) -> String {
        let language = self.language();
        let span = |span: Duration| self.telling.span(span);
        match why {
            StepWhy::Waited { waited, .. } => {
                let waited = span(waited);
                say!(language, "after {waited} in line", "tras {waited} en la fila")
            }
            StepWhy::Told { over, within: Some(within) } => {
                let (over, within) = (span(over), span(within));
                say!(
                    language,
                    "since a wait of {within} was expected, more than {over}",
                    "como se preveía una espera de {within}, más de {over}"
                )
            }
            StepWhy::Told { within: None, .. } => {
                language.say("since nobody worked for the line", "como nadie atendía la fila").to_owned()
            }
            StepWhy::Longer { than, length } => say!(
                language,
                "since {length} people waited, more than {than}",
                "como esperaban {length} personas, más de {than}"
            ),
            StepWhy::Nobody => {
                language.say("since nobody was logged in", "como no había nadie conectado").to_owned()
            }
            StepWhy::Closed => {
                language.say("since the line was closed", "como la fila estaba cerrada").to_owned()
            }
        }
    }

    fn step_did(&self, did: &StepDid) -> String {
        let language = self.language();
        match did {
            StepDid::LevelMax(Some(level)) => say!(
                language,
                "the call could also go to people up to level {level}",
                "la llamada pudo pasar también a personal hasta el nivel {level}"
            ),
            StepDid::LevelMax(None) => say!(
                language,
                "the call could also go to people of every level",
                "la llamada pudo pasar también a personal de cualquier nivel"
            ),
            StepDid::Also(queue) => {
                let queue = self.telling.queue(*queue);
                say!(
                    language,
                    "the people of {queue} could take it too",
                    "la pudo tomar también el personal de {queue}"
                )
            }
            StepDid::Raised(to) => {
                say!(language, "the call was given priority {to}", "la llamada recibió la prioridad {to}")
            }
            StepDid::Moved(queue) => {
                let queue = self.telling.queue(*queue);
                say!(
                    language,
                    "the call was moved to the line of {queue}",
                    "la llamada pasó a la fila de {queue}"
                )
            }
            StepDid::Sending(number) | StepDid::Sent(number) | StepDid::NotSent(number) => {
                outside_words(did, &safe::line(number), language)
            }
            StepDid::Ended(_) => say!(
                language,
                "you heard an announcement, and the call was ended",
                "se le leyó un anuncio y la llamada terminó"
            ),
            StepDid::TargetClosed(queue) => {
                let queue = self.telling.queue(*queue);
                say!(
                    language,
                    "it was to be moved to {queue}, which was closed; it waited on",
                    "debía pasar a {queue}, que estaba cerrada; siguió en la fila"
                )
            }
            StepDid::OfferedCallback => {
                say!(language, "a call back was offered to you", "se le ofreció devolverle la llamada")
            }
            StepDid::Interrupted(agents) if agents.is_empty() => say!(
                language,
                "nobody was in a pause that may be interrupted",
                "no había nadie en una pausa que se pudiera interrumpir"
            ),
            StepDid::Interrupted(agents) => {
                let agents = self.telling.agents(agents);
                say!(
                    language,
                    "{agents} came back from a pause to serve the line",
                    "se llamó de su pausa a {agents} para atender la fila"
                )
            }
            StepDid::Voicemail => {
                say!(language, "you could leave a message", "se le permitió dejar un mensaje")
            }
        }
    }
}

/// A call to an outside number.
fn outside_words(did: &StepDid, number: &str, language: turno_model::Language) -> String {
    if let StepDid::Sending(_) = did {
        say!(language, "{number} was called for you", "se llamó por usted al {number}")
    } else if let StepDid::Sent(_) = did {
        say!(language, "{number} answered, and you were put through", "contestó el {number} y se le comunicó")
    } else {
        say!(
            language,
            "{number} did not answer, and the call waited on",
            "no contestó el {number} y la llamada siguió en la fila"
        )
    }
}
