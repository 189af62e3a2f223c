//! What waiting callers are told: place in line, expected wait, comfort messages.
//!
//! An announcement is playback to one caller, so an agent's answer cuts it like the music, in the same step, and keys
//! are heard meanwhile. A prompt that plays already, such as the greeting, is never cut by an announcement.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_acd::ExpectedWait;
use turno_calls::CallId;
use turno_ground::Moment;
use turno_media_plan::Audio;
use turno_model::plan::AnnouncementPlan;
use turno_model::speech::{Spoken, told_minutes};
use turno_model::{PromptName, QueueId};

use crate::call_purpose::{CallStage, Purpose};
use crate::calls::CallDeadline;
use crate::engine::Engine;
use crate::prompts::prompt_id;

/// An announcement that is due while an agent's phone rings is tried again after this long.
const RINGING_SPAN: Duration = Duration::from_secs(10);

/// When the next announcement comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Next {
    /// At its deadline.
    #[default]
    AtDeadline,
    /// When the prompt that plays now has ended.
    AfterPrompt,
}

/// What a waiting caller has been told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Announced {
    next: Next,
    place: Option<u32>,
    /// The wait in the minutes in which it is spoken; 0 is less than one.
    minutes: Option<u32>,
    /// How many comfort messages were played.
    comforts: u32,
}

impl Engine {
    /// A caller has begun to wait in a queue.
    pub(crate) fn begin_announcing(&mut self, call: CallId, queue: QueueId, now: Moment) {
        let Some(plan) = self.plan.queues[queue.index()].announcements.as_ref() else { return };
        let first = plan.first;
        self.calls.has_been_told(call, Announced::default());
        self.calls.set(call, CallDeadline::AnnouncementDue, now + first);
    }

    /// Begins for callers who wait already, since the plan may announce now what it did not before.
    pub(crate) fn announce_to_all(&mut self, now: Moment) {
        for call in self.calls.keys() {
            if let Some(&Purpose::Contact(CallStage::Queued(queue) | CallStage::Offered(queue, _))) =
                self.calls.purpose(call)
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
                if self.switchboard.plays_prompts(call) {
                    self.is_next(call, Next::AfterPrompt);
                } else {
                    self.announce(call, queue, now);
                }
            }
            Some(Purpose::Contact(CallStage::Offered(..))) => {
                self.calls.set(call, CallDeadline::AnnouncementDue, now + RINGING_SPAN);
            }
            Some(Purpose::Contact(CallStage::Menu(_) | CallStage::Connected(..)))
            | Some(Purpose::Own { .. } | Purpose::Announcement | Purpose::Observing(_) | Purpose::Arriving)
            | None => {}
        }
    }

    /// Prompts to a waiting caller have ended or were cut by a key: music, or the announcement that was due meanwhile.
    pub(crate) fn prompt_is_over(&mut self, call: CallId, now: Moment) {
        self.switchboard.play(call, Audio::Music);
        if self.calls.told(call).is_some_and(|told| told.next == Next::AfterPrompt) {
            self.is_next(call, Next::AtDeadline);
            self.announcement_due(call, now);
        }
    }

    fn announce(&mut self, call: CallId, queue: QueueId, now: Moment) {
        let plan = self.plan.clone();
        let Some(plan) = plan.queues[queue.index()].announcements.as_ref() else { return };
        let Some(contact) = self.contacts.of(call) else { return };
        let mut told = self.calls.told(call).unwrap_or_default();
        let expected =
            if plan.tells_place || plan.tells_wait { self.room.tell_wait(contact, now) } else { None };
        let prompts = said(plan, expected, &mut told);
        if !prompts.is_empty() {
            let prompts = prompts.into_iter().map(prompt_id).collect();
            self.switchboard.play(call, Audio::Prompts(prompts));
        }
        self.calls.has_been_told(call, told);
        self.calls.set(call, CallDeadline::AnnouncementDue, now + plan.every);
    }

    fn is_next(&mut self, call: CallId, next: Next) {
        if let Some(told) = self.calls.told(call) {
            self.calls.has_been_told(call, Announced { next, ..told });
        }
    }
}

