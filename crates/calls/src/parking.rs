//! A phone is steered from elsewhere: hold without its help, the end of its call, and a knock that it may answer by.

use turno_ground::Moment;
use turno_media_plan::{Audio, MediaCommand};
use turno_sip::{HangUp, SessionId, Stack};

use crate::call::CallId;
use crate::event::{CallEvent, Gone, Side};
use crate::leg::{HoldState, LegState};
use crate::switchboard::Switchboard;

impl Switchboard {
    /// Takes a leg out of its call as if its phone held: the other side hears music, this one silence. [`CallEvent::Held`]
    /// follows, unless it holds already. A hold by the phone takes its place.
    pub fn park(&mut self, session: SessionId) {
        let Some(leg) = self.legs.get_mut(session).filter(|leg| leg.hold == HoldState::Active) else {
            return;
        };
        leg.hold = HoldState::Parked;
        let (id, stream) = (leg.call, leg.stream);
        self.hold_has_changed(session, HoldState::Parked);
        self.seat(id);
        self.legs.command(MediaCommand::Play { stream, audio: Audio::Silence });
    }

    /// Ends such a hold: [`CallEvent::Resumed`] follows. False if the phone itself holds, which alone can end that.
    pub fn unpark(&mut self, session: SessionId) -> bool {
        match self.legs.get(session).map(|leg| leg.hold) {
            Some(HoldState::Parked) => {}
            Some(HoldState::Active) | None => return true,
            Some(HoldState::Holding) => return false,
        }
        self.is_back(session, HoldState::Active);
        self.hold_has_changed(session, HoldState::Active);
        true
    }

    /// Ends the call of a leg as if its phone had hung up: the same events follow. A held line stays connected.
    pub fn put_down(&mut self, stack: &mut Stack, session: SessionId, now: Moment) {
        let Some((id, side)) = self.place_of(session) else { return };
        let gone = Gone::HungUp;
        match side {
            Side::A => {
                self.hang_up(stack, id, HangUp { status: 487, reason: None }, now);
                self.tell(CallEvent::ALegGone { call: id, gone });
            }
            Side::B => {
                let Some(call) = self.calls.get_mut(id).filter(|call| call.b_leg == Some(session)) else {
                    return;
                };
                call.b_leg = None;
                call.transfer = call.transfer.filter(|(asker, _)| *asker != session);
                self.drop_leg(stack, session, HangUp::default(), now);
                self.on_b_leg_left(id);
                self.tell(CallEvent::BLegGone { call: id, gone });
            }
        }
    }

    /// Tells the first of the phones that ring for a call, and take such an order, to answer. False if there is none.
    pub fn tell_to_answer(&mut self, stack: &mut Stack, id: CallId, now: Moment) -> bool {
        let ringing = self.ringing(id).to_vec();
        let rings =
            |leg: &&SessionId| self.legs.get(**leg).is_some_and(|leg| matches!(leg.state, LegState::Calling));
        ringing.iter().filter(rings).any(|leg| stack.tell_to_talk(*leg, now))
    }

    /// The B leg.
    pub fn b_leg(&self, id: CallId) -> Option<SessionId> {
        self.calls.get(id)?.b_leg
    }
}
