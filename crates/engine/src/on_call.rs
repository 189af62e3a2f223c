//! Handles events of calls and legs, and updates the room.

use turno_calls::{CallEvent, CallId, Gone, Ringing, Side};
use turno_ground::Moment;
use turno_media_plan::{Audio, StreamReport, Tone};
use turno_model::{
    AgentCallOutcome, AgentId, Asker, Command, ContactId, EndedBy, Fact, HandlingChange, MediaReport,
    Observing, OfferOutcome, PhoneChange, Refusal as Refused,
};
use turno_sip::SessionId;

use crate::call_purpose::{CallStage, Purpose};
use crate::calls::CallDeadline;
use crate::consult_stage::ConsultEvent;
use crate::engine::Engine;
use crate::observers::{Observation, ObserverStage};

impl Engine {
    pub(crate) fn on_call(&mut self, event: CallEvent, now: Moment) {
        match event {
            CallEvent::Digit { call, side: Side::A, digit } => self.a_leg_keyed(call, digit, now),
            CallEvent::Digit { call, side: Side::B, digit } => {
                if self.consult_keyed(call, digit, now) {
                } else if self.plan.room.help_key == Some(digit) {
                    self.help_keyed(call, now);
                } else {
                    self.agent_keyed(call, digit, now);
                }
            }
            CallEvent::MenuKey { call, digit } => self.on_menu_key(call, digit, now),
            CallEvent::PlayedOut { call } => self.on_played_out(call, now),
            CallEvent::Judged { call, who } => self.answerer_known(call, who, now),
            CallEvent::Answered { call, ringing } => self.on_answered(call, ringing, now),
            CallEvent::LineTaken { call, before, session } => self.line_in_use((call, before), session, now),
            CallEvent::SetFree { call, session } => self.line_is_free(call, session),
            CallEvent::PickedUp { call, whom } => self.phone_turned(call, whom, PhoneChange::PickedUp, now),
            CallEvent::Confirmed { call, whom } => self.phone_turned(call, whom, PhoneChange::Confirmed, now),
            CallEvent::RungAgain { call, session } => self.rung_again(call, session, now),
            CallEvent::Understood { call, uri, is_secure } => self.phone_understood(call, &uri, is_secure),
            CallEvent::RingFailed { call, ringing, status } => {
                self.on_ring_failed(call, ringing, status, now)
            }
            CallEvent::ALegGone { call, gone } => self.on_a_leg_gone(call, gone, now),
            CallEvent::BLegGone { call, gone } => self.on_b_leg_gone(call, gone, now),
            CallEvent::Held { call, side: Side::B } => {
                if let Some(contact) = self.contacts.of(call).filter(|_| self.talks_to_agent(call)) {
                    self.room.hold(contact, now);
                }
            }
            CallEvent::Resumed { call, side: Side::B } => self.on_resumed(call, now),
            CallEvent::Held { call, side: Side::A } => self.message_held(call, now),
            CallEvent::Resumed { call, side: Side::A } => self.message_resumed(call, now),
            CallEvent::TransferAsked { call, side, asked } => self.on_transfer_asked(call, side, &asked, now),
            CallEvent::GuestDigit { call: _, session, digit } => self.on_observer_key(session, digit, now),
            CallEvent::GuestGone { call: _, session, gone: _ } => {
                // Any other guest is an observer, who is removed at the end of this step.
                if let Some(agent) = self.consultations.of_guest(session) {
                    let _ = self.consult_goes_on(agent, ConsultEvent::OtherGone, now);
                }
            }
            // No announcements are used yet.
            CallEvent::Announced { .. } => {}
            CallEvent::MediaReported { call, came_in, report } => {
                self.media_reported((call, came_in), report, now);
            }
            CallEvent::PortFailed { call, port, failure } => {
                self.ports_were_taken();
                self.shortage.failed(port, failure, &mut self.outbox, now);
                if let Some(call) = call {
                    self.settle_offer(call, OfferOutcome::Withdrawn, now);
                    self.own_call_lacks_port(call, now);
                }
            }
            CallEvent::PortsScarce(want) => {
                self.ports_were_taken();
                self.shortage.wants(want, &mut self.outbox, now);
            }
            CallEvent::PortsWell => self.shortage.is_over(),
        }
    }

