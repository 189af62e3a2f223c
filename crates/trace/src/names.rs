//! The plan's names, and its wall clock.

use core::time::Duration;
use std::net::SocketAddr;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use turno_ground::Moment;
use turno_model::{AgentId, AgentState, AuxReason, Language, Plan, QueueId, SeatId, TrunkId};

use crate::safe;

/// The names of one plan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names<'p> {
    pub(crate) plan: &'p Plan,
    /// What is told around the names.
    pub(crate) language: Language,
}

impl<'p> Names<'p> {
    /// The names of a plan, told in its site's language.
    pub(crate) const fn of(plan: &'p Plan) -> Self {
        let language = match plan.language {
            Some(language) => language,
            None => Language::English,
        };
        Self { plan, language }
    }
}

impl Names<'_> {
    /// A person with the extension of the seat.
    pub(crate) fn agent(self, agent: AgentId) -> String {
        let Some(plan) = self.plan.agents.get(agent.index()) else {
            return say!(self.language, "agent {}", "agente {}", agent.0);
        };
        let display = safe::line(&plan.display);
        if display.contains(&plan.extension) { display } else { format!("{display} ({})", plan.extension) }
    }

    /// An agent's extension alone, for lists.
    pub(crate) fn extension(self, agent: AgentId) -> String {
        self.plan.agents.get(agent.index()).map_or_else(|| agent.0.to_string(), |plan| plan.extension.clone())
    }

    /// A seat by its extension.
    pub(crate) fn seat(self, seat: SeatId) -> String {
        self.plan.seats.get(seat.index()).map_or_else(|| seat.0.to_string(), |plan| plan.extension.clone())
    }

    pub(crate) fn queue(self, queue: QueueId) -> String {
        let named = |plan: &turno_model::plan::QueuePlan| safe::line(&plan.display);
        self.plan
            .queues
            .get(queue.index())
            .map_or_else(|| say!(self.language, "queue {}", "cola {}", queue.0), named)
    }

    pub(crate) fn trunk(self, trunk: TrunkId) -> String {
        let named = |plan: &turno_model::plan::TrunkPlan| safe::line(&plan.name);
        self.plan
            .trunks
            .get(trunk.index())
            .map_or_else(|| say!(self.language, "trunk {}", "troncal {}", trunk.0), named)
    }

    /// What an agent is doing.
    pub(crate) fn state(self, state: AgentState) -> String {
        let words = match state {
            AgentState::LoggedOut => ("logged out", "desconectado"),
            AgentState::Available => ("available", "disponible"),
            AgentState::Ringing => ("ringing", "timbrando"),
            AgentState::Talking => ("talking", "hablando"),
            AgentState::Holding => ("holding", "con una llamada retenida"),
            AgentState::Acw => ("in after-call work", "en trabajo posterior a la llamada"),
            AgentState::Aux(AuxReason::Planned(at)) => {
                if let Some(reason) = self.plan.aux_reasons.get(usize::from(at)) {
                    return say!(self.language, "away for {}", "en pausa por {}", reason.name);
                }
                ("not ready", "no listo")
            }
            AgentState::Aux(AuxReason::Rona) => ("missed a call", "no contestó una llamada"),
            AgentState::Aux(AuxReason::Unreachable) => ("phone not reachable", "teléfono sin línea"),
            AgentState::Aux(AuxReason::Incompatible) => {
                ("phone can't take calls", "el teléfono no puede recibir llamadas")
            }
            AgentState::Aux(AuxReason::Microphone) => ("without a microphone", "sin micrófono"),
            AgentState::Aux(AuxReason::LoggedIn) => ("not ready yet", "aún no está listo"),
            AgentState::OtherCall => ("on a call of their own", "en una llamada propia"),
        };
        self.language.say(words.0, words.1).to_owned()
    }

    /// Whether a number is an agent's or a seat's, and so no citizen's.
    pub(crate) fn is_extension(self, number: &str) -> bool {
        self.plan.agents.iter().any(|agent| agent.extension == number)
            || self.plan.seats.iter().any(|seat| seat.extension == number)
    }

    /// Where turno listens first.
    pub(crate) fn address(self) -> Option<SocketAddr> {
        self.plan.sip.listen.first().map(|&(_, address)| address)
    }

    /// The site's wall clock with its offset from UTC: the zone of its first opening hours.
    pub(crate) fn clock(self, at: Moment) -> String {
        let zone = self.plan.hours.first().map_or(TimeZone::UTC, |hours| hours.zone.clone());
        let micros = i64::try_from(at.as_micros()).unwrap_or(i64::MAX);
        let stamp = Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX);
        Zoned::new(stamp, zone).strftime("%Y-%m-%d %H:%M:%S%:z").to_string()
    }
}

/// A span as people say it: `8.2 s`, or `2:03` from a minute on.
pub(crate) fn span(span: Duration) -> String {
    let tenths = (span.as_millis() + 50) / 100;
    if tenths < 600 {
        format!("{}.{} s", tenths / 10, tenths % 10)
    } else {
        format!("{}:{:02}", span.as_secs() / 60, span.as_secs() % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_says_how_far_it_is_from_utc() {
        let (mut plan, _) = turno_config::load(std::path::Path::new("../../sip-config/quito"))
            .expect("a plan that comes with turno");
        let at = Moment::from_secs(1_795_617_269);
        assert_eq!(Names::of(&plan).clock(at), "2026-11-25 09:34:29-05:00");
        plan.hours.clear();
        assert_eq!(Names::of(&plan).clock(at), "2026-11-25 14:34:29+00:00");
    }

    #[test]
    fn spans_are_said_as_people_say_them() {
        let millis = Duration::from_millis;
        assert_eq!(span(millis(0)), "0.0 s");
        assert_eq!(span(millis(8_249)), "8.2 s");
        assert_eq!(span(millis(59_960)), "0:59");
        assert_eq!(span(millis(123_000)), "2:03");
    }
}
