//! Why an agent does not get a contact at a moment of the past, from the facts.

use turno_ground::Moment;
use turno_model::{AgentId, AgentState, ContactId, Elsewhere, Fact, QueueState, WhyNot};

use crate::why::room_then::{At, ContactThen, RoomThen};
use crate::why::telling::Telling;

/// Why an agent does not get a contact after these facts, as data. They are as for [`super::why`]. Who comes first among several
/// agents or contacts, and whether a media port was free, is not among them.
pub fn reasons(
    (agent, contact): (AgentId, ContactId),
    facts: &[(Moment, Fact)],
    telling: Telling<'_>,
) -> Vec<WhyNot> {
    let mut room = RoomThen::before(facts, telling);
    facts.iter().for_each(|(at, fact)| room.hear(*at, fact));
    room.why_not(agent, contact)
}

impl RoomThen<'_> {
    /// The reasons that the facts tell, in the room's order. Who comes first among several is told by decisions, and that no
    /// media port is free by nothing.
    pub(crate) fn why_not(&self, agent: AgentId, contact: ContactId) -> Vec<WhyNot> {
        let found = self.contacts.get(&contact).filter(|contact| contact.at != At::Menu);
        let mut reasons: Vec<WhyNot> = self.why_not_free(agent, found).into_iter().collect();
        let Some(found) = found else {
            reasons.push(WhyNot::Gone);
            return reasons;
        };
        match elsewhere(&found.at) {
            Some(elsewhere) => reasons.push(WhyNot::Elsewhere(elsewhere)),
            None => reasons.extend(self.why_not_reached(agent, found)),
        }
        reasons
    }

    /// Why the agent can take nothing, or no such contact.
    pub(crate) fn why_not_free(&self, agent: AgentId, contact: Option<&ContactThen>) -> Option<WhyNot> {
        let takes = |state: AgentState| match contact {
            Some(contact) if matches!(state, AgentState::Talking | AgentState::Holding) => {
                self.agent(agent).is_some_and(|agent| agent.beside.has(contact.channel))
            }
            _ => false,
        };
        match self.state(agent) {
            AgentState::Available => None,
            AgentState::LoggedOut => Some(WhyNot::LoggedOut),
            AgentState::Aux(reason) => Some(WhyNot::Aux(reason)),
            state @ (AgentState::Ringing
            | AgentState::Talking
            | AgentState::Holding
            | AgentState::Acw
            | AgentState::OtherCall) => (!takes(state)).then_some(WhyNot::Occupied(state)),
        }
    }

    fn why_not_reached(&self, agent: AgentId, contact: &ContactThen) -> Vec<WhyNot> {
        let Some(queue) = contact.queue else { return vec![WhyNot::Gone] };
        let is_given = contact.kept.is_some_and(|(_, why, _)| why.is_given());
        let mut reasons = Vec::new();
        if !is_given && self.queue_state(queue) == QueueState::Paused {
            reasons.push(WhyNot::Paused(queue));
        }
        match contact.kept {
            Some((keeper, ..)) if keeper == agent => return reasons,
            Some((keeper, ..)) => reasons.push(WhyNot::KeptFor(keeper)),
            None => {}
        }
        if !self.may_take(agent, contact) {
            reasons.push(match (self.level(agent, queue), contact.level_max) {
                (Some(level), Some(most)) => WhyNot::BeyondLevel { level, most },
                (Some(_) | None, _) => WhyNot::NoSkill(queue),
            });
        }
        reasons
    }
}

const fn elsewhere(at: &At) -> Option<Elsewhere> {
    match at {
        At::Line | At::Menu => None,
        At::Ringing(agent) => Some(Elsewhere::RingsAt(*agent)),
        At::With(agent) => Some(Elsewhere::With(*agent)),
        At::PutOff => Some(Elsewhere::PutOff),
        At::Dialled => Some(Elsewhere::Dialled),
        At::Speaks => Some(Elsewhere::LeavesMessage),
        At::Sent | At::Away => Some(Elsewhere::CalledOutside),
    }
}
