//! What a waiting caller hears and keys to be called back: the number, another one, a time.
//!
//! The caller stays in line meanwhile: an agent's answer ends the dialogue, and a hang-up before the confirmation is an
//! abandon.

use compact_str::CompactString;
use turno_calls::CallId;
use turno_ground::{Moment, Pii};
use turno_model::plan::{CallbackPlan, CallbackPrompt};
use turno_model::speech::Spoken;
use turno_model::{
    ANONYMOUS, CallbackChange, CallbackOffer, CallbackRefusal, ContactId, Fact, OfferOutcome, PromptName,
    QueueId, WITHHELD,
};

use crate::call_purpose::{CallStage, Purpose};
use crate::callback_stage::{CallbackEvent, CallbackStage};
use crate::calls::CallDeadline;
use crate::dial_rules::{may_be_dialled, national};
use crate::engine::Engine;
use crate::half_hours::half_hours;

/// How long the person is not called back after confirming: the goodbye plays, and the person hangs up.
const GOODBYE_SPAN: core::time::Duration = core::time::Duration::from_secs(10);

/// An offer that finds another prompt playing is made this much later.
const RETRY_SPAN: core::time::Duration = core::time::Duration::from_secs(5);

/// Most digits of a number that is keyed in.
const DIGITS_MAX: usize = 15;

impl Engine {
    /// A waiting caller pressed a key.
    pub(crate) fn callback_keyed(&mut self, call: CallId, digit: char, now: Moment) {
        let Some((contact, queue)) = self.waiting_caller(call) else { return };
        let Some(stage) = self.callbacks.get(contact).map(|callback| callback.stage.clone()) else {
            let is_key = self.offered_callback(queue).is_some_and(|plan| plan.key == digit);
            if is_key {
                self.begin_dialogue((call, contact, queue), CallbackOffer::Key, now);
            }
            return;
        };
        let Some(plan) = self.offered_callback(queue).map(|plan| self.callback_to(call, plan)) else {
            return;
        };
        if stage.is_dialogue() {
            self.callbacks.listens(contact, now);
        }
        match (stage, digit) {
            (CallbackStage::Confirms | CallbackStage::Keys(_) | CallbackStage::Chooses, '*') => {
                self.dialogue_over(contact, now);
            }
            (CallbackStage::Confirms, '1') => {
                self.promise((call, contact), &plan, core::time::Duration::ZERO, now);
            }
            (CallbackStage::Confirms, '2') if plan.number_keyed => self.ask_for_number(call, contact, &plan),
            (CallbackStage::Confirms, '3') if plan.times => self.ask_for_time(call, contact, &plan, now),
            (CallbackStage::Keys(digits), '#') => {
                self.number_keyed((call, contact, queue), (&plan, &digits), now);
            }
            (CallbackStage::Keys(digits), '0'..='9') if digits.len() < DIGITS_MAX => {
                self.callbacks.turn(contact, CallbackEvent::Keyed(format!("{digits}{digit}")));
            }
            (CallbackStage::Chooses, '1'..='3') => {
                let place = usize::try_from(digit.to_digit(10).unwrap_or(1) - 1).unwrap_or(0);
                if let Some(&(after, _)) = self.half_hours(now).get(place) {
                    self.promise((call, contact), &plan, after, now);
                }
            }
            // Keys at random change nothing.
            (CallbackStage::Confirms | CallbackStage::Keys(_) | CallbackStage::Chooses, _)
            | (CallbackStage::Waits | CallbackStage::AgentRings(_) | CallbackStage::PersonRings { .. }, _)
            | (CallbackStage::RingsAhead { .. } | CallbackStage::Greeted(_) | CallbackStage::InLine, _) => {}
        }
    }

    /// The caller has waited for as long as the plan says: offers a callback, unless another prompt plays or somebody speaks.
    pub(crate) fn callback_offer_due(&mut self, call: CallId, now: Moment) {
        let Some((contact, queue)) = self.waiting_caller(call) else { return };
        let Some(plan) = self.offered_callback(queue) else { return };
        if self.callbacks.get(contact).is_some() {
            return;
        }
        let is_spoken_to = self.switchboard.hears_live(call).is_some();
        if is_spoken_to || self.switchboard.plays_prompts(call) || !self.is_queued(call) {
            self.calls.set(call, CallDeadline::CallbackOffer, now + RETRY_SPAN);
            return;
        }
        let offer = plan.prompt(CallbackPrompt::Offer);
        let is_long = self.expects_long(contact, plan, now);
        let why = if is_long { CallbackOffer::LongWait } else { CallbackOffer::Waited };
        self.say(call, offer.into_iter().collect());
        self.outbox.record(Fact::Callback(contact, CallbackChange::Offered(why)), now);
    }

