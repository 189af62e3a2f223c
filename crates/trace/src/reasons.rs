//! Why an agent got a contact and others did not, in words.

use std::collections::BTreeMap;

use turno_model::{AgentId, AgentState, Candidate, Decision, Language, PassedOver, Rule};

use crate::names::{Names, span};

/// Which state each agent was in, as far as the facts have told.
pub(crate) type States = BTreeMap<AgentId, AgentState>;

/// The rule and what spoke for the winner.
pub(crate) fn choice(decision: &Decision, language: Language) -> String {
    let (idle, waited) = (span(decision.idle), span(decision.waited));
    match decision.rule {
        Rule::UcdMia => say!(language, "most idle, {idle} idle", "mayor tiempo libre, {idle} libre"),
        Rule::EadMia => say!(
            language,
            "best level, then most idle, {idle} idle",
            "mejor nivel y luego mayor tiempo libre, {idle} libre"
        ),
        Rule::UcdLoa => say!(language, "least occupied", "menor ocupación"),
        Rule::EadLoa => {
            say!(language, "best level, then least occupied", "mejor nivel y luego menor ocupación")
        }
        Rule::LastAgent => {
            say!(
                language,
                "last agent, who served this caller before",
                "último agente, que ya atendió a esta persona"
            )
        }
        Rule::Pulled => {
            say!(
                language,
                "pulled: a supervisor gave it to this agent",
                "dada a este agente por la supervisión"
            )
        }
        Rule::Direct => {
            say!(language, "own number: the caller dialled it", "número propio, que marcó la persona")
        }
        Rule::GreatestNeed => {
            say!(language, "greatest need, waiting for {waited}", "mayor necesidad, {waited} en espera")
        }
    }
}

/// One line for each reason, with all who were passed over for it.
pub(crate) fn passed_over(decision: &Decision, names: Names<'_>, states: &States) -> Vec<String> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for &(candidate, why) in &decision.passed_over {
        let (who, reason) = match candidate {
            Candidate::Agent(agent) => (names.extension(agent), agents_reason(agent, why, names, states)),
            Candidate::Contact(_, queue) => (names.queue(queue), word(why, names.language).to_owned()),
        };
        match groups.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, all)) => all.push(who),
            None => groups.push((reason, vec![who])),
        }
    }
    let mut lines: Vec<String> = groups
        .into_iter()
        .map(|(reason, who)| format!("{}: {reason}", in_runs(&who, names.language)))
        .collect();
    if decision.others > 0 {
        lines.push(say!(names.language, "and {} more, not named", "y {} más, sin nombrar", decision.others));
    }
    lines
}

/// Names one after another; extensions that follow each other as `1001 to 1015`.
fn in_runs(who: &[String], language: Language) -> String {
    let follows = |one: &String, next: &String| {
        one.parse::<u64>()
            .is_ok_and(|one| next.parse::<u64>() == Ok(one + 1) && one.to_string().len() == next.len())
    };
    let mut parts = Vec::new();
    let mut rest = who;
    while let Some(first) = rest.first() {
        let run = 1 + rest.windows(2).take_while(|pair| follows(&pair[0], &pair[1])).count();
        let is_long = run > 2;
        let taken = if is_long { run } else { 1 };
        parts.push(if is_long {
            say!(language, "{first} to {}", "{first} a {}", rest[run - 1])
        } else {
            first.clone()
        });
        rest = &rest[taken..];
    }
    parts.join(", ")
}

/// The state says more than 'occupied', where it is known.
fn agents_reason(agent: AgentId, why: PassedOver, names: Names<'_>, states: &States) -> String {
    let state = states.get(&agent).copied();
    match (why, state) {
        (
            PassedOver::Occupied,
            Some(
                state @ (AgentState::Ringing
                | AgentState::Talking
                | AgentState::Holding
                | AgentState::Acw
                | AgentState::OtherCall),
            ),
        )
        | (PassedOver::NotReady, Some(state @ AgentState::Aux(_))) => names.state(state),
        (
            PassedOver::LessIdle
            | PassedOver::WorseLevel
            | PassedOver::MoreOccupied
            | PassedOver::NoSkill
            | PassedOver::MoreInHand
            | PassedOver::Occupied
            | PassedOver::NotReady
            | PassedOver::CoolingDown
            | PassedOver::Unreachable
            | PassedOver::TriedBefore
            | PassedOver::LowerPriority
            | PassedOver::ShorterWait
            | PassedOver::LaterDeadline
            | PassedOver::KeptForCalls
            | PassedOver::BeyondLevel
            | PassedOver::NotLastAgent,
            _,
        ) => word(why, names.language).to_owned(),
    }
}

const fn word(why: PassedOver, language: Language) -> &'static str {
    match why {
        PassedOver::LessIdle => language.say("less idle", "menos tiempo libre"),
        PassedOver::WorseLevel => language.say("worse level", "peor nivel"),
        PassedOver::MoreOccupied => language.say("more occupied", "mayor ocupación"),
        PassedOver::NoSkill => language.say("without the skill", "sin la habilidad"),
        PassedOver::MoreInHand => language.say("more in hand", "con más contactos a cargo"),
        PassedOver::Occupied => language.say("occupied", "ocupado"),
        PassedOver::NotReady => language.say("not ready", "no listo"),
        PassedOver::CoolingDown => {
            language.say("cooling down after a missed call", "en pausa tras una llamada no contestada")
        }
        PassedOver::Unreachable => language.say("phone not reachable", "teléfono sin línea"),
        PassedOver::TriedBefore => language.say("had this contact before", "ya tuvo este contacto"),
        PassedOver::LowerPriority => language
            .say("the first in line has a lower priority", "el primero de la cola tiene menor prioridad"),
        PassedOver::ShorterWait => {
            language.say("the first in line waits less long", "el primero de la cola espera menos")
        }
        PassedOver::LaterDeadline => {
            language.say("the first in line is due later", "el primero de la cola tiene un plazo posterior")
        }
        PassedOver::KeptForCalls => language.say("kept free for callers", "libre, en reserva para llamadas"),
        PassedOver::NotLastAgent => language.say("not the last agent", "no es el último agente"),
        PassedOver::BeyondLevel => language.say("level not allowed yet", "nivel aún no permitido"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_room_is_told_in_few_words() {
        let who = |names: &[&str]| {
            in_runs(&names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>(), Language::English)
        };
        assert_eq!(
            who(&["1001", "1002", "1003", "1004", "1007", "1009", "1010"]),
            "1001 to 1004, 1007, 1009, 1010"
        );
        assert_eq!(who(&["a001", "a002", "a003"]), "a001, a002, a003");
        assert_eq!(who(&["1003"]), "1003");
    }
}
