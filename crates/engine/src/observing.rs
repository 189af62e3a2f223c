//! A supervisor observes the talk of an agent with a contact: is rung, comes into its bridge, and leaves with its end.

use turno_calls::{CallId, GuestRole, Side};
use turno_ground::Moment;
use turno_model::{AgentId, Asker, ContactId, Done, Fact, Observing, Party, Refusal};
use turno_sip::{HangUp, SessionId};

use crate::call_purpose::{CallStage, Purpose};
use crate::engine::Engine;
use crate::observers::{Observation, ObserverStage};

/// How many may observe one talk at a time.
const OBSERVERS_MAX: usize = 3;

impl Engine {
    /// Rings an observer's phones for the talk of a contact with its agent.
    ///
    /// # Errors
    /// [`Refusal::NobodyTalks`], [`Refusal::AlreadyObserving`], [`Refusal::ObserverIsBusy`], [`Refusal::TooManyObservers`],
    /// [`Refusal::ObserverHasNoPhone`], [`Refusal::NoPort`].
    pub(crate) fn on_observe(
        &mut self,
        observer: AgentId,
        (contact, how, by): (ContactId, Observing, Asker),
        now: Moment,
    ) -> Result<Done, Refusal> {
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
        let targets = self.agent_targets(observer, talk, display(how));
        if targets.is_empty() {
            return Err(Refusal::ObserverHasNoPhone);
        }
        let rung = self.switchboard.call_out(&mut self.stack, targets, now);
        let call = rung.map_err(|_no_port| Refusal::NoPort)?;
        self.ports_were_taken();
        self.calls.begin(call);
        self.calls.is_for(call, Purpose::Observing(observer));
        self.contacts.begin_with(call);
        self.occupy(observer, now);
        self.observers.begin(observer, Observation { contact, how, by, stage: ObserverStage::Rings(call) });
        self.legs_rung(contact, call, Party::Agent(observer), now);
        Ok(Done::Now)
    }

    /// An observer listens, whispers or talks from now on.
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

    /// An observer leaves.
    ///
    /// # Errors
    /// [`Refusal::NotObserving`].
    pub(crate) fn on_stop_observing(&mut self, observer: AgentId, now: Moment) -> Result<Done, Refusal> {
        self.observers.get(observer).ok_or(Refusal::NotObserving)?;
        self.observer_leaves(observer, now);
        Ok(Done::Now)
    }

    /// An observer's phone has answered: the observer comes into the bridge.
    pub(crate) fn observer_answered(&mut self, call: CallId, now: Moment) {
        let Some(&Purpose::Observing(observer)) = self.calls.purpose(call) else { return };
        match self.comes_in(observer, call, now) {
            Some(session) => {
                self.forget_call(call, now);
                self.observers.is_in(observer, session);
                self.observing_began(observer, now);
            }
            // Whatever was to be observed is no more, or has no room: the observer leaves at the end of this step.
            None => self.end_call(call, now),
        }
    }

    /// The agent of a contact has another phone at hand, as by answering a recall: whispers are for that one.
    pub(crate) fn agent_has_moved(&mut self, call: CallId) {
        if self.switchboard.guests(call).next().is_some() {
            self.switchboard.agent_is_at(call, Side::B);
        }
    }

    /// At the end of a step those leave who have nothing to observe any more, or whose phone has gone. True if one did.
    ///
    /// Observing lasts as long as an agent has the contact by a call. Whatever ends that, be it hang-up, transfer, a lost
    /// phone or a failure, need not know of observers: this looks at what is, while there is one.
    pub(crate) fn observers_leave(&mut self, now: Moment) -> bool {
        if self.observers.is_empty() {
            return false;
        }
        let lost = self.observers.iter().find(|(_, observation)| !self.observes_on(observation));
        let Some(observer) = lost.map(|(observer, _)| observer) else { return false };
        self.observer_leaves(observer, now);
        true
    }

    /// Whether there is what the observer observes or is rung for, and the observer's phone.
    pub(crate) fn observes_on(&self, observation: &Observation) -> bool {
        let talk = self.talk_of(observation.contact);
        talk.is_some_and(|talk| match observation.stage {
            ObserverStage::Rings(call) => self.calls.get(call).is_some(),
            ObserverStage::In(session) => self.switchboard.guest_at(session) == Some(talk),
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
        self.own_call_over(Some(observer), None, now);
    }

    /// Takes the observer's leg out of the call by which it was rung, into the bridge of the talk.
    fn comes_in(&mut self, observer: AgentId, call: CallId, now: Moment) -> Option<SessionId> {
        let observation = self.observers.get(observer)?;
        let talk = self.talk_of(observation.contact)?;
        let session = self.switchboard.a_leg(call)?;
        let role = role(observation.how);
        self.switchboard.admit(&mut self.stack, call, (talk, Side::B), role, now).ok()?;
        Some(session)
    }

    /// The call by which an agent has the contact.
    fn talk_of(&self, contact: ContactId) -> Option<CallId> {
        let call = self.contacts.call_of(contact)?;
        matches!(self.calls.purpose(call), Some(Purpose::Contact(CallStage::Connected(..)))).then_some(call)
    }

    fn observing_began(&mut self, observer: AgentId, now: Moment) {
        let Some(Observation { contact, how, by, stage: _ }) = self.observers.get(observer) else { return };
        self.outbox.record(Fact::ObservingBegan { observer, contact, how, by }, now);
    }

    fn observing_ended(&mut self, observer: AgentId, observation: Observation, now: Moment) {
        let Observation { contact, how, by, stage: _ } = observation;
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

/// What the observer's phone shows.
const fn display(how: Observing) -> &'static str {
    match how {
        Observing::Listen => "LISTEN",
        Observing::Whisper => "WHISPER",
        Observing::Barge => "BARGE",
    }
}
