//! A contact for a dialled number: opening hours, menu, queue.

use compact_str::CompactString;
use turno_acd::Arrival;
use turno_calls::{CallId, CannotTalk, Menu};
use turno_ground::{Moment, Pii};
use turno_media_plan::{Audio, PromptId};
use turno_model::plan::{Entry, NumberPlan, QueueRecording};
use turno_model::{
    CallbackChange, Channel, ContactId, EndedBy, Fact, OpenState, Party, PromptName, QueueId, TrunkId,
    TurnedAway,
};
use turno_sip::Reply;

use crate::call_purpose::{CallStage, Purpose};
use crate::caller::Caller;
use crate::calls::CallDeadline;
use crate::dialled::Dialled;
use crate::engine::Engine;
use crate::prompts::prompt_id;

/// Longest unanswered wait of a caller. No session timer watches an early dialog, so a caller whose phone has died
/// would wait for ever in a queue that does not answer. Carriers give up an unanswered call much sooner.
const UNANSWERED_SPAN_MAX: core::time::Duration = core::time::Duration::from_secs(30 * 60);

/// Longest notice that talks are recorded.
const NOTICE_SPAN_MAX: core::time::Duration = core::time::Duration::from_secs(60);

/// The same for an agent who tries one of our numbers, and gets no offers meanwhile.
const TRYING_OUT_SPAN_MAX: core::time::Duration = core::time::Duration::from_secs(3 * 60);

impl Engine {
    /// A contact arrives for a dialled number.
    pub(crate) fn on_number_dialled(
        &mut self,
        (call, contact): (CallId, ContactId),
        trunk: Option<TrunkId>,
        caller: Caller,
        dialled: Dialled,
        now: Moment,
    ) {
        self.arrived(contact, trunk, &caller, &dialled.text, now);
        self.a_leg_opened(contact, call, Party::Caller, now);
        let plan = self.plan.clone();
        let Some(place) = dialled.place else {
            self.turn_away(contact, TurnedAway::NotPossible, now);
            self.forget_call(call, now);
            self.switchboard.refuse(&mut self.stack, call, Reply::new(404), now);
            return;
        };
        self.calls.is_from(call, caller);
        let number = &plan.numbers[place];
        let wall = self.wall.at(now);
        let open = number.hours.map_or(OpenState::Open, |hours| plan.hours[hours.index()].at(wall));
        match open {
            OpenState::Open => self.enter(call, number, now),
            OpenState::Closed => {
                self.turn_away(contact, TurnedAway::Closed, now);
                self.announce_closed(call, number.closed, now);
            }
            OpenState::Holiday => {
                self.turn_away(contact, TurnedAway::Holiday, now);
                self.announce_closed(call, number.holiday.or(number.closed), now);
            }
        }
    }

    pub(crate) fn arrived(
        &mut self,
        contact: ContactId,
        trunk: Option<TrunkId>,
        caller: &Caller,
        dialled: &str,
        now: Moment,
    ) {
        let arrived = Fact::ContactArrived {
            contact,
            channel: Channel::Voice,
            from: Pii(CompactString::from(&caller.shown)),
            dialled: CompactString::from(dialled),
            trunk,
        };
        self.outbox.record(arrived, now);
        if let Some(number) = caller.withheld.as_ref().filter(|_| self.plan.keep_withheld) {
            let number = Pii(CompactString::from(number));
            self.outbox.record(Fact::NumberWithheld { contact, number }, now);
        }
        for known in caller.known() {
            self.outbox.record(Fact::CallerKnown(contact, known), now);
        }
    }

    fn enter(&mut self, call: CallId, number: &NumberPlan, now: Moment) {
        match number.entry {
            Entry::Queue(queue) => self.enter_queue(call, queue, now),
            Entry::Menu(menu) => {
                if let Err(why) = self.switchboard.answer(&mut self.stack, call, now) {
                    self.cannot_talk(call, why, now);
                    return;
                }
                self.calls.is_for(call, Purpose::Contact(CallStage::Menu(menu)));
                let menu = &self.plan.menus[menu.index()];
                let menu = Menu {
                    prompts: menu.prompts.iter().copied().map(prompt_id).collect(),
                    keys: menu.choices.iter().map(|&(key, _)| key).collect(),
                    wait: menu.wait,
                };
                self.switchboard.start_menu(call, menu, now);
            }
        }
    }

    /// Leads the caller to a queue: if its talks may be recorded, the caller hears so first, once.
    pub(crate) fn enter_queue(&mut self, call: CallId, queue: QueueId, now: Moment) {
        let Some(contact) = self.contacts.of(call) else { return };
        if !self.room.takes_in(queue) {
            self.turn_away(contact, TurnedAway::Closed, now);
            self.announce_closed(call, self.closed_prompt(queue), now);
            return;
        }
        let plan = &self.plan.queues[queue.index()];
        let is_recorded = self.plan.recording.is_some() && plan.recording != QueueRecording::Never;
        let notice = plan.recording_notice.filter(|_| is_recorded);
        let Some(notice) = notice.filter(|_| !self.contacts.hears_of_recording(contact)) else {
            return self.wait_in_queue(call, queue, now);
        };
        if self.is_heard(call, queue, Audio::Prompts(vec![prompt_id(notice)]), now) {
            self.calls.is_for(call, Purpose::Contact(CallStage::Notice(queue)));
            self.calls.set(call, CallDeadline::NoticeOver, now + NOTICE_SPAN_MAX);
            if !self.switchboard.plays_prompts(call) {
                // The caller's phone takes no early media, so nothing will end.
                self.notice_over(call, now);
            }
        }
    }

