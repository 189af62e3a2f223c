//! Transfers by REFER (RFC 3515, RFC 5589), carried out by turno itself: no peer has to call another.

use turno_ground::Moment;
use turno_sip::{HangUp, ReferId, SessionId, Stack};

use crate::call::{CallId, Ringing};
use crate::deadline::{Deadline, RING_SPAN_MAX};
use crate::event::{Side, TransferAsked};
use crate::switchboard::Switchboard;

impl Switchboard {
    /// Refuses a REFER; the call goes on.
    pub fn refuse_transfer(&mut self, stack: &mut Stack, asked: &TransferAsked, status: u16, now: Moment) {
        stack.refer_reply(asked.session, asked.refer, status, now);
    }

    /// Accepts a REFER whose target must be rung: call `ring` with [`Ringing::Transfer`] next.
    pub fn begin_transfer(&mut self, stack: &mut Stack, id: CallId, asked: &TransferAsked, now: Moment) {
        stack.refer_reply(asked.session, asked.refer, 202, now);
        if let Some(call) = self.calls.get_mut(id) {
            call.transfer = Some((asked.session, asked.refer));
        }
    }

    /// The transfer failed: notifies the leg that requested it, which stays. False if that leg is gone already.
    pub fn transfer_failed(&mut self, stack: &mut Stack, id: CallId, status: u16, now: Moment) -> bool {
        let Some(call) = self.calls.get_mut(id) else { return false };
        let Some((asker, refer)) = call.transfer.take() else { return call.b_leg.is_some() };
        stack.refer_progress(asker, refer, status, now);
        true
    }

    /// Accepts a REFER and releases its leg at once: the A leg hears music, and the owner decides what follows.
    pub fn finish_transfer(&mut self, stack: &mut Stack, id: CallId, asked: &TransferAsked, now: Moment) {
        self.accept_now(stack, asked.session, asked.refer, now);
        // A recall that still rings is for the agent who has just transferred the caller.
        self.stop_ringing(stack, id, now);
        self.release_b_leg(stack, id, now);
    }

    /// Attended transfer: `asked` came on a leg of call `id`, and names a dialog that is a leg of another call. The two
    /// remaining legs become one call; the asker's two legs are released.
    ///
    /// Returns the call that was kept and the one that was given up, or `None` if the dialogs do not fit; then nothing
    /// has changed.
    pub fn merge(
        &mut self,
        stack: &mut Stack,
        id: CallId,
        asked: &TransferAsked,
        named: SessionId,
        now: Moment,
    ) -> Option<(CallId, CallId)> {
        let (other_id, named_side) = self.place_of(named)?;
        let (_, asked_side) = self.place_of(asked.session)?;
        // The kept call keeps its A leg: the asker must be its B leg.
        let (keep, given, rest) = match (asked_side, named_side) {
            (Side::B, Side::A) => (id, other_id, self.calls.get(other_id)?.b_leg),
            (Side::A, Side::B) => (other_id, id, self.calls.get(id)?.b_leg),
            (Side::B, Side::B) => (id, other_id, self.calls.get(other_id)?.a_leg),
            (Side::A, Side::A) => return None,
        };
        if keep == given {
            return None;
        }
        self.accept_now(stack, asked.session, asked.refer, now);
        self.unite(stack, keep, given, rest, now);
        Some((keep, given))
    }

    /// Swaps the legs of an answered call, so that the party who dialled can transfer the other. False if nobody has
    /// answered.
    pub fn turn_round(&mut self, id: CallId) -> bool {
        let Some(call) = self.calls.get_mut(id) else { return false };
        let (Some(a_leg), Some(b_leg)) = (call.a_leg, call.b_leg) else { return false };
        (call.a_leg, call.b_leg) = (Some(b_leg), Some(a_leg));
        true
    }

    fn unite(
        &mut self,
        stack: &mut Stack,
        keep: CallId,
        given: CallId,
        rest: Option<SessionId>,
        now: Moment,
    ) {
        let Some(mut gone) = self.calls.remove(given) else { return };
        self.stop_ringing(stack, keep, now);
        self.release_b_leg(stack, keep, now);
        for guest in core::mem::take(&mut gone.guests) {
            self.drop_leg(stack, guest.session, HangUp { status: 487, reason: None }, now);
        }
        let mut ringing = core::mem::take(&mut gone.ringing);
        if rest.is_some() {
            // A leg that rings for a connected call is a recall of the agent who leaves.
            for session in ringing.drain(..) {
                self.drop_leg(stack, session, HangUp { status: 487, reason: None }, now);
            }
        }
        for session in [gone.a_leg, gone.b_leg].into_iter().flatten() {
            if Some(session) != rest {
                self.drop_leg(stack, session, HangUp { status: 487, reason: None }, now);
            }
        }
        for session in rest.iter().chain(&ringing) {
            if let Some(leg) = self.legs.get_mut(*session) {
                leg.call = keep;
            }
        }
        let Some(call) = self.calls.get_mut(keep) else { return };
        match rest {
            Some(b_leg) => {
                call.b_leg = Some(b_leg);
                self.join(keep);
            }
            None => {
                call.ringing = ringing;
                call.ringing_for = Ringing::Transfer;
                self.calls.set(keep, Deadline::RungTooLong, now + RING_SPAN_MAX);
            }
        }
    }

    fn accept_now(&mut self, stack: &mut Stack, session: SessionId, refer: ReferId, now: Moment) {
        stack.refer_reply(session, refer, 202, now);
        stack.refer_progress(session, refer, 200, now);
    }
}
