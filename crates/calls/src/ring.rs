//! Outgoing legs: rings several targets; the first to answer gets the call.

use bytes::Bytes;
use turno_ground::{Moment, Transport};
use turno_media_plan::sdp::{Agreed, OpusPlace, Unacceptable};
use turno_media_plan::{Direction, MediaCommand, SrtpPolicy, Tone};
use turno_sip::{HangUp, SessionId, Stack};

use crate::call::{CallId, Ringing};
use crate::cannot::CannotTalk;
use crate::event::{CallEvent, Gone, Side};
use crate::leg::{HoldState, LegEnd, LegState, SecondTry};

use crate::deadline::{Deadline, RING_SPAN_MAX};
use crate::ports::NoPort;
use crate::refusal::Refusal;
use crate::switchboard::Switchboard;
use crate::target::Target;

impl Switchboard {
    /// Begins our own call: rings every target, without an A leg. Ends as [`Self::ring`] does; the leg that answers
    /// becomes the A leg.
    ///
    /// # Errors
    /// [`NoPort`] if not even one leg could be opened; then there is no call.
    pub fn call_out(
        &mut self,
        stack: &mut Stack,
        targets: Vec<Target>,
        now: Moment,
    ) -> Result<CallId, NoPort> {
        let id = self.calls.begin(None);
        let rung = self.ring(stack, id, Ringing::Out, targets, now);
        if let Err(no_port) = rung {
            self.calls.remove(id);
            return Err(no_port);
        }
        Ok(id)
    }

    /// Rings all targets at once. `Answered` or `RingFailed` follows, unless the ringing is stopped.
    ///
    /// # Errors
    /// [`NoPort`] if not even one leg could be opened.
    pub fn ring(
        &mut self,
        stack: &mut Stack,
        id: CallId,
        ringing: Ringing,
        targets: Vec<Target>,
        now: Moment,
    ) -> Result<(), NoPort> {
        if !self.calls.contains(id) {
            return Ok(());
        }
        self.stop_ringing(stack, id, now);
        if let Some(line) = targets.first().and_then(|target| target.line) {
            self.ring_line(stack, id, (ringing, line), now);
            return Ok(());
        }
        let mut opened = 0usize;
        for target in targets {
            if self.ring_one(stack, id, target, now).is_err() {
                break;
            }
            opened += 1;
        }
        let Some(call) = self.calls.get_mut(id) else { return Ok(()) };
        call.ringing_for = ringing;
        call.refusal = None;
        if ringing != Ringing::Offer {
            self.calls.set(id, Deadline::RungTooLong, now + RING_SPAN_MAX);
        }
        if opened == 0 { Err(NoPort) } else { Ok(()) }
    }

    /// Opens a leg to one target.
    pub(crate) fn ring_one(
        &mut self,
        stack: &mut Stack,
        id: CallId,
        target: Target,
        now: Moment,
    ) -> Result<SessionId, NoPort> {
        let preferred =
            self.a_leg_entry(id).and_then(|(_, leg)| leg.negotiation.agreed()).map(|a| a.encoding.codec);
        let flow = target.flow();
        let is_web = self.legs.serves_browsers() && matches!(flow.transport, Transport::Ws | Transport::Wss);
        let first = self.a_leg_entry(id).map_or(OpusPlace::Last, |(_, leg)| leg.opus_for_partner());
        let has_opus = self.legs.may_have_opus(is_web) && !target.is_trunk;
        let opus = has_opus.then_some(first);
        let end = LegEnd { local: flow.local.ip(), srtp: target.srtp, is_web, opus };
        let mut leg = self.legs.open(id, end, LegState::Calling, preferred.as_slice())?;
        leg.negotiation = leg.negotiation.insisting(target.insists);
        leg.confirmation = target.confirmation;
        let mut invite = target.invite;
        let second = (target.srtp == SrtpPolicy::Offered && !is_web).then(|| Box::new(invite.clone()));
        invite.sdp = Some(leg.negotiation.offer(Direction::SendRecv));
        let session = stack.invite(invite, now);
        self.legs.insert(session, leg);
        if let Some(invite) = second {
            self.legs.note_second_try(session, SecondTry::Possible(invite));
        }
        self.legs.note_others(session, target.others);
        if let Some(call) = self.calls.get_mut(id) {
            call.ringing.push(session);
        }
        Ok(session)
    }

