//! What an agent does with a talk, as a sentence.

use turno_model::{ConsultEnd, Consulted, Passing, PassingChange};

use crate::entry::Tone;
use crate::names::Names;

/// How an agent passes a talk on, with its tone.
pub(crate) fn passing(passing: &Passing, names: Names<'_>) -> (Tone, String, Vec<String>) {
    let language = names.language;
    let agent = names.agent(passing.agent);
    let (tone, text) = match &passing.change {
        PassingChange::Returned => (
            Tone::Plain,
            say!(
                language,
                "{agent} gives the caller back to the queue, in the place of the arrival",
                "{agent} devuelve a quien llama a la cola, en el lugar de su llegada"
            ),
        ),
        PassingChange::DependencyRung { dependency } => (
            Tone::Plain,
            say!(
                language,
                "{agent} transfers to {dependency}, which rings",
                "{agent} transfiere a {dependency}, que timbra"
            ),
        ),
        PassingChange::DependencyReached { dependency, outcome } if outcome.is_empty() => {
            (Tone::Good, say!(language, "{dependency} answers", "{dependency} contesta"))
        }
        PassingChange::DependencyReached { dependency, outcome } => (
            Tone::Good,
            say!(
                language,
                "{dependency} answers: outcome {outcome}",
                "{dependency} contesta: resultado {outcome}"
            ),
        ),
        PassingChange::DependencyNotReached { dependency, status } => (
            Tone::Bad,
            say!(language, "{dependency} does not answer ({status})", "{dependency} no contesta ({status})"),
        ),
        PassingChange::Consults(whom) => {
            let whom = who(whom, names);
            (
                Tone::Plain,
                say!(
                    language,
                    "{agent} consults {whom}, who is rung",
                    "{agent} consulta a {whom}, a quien se llama"
                ),
            )
        }
        PassingChange::ConsultBegan(whom) => {
            let whom = who(whom, names);
            let text = say!(
                language,
                "{agent} and {whom} talk alone; the caller hears music",
                "{agent} y {whom} hablan a solas; quien llama oye música"
            );
            (Tone::Good, text)
        }
        PassingChange::Conferenced(whom) => {
            let whom = who(whom, names);
            (
                Tone::Plain,
                say!(
                    language,
                    "the caller, {agent} and {whom} talk together",
                    "quien llama, {agent} y {whom} hablan juntos"
                ),
            )
        }
        PassingChange::ConsultEnded(whom, end) => ended(&agent, &who(whom, names), *end, names),
    };
    (tone, text, Vec::new())
}

fn ended(agent: &str, whom: &str, end: ConsultEnd, names: Names<'_>) -> (Tone, String) {
    let language = names.language;
    match end {
        ConsultEnd::Completed => (
            Tone::Plain,
            say!(language, "{agent} leaves the caller to {whom}", "{agent} deja a quien llama con {whom}"),
        ),
        ConsultEnd::Back => {
            (Tone::Plain, say!(language, "{agent} is back with the caller", "{agent} vuelve con quien llama"))
        }
        ConsultEnd::Left => (
            Tone::Plain,
            say!(
                language,
                "{whom} leaves, and {agent} has the caller",
                "{whom} se retira, y {agent} sigue con quien llama"
            ),
        ),
        ConsultEnd::NotReached { status } => {
            (Tone::Bad, say!(language, "{whom} does not answer ({status})", "{whom} no contesta ({status})"))
        }
        ConsultEnd::TalkOver => (
            Tone::Plain,
            say!(language, "the consultation ends with the talk", "la consulta termina con la llamada"),
        ),
    }
}

fn who(whom: &Consulted, names: Names<'_>) -> String {
    match whom {
        Consulted::Agent(agent) => names.agent(*agent),
        Consulted::Dependency(name) => name.to_string(),
        Consulted::Outside => names.language.say("a number outside", "un número externo").to_owned(),
    }
}
