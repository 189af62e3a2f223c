//! A caller who was served by an agent lately waits for that agent alone, for as long as the queue says.
//!
//! For this agent the contact stands as if it had come earlier by that span, so those who came shortly before it are
//! overtaken, and nobody who has waited for that much longer. Other agents don't see the contact meanwhile.

use turno_ground::Moment;
use turno_model::{AgentId, AgentState as S, CallerKnown, Channel, Channels, ContactId, Fact, QueueId};

use crate::agent::CoveredState;
use crate::contact::Given;
use crate::deadline::ContactDeadline;
use crate::line::Place;
use crate::lines::LineId;
use crate::room::Room;

impl Room {
    /// The agent for whom a contact is kept when it enters a queue: the one of last time, who works and is busy.
    pub(crate) fn keeper(&self, id: ContactId, queue: QueueId) -> Option<AgentId> {
        let plan = &self.plan.queues[queue.index()];
        if plan.last_agent_wait.is_zero() {
            return None;
        }
        let contact = self.contacts.get(&id)?;
        let is_there = contact.channel == Channel::Voice && !contact.presence.was_called_back();
        let agent = contact.last_agent.filter(|agent| !contact.tried.contains(agent))?;
        let keeper = self.agents.get(agent.index())?;
        let has_work = matches!(keeper.state, S::Ringing | S::Talking | S::Holding | S::Acw | S::OtherCall);
        // An agent with nothing but written contacts may take a call beside them.
        let is_busy = has_work && !self.open(agent).has(Channel::Voice);
        let is_away = matches!(keeper.base_state(), Some(CoveredState::Aux(_)));
        let stays = keeper.pending_change.is_none() && keeper.aux_after_acw.is_none() && !is_away;
        let level_max = plan.level_max.unwrap_or(u8::MAX);
        let skills = self.plan.agents.get(agent.index()).map_or(&[][..], |agent| &agent.skills);
        let may = skills.iter().any(|(skill, level)| *skill == plan.skill && *level <= level_max);
        (is_there && !contact.was_kept && is_busy && stays && may).then_some(agent)
    }

    /// The agent whose own number this caller has dialled, if the caller waits for that agent: who works, and for whom fewer
    /// than `direct_most` callers wait.
    pub(crate) fn dialled_agent(&self, id: ContactId) -> Option<AgentId> {
        let agent = self.contacts.get(&id)?.dialled?;
        let owner = self.agents.get(agent.index())?;
        let works = match owner.state {
            S::Available | S::Ringing | S::Talking | S::Holding | S::Acw | S::OtherCall => true,
            S::LoggedOut | S::Aux(_) => false,
        };
        let is_away = matches!(owner.base_state(), Some(CoveredState::Aux(_)));
        let leaves = owner.pending_change.is_some() || owner.aux_after_acw.is_some();
        let stays = works && owner.can_talk() && !is_away && !leaves;
        let is_direct = |(place, _): &(Place, QueueId)| self.given(place.contact) == Some(Given::Direct);
        let waiting = self.kept.of(agent).filter(is_direct).count();
        let most = usize::try_from(self.plan.room.direct_most).unwrap_or(usize::MAX);
        (stays && waiting < most).then_some(agent)
    }

    /// The contact waits for this agent alone from now on.
    pub(crate) fn keeps(&mut self, id: ContactId, agent: AgentId, queue: QueueId, now: Moment) {
        let (span, known) = match self.given(id) {
            Some(given) => (self.plan.room.direct_wait, given.kept(agent, self.plan.room.direct_wait)),
            None => {
                let span = self.plan.queues[queue.index()].last_agent_wait;
                (span, CallerKnown::KeptFor { agent, span })
            }
        };
        self.contacts.set(id, ContactDeadline::KeptOver, now + span);
        self.record(Fact::CallerKnown(id, known));
    }

    /// The contact that an agent takes before the one at this place, since it is kept for the agent.
    pub(crate) fn kept_first(&self, agent: AgentId, need: Option<Place>) -> Option<ContactId> {
        if self.kept.is_empty() || !self.open(agent).has(Channel::Voice) {
            return None;
        }
        let may = |place: &Place, queue: &QueueId| {
            !self.lines[LineId::of(*queue)].is_paused() && !self.is_given(place.contact)
        };
        let kept = self.kept.of(agent).filter(|(place, queue)| may(place, queue));
        let earlier = kept.map(|(place, queue)| {
            let span = self.plan.queues[queue.index()].last_agent_wait;
            Place { due: place.due - span, ..place }
        });
        let first = earlier.min()?;
        need.is_none_or(|need| first < need).then_some(first.contact)
    }

    /// A contact that is in no line is kept for nobody any more.
    pub(crate) fn keeps_no_more(&mut self, id: ContactId) {
        let Some(mut contact) = self.contacts.entry(id) else { return };
        let Some(agent) = contact.reach.kept_for() else { return };
        contact.reach.keep_for(None);
        contact.cancel(ContactDeadline::KeptOver);
        let given = contact.given.take();
        let known = given.map_or(CallerKnown::KeptNoMore { agent }, |given| given.kept_no_more(agent));
        self.record(Fact::CallerKnown(id, known));
    }

    /// The first contact of these channels that was given to an agent.
    pub(crate) fn given_to(&self, agent: AgentId, channels: Channels) -> Option<ContactId> {
        let is_it = |place: &Place| {
            let contact = self.contacts.get(&place.contact);
            contact.is_some_and(|contact| contact.given.is_some() && channels.has(contact.channel))
        };
        self.kept.of(agent).map(|(place, _)| place).find(is_it).map(|place| place.contact)
    }

    /// The first contact that was given to an agent who is free for it, and that needs a port.
    pub(crate) fn given_for_ports(&self) -> Option<ContactId> {
        let of = |agent| self.given_to(agent, self.open(agent).and(Channels::RINGING));
        self.kept.agents().find_map(of)
    }
}
