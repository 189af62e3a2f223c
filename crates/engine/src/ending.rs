//! End of a call: last announcement, refusal, and closing of its contact.

use turno_calls::{CallId, CannotTalk, retry_later};
use turno_ground::Moment;
use turno_media_plan::Audio;
use turno_model::{
    AgentCallOutcome, EndedBy, Fact, OfferOutcome, PromptName, Survey, SurveyChange, SurveyEnd, TurnedAway,
};
use turno_sip::{HangUp, Name, Reply};

use crate::call_purpose::{CallStage, Purpose};
use crate::calls::{CallDeadline, EngineCall};
use crate::engine::Engine;
use crate::survey_stage::SurveyCall;

/// Longest announcement before the end of a call.
const ANNOUNCEMENT_SPAN_MAX: core::time::Duration = core::time::Duration::from_secs(60);

impl Engine {
    /// Plays to the A leg, then ends the call.
    pub(crate) fn announce_and_end(&mut self, call: CallId, audio: Audio, now: Moment) {
        self.calls.is_for(call, Purpose::Announcement);
        if let Err(why) = self.switchboard.answer(&mut self.stack, call, now) {
            self.forget_call(call, now);
            self.refuse_talk(call, why, now);
            return;
        }
        self.calls.set(call, CallDeadline::AnnouncementOver, now + ANNOUNCEMENT_SPAN_MAX);
        self.switchboard.play(call, audio);
    }

    /// Plays a prompt to the A leg if there is one, then ends the call.
    pub(crate) fn say_and_end(&mut self, call: CallId, prompt: Option<PromptName>, now: Moment) {
        match prompt {
            Some(prompt) => self.announce_and_end(call, self.speech(call, [prompt]), now),
            None => self.end_call(call, now),
        }
    }

    pub(crate) fn refuse_talk(&mut self, call: CallId, why: CannotTalk, now: Moment) {
        if let CannotTalk::Unacceptable(why) = why {
            self.gate.refuses(why);
        }
        self.switchboard.refuse(&mut self.stack, call, refusal(why), now);
    }

    pub(crate) fn end_call(&mut self, call: CallId, now: Moment) {
        self.forget_call(call, now);
        self.switchboard.hang_up(&mut self.stack, call, HangUp { status: 480, reason: None }, now);
    }

    /// Ends contact, offer and purpose of a call that ends, in any state.
    pub(crate) fn close_books(&mut self, call: CallId, by: EndedBy, now: Moment) {
        let Some(contact) = self.contacts.of(call) else { return };
        let offer = self.contacts.take_offer(contact);
        if let Some((menu, _)) = self.calls.visit(call).filter(|_| by == EndedBy::Caller) {
            self.hung_up_in_menu(call, menu, now);
        }
        match self.forget_call(call, now).map(|record| record.purpose) {
            Some(Purpose::Contact(CallStage::Emergency | CallStage::Menu(_) | CallStage::Notice(_))) => {
                self.outbox.record(Fact::TurnedAway { contact, reason: TurnedAway::HungUpInMenu }, now);
            }
            Some(Purpose::Contact(
                CallStage::Queued(_) | CallStage::Offered(..) | CallStage::Outside(..),
            )) => {
                if self.callbacks.is_in_line(contact) {
                    self.left_after_dial((contact, offer), by, now);
                    return;
                }
                let is_lost = by == EndedBy::System;
                if is_lost {
                    self.room.lose(contact, now);
                }
                if let Some(offer) = offer {
                    let outcome = if is_lost { OfferOutcome::Withdrawn } else { OfferOutcome::CallerLeft };
                    self.room.settle(offer, outcome, now);
                }
                if !is_lost {
                    self.room.abandon(contact, now);
                }
            }
            Some(Purpose::Contact(CallStage::Connected(..))) => self.room.release(contact, by, now),
            Some(Purpose::Own { caller, callee, outside: _ }) => {
                self.agent_call_over(caller, callee, now);
                self.agent_call_settled(call, AgentCallOutcome::Ended, now);
            }
            Some(Purpose::Survey(SurveyCall { queue, agent, stage: _ })) => {
                let end = if by == EndedBy::System { SurveyEnd::Lost } else { SurveyEnd::HungUp };
                let change = SurveyChange::Ended(end);
                self.outbox.record(Fact::Survey(Survey { contact, queue, agent, change }), now);
            }
            Some(Purpose::CallingBack(contact)) => {
                self.callback_leg_gone(contact, by, now);
            }
            Some(Purpose::SittingDown(_)) => self.desks.forget(call),
            Some(Purpose::AgentsLine(agent)) => {
                self.desks.forget(call);
                self.agent_call_over(agent, None, now);
                if let Some(agent) = agent {
                    self.held_lines.may_be_wanted(agent);
                }
            }
            Some(Purpose::Contact(CallStage::AtVoicemail(_))) => self.voicemail_left(contact, by, now),
            Some(Purpose::Hearing(message)) => self.hearing_over(message, now),
            Some(
                Purpose::Announcement
                | Purpose::Observing(_)
                | Purpose::Speaking(_)
                | Purpose::Consulting(_)
                | Purpose::Arriving,
            )
            | Some(Purpose::Line(_))
            | None => {}
        }
    }

    /// Removes a call's record and frees the agents of a pending transfer or trial call, but not the agents of an own
    /// call. The contact stays if the room has it.
    pub(crate) fn forget_call(&mut self, call: CallId, now: Moment) -> Option<EngineCall> {
        let record = self.calls.forget(call)?;
        if let Purpose::Speaking(speech) = &record.purpose {
            self.speech_over(call, speech, now);
        }
        let callee = record.transfer.as_ref().and_then(|pending| pending.callee);
        self.agent_call_over(None, callee, now);
        self.agent_call_over(record.tried_by, None, now);
        if let Some(contact) = self.contacts.part(call, now).filter(|contact| !self.room.has(*contact)) {
            self.contacts.end(contact);
        }
        Some(record)
    }
}

/// The response to a leg that can't be answered.
fn refusal(why: CannotTalk) -> Reply {
    match why {
        CannotTalk::Unacceptable(why) => {
            let mut reply = Reply::new(488);
            reply.headers.push((Name::Warning, format!("399 turno \"{why}\"")));
            reply
        }
        CannotTalk::NoPort => retry_later(),
        CannotTalk::NoCall => Reply::new(481),
    }
}
