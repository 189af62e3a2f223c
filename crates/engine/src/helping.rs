//! An agent in a talk asks for help: experts are rung, one after the other, and the first who answers joins the talk.

use turno_calls::{CallId, Side};
use turno_ground::Moment;
use turno_media_plan::Tone;
use turno_model::{AgentId, Asker, ContactId, Done, Fact, Handled, HandlingChange, Party, QueueId, Refusal};

use crate::call_purpose::{CallStage, Purpose};
use crate::calls::CallDeadline;
use crate::engine::Engine;
use crate::observers::{Help, Observation, ObserverStage};

impl Engine {
    /// An agent asks an expert into the present talk.
    ///
    /// # Errors
    /// [`Refusal::NoTalk`], [`Refusal::AlreadyHelped`], [`Refusal::NoExpert`].
    pub(crate) fn on_help(&mut self, agent: AgentId, now: Moment) -> Result<Done, Refusal> {
        let contact = self.room.contact_of(agent).filter(|contact| self.talk_of(*contact).is_some());
        let contact = contact.ok_or(Refusal::NoTalk)?;
        if self.observers.helper_of(contact).is_some() {
            return Err(Refusal::AlreadyHelped);
        }
        let (call, queue) = self.talk_and_queue(contact).ok_or(Refusal::NoTalk)?;
        let help = Help { agent, declined: Default::default() };
        self.rings_expert(help, (contact, call, queue), now)?;
        Ok(Done::Now)
    }

    /// An expert who was rung does not come: the next one is rung. The agent hears a tone if there is none.
    pub(crate) fn expert_declined(&mut self, expert: AgentId, observation: Observation, now: Moment) {
        let Observation { contact, help: Some(mut help), .. } = observation else { return };
        let agent = help.agent;
        let Some((call, queue)) = self.talk_and_queue(contact).filter(|_| self.room.is_with(contact, agent))
        else {
            return;
        };
        let is_last = match help.declined.iter_mut().find(|slot| slot.is_none()) {
            Some(slot) => {
                *slot = Some(expert);
                false
            }
            None => true,
        };
        if is_last || self.rings_expert(help, (contact, call, queue), now).is_err() {
            self.handled(contact, agent, HandlingChange::NoHelp, now);
            self.switchboard.tone(call, Side::B, Tone::Refuse);
        }
    }

    fn rings_expert(
        &mut self,
        help: Help,
        (contact, talk, queue): (ContactId, CallId, QueueId),
        now: Moment,
    ) -> Result<(), Refusal> {
        let Help { agent, declined } = help;
        let is_possible = |it: AgentId| {
            let has_phone = self.seating.seat_of(it).is_some() || self.rung_outside(it).is_some();
            it != agent && !declined.contains(&Some(it)) && has_phone
        };
        let expert = self.room.free_expert(queue, is_possible).ok_or(Refusal::NoExpert)?;
        let plan = &self.plan.queues[queue.index()];
        let (how, ring) = (plan.help_as, plan.ring);
        let targets = self.agent_targets(expert, talk, "HELP");
        if targets.is_empty() {
            return Err(Refusal::NoExpert);
        }
        let call = self.switchboard.call_out(&mut self.stack, targets, now);
        let call = call.map_err(|_no_port| Refusal::NoExpert)?;
        self.ports_were_taken();
        self.calls.begin(call);
        self.contacts.begin_with(call);
        self.calls.set(call, CallDeadline::HelpUnanswered, now + ring);
        if declined.iter().all(Option::is_none) {
            self.handled(contact, agent, HandlingChange::HelpAsked, now);
        }
        self.handled(contact, agent, HandlingChange::HelpRings { expert }, now);
        let (by, stage) = (Asker::Phone(agent), ObserverStage::Rings(call));
        self.will_observe(expert, Observation { contact, how, by, stage, help: Some(help) }, now);
        self.legs_rung(contact, call, Party::Agent(expert), now);
        Ok(())
    }

    /// The talk of a contact with its agent, and the contact's queue.
    fn talk_and_queue(&self, contact: ContactId) -> Option<(CallId, QueueId)> {
        let call = self.talk_of(contact)?;
        match self.calls.purpose(call)? {
            &Purpose::Contact(CallStage::Connected(queue, _)) => Some((call, queue)),
            Purpose::Contact(_)
            | Purpose::Own { .. }
            | Purpose::Announcement
            | Purpose::Survey(_)
            | Purpose::SittingDown(_)
            | Purpose::AgentsLine(_)
            | Purpose::Line(_)
            | Purpose::CallingBack(_)
            | Purpose::Hearing(_)
            | Purpose::Observing(_)
            | Purpose::Speaking(_)
            | Purpose::Consulting(_)
            | Purpose::Arriving => None,
        }
    }

    pub(crate) fn handled(
        &mut self,
        contact: ContactId,
        agent: AgentId,
        change: HandlingChange,
        now: Moment,
    ) {
        self.outbox.record(Fact::Handling(Handled { contact, agent, change }), now);
    }
}
