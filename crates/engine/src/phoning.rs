//! Agents on an ordinary telephone: how it is dialled, and when it can be reached.

use turno_calls::{CallId, Confirmation, Refusal, Target};
use turno_ground::Moment;
use turno_model::plan::{OutsidePhone, PhoneLine};
use turno_model::{AgentId, ContactId, Fact, OfferOutcome, PhoneChange, PhoneStep, Plan};

use crate::call_purpose::{Outside, Purpose};
use crate::engine::Engine;
use crate::prompts::prompt_id;

impl Engine {
    /// Whether an agent can be rung: at the seat, or at the ordinary telephone while its trunk is in service.
    pub(crate) fn is_there(&self, agent: AgentId) -> bool {
        self.answers_at_seat(agent)
            || self.outside_phone(agent).is_some_and(|phone| match phone.line {
                PhoneLine::EachCall => self.phones_are_up(),
                PhoneLine::Held => self.held_lines.leg_of(agent).is_some(),
            })
    }

    /// The ordinary telephone at which an agent is rung, since no phone is registered where the agent sits.
    pub(crate) fn rung_outside(&self, agent: AgentId) -> Option<&OutsidePhone> {
        self.outside_phone(agent).filter(|_| !self.answers_at_seat(agent))
    }

    /// The call to an agent's ordinary telephone, or the held line. It shows the number of the service.
    pub(crate) fn outside_targets(&self, agent: AgentId) -> Vec<Target> {
        let Some(phone) = self.rung_outside(agent) else { return Vec::new() };
        let target = match phone.line {
            PhoneLine::EachCall => self.dial_targets(agent),
            PhoneLine::Held => self.held_lines.leg_of(agent).and_then(|line| {
                let target = self.dial_target(phone, 0)?;
                Some(Target { line: Some(line), ..target })
            }),
        };
        target.into_iter().collect()
    }

    /// The call to an agent's ordinary telephone, by each address of the trunk in turn.
    pub(crate) fn dial_targets(&self, agent: AgentId) -> Option<Target> {
        let phone = self.rung_outside(agent).filter(|_| self.phones_are_up())?;
        let confirmation = phone.press_one.then(|| Confirmation {
            prompts: self.plan.phones.press_one.map(prompt_id).into_iter().collect(),
            whom: agent.0,
        });
        let by_address = |tried| {
            let target = self.dial_target(phone, tried)?;
            Some(Target { confirmation: confirmation.clone(), ..target })
        };
        let mut targets = (0..).map_while(by_address);
        let first = targets.next()?;
        Some(Target { others: targets.collect(), ..first })
    }

    fn dial_target(&self, phone: &OutsidePhone, tried: usize) -> Option<Target> {
        let trunk = self.plan.dial_out.trunk?;
        self.trunks.target(&Outside { trunk, number: phone.number.0.clone(), tried }, &self.plan)
    }

    /// The agent of a call is rung: notes it if that is at the ordinary telephone.
    pub(crate) fn phone_dialled(&mut self, agent: AgentId, contact: ContactId, now: Moment) {
        if self.rung_outside(agent).is_some_and(|phone| phone.line == PhoneLine::EachCall) {
            self.phone_step(Some(agent), Some(contact), PhoneChange::Dialled, now);
        }
    }

    /// An ordinary telephone was picked up, or its agent has pressed 1.
    pub(crate) fn phone_turned(&mut self, call: CallId, whom: u32, change: PhoneChange, now: Moment) {
        self.phone_step(Some(AgentId(whom)), self.contact_rung_for(call), change, now);
    }

    /// The contact for which a call rings an agent.
    pub(crate) fn contact_rung_for(&self, call: CallId) -> Option<ContactId> {
        match self.calls.purpose(call) {
            Some(&(Purpose::CallingBack(contact) | Purpose::Hearing(contact))) => Some(contact),
            Some(&Purpose::Observing(observer)) => self.observers.get(observer).map(|it| it.contact),
            Some(&Purpose::Consulting(agent)) => self.consultations.get(agent).map(|it| it.contact),
            Some(
                Purpose::Arriving
                | Purpose::Contact(_)
                | Purpose::Announcement
                | Purpose::Own { .. }
                | Purpose::Survey(_)
                | Purpose::SittingDown(_)
                | Purpose::AgentsLine(_)
                | Purpose::Line(_)
                | Purpose::Speaking(_),
            )
            | None => self.contacts.told_of(call),
        }
    }

    pub(crate) fn phone_step(
        &mut self,
        agent: Option<AgentId>,
        contact: Option<ContactId>,
        change: PhoneChange,
        now: Moment,
    ) {
        self.outbox.record(Fact::Phone(PhoneStep { agent, contact, change }), now);
    }

    /// What becomes of an offer that this agent's phone has refused with this status. A carrier that refuses says nothing of
    /// the agent's telephone, so that counts as nobody there.
    pub(crate) fn refused_offer(&self, agent: Option<AgentId>, status: u16) -> OfferOutcome {
        match Refusal::of(status) {
            Refusal::Unreachable => OfferOutcome::Unreachable,
            Refusal::Incompatible if agent.is_some_and(|agent| self.rung_outside(agent).is_some()) => {
                OfferOutcome::Unreachable
            }
            Refusal::Incompatible => OfferOutcome::Incompatible,
            Refusal::Person => OfferOutcome::Refused,
        }
    }

    /// Tells the room, at the end of a step, which agents can or can't be reached since the trunk has changed. True if there
    /// was something to tell.
    pub(crate) fn phones_follow_trunk(&mut self, now: Moment) -> bool {
        if self.outside_phones.is_empty() {
            return false;
        }
        let is_up = self.phones_are_up();
        let agents = self.outside_phones.turn(is_up);
        let is_new = !agents.is_empty();
        for agent in agents {
            let is_there = self.is_there(agent);
            if self.room.is_reachable(agent) != is_there {
                self.room.set_reachable(agent, is_there, now);
            }
        }
        is_new
    }

    /// A new plan has given an agent another ordinary telephone, or none.
    pub(crate) fn phones_follow_plan(&mut self, before: &Plan, now: Moment) {
        for (place, was) in before.agents.iter().enumerate() {
            let agent = AgentId(u32::try_from(place).unwrap_or(u32::MAX));
            let is = &self.plan.agents[place].outside;
            let is_other = *is != was.outside;
            let number = |phone: &Option<OutsidePhone>| phone.as_ref().map(|phone| phone.number.0.clone());
            if is_other && number(is) != number(&was.outside) {
                self.held_lines.is_old(agent);
            }
            if is_other && self.room.is_reachable(agent) != self.is_there(agent) {
                self.room.set_reachable(agent, self.is_there(agent), now);
            }
        }
    }

    fn outside_phone(&self, agent: AgentId) -> Option<&OutsidePhone> {
        self.plan.agents.get(agent.index())?.outside.as_ref()
    }

    fn answers_at_seat(&self, agent: AgentId) -> bool {
        self.seating.seat_of(agent).is_some_and(|seat| self.seats.is_reachable(seat))
    }

    fn phones_are_up(&self) -> bool {
        self.plan.dial_out.trunk.is_some_and(|trunk| self.trunks.is_in_service(trunk))
    }
}
