//! The way of a caller into a queue, and what is said instead when that is closed.

use turno_acd::Arrival;
use turno_calls::{CallId, CannotTalk};
use turno_ground::Moment;
use turno_media_plan::Audio;
use turno_model::plan::{Entry, MenuPlan, QueueRecording};
use turno_model::{CallbackChange, Channel, ContactId, EndedBy, Fact, PromptName, QueueId, TurnedAway};
use turno_sip::Reply;

use crate::call_purpose::{CallStage, Purpose};
use crate::calls::CallDeadline;
use crate::engine::Engine;

/// Longest unanswered wait of a caller. No session timer watches an early dialog, so a caller whose phone has died
/// would wait for ever in a queue that does not answer. Carriers give up an unanswered call much sooner.
const UNANSWERED_SPAN_MAX: core::time::Duration = core::time::Duration::from_secs(30 * 60);

/// Longest notice that talks are recorded.
const NOTICE_SPAN_MAX: core::time::Duration = core::time::Duration::from_secs(60);

/// The same for an agent who tries one of our numbers, and gets no offers meanwhile.
const TRYING_OUT_SPAN_MAX: core::time::Duration = core::time::Duration::from_secs(3 * 60);

impl Engine {
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
        if self.is_heard(call, queue, self.speech(call, [notice]), now) {
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
        let greeting = self.spoken(call, plan.greeting.iter().copied());
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
        let priority = self.listed_priority((call, contact), now);
        let arrival = Arrival { contact, channel: Channel::Voice, queue, priority, waiting_since };
        let last_agent = self.last_agent_of((call, contact), queue, now);
        let dialled = self.calls.take_direct(call);
        self.room.enqueue_for(arrival, (last_agent, dialled), now);
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

    pub(crate) fn cannot_talk(&mut self, call: CallId, why: CannotTalk, now: Moment) {
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
            Entry::Queue(it) | Entry::Agent(_, it) => it == queue,
            Entry::Menu(menu) => MenuPlan::reached(&self.plan.menus, menu)
                .iter()
                .any(|menu| self.plan.menus[menu.index()].queues().any(|it| it == queue)),
        };
        let number = self.plan.numbers.iter().find(|number| leads(number.entry));
        number.and_then(|number| number.closed)
    }

    pub(crate) fn announce_closed(&mut self, call: CallId, prompt: Option<PromptName>, now: Moment) {
        match prompt {
            Some(prompt) => self.announce_and_end(call, self.speech(call, [prompt]), now),
            None => {
                self.forget_call(call, now);
                self.switchboard.refuse(&mut self.stack, call, Reply::new(480), now);
            }
        }
    }
}
