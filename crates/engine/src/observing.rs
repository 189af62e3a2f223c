//! A supervisor observes an agent's conversation: is rung or dials in, joins the bridge, and leaves when the call ends.

use turno_calls::{CallId, GuestRole, Side};
use turno_ground::Moment;
use turno_media_plan::Tone;
use turno_model::{
    AgentId, Asker, ContactId, Done, Fact, Handled, HandlingChange, Observing, Party, Refusal,
};
use turno_sip::{HangUp, SessionId};

use crate::call_purpose::{CallStage, Purpose};
use crate::engine::Engine;
use crate::observers::{Help, Observation, ObserverStage};

/// Cap on observers of one conversation.
const OBSERVERS_MAX: usize = 3;

impl Engine {
    /// Rings an observer's phones, to observe a contact's conversation with its agent.
    ///
    /// # Errors
    /// Those of [`Engine::may_observe`], [`Refusal::ObserverHasNoPhone`], [`Refusal::NoPort`].
    pub(crate) fn on_observe(
        &mut self,
        observer: AgentId,
        (contact, how, by): (ContactId, Observing, Asker),
        now: Moment,
    ) -> Result<Done, Refusal> {
        let talk = self.may_observe(observer, contact)?;
        let targets = self.agent_targets(observer, talk, display(how));
        if targets.is_empty() {
            return Err(Refusal::ObserverHasNoPhone);
        }
        let rung = self.switchboard.call_out(&mut self.stack, targets, now);
        let call = rung.map_err(|_no_port| Refusal::NoPort)?;
        self.ports_were_taken();
        self.calls.begin(call);
        self.contacts.begin_with(call);
        self.will_observe(
            observer,
            Observation { contact, how, by, stage: ObserverStage::Rings(call), help: None },
            now,
        );
        self.legs_rung(contact, call, Party::Agent(observer), now);
        Ok(Done::Now)
    }

    /// A supervisor dialled into the talk of an agent, and joins it with this call.
    ///
    /// # Errors
    /// [`Refusal::NoSuchAgent`], and those of [`Engine::may_observe`].
    pub(crate) fn on_dialled_into_talk(
        &mut self,
        (call, observer): (CallId, AgentId),
        how: Observing,
        extension: &str,
        now: Moment,
    ) -> Result<Done, Refusal> {
        let agent = self.plan.agent_by_extension(extension).ok_or(Refusal::NoSuchAgent)?;
        let contact = self.room.contact_of(agent).ok_or(Refusal::NobodyTalks)?;
        self.may_observe(observer, contact)?;
        let (by, stage) = (Asker::Phone(observer), ObserverStage::Rings(call));
        self.will_observe(observer, Observation { contact, how, by, stage, help: None }, now);
        self.a_leg_opened(contact, call, Party::Agent(observer), now);
        self.observer_answered(call, now);
        Ok(Done::Now)
    }

    /// The call that an agent may observe for this contact.
    ///
    /// # Errors
    /// [`Refusal::NotSupervisor`], [`Refusal::NobodyTalks`], [`Refusal::AlreadyObserving`], [`Refusal::ObserverIsBusy`],
    /// [`Refusal::TooManyObservers`].
    fn may_observe(&self, observer: AgentId, contact: ContactId) -> Result<CallId, Refusal> {
        if !self.plan.agents[observer.index()].supervises {
            return Err(Refusal::NotSupervisor);
        }
        let talk = self.talk_of(contact).filter(|talk| self.switchboard.has_b_leg(*talk));
        let talk = talk.ok_or(Refusal::NobodyTalks)?;
        if self.observers.get(observer).is_some() {
            return Err(Refusal::AlreadyObserving);
        }
        if self.is_occupied(observer) {
            return Err(Refusal::ObserverIsBusy);
        }
        if self.observers.iter().filter(|(_, other)| other.contact == contact).count() >= OBSERVERS_MAX {
            return Err(Refusal::TooManyObservers);
        }
        Ok(talk)
    }

