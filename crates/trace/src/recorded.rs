//! A fact of a recording as a sentence.

use turno_model::{
    Asker, Language, PausedBy, RecordedWhy, RecordingChange, RecordingId, RecordingLoss, RecordingOutcome,
};

use crate::asked_by::asked_by;
use crate::entry::Tone;
use crate::names::{Names, span};
use crate::safe;

/// What becomes of a recording.
pub(crate) fn recording(
    recording: RecordingId,
    change: &RecordingChange,
    names: Names<'_>,
) -> (Tone, String, Vec<String>) {
    let language = names.language;
    let (tone, text) = match change {
        RecordingChange::Began { why, class, .. } => {
            let (number, class, why) = (recording.0, safe::line(class), why_words(*why, names));
            let text = say!(
                language,
                "recorded as {number}, class {class}: {why}",
                "se graba como {number}, clase {class}: {why}"
            );
            (Tone::Plain, text)
        }
        RecordingChange::MessageBegan { class, .. } => {
            let (number, class) = (recording.0, safe::line(class));
            let text = say!(
                language,
                "speaks after the tone, recorded as {number}, class {class}",
                "habla después del tono, se graba como {number}, clase {class}"
            );
            (Tone::Plain, text)
        }
        RecordingChange::Paused(by) => {
            let by = paused_by(*by, names, ("the caller keys digits", "quien llama marca dígitos"));
            (Tone::Plain, say!(language, "the recording is paused{by}", "la grabación está en pausa{by}"))
        }
        RecordingChange::Resumed(by) => {
            let by = paused_by(*by, names, ("no more digits come", "ya no llegan dígitos"));
            (Tone::Plain, say!(language, "the recording goes on{by}", "la grabación continúa{by}"))
        }
        RecordingChange::Ended { length, missing, outcome } => {
            let lacks = if missing.is_zero() {
                String::new()
            } else {
                say!(language, ", {} missing", ", faltan {}", span(*missing))
            };
            let length = span(*length);
            match outcome {
                RecordingOutcome::Kept(hash) => {
                    let hash: String = safe::line(hash).chars().take(16).collect();
                    let text = say!(
                        language,
                        "the recording is kept: {length}{lacks}, hash {hash}",
                        "la grabación se guardó: {length}{lacks}, hash {hash}"
                    );
                    (if missing.is_zero() { Tone::Figures } else { Tone::Bad }, text)
                }
                RecordingOutcome::Lost(loss) => {
                    let why = loss_words(*loss, language);
                    let text = say!(
                        language,
                        "the recording is lost after {length}: {why}",
                        "la grabación se perdió después de {length}: {why}"
                    );
                    (Tone::Bad, text)
                }
            }
        }
        RecordingChange::Purged => {
            let text = say!(
                language,
                "the recording is deleted: its class keeps it no longer",
                "la grabación se borró: su clase no la guarda por más tiempo"
            );
            (Tone::Plain, text)
        }
    };
    (tone, text, Vec::new())
}

fn why_words(why: RecordedWhy, names: Names<'_>) -> String {
    let language = names.language;
    match why {
        RecordedWhy::Queue => say!(language, "the queue records every talk", "la cola graba todo"),
        RecordedWhy::Chance => say!(language, "chosen by chance", "elegida al azar"),
        RecordedWhy::Agent => say!(language, "the agent is recorded", "se graba al agente"),
        RecordedWhy::Demand(Asker::Phone(agent)) => {
            say!(language, "{} asked for it", "la pidió {}", names.agent(agent))
        }
        RecordedWhy::Demand(Asker::Control | Asker::Shell) => {
            say!(language, "somebody asked for it", "alguien la pidió")
        }
    }
}

fn paused_by(by: PausedBy, names: Names<'_>, keys: (&'static str, &'static str)) -> String {
    match by {
        PausedBy::Asked(by) => asked_by(by, names),
        PausedBy::Keys => format!(": {}", names.language.say(keys.0, keys.1)),
    }
}

/// Why a recording is lost.
const fn loss_words(loss: RecordingLoss, language: Language) -> &'static str {
    match loss {
        RecordingLoss::DiskFull => language.say("the disk is full", "el disco está lleno"),
        RecordingLoss::Disk => language.say("the disk fails", "el disco falla"),
        RecordingLoss::NoAnswer => language.say("the recorder does not answer", "el grabador no responde"),
        RecordingLoss::NoRecorder => {
            language.say("the plan has no [recording]", "el plan no tiene [recording]")
        }
        RecordingLoss::Encoder => language.say("the encoder fails", "el codificador falla"),
    }
}
