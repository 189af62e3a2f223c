//! Offers and answers inside a dialog: hold, resume, a new address.

use bytes::Bytes;
use turno_ground::Moment;
use turno_media_plan::{Audio, Direction, MediaCommand};
use turno_sip::{HangUp, SessionId, Stack};

use crate::bridge::has_talking_guest;
use crate::event::{CallEvent, Gone};
use crate::leg::{HoldState, LegState};
use crate::ring::BAD_ANSWER;
use crate::switchboard::Switchboard;

impl Switchboard {
    /// A new offer of the peer: answered by us, since what the other leg agreed need not change.
    pub(crate) fn on_offered(
        &mut self,
        stack: &mut Stack,
        session: SessionId,
        sdp: Option<Bytes>,
        now: Moment,
    ) {
        self.order_opus(session);
        let Some(leg) = self.legs.get_mut(session) else { return };
        let stream = leg.stream;
        let Some(sdp) = sdp else {
            let offer = leg.negotiation.offer(Direction::SendRecv);
            stack.answer(session, offer, now);
            return;
        };
        let codec = leg.negotiation.agreed().map(|agreed| agreed.encoding.codec);
        match leg.negotiation.answer(&sdp, Direction::SendRecv, codec) {
            Ok((answer, agreed)) => {
                stack.answer(session, answer, now);
                self.legs.agree(stream, agreed);
                self.on_direction(session, agreed.direction);
            }
            Err(_) => stack.refuse_offer(session, 488, now),
        }
    }

    /// The peer's answer to our offer in a 200, or to the offer that a re-INVITE without SDP requested.
    pub(crate) fn on_answered(&mut self, stack: &mut Stack, session: SessionId, sdp: &[u8], now: Moment) {
        let Some(leg) = self.legs.get_mut(session) else { return };
        let stream = leg.stream;
        match leg.negotiation.answered(sdp) {
            Ok(agreed) => {
                leg.state = match leg.state {
                    LegState::Incoming | LegState::Early => LegState::Early,
                    LegState::Calling => LegState::Calling,
                    LegState::AwaitsAnswer | LegState::Talking => LegState::Talking,
                    LegState::Confirms => LegState::Confirms,
                };
                self.legs.agree(stream, agreed);
                self.on_direction(session, agreed.direction);
            }
            Err(_) if leg.state == LegState::AwaitsAnswer => {
                let reason = Some(BAD_ANSWER.to_owned());
                stack.hang_up(session, HangUp { status: 488, reason }, now);
                self.leg_gone(stack, session, Gone::Lost, now);
            }
            // The earlier agreement stays. If there is none, the session ends with its own timer.
            Err(_) => {}
        }
    }

    /// Detects hold and resume from the direction (RFC 3264, 8.4; `c=0.0.0.0` is read as inactive).
    pub(crate) fn on_direction(&mut self, session: SessionId, direction: Direction) {
        let Some(leg) = self.legs.get_mut(session) else { return };
        let hold = match (leg.hold, direction.sends()) {
            (_, false) => HoldState::Holding,
            // A refresh by the phone says nothing of what turno was asked for.
            (HoldState::Parked, true) => HoldState::Parked,
            (HoldState::Active | HoldState::Holding, true) => HoldState::Active,
        };
        if leg.hold == hold {
            return;
        }
        if leg.hold == HoldState::Parked {
            self.is_back(session, hold);
            return;
        }
        leg.hold = hold;
        self.hold_has_changed(session, hold);
    }

    /// Puts a leg back into the bridge of its call.
    pub(crate) fn is_back(&mut self, session: SessionId, hold: HoldState) {
        let Some(leg) = self.legs.get_mut(session) else { return };
        leg.hold = hold;
        let (id, stream) = (leg.call, leg.stream);
        self.legs.command(MediaCommand::Hush { stream });
        let other = self.calls.get(id).and_then(|call| call.other(session));
        if let Some(stream) = other.and_then(|other| self.legs.stream_of(other)) {
            // Who joins a bridge hears nothing else any more: music that is still due is played anew.
            self.legs.note_silence(stream);
        }
        self.seat(id);
    }

    /// A leg holds the call, or holds it no more.
    pub(crate) fn hold_has_changed(&mut self, session: SessionId, hold: HoldState) {
        let Some(id) = self.call_of(session) else { return };
        if self.is_confirming(session) {
            // A person who has not pressed the key yet holds nobody.
            return;
        }
        if self.guest_at(session).is_some() {
            self.seat(id);
        }
        let Some((id, side)) = self.place_of(session).filter(|(place, _)| *place == id) else { return };
        let Some(call) = self.calls.get(id) else { return };
        let (other, is_entertained) = (call.other(session), has_talking_guest(&self.legs, call));
        // Who is kept out of a private word hears music, whatever the other phone does.
        let is_aside = call.is_aside;
        let Some(stream) = other.and_then(|other| self.legs.get(other)).map(|leg| leg.stream) else {
            self.tell(match hold {
                HoldState::Holding | HoldState::Parked => CallEvent::Held { call: id, side },
                HoldState::Active => CallEvent::Resumed { call: id, side },
            });
            return;
        };
        match hold {
            HoldState::Holding | HoldState::Parked => {
                if !is_entertained && !is_aside {
                    self.legs.command(MediaCommand::Play { stream, audio: Audio::Music });
                }
                self.tell(CallEvent::Held { call: id, side });
            }
            HoldState::Active => {
                if !is_aside {
                    self.legs.command(MediaCommand::Hush { stream });
                }
                self.tell(CallEvent::Resumed { call: id, side });
            }
        }
    }
}