    /// Connects an idle line at once, in place of ringing. [`CallEvent::LineTaken`] and `Answered` follow, or `RingFailed`.
    fn ring_line(
        &mut self,
        stack: &mut Stack,
        id: CallId,
        (ringing, line): (Ringing, SessionId),
        now: Moment,
    ) {
        // A telephone that holds the line hears nothing: its owner talks to somebody else.
        let listens = self.legs.get(line).is_some_and(|leg| leg.hold == HoldState::Active);
        let idle = self.call_of(line).filter(|idle| listens && self.is_idle(*idle, line));
        if let Some(call) = self.calls.get_mut(id) {
            call.ringing_for = ringing;
            call.refusal = None;
        }
        let Some(idle) = idle else {
            self.tell(CallEvent::RingFailed { call: id, ringing, status: LINE_BUSY });
            return;
        };
        self.calls.remove(idle);
        if let Some(leg) = self.legs.get_mut(line) {
            leg.call = id;
        }
        self.tell(CallEvent::LineTaken { call: id, before: idle, session: line });
        self.ringing_leg_answered(stack, id, line, now);
        if let Some(stream) = self.legs.stream_of(line) {
            self.legs.command(MediaCommand::Mix { stream, tone: Tone::Confirm });
        }
    }

    fn is_idle(&self, id: CallId, line: SessionId) -> bool {
        self.calls.get(id).is_some_and(|call| {
            call.a_leg == Some(line)
                && call.b_leg.is_none()
                && call.guests.is_empty()
                && call.ringing.is_empty()
                && call.recorder.is_none()
        })
    }

    /// Stops the ringing. No event follows.
    pub fn stop_ringing(&mut self, stack: &mut Stack, id: CallId, now: Moment) {
        let Some(call) = self.calls.get_mut(id) else { return };
        let ringing = core::mem::take(&mut call.ringing);
        self.calls.cancel(id, Deadline::RungTooLong);
        for session in ringing {
            self.drop_leg(stack, session, HangUp { status: 487, reason: None }, now);
        }
    }

    pub(crate) fn rang_too_long(&mut self, stack: &mut Stack, id: CallId, now: Moment) {
        self.stop_ringing(stack, id, now);
        // Not 408: the target was reached, so trying another address makes no sense.
        self.ring_failed(id, 480);
    }

    /// A ringing leg got a provisional response.
    pub(crate) fn on_progress(
        &mut self,
        stack: &mut Stack,
        session: SessionId,
        sdp: Option<Bytes>,
        now: Moment,
    ) {
        let Some(leg) = self.legs.get_mut(session) else { return };
        let id = leg.call;
        self.is_understood(id, session);
        let Some(leg) = self.legs.get_mut(session) else { return };
        // An answer in a provisional response may be the only one. An unusable one is left to the final response.
        let agreed = sdp.as_ref().and_then(|sdp| leg.negotiation.answered(sdp).ok());
        if self.calls.get(id).is_none_or(|call| call.ringing_for != Ringing::Direct) {
            return;
        }
        match (sdp, agreed) {
            (None, _) => self.ring_back(stack, id, now),
            (Some(_), Some(agreed)) => self.pass_early_media(stack, id, session, agreed, now),
            (Some(_), None) => {}
        }
    }

    /// Lets the agent hear the early media of an outside number.
    fn pass_early_media(
        &mut self,
        stack: &mut Stack,
        id: CallId,
        session: SessionId,
        agreed: Agreed,
        now: Moment,
    ) {
        let Some(stream) = self.legs.get(session).map(|leg| leg.stream) else { return };
        self.legs.agree(stream, agreed);
        if self.early(stack, id, turno_media_plan::Audio::Ringback, now).is_ok() {
            self.stop_playback(id);
            if let Some(call) = self.calls.get_mut(id) {
                call.early = Some(session);
            }
            self.seat(id);
        }
    }

