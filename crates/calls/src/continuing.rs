//! A leg goes on by another SIP session of the same phone (RFC 3891): its stream and its place in the call stay.

use bytes::Bytes;
use smallvec::SmallVec;
use turno_ground::Moment;
use turno_media_plan::Direction;
use turno_sip::{HangUp, SessionId, Stack};

use crate::call::{Call, CallId};
use crate::leg::LegState;
use crate::switchboard::Switchboard;

impl Switchboard {
    /// The new session takes the place of the one before, which is hung up. Nobody else notices, and no event follows but
    /// those of a hold that ends.
    ///
    /// # Errors
    /// The status to refuse the new session with; nothing has changed.
    pub fn continue_leg(
        &mut self,
        stack: &mut Stack,
        (before, session): (SessionId, SessionId),
        offer: Option<Bytes>,
        now: Moment,
    ) -> Result<CallId, u16> {
        self.order_opus(before);
        let leg = self.legs.get_mut(before).filter(|leg| leg.state == LegState::Talking && !leg.is_line);
        let leg = leg.ok_or(481_u16)?;
        let (id, stream) = (leg.call, leg.stream);
        let codec = leg.negotiation.agreed().map(|agreed| agreed.encoding.codec);
        let (sdp, agreed) = match offer {
            Some(offer) => {
                let answer = leg.negotiation.answer(&offer, Direction::SendRecv, codec);
                let (answer, agreed) = answer.map_err(|_| 488_u16)?;
                (answer, Some(agreed))
            }
            // The ACK brings the answer.
            None => (leg.negotiation.offer(Direction::SendRecv), None),
        };
        let leg = self.legs.take(before).ok_or(481_u16)?;
        self.legs.insert(session, leg);
        if let Some(call) = self.calls.get_mut(id) {
            call.goes_on_with(before, session);
        }
        stack.accept(session, sdp, SmallVec::new(), now);
        if let Some(agreed) = agreed {
            self.legs.agree(stream, agreed);
            self.on_direction(session, agreed.direction);
        }
        stack.hang_up(before, HangUp { status: 487, reason: None }, now);
        Ok(id)
    }
}

impl Call {
    /// A leg goes on by another session.
    fn goes_on_with(&mut self, before: SessionId, session: SessionId) {
        let places = [&mut self.a_leg, &mut self.b_leg, &mut self.early, &mut self.agent];
        let guests = self.guests.iter_mut().map(|guest| &mut guest.session);
        let all = places.into_iter().flatten().chain(self.ringing.iter_mut()).chain(guests);
        all.filter(|place| **place == before).for_each(|place| *place = session);
        // What its REFER asked for is told in the dialog of before, which is over.
        self.transfer = self.transfer.filter(|(asker, _)| *asker != before);
    }
}
