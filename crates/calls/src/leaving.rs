//! What happens to a call when a peer ends its leg.

use turno_ground::Moment;
use turno_sip::{HangUp, SessionId, Stack};

use crate::call::CallId;
use crate::event::{CallEvent, Gone, Side};
use crate::switchboard::Switchboard;

impl Switchboard {
    /// The peer ended a leg, or was lost.
    pub(crate) fn leg_gone(&mut self, stack: &mut Stack, session: SessionId, gone: Gone, now: Moment) {
        if self.guest_gone(session, gone) {
            return;
        }
        let Some((id, side)) = self.place_of(session) else { return };
        if self.is_confirming(session) {
            self.confirming_gone(stack, session, gone, now);
            return;
        }
        self.forget_leg(session);
        match side {
            Side::A => {
                self.hang_up(stack, id, HangUp { status: 487, reason: None }, now);
                self.tell(CallEvent::ALegGone { call: id, gone });
            }
            Side::B => self.b_leg_gone(stack, id, session, gone, now),
        }
    }

    fn b_leg_gone(&mut self, stack: &mut Stack, id: CallId, session: SessionId, gone: Gone, now: Moment) {
        let Some(call) = self.calls.get_mut(id) else { return };
        if call.b_leg != Some(session) {
            self.target_failed(stack, id, session, 408, now);
            return;
        }
        call.b_leg = None;
        if call.transfer.is_some_and(|(asker, _)| asker == session) {
            call.transfer = None;
        }
        self.on_b_leg_left(id);
        self.tell(CallEvent::BLegGone { call: id, gone });
    }
}