    /// The caller found the line full: asks at once. A caller who does not want a callback is sent away.
    pub(crate) fn callback_when_full(&mut self, contact: ContactId, now: Moment) {
        let call = self.contacts.call_of(contact);
        let waiting = call.and_then(|call| Some((call, self.waiting_caller(call)?.1)));
        match waiting.filter(|(_, queue)| self.offered_callback(*queue).is_some()) {
            Some((call, queue)) => self.begin_dialogue((call, contact, queue), CallbackOffer::Full, now),
            None => self.room.treat_as_full(contact, now),
        }
    }

    fn begin_dialogue(
        &mut self,
        (call, contact, queue): (CallId, ContactId, QueueId),
        why: CallbackOffer,
        now: Moment,
    ) {
        let Some(plan) = self.offered_callback(queue).map(|plan| self.callback_to(call, plan)) else {
            return;
        };
        self.outbox.record(Fact::Callback(contact, CallbackChange::Offered(why)), now);
        let shown = self.calls.get(call).and_then(|record| record.caller.clone()).unwrap_or_default();
        match self.number_to_call(&plan, &shown) {
            Ok(number) => {
                self.callbacks.begin(contact, why, (number, CallbackStage::Confirms), now);
                self.ask_to_confirm(call, contact, &plan);
            }
            Err(_) if plan.number_keyed => {
                let stage = CallbackStage::Keys(String::new());
                self.callbacks.begin(contact, why, (String::new(), stage), now);
                self.ask_for_number(call, contact, &plan);
            }
            Err(refusal) => {
                self.refuse_callback((call, contact), &plan, refusal, now);
                if why == CallbackOffer::Full {
                    self.room.treat_as_full(contact, now);
                }
            }
        }
    }

    fn ask_to_confirm(&mut self, call: CallId, contact: ContactId, plan: &CallbackPlan) {
        let Some(number) = self.callbacks.get(contact).map(|callback| callback.number.clone()) else {
            return;
        };
        let mut prompts: Vec<_> = plan.prompt(CallbackPrompt::Number).into_iter().collect();
        prompts.extend(plan.said(&Spoken::Digits(CompactString::from(number))));
        prompts.extend(plan.prompt(CallbackPrompt::Confirm));
        prompts.extend(plan.prompt(CallbackPrompt::Other).filter(|_| plan.number_keyed));
        prompts.extend(plan.prompt(CallbackPrompt::Time).filter(|_| plan.times));
        prompts.extend(plan.prompt(CallbackPrompt::Stay));
        self.say(call, prompts);
    }

    fn ask_for_number(&mut self, call: CallId, contact: ContactId, plan: &CallbackPlan) {
        self.callbacks.turn(contact, CallbackEvent::Keyed(String::new()));
        self.say(call, plan.prompt(CallbackPrompt::KeyNumber).into_iter().collect());
    }

    fn ask_for_time(&mut self, call: CallId, contact: ContactId, plan: &CallbackPlan, now: Moment) {
        let times = self.half_hours(now);
        if times.is_empty() || !self.callbacks.turn(contact, CallbackEvent::WantsTime) {
            return;
        }
        let choices = [CallbackPrompt::First, CallbackPrompt::Second, CallbackPrompt::Third];
        let mut prompts = Vec::new();
        for ((_, minute), choice) in times.into_iter().zip(choices) {
            prompts.extend(plan.said(&Spoken::CallAt(minute)));
            prompts.extend(plan.prompt(choice));
        }
        prompts.extend(plan.prompt(CallbackPrompt::Stay));
        self.say(call, prompts);
    }

    fn number_keyed(
        &mut self,
        (call, contact, _): (CallId, ContactId, QueueId),
        (plan, digits): (&CallbackPlan, &str),
        now: Moment,
    ) {
        match self.number_to_call(plan, digits) {
            Ok(number) => {
                self.callbacks.has_number(contact, number);
                self.callbacks.turn(contact, CallbackEvent::HasNumber);
                self.ask_to_confirm(call, contact, plan);
            }
            Err(why) => {
                self.refuse_callback((call, contact), plan, why, now);
                self.dialogue_over(contact, now);
            }
        }
    }

    fn refuse_callback(
        &mut self,
        (call, contact): (CallId, ContactId),
        plan: &CallbackPlan,
        why: CallbackRefusal,
        now: Moment,
    ) {
        self.outbox.record(Fact::Callback(contact, CallbackChange::Refused(why)), now);
        self.say(call, plan.prompt(CallbackPrompt::NotPossible).into_iter().collect());
    }