    /// The party at the A leg pressed a key; each dialogue looks at the call's purpose.
    fn a_leg_keyed(&mut self, call: CallId, digit: char, now: Moment) {
        self.cut_prompts(call, now);
        self.caller_keyed(call, now);
        self.voicemail_keyed(call, digit, now);
        self.callback_keyed(call, digit, now);
        self.survey_keyed(call, digit, now);
        self.desk_keyed(call, digit, now);
        self.agents_line_keyed(call, digit, now);
        self.person_keyed(call, now);
        if let Some(&Purpose::Hearing(message)) = self.calls.purpose(call) {
            self.message_keyed(call, message, digit, now);
        }
    }

    /// The last figures of a stream.
    fn media_reported(&mut self, (call, came_in): (CallId, bool), report: StreamReport, now: Moment) {
        let fact = Fact::MediaReported(MediaReport {
            contact: self.contacts.told_of(call),
            of_caller: came_in,
            received: report.received,
            lost: report.lost,
            jitter: report.jitter,
        });
        self.outbox.record(fact, now);
    }

    /// An observer pressed a key: 1 listens, 2 whispers, 3 joins in, 4 takes over.
    fn on_observer_key(&mut self, session: SessionId, digit: char, now: Moment) {
        let is_it = |it: &Observation| it.stage == ObserverStage::In(session);
        let Some(observer) = self.observers.iter().find(|(_, it)| is_it(it)).map(|(observer, _)| observer)
        else {
            return;
        };
        let command = match digit {
            '1' => Command::ChangeObserving(observer, Observing::Listen),
            '2' => Command::ChangeObserving(observer, Observing::Whisper),
            '3' => Command::ChangeObserving(observer, Observing::Barge),
            '4' => Command::TakeOver(observer),
            _ => return,
        };
        // What is refused changes nothing; the observer goes on as before.
        let _ = self.obey(Asker::Phone(observer), command, now);
    }

    /// The agent of a call pressed the key for help, and hears whether somebody is rung.
    fn help_keyed(&mut self, call: CallId, now: Moment) {
        let Some(&Purpose::Contact(CallStage::Connected(_, agent))) = self.calls.purpose(call) else {
            return;
        };
        let asked = self.obey(Asker::Phone(agent), Command::Help(agent), now);
        if let (Err(Refused::NoExpert), Some(contact)) = (&asked, self.contacts.of(call)) {
            self.handled(contact, agent, HandlingChange::HelpAsked, now);
            self.handled(contact, agent, HandlingChange::NoHelp, now);
        }
        let tone = if asked.is_ok() { Tone::Confirm } else { Tone::Refuse };
        self.switchboard.tone(call, Side::B, tone);
    }

    /// A key cuts the queue's greeting or an announcement. Music that already plays goes on: all listeners share one
    /// stream.
    fn cut_prompts(&mut self, call: CallId, now: Moment) {
        if let Some(Purpose::Contact(
            CallStage::Queued(_) | CallStage::Offered(..) | CallStage::Outside(..),
        )) = self.calls.purpose(call)
        {
            self.prompt_is_over(call, now);
        }
    }

    fn on_played_out(&mut self, call: CallId, now: Moment) {
        match self.calls.purpose(call) {
            Some(Purpose::Announcement) => self.end_call(call, now),
            Some(Purpose::Contact(CallStage::Notice(_))) => self.notice_over(call, now),
            Some(Purpose::Contact(CallStage::Emergency | CallStage::Menu(_))) => {
                self.emergency_over(call, now);
            }
            Some(&Purpose::Contact(CallStage::AtVoicemail(queue))) => {
                self.voicemail_played_out(call, queue, now);
            }
            Some(&Purpose::Hearing(message)) => self.message_played_out(call, message, now),
            Some(&Purpose::Survey(survey)) => self.survey_played_out(call, survey.queue, now),
            Some(Purpose::SittingDown(_) | Purpose::AgentsLine(None)) => self.desk_played_out(call, now),
            Some(Purpose::AgentsLine(Some(_))) => {}
            Some(Purpose::Line(_)) => self.switchboard.play(call, Audio::Silence),
            Some(Purpose::Speaking(_)) => self.speech_begins(call, now),
            Some(Purpose::Contact(
                CallStage::Queued(_) | CallStage::Offered(..) | CallStage::Outside(..),
            )) => {
                self.prompt_is_over(call, now);
            }
            Some(Purpose::Contact(CallStage::Connected(..)))
            | Some(
                Purpose::Own { .. } | Purpose::Observing(_) | Purpose::Consulting(_) | Purpose::Arriving,
            )
            | None => {}
            Some(&Purpose::CallingBack(contact)) => self.greeting_is_over(call, contact),
        }
    }