/// The prompts of the next announcement; `told` becomes what the caller has been told after it.
fn said(plan: &AnnouncementPlan, expected: Option<ExpectedWait>, told: &mut Announced) -> Vec<PromptName> {
    let mut prompts = Vec::new();
    if let Some(ExpectedWait { position, within }) = expected {
        if plan.tells_place && !(plan.only_changes && told.place == Some(position)) {
            told.place = Some(position);
            prompts.extend(plan.prompts(&Spoken::Place(position)));
        }
        let minutes = within.map(|within| told_minutes(within).unwrap_or(0));
        let is_news = minutes.is_some() && !(plan.only_changes && told.minutes == minutes);
        if let Some(within) = within.filter(|_| plan.tells_wait && is_news) {
            told.minutes = minutes;
            prompts.extend(plan.prompts(&Spoken::Wait(within)));
        }
    }
    if let Some(last) = plan.comfort.len().checked_sub(1) {
        let turn = usize::try_from(told.comforts).unwrap_or(0) % (last + 1);
        told.comforts = told.comforts.wrapping_add(1);
        prompts.push(plan.comfort[turn]);
    }
    prompts
}

#[cfg(test)]
mod tests {
    use super::{Announced, said};
    use core::time::Duration;
    use turno_acd::ExpectedWait;
    use turno_model::plan::AnnouncementPlan;
    use turno_model::speech::recordings;
    use turno_model::{Language, PromptName, sample};

    const COMFORT: [PromptName; 2] = [PromptName(1000), PromptName(1001)];

    fn plan(comfort: &[PromptName], only_changes: bool) -> AnnouncementPlan {
        let names = recordings(Language::English).iter().zip(0u32..);
        AnnouncementPlan {
            recordings: names.map(|(_, at)| PromptName(at)).collect(),
            comfort: comfort.to_vec(),
            only_changes,
            ..sample::announcements()
        }
    }

    /// The sentence that is heard.
    fn heard(plan: &AnnouncementPlan, position: u32, seconds: u64, told: &mut Announced) -> String {
        let within = Some(Duration::from_secs(seconds));
        let prompts = said(plan, Some(ExpectedWait { position, within }), told);
        let word = |prompt: &PromptName| match recordings(Language::English).get(prompt.0 as usize) {
            Some((_, text)) => (*text).to_owned(),
            None => format!("[comfort {}]", prompt.0 - 1000),
        };
        prompts.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn place_and_wait_are_told_once_and_again_when_they_change() {
        let (plan, mut told) = (plan(&[], true), Announced::default());
        let first = heard(&plan, 3, 230, &mut told);
        assert!(first.contains("third") && first.contains("four"), "{first}");
        assert_eq!(heard(&plan, 3, 225, &mut told), "");
        let second = heard(&plan, 2, 220, &mut told);
        assert!(second.contains("second") && !second.contains("four"), "only the place changed: {second}");
        let third = heard(&plan, 2, 130, &mut told);
        assert!(third.contains("three") && !third.contains("second"), "only the wait changed: {third}");
    }

    #[test]
    fn everything_is_told_each_time_if_the_plan_says_so() {
        let (plan, mut told) = (plan(&[], false), Announced::default());
        let first = heard(&plan, 3, 230, &mut told);
        assert_eq!(heard(&plan, 3, 230, &mut told), first);
    }

    #[test]
    fn comfort_messages_take_turns() {
        let (plan, mut told) = (plan(&COMFORT, true), Announced::default());
        let first = heard(&plan, 3, 230, &mut told);
        assert!(first.ends_with("[comfort 0]"), "{first}");
        assert_eq!(heard(&plan, 3, 230, &mut told), "[comfort 1]");
        assert_eq!(heard(&plan, 3, 230, &mut told), "[comfort 0]");
    }
}