    /// The caller has heard that talks are recorded.
    pub(crate) fn notice_over(&mut self, call: CallId, now: Moment) {
        if let Some(&Purpose::Contact(CallStage::Notice(queue))) = self.calls.purpose(call) {
            self.calls.cancel(call, CallDeadline::NoticeOver);
            self.wait_in_queue(call, queue, now);
        }
    }

    /// Queues the caller, who hears the queue's greeting or music.
    fn wait_in_queue(&mut self, call: CallId, queue: QueueId, now: Moment) {
        let Some(contact) = self.contacts.of(call) else { return };
        let plan = &self.plan.queues[queue.index()];
        let greeting: Vec<PromptId> = plan.greeting.iter().copied().map(prompt_id).collect();
        let audio = if greeting.is_empty() { Audio::Music } else { Audio::Prompts(greeting) };
        if !self.is_heard(call, queue, audio, now) {
            return;
        }
        self.calls.is_for(call, Purpose::Contact(CallStage::Queued(queue)));
        // A person who waits for a callback and calls again takes its place.
        let replaced = self.callback_of_caller(call, queue);
        let waiting_since = replaced.and_then(|replaced| self.room.waiting_since(replaced));
        if let Some(replaced) = replaced {
            let cancelled = CallbackChange::CancelledByCall { by: contact };
            self.outbox.record(Fact::Callback(replaced, cancelled), now);
        }
        let arrival = Arrival { contact, channel: Channel::Voice, queue, priority: None, waiting_since };
        let last_agent = self.last_agent_of((call, contact), queue, now);
        self.room.enqueue_again(arrival, last_agent, now);
        if let Some(replaced) = replaced {
            self.callback_replaced(replaced, now);
        }
        self.begin_announcing(call, queue, now);
    }

    /// Plays to a caller of a queue, as early media or answered; false if that is not possible, and the call is over.
    fn is_heard(&mut self, call: CallId, queue: QueueId, audio: Audio, now: Moment) -> bool {
        let plan = &self.plan.queues[queue.index()];
        let heard = if plan.answer_on_entry {
            let answered = self.switchboard.answer(&mut self.stack, call, now);
            self.switchboard.play(call, audio);
            answered
        } else {
            let is_own = self.calls.get(call).is_some_and(|record| record.tried_by.is_some());
            let longest = if is_own { TRYING_OUT_SPAN_MAX } else { UNANSWERED_SPAN_MAX };
            self.calls.set(call, CallDeadline::NeverAnswered, now + longest);
            self.switchboard.early(&mut self.stack, call, audio, now)
        };
        if let Err(why) = heard {
            self.cannot_talk(call, why, now);
            return false;
        }
        true
    }

    /// The caller waited unanswered for longer than any call rings, so the caller is certainly gone.
    pub(crate) fn never_answered(&mut self, call: CallId, now: Moment) {
        if !self.switchboard.is_answered(call) {
            self.close_books(call, EndedBy::System, now);
            self.end_call(call, now);
        }
    }

    fn cannot_talk(&mut self, call: CallId, why: CannotTalk, now: Moment) {
        let reason = match why {
            CannotTalk::Unacceptable(_) | CannotTalk::NoCall => TurnedAway::NotPossible,
            CannotTalk::NoPort => TurnedAway::Overload,
        };
        if let Some(contact) = self.contacts.of(call) {
            self.turn_away(contact, reason, now);
        }
        self.forget_call(call, now);
        self.refuse_talk(call, why, now);
    }

    pub(crate) fn turn_away(&mut self, contact: ContactId, reason: TurnedAway, now: Moment) {
        self.outbox.record(Fact::TurnedAway { contact, reason }, now);
    }

    /// The prompt of the first number that leads to this queue, as outside its hours.
    fn closed_prompt(&self, queue: QueueId) -> Option<PromptName> {
        let leads = |entry: Entry| match entry {
            Entry::Queue(it) => it == queue,
            Entry::Menu(menu) => {
                let menu = &self.plan.menus[menu.index()];
                menu.otherwise == queue || menu.choices.iter().any(|(_, it)| *it == queue)
            }
        };
        let number = self.plan.numbers.iter().find(|number| leads(number.entry));
        number.and_then(|number| number.closed)
    }

    fn announce_closed(&mut self, call: CallId, prompt: Option<PromptName>, now: Moment) {
        match prompt {
            Some(prompt) => self.announce_and_end(call, Audio::Prompts(vec![prompt_id(prompt)]), now),
            None => {
                self.forget_call(call, now);
                self.switchboard.refuse(&mut self.stack, call, Reply::new(480), now);
            }
        }
    }
}