    fn talks_to_agent(&self, call: CallId) -> bool {
        matches!(self.calls.purpose(call), Some(Purpose::Contact(CallStage::Connected(..))))
    }

    fn on_answered(&mut self, call: CallId, ringing: Ringing, now: Moment) {
        match ringing {
            Ringing::Offer => {
                if let Some(offer) = self.take_offer(call) {
                    let stage = CallStage::Connected(offer.queue(), offer.agent());
                    self.calls.is_for(call, Purpose::Contact(stage));
                    self.agent_has_moved(call);
                    self.room.accept(offer, now);
                }
            }
            Ringing::Transfer if self.outside_answered(call, now) => {}
            Ringing::Transfer => {
                self.agent_has_moved(call);
                self.transferred(call, now);
            }
            Ringing::Direct => match self.calling_back(call) {
                Some(contact) => self.person_answered(call, contact, now),
                None => self.agent_call_settled(call, AgentCallOutcome::Answered, now),
            },
            Ringing::Recall => self.agent_has_moved(call),
            Ringing::Out => match (self.calling_back(call), self.hearing(call), self.calls.purpose(call)) {
                (Some(contact), _, _) => self.callback_answered(call, contact, now),
                (None, Some(message), _) => self.message_answered(call, message, now),
                (None, None, Some(&Purpose::Consulting(agent))) => self.consulted_answered(call, agent, now),
                (None, None, Some(&Purpose::Line(agent))) => self.line_opened(call, agent, now),
                (None, None, Some(Purpose::Speaking(_))) => self.speaker_answered(call, now),
                (None, None, _) => self.observer_answered(call, now),
            },
        }
    }

    fn on_resumed(&mut self, call: CallId, now: Moment) {
        // The agent resumed before the recall was answered, or by answering it.
        let is_aside = self.switchboard.is_aside(call);
        if let Some(contact) = self.contacts.of(call).filter(|_| self.talks_to_agent(call) && !is_aside) {
            self.calls.cancel(call, CallDeadline::RecallAgain);
            if !self.calls.is_passed_on(call) {
                self.switchboard.stop_ringing(&mut self.stack, call, now);
            }
            self.room.resume(contact, now);
        }
    }

    /// A call of ours that rang an agent has no port: nobody is to blame.
    fn own_call_lacks_port(&mut self, call: CallId, now: Moment) {
        if self.switchboard.a_leg(call).is_some() {
            return;
        }
        if let Some(contact) = self.calling_back(call) {
            self.agent_rung_no_more(contact, OfferOutcome::Withdrawn, now);
        } else if let Some(message) = self.hearing(call) {
            self.message_rung_no_more(message, OfferOutcome::Withdrawn, now);
        } else if let Some(Purpose::Observing(_) | Purpose::Line(_) | Purpose::Speaking(_)) =
            self.calls.purpose(call)
        {
            self.end_call(call, now);
        } else if let Some(&Purpose::Consulting(agent)) = self.calls.purpose(call) {
            // Without a consultation nobody would have been rung.
            let _ = self.consult_goes_on(agent, ConsultEvent::NotReached(503), now);
        }
    }

    /// The contact whose person this call is to reach.
    fn calling_back(&self, call: CallId) -> Option<ContactId> {
        match self.calls.purpose(call)? {
            Purpose::CallingBack(contact) => Some(*contact),
            Purpose::Arriving
            | Purpose::Contact(_)
            | Purpose::Announcement
            | Purpose::Own { .. }
            | Purpose::Survey(_)
            | Purpose::SittingDown(_)
            | Purpose::AgentsLine(_)
            | Purpose::Line(_)
            | Purpose::Hearing(_)
            | Purpose::Observing(_)
            | Purpose::Speaking(_)
            | Purpose::Consulting(_) => None,
        }
    }

