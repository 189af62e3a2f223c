//! Invariants across the engine's parts.

use turno_model::{AgentId, Channel, ContactId};

use crate::call_purpose::{CallStage, Purpose};
use crate::carrier::Carrier;
use crate::consult_stage::ConsultStage;
use crate::engine::Engine;
use crate::observers::ObserverStage;
use crate::user::{address_in, user_of};

impl Engine {
    /// Panics with a sentence if an invariant is violated.
    pub fn check_invariants(&self) {
        self.room.check_invariants();
        self.check_seating();
        if let Err(why) = self.is_related() {
            panic!("{why}");
        }
        for call in self.switchboard.calls() {
            let purpose = self.calls.purpose(call);
            let is_known = purpose.is_some_and(|purpose| *purpose != Purpose::Arriving);
            assert!(is_known, "call {call:?} is for {purpose:?}");
            if let (Some(&Purpose::Contact(CallStage::Connected(_, agent))), Some(contact)) =
                (purpose, self.contacts.of(call))
            {
                assert!(
                    self.room.is_with(contact, agent),
                    "{call:?} talks to {agent:?}, who does not have {contact:?}"
                );
            }
        }
    }

    /// Each agent's reachability is that of the phone at the agent's seat or of the ordinary telephone, and only that one rings
    /// for the agent.
    fn check_seating(&self) {
        if let Err(why) = self.seating.is_one_to_one() {
            panic!("{why}");
        }
        for place in 0..self.plan.agents.len() {
            let agent = AgentId(u32::try_from(place).unwrap_or(u32::MAX));
            let seat = self.seating.seat_of(agent);
            let answers = self.is_there(agent);
            let is_there = self.room.is_reachable(agent);
            assert_eq!(answers, is_there, "{agent:?} sits at {seat:?}, whose phone answers: {answers}");
        }
        for call in self.switchboard.calls() {
            let Some(&Purpose::Contact(CallStage::Offered(_, agent))) = self.calls.purpose(call) else {
                continue;
            };
            for &session in self.switchboard.ringing(call) {
                let rung = self.stack.peer_name(session).and_then(address_in).and_then(user_of);
                // A phone that registers while the telephone rings changes nothing.
                let outside = self.plan.agents[agent.index()].outside.as_ref();
                let number = outside.map(|phone| phone.number.0.as_str());
                if rung.is_some() && rung.as_deref() == number {
                    continue;
                }
                let rung = rung.and_then(|user| self.directory.seat(&user));
                assert_eq!(rung, self.seating.seat_of(agent), "{call:?} rings for {agent:?}");
            }
        }
    }

    /// Whether all parts agree, or a sentence that says what does not.
    pub(crate) fn is_whole(&self) -> Result<(), String> {
        for call in self.switchboard.calls() {
            if self.calls.get(call).is_none() {
                return Err(format!("call {call:?} has no record"));
            }
        }
        for call in self.calls.keys() {
            let rings = || self.switchboard.ringing(call).first().copied();
            let first = self.switchboard.a_leg(call).or_else(rings);
            if first.is_none_or(|first| self.stack.dialog_name(first).is_none()) {
                return Err(format!("there is no dialog for {call:?}"));
            }
        }
        self.switchboard.is_whole(|session| self.stack.dialog_name(session).is_some())?;
        self.seating.is_one_to_one()?;
        self.is_related()
    }

    /// Whether every call carries a contact, every contact has a call or is in the room, and the room's contacts are
    /// carried as their channels require; or a sentence that says what is wrong.
    fn is_related(&self) -> Result<(), String> {
        self.contacts.is_whole(self.switchboard.calls(), |contact| self.room.has(contact))?;
        self.room.is_whole(|contact, channel| self.carries(contact, channel))?;
        self.are_observers_whole()?;
        self.are_consultations_whole()?;
        self.are_callbacks_whole()?;
        self.are_voicemails_whole()?;
        self.are_recordings_whole()
    }

    /// Whether every guest of a call is an observer, and every observer has a conversation to observe; or a sentence
    /// that says what is wrong.
    fn are_observers_whole(&self) -> Result<(), String> {
        for call in self.switchboard.calls() {
            let is_observer =
                |session| self.observers.iter().any(|(_, it)| it.stage == ObserverStage::In(session));
            let is_known = |session| is_observer(session) || self.consultations.of_guest(session).is_some();
            if let Some((session, _)) = self.switchboard.guests(call).find(|guest| !is_known(guest.0)) {
                return Err(format!("{session:?} is a guest of {call:?} and observes nothing"));
            }
            if let Some(&Purpose::Observing(observer)) = self.calls.purpose(call)
                && self.observers.get(observer).map(|it| it.stage) != Some(ObserverStage::Rings(call))
            {
                return Err(format!("{call:?} rings for {observer:?}, who observes nothing"));
            }
        }
        let mut observers = self.observers.iter();
        let lost = observers.find(|(observer, it)| !self.observes_on(it) || !self.agent_calls.has(*observer));
        lost.map_or(Ok(()), |(observer, it)| Err(format!("{observer:?} observes what is not: {it:?}")))
    }

