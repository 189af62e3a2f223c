//! Rings a phone again with the other SDP profile: it may accept only RTP/SAVP, or only RTP/AVP with keys.
//!
//! If the policy leaves encryption to the peer, there are two ways to offer it (RFC 4568, 3.1.3 and RFC 3711), and some
//! softphones accept only one. The second attempt is part of the same ringing: only the phone notices it.

use turno_ground::Moment;
use turno_media_plan::Direction;
use turno_sip::{SessionId, Stack};

use crate::call::CallId;
use crate::event::CallEvent;
use crate::leg::{LegState, SecondTry};
use crate::refusal::Refusal;
use crate::switchboard::Switchboard;

impl Switchboard {
    /// Rings the phone of `session` again if its refusal may be due to the SDP profile. False if it is not rung again:
    /// the refusal stands.
    pub(crate) fn ring_again(
        &mut self,
        stack: &mut Stack,
        id: CallId,
        session: SessionId,
        status: u16,
        now: Moment,
    ) -> bool {
        if !Refusal::is_of_media(status) {
            return false;
        }
        let Some(SecondTry::Possible(mut invite)) = self.legs.take_second_try(session) else { return false };
        let is_ringing = self.calls.get(id).is_some_and(|call| call.ringing.contains(&session));
        let Some(mut leg) = self.legs.take(session) else { return false };
        let offer = leg.negotiation.offer_other_profile(Direction::SendRecv);
        let Some((offer, is_secure)) = offer.filter(|_| is_ringing && leg.state == LegState::Calling) else {
            self.legs.put_back(session, leg);
            return false;
        };
        invite.sdp = Some(offer);
        let uri = invite.uri.clone();
        let again = stack.invite(*invite, now);
        self.legs.insert(again, leg);
        let others = self.legs.take_others(session);
        self.legs.note_others(again, others);
        self.legs.note_second_try(again, SecondTry::Tried(uri, is_secure));
        if let Some(call) = self.calls.get_mut(id)
            && let Some(place) = call.ringing.iter_mut().find(|ringing| **ringing == session)
        {
            *place = again;
            call.early = call.early.map(|early| if early == session { again } else { early });
        }
        self.tell(CallEvent::RungAgain { call: id, session: again });
        true
    }

    /// A ringing leg accepted our offer. If it was the second attempt, the profile is worth remembering.
    pub(crate) fn is_understood(&mut self, id: CallId, session: SessionId) {
        if let Some(SecondTry::Tried(uri, is_secure)) = self.legs.take_second_try(session) {
            self.tell(CallEvent::Understood { call: id, uri, is_secure });
        }
    }
}
