//! Guests in a call: joining, changing role, and leaving.

use turno_ground::Moment;
use turno_sip::{HangUp, SessionId, Stack};

use crate::call::{CallId, Guest, GuestRole};
use crate::cannot::CannotTalk;
use crate::event::{CallEvent, Gone, Side};
use crate::leg::Leg;
use crate::switchboard::Switchboard;

/// Why a call can't be joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotJoin {
    /// One of the calls is gone, or both are the same call.
    NoCall,
    /// The guest's call has another leg, a recorder or an announcement.
    Talks,
    /// The bridge is full.
    Full,
    /// The guest's leg can't be answered.
    CannotTalk(CannotTalk),
}

impl Switchboard {
    /// Moves the only leg of call `guest` into the bridge of `call`; call `guest` ends. The agent sits at side `agent`
    /// of `call`. Later events of the leg are [`CallEvent::GuestDigit`] and [`CallEvent::GuestGone`].
    ///
    /// # Errors
    /// [`CannotJoin`]; then nothing has changed, except that the guest's leg may have been answered.
    pub fn admit(
        &mut self,
        stack: &mut Stack,
        guest: CallId,
        (call, agent): (CallId, Side),
        role: GuestRole,
        now: Moment,
    ) -> Result<(), CannotJoin> {
        let comes = self.calls.get(guest).filter(|_| guest != call).ok_or(CannotJoin::NoCall)?;
        let host = self.calls.get(call).ok_or(CannotJoin::NoCall)?;
        if comes.legs().count() > 1 || comes.recorder.is_some() || !comes.announcers.is_empty() {
            return Err(CannotJoin::Talks);
        }
        if !host.has_room() {
            return Err(CannotJoin::Full);
        }
        let session = comes.a_leg.ok_or(CannotJoin::Talks)?;
        self.answer(stack, guest, now).map_err(CannotJoin::CannotTalk)?;
        self.stop_playback(guest);
        self.calls.remove(guest);
        if let Some(leg) = self.legs.get_mut(session) {
            leg.call = call;
        }
        self.legs.is_no_caller(session);
        if let Some(host) = self.calls.get_mut(call) {
            host.guests.push(Guest { session, role });
        }
        self.agent_is_at(call, agent);
        Ok(())
    }

    /// The agent of a call is at this side: whispers go to this leg while it exists.
    pub fn agent_is_at(&mut self, id: CallId, side: Side) {
        let Some(call) = self.calls.get_mut(id) else { return };
        call.agent = match side {
            Side::A => call.a_leg,
            Side::B => call.b_leg,
        };
        self.seat(id);
    }

    /// Changes a guest's role. False if the leg is no guest.
    pub fn change_role(&mut self, session: SessionId, role: GuestRole) -> bool {
        let Some(id) = self.guest_at(session) else { return false };
        let Some(call) = self.calls.get_mut(id) else { return false };
        for guest in call.guests.iter_mut().filter(|guest| guest.session == session) {
            guest.role = role;
        }
        self.seat(id);
        true
    }

    /// A guest becomes the B leg, and talks to the A leg; the B leg before is released, and ringing stops. False if the leg
    /// is no guest. If the guest holds, [`CallEvent::Held`] follows.
    pub fn take_over(&mut self, stack: &mut Stack, session: SessionId, now: Moment) -> bool {
        let Some(id) = self.guest_at(session) else { return false };
        self.stop_ringing(stack, id, now);
        let Some(call) = self.calls.get_mut(id) else { return false };
        call.guests.retain(|guest| guest.session != session);
        call.transfer = None;
        call.is_aside = false;
        call.agent = Some(session);
        if let Some(before) = call.b_leg.replace(session) {
            self.drop_leg(stack, before, HangUp { status: 487, reason: None }, now);
        }
        self.join(id);
        if self.legs.get(session).is_some_and(Leg::holds) {
            self.tell(CallEvent::Held { call: id, side: Side::B });
        }
        true
    }

    /// Hangs up a guest. No event follows. False if the leg is no guest.
    pub fn dismiss(&mut self, stack: &mut Stack, session: SessionId, cause: HangUp, now: Moment) -> bool {
        if self.is_line(session)
            && let Some(id) = self.guest_at(session)
        {
            if let Some(call) = self.calls.get_mut(id) {
                call.guests.retain(|guest| guest.session != session);
            }
            self.set_free(session);
            self.seat(id);
            return true;
        }
        let is_guest = self.remove_guest(session).is_some();
        if is_guest {
            stack.hang_up(session, cause, now);
        }
        is_guest
    }

    /// The guests of a call, in the order in which they joined.
    pub fn guests(&self, id: CallId) -> impl Iterator<Item = (SessionId, GuestRole)> {
        let guests = self.calls.get(id).map(|call| call.guests.iter());
        guests.into_iter().flatten().map(|guest| (guest.session, guest.role))
    }

    /// The call in which a leg is a guest.
    pub fn guest_at(&self, session: SessionId) -> Option<CallId> {
        let id = self.legs.get(session)?.call;
        self.calls.get(id).filter(|call| call.is_guest(session)).map(|_| id)
    }

    /// The peer ended a leg; false if it was no guest's leg.
    pub(crate) fn guest_gone(&mut self, session: SessionId, gone: Gone) -> bool {
        let Some(call) = self.remove_guest(session) else { return false };
        self.tell(CallEvent::GuestGone { call, session, gone });
        true
    }

    fn remove_guest(&mut self, session: SessionId) -> Option<CallId> {
        let id = self.guest_at(session)?;
        if let Some(call) = self.calls.get_mut(id) {
            call.guests.retain(|guest| guest.session != session);
        }
        self.forget_leg(session);
        self.seat(id);
        Some(id)
    }
}
