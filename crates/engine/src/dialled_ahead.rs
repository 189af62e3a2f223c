//! The person of a contact is dialled before an agent has it, and then stands in line with the call.

use turno_calls::{CallId, Ringing};
use turno_ground::Moment;
use turno_media_plan::{Answerer, Audio};
use turno_model::plan::CallbackPrompt;
use turno_model::{CallbackChange, CallbackFailure, ContactId, Fact, Party};

use crate::call_purpose::{CallStage, Outside, Purpose};
use crate::callback_stage::{CallbackEvent, CallbackStage};
use crate::engine::Engine;

/// When a person is dialled again who could not be dialled, if the plan no longer says it.
const PAUSE_SPAN: core::time::Duration = core::time::Duration::from_secs(90);

/// How long the person's phone rings, if the plan no longer says it.
const RING_SPAN: core::time::Duration = core::time::Duration::from_secs(30);

/// How long it takes at most until it is clear who has answered. Then it is a person.
const JUDGED_SPAN: core::time::Duration = core::time::Duration::from_secs(10);

impl Engine {
    /// Dials the person of a contact whose turn it is.
    pub(crate) fn dial_ahead(&mut self, contact: ContactId, now: Moment) {
        // The goodbye may still play: the person is reached by a new call.
        if let Some(call) = self.contacts.call_of(contact) {
            self.end_call(call, now);
        }
        let waits = self.callbacks.get(contact).filter(|callback| callback.stage == CallbackStage::Waits);
        let number = waits.map(|callback| callback.number.clone());
        let way = number.and_then(|number| self.way_to(&number, 0)).filter(|_| self.service.is_open());
        let target = way.as_ref().and_then(|way| self.trunks.target(way, &self.plan));
        let (Some(target), Some(Outside { number, .. })) = (target, way) else {
            return self.not_dialled(contact, now);
        };
        let rung = self.switchboard.call_out(&mut self.stack, vec![target], now);
        self.ports_were_taken();
        let Ok(call) = rung else { return self.not_dialled(contact, now) };
        self.switchboard.are_callers(call);
        self.calls.begin(call);
        self.contacts.begin_with(call);
        if let Some(language) = self.contacts.language(contact) {
            self.contacts.speaks(call, language);
        }
        self.calls.is_by(call, number);
        self.calls.is_for(call, Purpose::CallingBack(contact));
        self.callbacks.turn(contact, CallbackEvent::DialledAhead(call, 0));
        let ring = self.callback_plan(contact).map_or(RING_SPAN, |plan| plan.ring);
        let attempt = self.callbacks.dials(contact, now + ring);
        self.outbox.record(Fact::Callback(contact, CallbackChange::Dialled { attempt }), now);
        self.legs_rung(contact, call, Party::Outside, now);
    }

    /// The dial ahead has found no answer at one address of the trunk: tries the next one. False: there is none.
    pub(crate) fn dials_ahead_again(
        &mut self,
        (call, contact): (CallId, ContactId),
        tried: usize,
        now: Moment,
    ) -> bool {
        let number = self.callbacks.get(contact).map(|callback| callback.number.clone());
        let way = number.and_then(|number| self.way_to(&number, tried));
        let Some(target) = way.and_then(|way| self.trunks.target(&way, &self.plan)) else { return false };
        self.callbacks.turn(contact, CallbackEvent::DialledAhead(call, tried));
        let rung = self.switchboard.ring(&mut self.stack, call, Ringing::Out, vec![target], now);
        self.ports_were_taken();
        if rung.is_ok() {
            self.switchboard.are_callers(call);
            self.legs_rung(contact, call, Party::Outside, now);
        }
        rung.is_ok()
    }

    /// Somebody has answered the dial ahead, and hears at once who calls.
    pub(crate) fn picked_up(&mut self, call: CallId, contact: ContactId, now: Moment) {
        if !self.callbacks.is_picked_up(contact) {
            self.end_call(call, now);
            return;
        }
        self.outbox.record(Fact::Callback(contact, CallbackChange::PickedUp), now);
        let plan = self.callback_plan(contact).map(|plan| self.callback_to(call, plan));
        let leaves_machines = plan.as_ref().is_some_and(|plan| plan.leaves_machines);
        let prompt = plan.and_then(|plan| plan.prompt(CallbackPrompt::Connecting));
        match prompt {
            Some(prompt) => self.switchboard.play(call, self.speech(call, [prompt])),
            None => self.switchboard.play(call, Audio::Music),
        }
        if leaves_machines {
            self.switchboard.judge(call, true);
            self.callbacks.is_judged_until(contact, now + JUDGED_SPAN);
        } else {
            self.person_stands(call, contact, now);
        }
    }

    /// It is clear by the sound who has answered.
    pub(crate) fn answerer_known(&mut self, call: CallId, who: Answerer, now: Moment) {
        let Some(&Purpose::CallingBack(contact)) = self.calls.purpose(call) else { return };
        let stage = self.callbacks.get(contact).map(|callback| &callback.stage);
        if !matches!(stage, Some(CallbackStage::Greeted(_))) {
            return;
        }
        let why = match who {
            Answerer::Person => return self.person_stands(call, contact, now),
            // Who listens to the greeting in silence may be a person, and answers when it is over.
            Answerer::Silence if self.switchboard.plays_prompts(call) => {
                self.switchboard.judge(call, true);
                return;
            }
            Answerer::Machine => CallbackFailure::Machine,
            Answerer::Silence => CallbackFailure::Silence,
        };
        self.end_call(call, now);
        self.not_reached(contact, why, now);
    }

    /// Who was dialled ahead has pressed a key, as no machine does.
    pub(crate) fn person_keyed(&mut self, call: CallId, now: Moment) {
        if self.calls.purpose(call).is_some_and(|purpose| matches!(purpose, Purpose::CallingBack(_))) {
            self.answerer_known(call, Answerer::Person, now);
        }
    }

    /// A person is on the phone: the contact takes the call, and its place in line.
    pub(crate) fn person_stands(&mut self, call: CallId, contact: ContactId, now: Moment) {
        let Some(queue) = self.room.queue_of(contact).filter(|_| self.callbacks.stands(contact)) else {
            return;
        };
        self.switchboard.judge(call, false);
        self.contacts.takes_call(contact, call);
        self.calls.is_for(call, Purpose::Contact(CallStage::Queued(queue)));
        self.room.person_comes(contact, now);
        self.begin_announcing(call, queue, now);
    }

    /// The greeting of a person who is not yet in line is over.
    pub(crate) fn greeting_is_over(&mut self, call: CallId, contact: ContactId) {
        let stage = self.callbacks.get(contact).map(|callback| &callback.stage);
        if matches!(stage, Some(CallbackStage::Greeted(_))) {
            self.switchboard.play(call, Audio::Music);
        }
    }

    /// No trunk or port is there now: this is no dial, and the contact waits for the pause.
    fn not_dialled(&mut self, contact: ContactId, now: Moment) {
        let pause = self.callback_plan(contact).map_or(PAUSE_SPAN, |plan| plan.pause);
        let failed = CallbackChange::Failed(CallbackFailure::NoTrunk);
        self.outbox.record(Fact::Callback(contact, failed), now);
        self.room.dial_later(contact, now + pause, now);
    }
}
