//! Why an agent does not get a contact now, by the same indexes from which offers are made.

use smallvec::SmallVec;
use turno_model::{AgentId, AgentState, Channel, ContactId, Elsewhere, QueueId, WhyNot};

use crate::contact::{Contact, ContactStage};
use crate::lines::LineId;
use crate::room::Room;
use crate::selection::greatest_need;

/// All reasons, the agent's own first.
pub type Reasons = SmallVec<[WhyNot; 3]>;

impl Room {
    /// Why an agent does not get a contact now. Empty: nothing speaks against the offer, so the room makes it in the same step;
    /// between two steps it is never empty.
    pub fn why_not(&self, agent: AgentId, contact: ContactId) -> Reasons {
        let channel = self.contacts.get(&contact).map_or(Channel::Voice, |contact| contact.channel);
        let mut reasons: Reasons = self.why_not_free(agent, channel).into_iter().collect();
        let Some(found) = self.contacts.get(&contact) else {
            reasons.push(WhyNot::Gone);
            return reasons;
        };
        match elsewhere(found) {
            Some(elsewhere) => reasons.push(WhyNot::Elsewhere(elsewhere)),
            None => reasons.extend(self.why_not_reached(agent, found)),
        }
        if self.ports == 0 && channel.rings() {
            reasons.push(WhyNot::NoPort);
        }
        if reasons.iter().all(|reason| *reason == WhyNot::NoPort) {
            reasons.extend(self.who_comes_first(agent, contact, found));
        }
        reasons
    }

    /// Why the agent can take no contact of this channel.
    fn why_not_free(&self, agent: AgentId, channel: Channel) -> Option<WhyNot> {
        if self.open(agent).has(channel) {
            return None;
        }
        Some(match self.state(agent) {
            AgentState::LoggedOut => WhyNot::LoggedOut,
            AgentState::Aux(reason) => WhyNot::Aux(reason),
            state @ (AgentState::Available
            | AgentState::Ringing
            | AgentState::Talking
            | AgentState::Holding
            | AgentState::Acw
            | AgentState::OtherCall) => WhyNot::Occupied(state),
        })
    }

    /// Why a waiting contact may not come to the agent, whatever the agent does.
    fn why_not_reached(&self, agent: AgentId, contact: &Contact) -> Reasons {
        let mut reasons = Reasons::new();
        if contact.given.is_none() && self.lines[LineId::of(contact.queue)].is_paused() {
            reasons.push(WhyNot::Paused(contact.queue));
        }
        match contact.reach.kept_for() {
            Some(keeper) if keeper == agent => return reasons,
            Some(keeper) => reasons.push(WhyNot::KeptFor(keeper)),
            None => {}
        }
        let line = self.lines.find(contact.queue, &contact.reach.for_others());
        if line.is_none_or(|line| self.staffing.lines(agent).contains(&line)) {
            return reasons;
        }
        let level = self.level(agent, contact.queue);
        reasons.push(match (level, contact.reach.level_max()) {
            (Some(level), Some(most)) => WhyNot::BeyondLevel { level, most },
            (Some(_) | None, _) => WhyNot::NoSkill(contact.queue),
        });
        reasons
    }

    fn level(&self, agent: AgentId, queue: QueueId) -> Option<u8> {
        let skill = self.plan.queues[queue.index()].skill;
        let skills = &self.plan.agents[agent.index()].skills;
        skills.iter().find(|(has, _)| *has == skill).map(|(_, level)| *level)
    }

    /// Who is before a free agent and a waiting contact that fit each other.
    fn who_comes_first(&self, agent: AgentId, id: ContactId, contact: &Contact) -> Option<WhyNot> {
        let reach = self.open(agent);
        if contact.given.is_some() {
            return None;
        }
        if let Some(given) = self.given_to(agent, reach) {
            return Some(WhyNot::First(given));
        }
        let need = greatest_need::choose(self.staffing.lines(agent), &self.lines, reach);
        let first =
            self.kept_first(agent, need.map(|need| need.place)).or(need.map(|need| need.place.contact));
        if let Some(first) = first.filter(|first| *first != id) {
            return Some(WhyNot::First(first));
        }
        if contact.reach.kept_for().is_some() {
            return None;
        }
        let line = self.line_of(contact);
        let known = contact.last_agent.filter(|agent| !contact.tried.contains(agent));
        let known = known.and_then(|agent| self.staffing.idle_place(line, agent));
        let chosen = known.or_else(|| self.staffing.choose(line, contact.channel, &contact.tried))?;
        (chosen.agent() != agent).then(|| WhyNot::OtherAgent(chosen.agent()))
    }
}

/// Where a contact is that does not wait in line.
const fn elsewhere(contact: &Contact) -> Option<Elsewhere> {
    match &contact.stage {
        ContactStage::Waiting => None,
        ContactStage::Ringing(ring) => Some(Elsewhere::RingsAt(ring.agent)),
        ContactStage::With(agent, _) => Some(Elsewhere::With(*agent)),
        ContactStage::PutOff => Some(Elsewhere::PutOff),
        ContactStage::Speaking => Some(Elsewhere::LeavesMessage),
        ContactStage::ToDial | ContactStage::Dialled => Some(Elsewhere::Dialled),
        ContactStage::Sending(_) => Some(Elsewhere::CalledOutside),
    }
}