    /// The caller confirmed: the contact stays in line, and the call ends.
    fn promise(
        &mut self,
        (call, contact): (CallId, ContactId),
        plan: &CallbackPlan,
        after: core::time::Duration,
        now: Moment,
    ) {
        let Some(number) = self.callbacks.get(contact).map(|callback| callback.number.clone()) else {
            return;
        };
        if self.callbacks.of_number(&number).is_some() {
            self.joins_another(call, contact, plan, now);
            return;
        }
        let asked = CallbackChange::Asked { number: Pii(CompactString::from(&number)), after };
        self.outbox.record(Fact::Callback(contact, asked), now);
        self.callbacks.is_promised(contact, now + after + plan.until);
        self.contacts.is_called_back(contact);
        let offer = self.contacts.take_offer(contact);
        if offer.is_some() {
            self.switchboard.stop_ringing(&mut self.stack, call, now);
        }
        self.room.call_back(contact, now + after.max(GOODBYE_SPAN), now);
        if let Some(offer) = offer {
            self.room.settle(offer, OfferOutcome::Withdrawn, now);
        }
        self.say_and_end(call, plan.prompt(CallbackPrompt::Goodbye), now);
    }

    /// A callback to this number waits already: this contact is served by that one.
    fn joins_another(&mut self, call: CallId, contact: ContactId, plan: &CallbackPlan, now: Moment) {
        let refused = CallbackChange::Refused(CallbackRefusal::Waits);
        self.outbox.record(Fact::Callback(contact, refused), now);
        self.callbacks.end(contact);
        let offer = self.contacts.take_offer(contact);
        if offer.is_some() {
            self.switchboard.stop_ringing(&mut self.stack, call, now);
        }
        self.room.dequeue(contact, now);
        if let Some(offer) = offer {
            self.room.settle(offer, OfferOutcome::Withdrawn, now);
        }
        self.say_and_end(call, plan.prompt(CallbackPrompt::Waits), now);
    }

    /// The number as it is dialled, if it may be called back.
    fn number_to_call(&self, plan: &CallbackPlan, number: &str) -> Result<String, CallbackRefusal> {
        if number.is_empty() || number == WITHHELD || number == ANONYMOUS {
            return Err(CallbackRefusal::NoNumber);
        }
        let rules = &self.plan.dial_out;
        let trunk = rules.trunk.and_then(|trunk| self.plan.trunks.get(trunk.index()));
        let number = national(number, trunk.ok_or(CallbackRefusal::NotAllowed)?);
        let allow = if plan.allow.is_empty() { &rules.allow } else { &plan.allow };
        let is_ours = self.directory.number(&number).is_some();
        if may_be_dialled((allow, &rules.deny), &number) && !is_ours {
            Ok(number)
        } else {
            Err(CallbackRefusal::NotAllowed)
        }
    }

    /// Whether the expected wait is so long that a callback is offered at once.
    fn expects_long(&self, contact: ContactId, plan: &CallbackPlan, now: Moment) -> bool {
        let expected = plan.told_over.and_then(|_| self.room.expected_wait(contact, now));
        expected.zip(plan.told_over).is_some_and(|(expected, limit)| expected > limit)
    }

    /// The half hours that a caller may choose: how far away, and the minute of the day.
    fn half_hours(&self, now: Moment) -> Vec<(core::time::Duration, u16)> {
        half_hours(self.plan.hours.first(), self.wall.at(now))
    }

    /// How this queue calls back, if there is a trunk for it.
    fn offered_callback(&self, queue: QueueId) -> Option<&CallbackPlan> {
        self.plan.dial_out.trunk?;
        self.plan.queues.get(queue.index())?.callback.as_ref()
    }

    /// The contact and the queue of a caller who waits.
    fn waiting_caller(&self, call: CallId) -> Option<(ContactId, QueueId)> {
        match self.calls.purpose(call)? {
            Purpose::Contact(CallStage::Queued(queue) | CallStage::Offered(queue, _)) => {
                Some((self.contacts.of(call)?, *queue))
            }
            Purpose::Contact(
                CallStage::Emergency
                | CallStage::Menu(_)
                | CallStage::Notice(_)
                | CallStage::Connected(..)
                | CallStage::Outside(..)
                | CallStage::AtVoicemail(_),
            )
            | Purpose::Arriving
            | Purpose::Announcement
            | Purpose::Own { .. }
            | Purpose::Observing(_)
            | Purpose::Speaking(_)
            | Purpose::Consulting(_)
            | Purpose::Survey(_)
            | Purpose::SittingDown(_)
            | Purpose::AgentsLine(_)
            | Purpose::Line(_)
            | Purpose::Hearing(_)
            | Purpose::CallingBack(_) => None,
        }
    }

    fn is_queued(&self, call: CallId) -> bool {
        matches!(self.calls.purpose(call), Some(Purpose::Contact(CallStage::Queued(_))))
    }

    fn say(&mut self, call: CallId, prompts: Vec<PromptName>) {
        if !prompts.is_empty() {
            let audio = self.speech(call, prompts);
            self.switchboard.play(call, audio);
        }
    }
}