    /// Records an observer who has not joined yet.
    pub(crate) fn will_observe(&mut self, observer: AgentId, observation: Observation, now: Moment) {
        if let ObserverStage::Rings(call) = observation.stage {
            self.calls.is_for(call, Purpose::Observing(observer));
        }
        self.occupy(observer, now);
        self.observers.begin(observer, observation);
    }

    /// Changes what an observer does: listen, whisper or talk.
    ///
    /// # Errors
    /// [`Refusal::NotObserving`].
    pub(crate) fn on_change_observing(
        &mut self,
        observer: AgentId,
        (how, by): (Observing, Asker),
        now: Moment,
    ) -> Result<Done, Refusal> {
        let before = self.observers.get(observer).ok_or(Refusal::NotObserving)?;
        if before.how == how {
            return Ok(Done::Now);
        }
        self.observers.does(observer, how, by);
        if let ObserverStage::In(session) = before.stage {
            self.switchboard.change_role(session, role(how));
            self.observing_ended(observer, before, now);
            self.observing_began(observer, now);
        }
        Ok(Done::Now)
    }

    /// Ends an observation.
    ///
    /// # Errors
    /// [`Refusal::NotObserving`].
    pub(crate) fn on_stop_observing(&mut self, observer: AgentId, now: Moment) -> Result<Done, Refusal> {
        self.observers.get(observer).ok_or(Refusal::NotObserving)?;
        self.observer_leaves(observer, now);
        Ok(Done::Now)
    }

    /// An observer's phone answered: the observer joins the bridge.
    pub(crate) fn observer_answered(&mut self, call: CallId, now: Moment) {
        let Some(&Purpose::Observing(observer)) = self.calls.purpose(call) else { return };
        match self.comes_in(observer, call, now) {
            Some(session) => {
                self.forget_call(call, now);
                self.observers.is_in(observer, session);
                self.observing_began(observer, now);
                self.help_came(observer, now);
                self.tells_the_agent(observer);
            }
            // The conversation has ended, or its bridge is full: the observer leaves at the end of this step.
            None => self.end_call(call, now),
        }
    }

    /// The agent of a contact uses another phone now, as after a recall, or is another one, as after a transfer. Whispers go
    /// to that phone.
    pub(crate) fn agent_has_moved(&mut self, call: CallId) {
        if self.switchboard.guests(call).next().is_some() {
            self.switchboard.agent_is_at(call, Side::B);
        }
    }

    /// Removes, at the end of a step, an observer who has nothing to observe or whose leg is gone. True if there was
    /// one.
    ///
    /// An observation begins with a talk and lasts through hold, a wait in another queue and a transfer to a colleague, until
    /// the call ends or leads to an outside number. Code that ends or transfers the call need not know about observers: this
    /// method compares the state at the end of each step.
    pub(crate) fn observers_leave(&mut self, now: Moment) -> bool {
        if self.observers.is_empty() {
            return false;
        }
        let lost = self.observers.iter().find(|(_, observation)| !self.observes_on(observation));
        let Some(observer) = lost.map(|(observer, _)| observer) else { return false };
        self.observer_leaves(observer, now);
        true
    }

    /// Whether the observed call and the observer's leg or ringing call still exist.
    pub(crate) fn observes_on(&self, observation: &Observation) -> bool {
        let observed = self.observed_call(observation.contact);
        observed.is_some_and(|observed| match observation.stage {
            ObserverStage::Rings(call) => self.calls.get(call).is_some(),
            ObserverStage::In(session) => self.switchboard.guest_at(session) == Some(observed),
        })
    }

    fn observer_leaves(&mut self, observer: AgentId, now: Moment) {
        let Some(observation) = self.observers.end(observer) else { return };
        match observation.stage {
            ObserverStage::Rings(call) => self.end_call(call, now),
            ObserverStage::In(session) => {
                self.switchboard.dismiss(&mut self.stack, session, HangUp { status: 480, reason: None }, now);
                self.observing_ended(observer, observation, now);
            }
        }
        self.agent_call_over(Some(observer), None, now);
    }