    /// A ringing leg answered.
    pub(crate) fn on_accepted(
        &mut self,
        stack: &mut Stack,
        session: SessionId,
        sdp: Option<&Bytes>,
        now: Moment,
    ) {
        let Some(leg) = self.legs.get_mut(session) else { return };
        let (id, stream) = (leg.call, leg.stream);
        let agreed = match sdp {
            Some(sdp) => leg.negotiation.answered(sdp),
            // The answer came in a reliable provisional response and was used then.
            None => leg.negotiation.agreed().copied().ok_or(Unacceptable::Malformed),
        };
        match agreed {
            Ok(agreed) => {
                leg.state = LegState::Talking;
                let is_asked = leg.confirmation.is_some();
                self.legs.agree(stream, agreed);
                self.is_understood(id, session);
                self.legs.take_second_try(session);
                if is_asked {
                    self.picked_up(session);
                } else {
                    self.ringing_leg_answered(stack, id, session, now);
                }
            }
            Err(_) => {
                stack.hang_up(session, HangUp { status: 488, reason: Some(BAD_ANSWER.to_owned()) }, now);
                // Port 0, or no key although encryption is required: the answer is a refusal.
                if !self.ring_again(stack, id, session, 488, now) {
                    self.forget_leg(session);
                    self.target_failed(stack, id, session, 488, now);
                }
            }
        }
    }

    /// A ringing leg answered: it becomes the B leg, or the A leg of our own call. Stops the other ringing legs and
    /// joins the media.
    pub(crate) fn ringing_leg_answered(
        &mut self,
        stack: &mut Stack,
        id: CallId,
        session: SessionId,
        now: Moment,
    ) {
        let Some(call) = self.calls.get_mut(id) else { return };
        call.ringing.retain(|&mut ringing| ringing != session);
        let others = core::mem::take(&mut call.ringing);
        let ringing = call.ringing_for;
        let side = if call.a_leg.is_none() { &mut call.a_leg } else { &mut call.b_leg };
        let before = side.replace(session);
        call.early = None;
        call.is_aside = false;
        let transfer = call.transfer.take();
        self.calls.cancel(id, Deadline::RungTooLong);
        for other in others {
            self.drop_leg(stack, other, HangUp { status: 487, reason: Some(ELSEWHERE.to_owned()) }, now);
        }
        if let Some((asker, refer)) = transfer {
            stack.refer_progress(asker, refer, 200, now);
        }
        if let Some(before) = before {
            self.drop_leg(stack, before, HangUp { status: 487, reason: None }, now);
        }
        match self.answer(stack, id, now) {
            Ok(()) => {
                self.join(id);
                self.tell(CallEvent::Answered { call: id, ringing });
            }
            Err(CannotTalk::Unacceptable(_) | CannotTalk::NoPort | CannotTalk::NoCall) => {
                let gone = Gone::Lost;
                self.hang_up(stack, id, HangUp { status: 488, reason: None }, now);
                self.tell(CallEvent::ALegGone { call: id, gone });
            }
        }
        if ringing == Ringing::Recall {
            self.tell(CallEvent::Resumed { call: id, side: Side::B });
        }
    }

    /// One target failed. If it was the last one, the ringing has failed.
    pub(crate) fn target_failed(
        &mut self,
        stack: &mut Stack,
        id: CallId,
        session: SessionId,
        status: u16,
        now: Moment,
    ) {
        let Some(call) = self.calls.get_mut(id) else { return };
        call.ringing.retain(|&mut ringing| ringing != session);
        if status >= 600 && Refusal::of(status) == Refusal::Person {
            // RFC 3261, 16.7: a person's refusal applies to all their phones.
            for other in core::mem::take(&mut call.ringing) {
                self.drop_leg(stack, other, HangUp { status: 487, reason: None }, now);
            }
        }
        let Some(call) = self.calls.get_mut(id) else { return };
        let worst = call.refusal.map_or(status, |before| {
            if Refusal::weight(status) > Refusal::weight(before) { status } else { before }
        });
        call.refusal = Some(worst);
        if call.ringing.is_empty() {
            self.calls.cancel(id, Deadline::RungTooLong);
            self.ring_failed(id, worst);
        }
    }

    fn ring_failed(&mut self, id: CallId, status: u16) {
        if let Some(call) = self.calls.get(id) {
            let ringing = call.ringing_for;
            self.tell(CallEvent::RingFailed { call: id, ringing, status });
        }
    }
}

/// Reason for ending a dialog whose answer can't be used.
pub(crate) const BAD_ANSWER: &str = "SIP;cause=488;text=\"The answer does not match the offer\"";

/// RFC 3326 and RFC 3261, 9: keeps a phone from showing a missed call.
const ELSEWHERE: &str = "SIP;cause=200;text=\"Call completed elsewhere\"";

/// Status of a held line that is in another call.
const LINE_BUSY: u16 = 486;