    fn on_ring_failed(&mut self, call: CallId, ringing: Ringing, status: u16, now: Moment) {
        if let Some(contact) = self.calling_back(call) {
            self.callback_ring_failed((call, contact), status, now);
            return;
        }
        if let Some(message) = self.hearing(call) {
            self.message_ring_failed(message, status, now);
            return;
        }
        if let Some(&Purpose::Consulting(agent)) = self.calls.purpose(call) {
            let _ = self.consult_goes_on(agent, ConsultEvent::NotReached(status), now);
            return;
        }
        match ringing {
            Ringing::Offer => {
                let outcome = self.refused_offer(self.offered_agent(call), status);
                if outcome == OfferOutcome::Incompatible {
                    self.phone_is_unfit(call, status, now);
                }
                self.settle_offer(call, outcome, now);
            }
            Ringing::Direct => self.direct_failed(call, status, now),
            Ringing::Transfer if self.outside_failed(call, status, now) => {}
            Ringing::Transfer => self.transfer_failed(call, status, now),
            Ringing::Recall => self.recall_later(call, now),
            Ringing::Out => self.end_call(call, now),
        }
    }

    /// The agent to whom the contact of a call is offered.
    fn offered_agent(&self, call: CallId) -> Option<AgentId> {
        match self.calls.purpose(call) {
            Some(&Purpose::Contact(CallStage::Offered(_, agent))) => Some(agent),
            Some(_) | None => None,
        }
    }

    /// The A leg is gone, and the call with it: only the records are left to close.
    fn on_a_leg_gone(&mut self, call: CallId, gone: Gone, now: Moment) {
        if let Some(agent) = self.consults_in(call) {
            let _ = self.consult_goes_on(agent, ConsultEvent::TalkOver, now);
        }
        let by = match gone {
            Gone::HungUp => EndedBy::Caller,
            Gone::Lost => EndedBy::System,
            Gone::NoVoice => {
                // The caller did not abandon: the failure is ours.
                if let Some(Purpose::Contact(
                    CallStage::Queued(_) | CallStage::Offered(..) | CallStage::Outside(..),
                )) = self.calls.purpose(call)
                    && let Some(contact) = self.contacts.of(call)
                {
                    self.room.dequeue(contact, now);
                }
                EndedBy::System
            }
        };
        self.close_books(call, by, now);
    }

    /// The B leg is gone; the A leg hears music.
    fn on_b_leg_gone(&mut self, call: CallId, mut gone: Gone, now: Moment) {
        let Some(contact) = self.contacts.of(call) else { return };
        if let Some(agent) = self.consults_in(call) {
            if self.completes_by_leaving(agent, gone) {
                let _ = self.consult_goes_on(agent, ConsultEvent::AgentGone, now);
                return;
            }
            // An agent who was lost has completed nothing: the caller goes back to the queue.
            let _ = self.consult_goes_on(agent, ConsultEvent::TalkOver, now);
            gone = Gone::Lost;
        }
        match self.calls.purpose(call).cloned() {
            // An agent who asked for a transfer may leave before its target answers.
            Some(Purpose::Contact(CallStage::Connected(..))) if self.calls.is_passed_on(call) => {}
            Some(Purpose::Own { caller, callee, outside: _ }) if self.calls.is_passed_on(call) => {
                self.agent_call_over(None, callee, now);
                self.calls.is_for(call, Purpose::Own { caller, callee: None, outside: None });
            }
            Some(Purpose::Contact(CallStage::Connected(queue, agent))) => match gone {
                Gone::HungUp => self.agent_hung_up(call, (contact, queue, agent), now),
                Gone::Lost | Gone::NoVoice => {
                    self.switchboard.stop_ringing(&mut self.stack, call, now);
                    self.calls.cancel(call, CallDeadline::RecallAgain);
                    self.calls.is_for(call, Purpose::Contact(CallStage::Queued(queue)));
                    self.room.agent_lost(contact, now);
                    self.begin_announcing(call, queue, now);
                }
            },
            Some(Purpose::Own { caller, callee, outside: _ }) => {
                self.agent_call_over(caller, callee, now);
                self.agent_call_settled(call, AgentCallOutcome::Ended, now);
                self.end_call(call, now);
            }
            Some(Purpose::Contact(
                CallStage::Menu(_)
                | CallStage::Emergency
                | CallStage::Notice(_)
                | CallStage::Queued(_)
                | CallStage::Offered(..)
                | CallStage::Outside(..)
                | CallStage::AtVoicemail(_),
            ))
            | Some(
                Purpose::Announcement
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
}