    /// Whether every consultation has its talk and its other party, keeps the caller out exactly as long as it should, and
    /// occupies the colleague; or a sentence that says what is wrong.
    fn are_consultations_whole(&self) -> Result<(), String> {
        for (agent, it) in self.consultations.iter() {
            let is_aside = self.talk_of(it.contact).is_some_and(|call| self.switchboard.is_aside(call));
            let is_occupied = it.colleague().is_none_or(|colleague| self.agent_calls.has(colleague));
            if !self.consults_on(agent, it) || is_aside != it.stage.is_aside() || !is_occupied {
                return Err(format!("{agent:?} consults what is not: {it:?}, aside: {is_aside}"));
            }
        }
        for call in self.switchboard.calls() {
            let is_in = self.consults_in(call).is_some();
            if self.switchboard.is_aside(call) && !is_in {
                return Err(format!("{call:?} keeps its caller out, and nobody is consulted"));
            }
            if let Some(&Purpose::Consulting(agent)) = self.calls.purpose(call)
                && self.consultations.get(agent).map(|it| it.stage) != Some(ConsultStage::Rings(call))
            {
                return Err(format!("{call:?} rings for {agent:?}, who consults nobody"));
            }
        }
        Ok(())
    }

    /// Whether every callback's contact is in the room, and every call for a callback belongs to one; or a sentence that
    /// says what is wrong.
    fn are_callbacks_whole(&self) -> Result<(), String> {
        for contact in self.callbacks.keys() {
            let call = self.callbacks.get(contact).and_then(|callback| callback.stage.call());
            let is_right = call.is_none_or(
                |call| matches!(self.calls.purpose(call), Some(Purpose::CallingBack(of)) if *of == contact),
            );
            if !self.room.has(contact) || !is_right {
                return Err(format!("the callback of {contact:?} has no contact, or not the call {call:?}"));
            }
        }
        for call in self.switchboard.calls() {
            if let Some(&Purpose::CallingBack(contact)) = self.calls.purpose(call)
                && self.callbacks.get(contact).and_then(|callback| callback.stage.call()) != Some(call)
            {
                return Err(format!("{call:?} calls {contact:?} back, which does not know it"));
            }
        }
        Ok(())
    }

    /// Whether every caller at a voicemail and every message is in the room, with the right call; or a sentence that says what
    /// is wrong.
    fn are_voicemails_whole(&self) -> Result<(), String> {
        for contact in self.voicemails.keys() {
            let call = self.contacts.call_of(contact);
            let is_there = call.is_none_or(|call| {
                matches!(self.calls.purpose(call), Some(Purpose::Contact(CallStage::AtVoicemail(_))))
            });
            if !self.room.is_speaking(contact) || !is_there {
                return Err(format!("{contact:?} is at the voicemail, and not in its call or the room"));
            }
        }
        for contact in self.messages.keys() {
            let call = self.messages.get(contact).and_then(|message| message.stage.call());
            let is_right = call.is_none_or(
                |call| matches!(self.calls.purpose(call), Some(Purpose::Hearing(of)) if *of == contact),
            );
            if !self.room.has(contact) || !is_right {
                return Err(format!("the message {contact:?} is not in the room, or not the call {call:?}"));
            }
        }
        Ok(())
    }

    /// Whether a contact of the room is carried as its channel requires.
    fn carries(&self, contact: ContactId, channel: Channel) -> bool {
        match self.contacts.carrier_of(contact) {
            Some(Carrier::Call(call)) => matches!(
                self.calls.purpose(call),
                Some(
                    Purpose::Contact(
                        CallStage::Queued(_)
                            | CallStage::Offered(..)
                            | CallStage::Connected(..)
                            | CallStage::Outside(..)
                            | CallStage::AtVoicemail(_)
                    ) | Purpose::Hearing(_)
                )
            ),
            Some(Carrier::Callback) => {
                channel == Channel::Voice
                    && self.callbacks.get(contact).is_some_and(|it| !it.stage.is_dialogue())
            }
            Some(Carrier::Message) => self.messages.get(contact).is_some(),
            // A voice contact has a call from beginning to end, and while its last words are written.
            Some(Carrier::Nothing) => channel != Channel::Voice || self.voicemails.get(contact).is_some(),
            None => false,
        }
    }
}
