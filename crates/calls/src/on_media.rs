//! Handles events of the media plane.

use turno_ground::Moment;
use turno_media_plan::{MediaEvent, StreamFailure};
use turno_sip::{HangUp, Name, Reply, SessionId, Stack};

use crate::call::Ringing;
use crate::event::{CallEvent, Gone, Side};
use crate::leg::LegState;
use crate::switchboard::Switchboard;

impl Switchboard {
    /// Handles one event of the media plane. Of closed streams, only the final statistics matter.
    pub fn handle_media(&mut self, stack: &mut Stack, event: MediaEvent, now: Moment) {
        match event {
            MediaEvent::Digit { stream, digit } => {
                if let Some(session) = self.legs.session_of(stream) {
                    self.on_digit(stack, session, (digit, false), now);
                }
            }
            MediaEvent::PlayedOut { stream } => {
                if self.announcement_over(stream) {
                    return;
                }
                let Some(session) = self.legs.session_of(stream) else { return };
                self.legs.note_silence(stream);
                if self.is_confirming(session) {
                    self.ask_again(session);
                    return;
                }
                let Some((call, _)) = self.place_of(session) else { return };
                if !self.menu_played_out(call, now) {
                    self.tell(CallEvent::PlayedOut { call });
                }
            }
            MediaEvent::Judged { stream, who } => {
                let Some(session) = self.legs.session_of(stream) else { return };
                if let Some((call, Side::A)) = self.place_of(session) {
                    self.tell(CallEvent::Judged { call, who });
                }
            }
            MediaEvent::Inactive { stream } => {
                let Some(session) = self.legs.session_of(stream) else { return };
                stack.hang_up(session, HangUp { status: 408, reason: Some(SILENT.to_owned()) }, now);
                self.leg_gone(stack, session, Gone::Lost, now);
            }
            MediaEvent::Secured { stream, state } => {
                if let Some(session) = self.legs.session_of(stream) {
                    self.legs.secured(session, state);
                }
            }
            MediaEvent::CutOff { stream } => {
                let Some(session) = self.legs.session_of(stream) else { return };
                if let Some(offer) = self.legs.shakes_hands_anew(session) {
                    stack.offer(session, offer, now);
                }
            }
            MediaEvent::Insecure { stream, why } => {
                let Some(session) = self.legs.session_of(stream) else { return };
                let reason = Some(format!("SIP;cause=488;text=\"{}\"", why.words()));
                stack.hang_up(session, HangUp { status: 488, reason }, now);
                self.leg_gone(stack, session, Gone::NoVoice, now);
            }
            MediaEvent::Failed { stream, failure } => {
                let Some(session) = self.legs.session_of(stream) else { return };
                self.on_port_failed(stack, session, failure, now);
            }
            MediaEvent::Reserved { port } => self.legs.ports_mut().is_reserved(port),
            MediaEvent::NotReserved { port, failure } => {
                self.legs.ports_mut().is_not_reserved(port, failure, now);
                self.tell(CallEvent::PortFailed { call: None, port, failure });
            }
            MediaEvent::Scarce { want } => {
                self.legs.ports_mut().is_to_be_careful(now);
                self.tell(CallEvent::PortsScarce(want));
            }
            MediaEvent::Closed { stream, report } => {
                if let Some((call, came_in)) = self.legs.is_reported(stream) {
                    self.tell(CallEvent::MediaReported { call, came_in, report });
                }
            }
        }
    }

    /// Releases a leg whose media port failed. The other legs of its call are not affected.
    fn on_port_failed(&mut self, stack: &mut Stack, session: SessionId, failure: StreamFailure, now: Moment) {
        let Some(leg) = self.legs.get(session) else { return };
        let (id, port, state, stream) = (leg.call, leg.port, leg.state, leg.stream);
        let is_unanswered = !leg.is_answered();
        if port > 0 {
            self.legs.ports_mut().has_failed(port, failure, now);
        }
        let is_offer =
            self.calls.get(id).is_some_and(|call| matches!(call.ringing_for, Ringing::Offer | Ringing::Out));
        let cause = HangUp { status: 503, reason: None };
        let rings = matches!(state, LegState::Calling | LegState::Confirms);
        if rings && is_offer {
            // The agent is not to blame either: the owner withdraws the offer and may make it again.
            self.stop_ringing(stack, id, now);
        } else if rings {
            self.drop_leg(stack, session, cause, now);
            self.target_failed(stack, id, session, 503, now);
        } else {
            if is_unanswered {
                stack.refuse(session, retry_later(), now);
            } else {
                stack.hang_up(session, cause, now);
            }
            self.leg_gone(stack, session, Gone::NoVoice, now);
        }
        // A stream that never opened has no final statistics.
        self.legs.is_reported(stream);
        self.tell(CallEvent::PortFailed { call: Some(id), port, failure });
    }
}

/// 503 with Retry-After.
pub fn retry_later() -> Reply {
    let mut reply = Reply::new(503);
    reply.headers.push((Name::RetryAfter, "5".to_owned()));
    reply
}

const SILENT: &str = "SIP;cause=408;text=\"No RTP received\"";
