//! Handles events of SIP sessions.

use turno_ground::Moment;
use turno_sip::{EndedBy, SessionEvent, SessionId, Stack};

use crate::event::{CallEvent, Gone, TransferAsked};
use crate::switchboard::Switchboard;

impl Switchboard {
    /// Handles one event of a session. Events of released sessions are ignored.
    pub fn handle_session(
        &mut self,
        stack: &mut Stack,
        session: SessionId,
        event: SessionEvent,
        now: Moment,
    ) {
        match event {
            SessionEvent::Progress { status: _, sdp } => self.on_progress(stack, session, sdp, now),
            SessionEvent::Accepted { sdp, message: _ } => self.on_accepted(stack, session, sdp.as_ref(), now),
            SessionEvent::Refused { status, message: _ } => {
                if let Some(id) = self.legs.get(session).map(|leg| leg.call)
                    && !self.ring_again(stack, id, session, status, now)
                    && !self.ring_elsewhere(stack, id, session, status, now)
                {
                    self.forget_leg(session);
                    self.target_failed(stack, id, session, status, now);
                }
            }
            SessionEvent::Confirmed { sdp } => {
                if let Some(sdp) = sdp {
                    self.on_answered(stack, session, &sdp, now);
                }
            }
            SessionEvent::Cancelled => self.leg_gone(stack, session, Gone::HungUp, now),
            SessionEvent::Offered { sdp } => self.on_offered(stack, session, sdp, now),
            SessionEvent::Answered { sdp } => self.on_answered(stack, session, &sdp, now),
            SessionEvent::OfferRefused { status: _ } | SessionEvent::Notified { status: _ } => {}
            SessionEvent::Refer { refer, target, replaces, referred_by: _ } => {
                if self.is_confirming(session) {
                    // A person who has not pressed the key yet has nobody to transfer.
                    stack.refer_reply(session, refer, 603, now);
                } else if let Some((call, side)) = self.place_of(session) {
                    let asked = TransferAsked { session, refer, target, replaces };
                    self.tell(CallEvent::TransferAsked { call, side, asked });
                } else if self.guest_at(session).is_some() {
                    // A guest has nobody to transfer.
                    stack.refer_reply(session, refer, 603, now);
                }
            }
            SessionEvent::Info { content_type, body } => {
                self.on_info(stack, session, (&content_type, &body), now);
            }
            SessionEvent::Ended { by, reason: _ } => {
                let gone = match by {
                    EndedBy::Peer | EndedBy::Us => Gone::HungUp,
                    EndedBy::SessionTimer | EndedBy::AckMissing | EndedBy::PeerLost => Gone::Lost,
                };
                self.leg_gone(stack, session, gone, now);
            }
        }
    }
}
