//! What waiting callers are told: place in line, expected wait, comfort messages.
//!
//! An announcement is playback to one caller, so an agent's answer cuts it like the music, in the same step, and keys
//! are heard meanwhile. A prompt that plays already, such as the greeting, is never cut by an announcement.

use core::time::Duration;

use turno_calls::CallId;
use turno_ground::Moment;
use turno_model::QueueId;

use crate::announced::{Announced, Next, said};
use crate::call_purpose::{CallStage, Purpose};
use crate::calls::CallDeadline;
use crate::engine::Engine;

/// An announcement that is due while an agent's phone rings, or a supervisor speaks, is tried again after this long.
const RINGING_SPAN: Duration = Duration::from_secs(10);

impl Engine {
    /// A caller has begun to wait in a queue.
    pub(crate) fn begin_announcing(&mut self, call: CallId, queue: QueueId, now: Moment) {
        let plan = &self.plan.queues[queue.index()];
        if let Some(callback) = plan.callback.as_ref() {
            let expected = callback.told_over.and_then(|_| {
                self.contacts.of(call).and_then(|contact| self.room.expected_wait(contact, now))
            });
            let is_long = expected.zip(callback.told_over).is_some_and(|(expected, limit)| expected > limit);
            if let Some(after) = if is_long { Some(Duration::ZERO) } else { callback.after } {
                self.calls.set(call, CallDeadline::CallbackOffer, now + after);
            }
        }
        let Some(plan) = plan.announcements.as_ref() else { return };
        let first = plan.first;
        self.calls.has_been_told(call, Announced::default());
        self.calls.set(call, CallDeadline::AnnouncementDue, now + first);
    }

    /// Begins for callers who wait already, since the plan may announce now what it did not before.
    pub(crate) fn announce_to_all(&mut self, now: Moment) {
        for call in self.calls.keys() {
            if let Some(&Purpose::Contact(
                CallStage::Queued(queue) | CallStage::Offered(queue, _) | CallStage::Outside(queue, _),
            )) = self.calls.purpose(call)
                && self.calls.told(call).is_none()
            {
                self.begin_announcing(call, queue, now);
            }
        }
    }

    /// The next announcement is due.
    pub(crate) fn announcement_due(&mut self, call: CallId, now: Moment) {
        match self.calls.purpose(call) {
            Some(&Purpose::Contact(CallStage::Queued(queue))) => {
                if self.contacts.of(call).is_some_and(|contact| self.callbacks.asks(contact)) {
                    self.calls.set(call, CallDeadline::AnnouncementDue, now + RINGING_SPAN);
                } else if self.switchboard.hears_live(call).is_some() {
                    // A speaker is not interrupted by turno.
                    self.calls.set(call, CallDeadline::AnnouncementDue, now + RINGING_SPAN);
                } else if self.switchboard.plays_prompts(call) {
                    self.is_next(call, Next::AfterPrompt);
                } else {
                    self.announce(call, queue, now);
                }
            }
            Some(Purpose::Contact(CallStage::Offered(..) | CallStage::Outside(..))) => {
                self.calls.set(call, CallDeadline::AnnouncementDue, now + RINGING_SPAN);
            }
            Some(Purpose::Contact(
                CallStage::Emergency
                | CallStage::Menu(_)
                | CallStage::Notice(_)
                | CallStage::Connected(..)
                | CallStage::AtVoicemail(_),
            ))
            | Some(
                Purpose::Own { .. }
                | Purpose::Announcement
                | Purpose::Observing(_)
                | Purpose::Speaking(_)
                | Purpose::Consulting(_)
                | Purpose::Arriving,
            )
            | Some(
                Purpose::CallingBack(_)
                | Purpose::Survey(_)
                | Purpose::Hearing(_)
                | Purpose::SittingDown(_)
                | Purpose::AgentsLine(_)
                | Purpose::Line(_),
            )
            | None => {}
        }
    }

    /// Prompts to a waiting caller have ended or were cut by a key: music, or the announcement that was due meanwhile.
    pub(crate) fn prompt_is_over(&mut self, call: CallId, now: Moment) {
        self.plays_at_rest(call, now);
        if self.calls.told(call).is_some_and(|told| told.next == Next::AfterPrompt) {
            self.is_next(call, Next::AtDeadline);
            self.announcement_due(call, now);
        }
    }

    fn announce(&mut self, call: CallId, queue: QueueId, now: Moment) {
        let plan = self.plan.clone();
        let Some(plan) = plan.queues[queue.index()].announcements.as_ref() else { return };
        let voiced = self.announced_to(call, plan);
        let plan = voiced.as_ref().unwrap_or(plan);
        let Some(contact) = self.contacts.of(call) else { return };
        let mut told = self.calls.told(call).unwrap_or_default();
        let expected =
            if plan.tells_place || plan.tells_wait { self.room.tell_wait(contact, now) } else { None };
        let prompts = said(plan, expected, &mut told);
        if !prompts.is_empty() {
            let audio = self.speech(call, prompts);
            self.switchboard.play(call, audio);
        }
        self.calls.has_been_told(call, told);
        self.calls.set(call, CallDeadline::AnnouncementDue, now + plan.every);
    }

    fn is_next(&mut self, call: CallId, next: Next) {
        if let Some(mut told) = self.calls.told(call) {
            told.next = next;
            self.calls.has_been_told(call, told);
        }
    }
}
