//! Reasons against an offer as clauses.

use turno_ground::Moment;
use turno_model::{AgentId, AgentState, AuxReason, Elsewhere, WhyNot};

use crate::why::room_then::{KeptWhy, RoomThen};
use crate::why::telling::Telling;

/// A reason as a clause without a full stop, in the past tense, of this moment.
pub(crate) fn clause(
    reason: WhyNot,
    (agent, at): (AgentId, Moment),
    room: &RoomThen<'_>,
    telling: Telling<'_>,
) -> String {
    let (language, name) = (telling.language, telling.agent(agent));
    let since = || {
        let since = room.agent(agent).and_then(|agent| agent.since).filter(|since| *since < at);
        since.map_or_else(String::new, |since| {
            let time = telling.clock(since).strftime("%H:%M:%S").to_string();
            say!(language, ", since {time}", " desde las {time}")
        })
    };
    match reason {
        WhyNot::LoggedOut => {
            say!(language, "{name} was not logged in{}", "{name} no estaba en sesión{}", since())
        }
        WhyNot::Aux(reason) => aux_words(reason, &name, telling, &since()),
        WhyNot::Occupied(state) => occupied(state, agent, room, telling, &since()),
        WhyNot::Gone => say!(
            language,
            "the call did not wait in any line at that moment",
            "la llamada no estaba en ninguna fila en ese momento"
        ),
        WhyNot::Elsewhere(elsewhere) => elsewhere_words(elsewhere, telling),
        WhyNot::Paused(queue) => {
            let queue = telling.queue(queue);
            say!(
                language,
                "the line of {queue} was paused by a supervisor",
                "la fila de {queue} estaba en pausa por orden de la supervisión"
            )
        }
        WhyNot::NoSkill(queue) => {
            let queue = telling.queue(queue);
            say!(language, "{name} does not serve {queue}", "{name} no atiende {queue}")
        }
        WhyNot::BeyondLevel { level, most } => say!(
            language,
            "{name} has level {level}, and the call could go to level {most} at most so far",
            "{name} tiene nivel {level}, y la llamada solo podía pasar hasta el nivel {most} todavía"
        ),
        WhyNot::KeptFor(keeper) => {
            let keeper = telling.agent(keeper);
            say!(language, "the call was reserved for {keeper}", "la llamada estaba reservada para {keeper}")
        }
        WhyNot::First(_) => {
            say!(language, "another call came first for {name}", "otra llamada iba primero para {name}")
        }
        WhyNot::OtherAgent(other) => {
            let other = telling.agent(other);
            say!(
                language,
                "{other} came first by the rule of the line",
                "{other} iba primero según la regla de la fila"
            )
        }
        WhyNot::NoPort => say!(language, "no voice channel was free", "no había ningún canal de voz libre"),
    }
}

fn aux_words(reason: AuxReason, name: &str, telling: Telling<'_>, since: &str) -> String {
    let language = telling.language;
    match reason {
        AuxReason::Planned(place) => {
            let reason = telling.aux(place);
            say!(language, "{name} was away ({reason}){since}", "{name} estaba en pausa ({reason}){since}")
        }
        AuxReason::Rona => say!(
            language,
            "{name} was set aside for a while after a call that was missed or refused{}",
            "{name} estaba en la pausa que sigue a una llamada no contestada o rechazada{}",
            since
        ),
        AuxReason::Unreachable => say!(
            language,
            "the telephone of {name} could not be reached{}",
            "el teléfono de {name} estaba sin línea{}",
            since
        ),
        AuxReason::LoggedIn => say!(
            language,
            "{name} had logged in and was not ready yet{}",
            "{name} había iniciado sesión y aún no estaba en disponible{}",
            since
        ),
        AuxReason::Incompatible => say!(
            language,
            "the telephone of {name} could not take calls{}",
            "el teléfono de {name} no podía recibir llamadas{}",
            since
        ),
        AuxReason::Microphone => {
            say!(language, "{name} had no microphone{}", "{name} estaba sin micrófono{}", since)
        }
    }
}

fn occupied(
    state: AgentState,
    agent: AgentId,
    room: &RoomThen<'_>,
    telling: Telling<'_>,
    since: &str,
) -> String {
    let (language, name) = (telling.language, telling.agent(agent));
    match state {
        AgentState::Ringing => say!(
            language,
            "{name} was being offered another call{since}",
            "{name} recibía otra llamada{since}"
        ),
        AgentState::Talking => say!(
            language,
            "{name} was talking to another person{since}",
            "{name} hablaba con otra persona{since}"
        ),
        AgentState::Holding => say!(
            language,
            "{name} had another caller on hold{since}",
            "{name} tenía a otra persona en espera{since}"
        ),
        AgentState::Acw => {
            let until = room.agent(agent).and_then(|agent| agent.acw_until);
            let until = until.map_or_else(String::new, |until: Moment| {
                let time = telling.clock(until).strftime("%H:%M:%S").to_string();
                say!(language, " (until {time})", " (hasta las {time})")
            });
            say!(
                language,
                "{name} was in the work after a call{since}{until}",
                "{name} hacía el trabajo posterior a una llamada{since}{until}"
            )
        }
        AgentState::OtherCall => say!(
            language,
            "{name} was on a call that came from no line{since}",
            "{name} estaba en una llamada que no venía de ninguna fila{since}"
        ),
        AgentState::LoggedOut | AgentState::Available | AgentState::Aux(_) => {
            say!(language, "{name} was not free{since}", "{name} no estaba libre{since}")
        }
    }
}

fn elsewhere_words(elsewhere: Elsewhere, telling: Telling<'_>) -> String {
    let language = telling.language;
    match elsewhere {
        Elsewhere::RingsAt(agent) => {
            let agent = telling.agent(agent);
            say!(language, "the call was ringing at {agent}", "la llamada timbraba donde {agent}")
        }
        Elsewhere::With(agent) => {
            let agent = telling.agent(agent);
            say!(language, "the call was with {agent}", "la llamada la atendía {agent}")
        }
        Elsewhere::PutOff => say!(
            language,
            "the call was put off and in no line",
            "la llamada estaba aplazada y en ninguna fila"
        ),
        Elsewhere::Dialled => say!(
            language,
            "the person's number was being dialled",
            "se estaba marcando al número de la persona"
        ),
        Elsewhere::LeavesMessage => {
            say!(language, "the caller was leaving a message", "la persona estaba dejando un mensaje")
        }
        Elsewhere::CalledOutside => say!(
            language,
            "a number outside was being called for it",
            "se llamaba por ella a un número externo"
        ),
    }
}

/// Why a contact is kept, behind the agent for whom it is.
pub(crate) fn kept_words(why: KeptWhy, telling: Telling<'_>) -> &'static str {
    match why {
        KeptWhy::Served => telling
            .language
            .say("who had served this person last", "quien atendió a esta persona la última vez"),
        KeptWhy::Pulled => {
            telling.language.say("to whom a supervisor had given it", "a quien la supervisión la asignó")
        }
        KeptWhy::Direct => {
            telling.language.say("whose own number had been dialled", "cuyo número directo se marcó")
        }
    }
}
