//! Responses to the A leg: ringing, early media, 200, or a refusal.

use smallvec::SmallVec;
use turno_ground::Moment;
use turno_media_plan::sdp::OpusPlace;
use turno_media_plan::{Audio, Direction};
use turno_sip::{HangUp, Reply, SessionId, Stack};

use crate::call::CallId;
use crate::cannot::CannotTalk;
use crate::leg::{Leg, LegState};
use crate::switchboard::Switchboard;

impl Switchboard {
    /// Sends 180 to the A leg.
    pub fn ring_back(&mut self, stack: &mut Stack, id: CallId, now: Moment) {
        if let Some((session, _)) = self.a_leg_entry(id).filter(|(_, leg)| leg.state == LegState::Incoming) {
            if stack.must_offer_early(session) {
                self.offer_early(stack, session, now);
            } else {
                stack.ring(session, now);
            }
        }
    }

    /// Plays to the A leg as early media (183). A caller without an offer only gets 180.
    ///
    /// # Errors
    /// [`CannotTalk`] if the offer can't be answered.
    pub fn early(
        &mut self,
        stack: &mut Stack,
        id: CallId,
        audio: Audio,
        now: Moment,
    ) -> Result<(), CannotTalk> {
        let (session, leg) = self.a_leg_entry(id).ok_or(CannotTalk::NoCall)?;
        if leg.is_answered() {
            self.play(id, audio);
            return Ok(());
        }
        if leg.offer.is_none() && !leg.has_agreed() {
            let is_heard_early = stack.must_offer_early(session);
            self.ring_back(stack, id, now);
            if is_heard_early {
                self.play(id, audio);
            }
            return Ok(());
        }
        self.order_opus(session);
        let answer = self.legs.agree_to_offer(session)?;
        if let Some(leg) = self.legs.get_mut(session) {
            leg.state = LegState::Early;
        }
        stack.progress(session, answer, now);
        self.play(id, audio);
        Ok(())
    }

    /// Answers the A leg (200).
    ///
    /// # Errors
    /// [`CannotTalk`] if the offer can't be answered.
    pub fn answer(&mut self, stack: &mut Stack, id: CallId, now: Moment) -> Result<(), CannotTalk> {
        let (session, leg) = self.a_leg_entry(id).ok_or(CannotTalk::NoCall)?;
        if leg.is_answered() {
            return Ok(());
        }
        if leg.offer.is_some() || leg.has_agreed() {
            self.order_opus(session);
            let answer = self.legs.agree_to_offer(session)?;
            if let Some(leg) = self.legs.get_mut(session) {
                leg.state = LegState::Talking;
            }
            stack.accept(session, answer, SmallVec::new(), now);
        } else if let Some(leg) = self.legs.get_mut(session) {
            leg.state = LegState::AwaitsAnswer;
            let offer = leg.negotiation.offer(Direction::SendRecv);
            stack.accept(session, offer, SmallVec::new(), now);
        }
        Ok(())
    }

    /// Puts Opus into the SDP that comes next at the place which the other leg's codecs ask for.
    pub(crate) fn order_opus(&mut self, session: SessionId) {
        let call = self.legs.get(session).and_then(|leg| self.calls.get(leg.call));
        let partner = call.and_then(|call| self.legs.get(call.other(session)?));
        let place = partner.map_or(OpusPlace::Last, Leg::opus_for_partner);
        if let Some(leg) = self.legs.get_mut(session) {
            leg.negotiation.put_opus(place);
        }
    }

    /// Refuses the A leg and ends the call.
    pub fn refuse(&mut self, stack: &mut Stack, id: CallId, reply: Reply, now: Moment) {
        let Some((session, leg)) = self.a_leg_entry(id) else { return };
        if leg.is_answered() {
            self.hang_up(stack, id, HangUp { status: reply.status, reason: None }, now);
            return;
        }
        stack.refuse(session, reply, now);
        self.forget_leg(session);
        self.hang_up(stack, id, HangUp { status: 487, reason: None }, now);
    }

    /// Puts our offer into the first reliable provisional response, if the caller requires that (RFC 3262, 5).
    fn offer_early(&mut self, stack: &mut Stack, session: SessionId, now: Moment) {
        if let Some(leg) = self.legs.get_mut(session) {
            let offer = leg.negotiation.offer(Direction::SendRecv);
            stack.progress(session, offer, now);
        }
    }
}