    /// Moves the observer's leg from the call that rang it into the observed bridge.
    fn comes_in(&mut self, observer: AgentId, call: CallId, now: Moment) -> Option<SessionId> {
        let observation = self.observers.get(observer)?;
        let talk = self.observed_call(observation.contact)?;
        let session = self.switchboard.a_leg(call)?;
        let role = role(observation.how);
        self.switchboard.admit(&mut self.stack, call, (talk, Side::B), role, now).ok()?;
        Some(session)
    }

    /// The call of a contact, as long as it may be observed: also while the contact waits again, or talks to the colleague to
    /// whom it was transferred. An outside party is not observed.
    fn observed_call(&self, contact: ContactId) -> Option<CallId> {
        let call = self.contacts.call_of(contact)?;
        let goes_on = match self.calls.purpose(call)? {
            Purpose::Contact(
                CallStage::Queued(_)
                | CallStage::Offered(..)
                | CallStage::Connected(..)
                | CallStage::Outside(..),
            ) => true,
            Purpose::Own { callee, .. } => callee.is_some(),
            Purpose::Contact(CallStage::Emergency | CallStage::Menu(_) | CallStage::Notice(_)) => false,
            Purpose::Contact(CallStage::AtVoicemail(_)) | Purpose::Hearing(_) => false,
            Purpose::Arriving | Purpose::Announcement | Purpose::CallingBack(_) => false,
            Purpose::Survey(_)
            | Purpose::SittingDown(_)
            | Purpose::AgentsLine(_)
            | Purpose::Line(_)
            | Purpose::Observing(_)
            | Purpose::Speaking(_)
            | Purpose::Consulting(_) => false,
        };
        goes_on.then_some(call)
    }

    /// Plays a short tone to the observed agent if the plan says so. The caller does not hear it.
    fn tells_the_agent(&mut self, observer: AgentId) {
        if self.plan.room.observed_tone
            && let Some(observation) = self.observers.get(observer)
            && let Some(talk) = self.talk_of(observation.contact)
        {
            self.switchboard.tone(talk, Side::B, Tone::Observed);
        }
    }

    /// The call that connects the contact and its agent.
    pub(crate) fn talk_of(&self, contact: ContactId) -> Option<CallId> {
        let call = self.contacts.call_of(contact)?;
        matches!(self.calls.purpose(call), Some(Purpose::Contact(CallStage::Connected(..)))).then_some(call)
    }

    /// The observer was asked for help, and is in the talk.
    fn help_came(&mut self, expert: AgentId, now: Moment) {
        let Some(observation) = self.observers.get(expert) else { return };
        let Some(Help { agent, .. }) = observation.help else { return };
        let (contact, change) = (observation.contact, HandlingChange::HelpCame { expert });
        self.outbox.record(Fact::Handling(Handled { contact, agent, change }), now);
    }

    fn observing_began(&mut self, observer: AgentId, now: Moment) {
        let Some(Observation { contact, how, by, .. }) = self.observers.get(observer) else { return };
        self.outbox.record(Fact::ObservingBegan { observer, contact, how, by }, now);
    }

    pub(crate) fn observing_ended(&mut self, observer: AgentId, observation: Observation, now: Moment) {
        let Observation { contact, how, by, .. } = observation;
        self.outbox.record(Fact::ObservingEnded { observer, contact, how, by }, now);
    }
}

const fn role(how: Observing) -> GuestRole {
    match how {
        Observing::Listen => GuestRole::Listen,
        Observing::Whisper => GuestRole::Whisper,
        Observing::Barge => GuestRole::Talk,
    }
}

/// Display name for the observer's phone.
const fn display(how: Observing) -> &'static str {
    match how {
        Observing::Listen => "LISTEN",
        Observing::Whisper => "WHISPER",
        Observing::Barge => "BARGE",
    }
}
