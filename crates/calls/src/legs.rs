//! Legs agreed upon, and let go.

use bytes::Bytes;
use turno_ground::Moment;
use turno_media_plan::sdp::Agreed;
use turno_media_plan::{Direction, MediaCommand, StreamId};
use turno_sip::{HangUp, SessionId, Stack};

use crate::switchboard::{CannotTalk, Switchboard};

impl Switchboard {
    /// Our answer to the INVITE's offer; agreed once, repeated afterwards.
    pub(crate) fn agree_to_offer(&mut self, session: SessionId) -> Result<Bytes, CannotTalk> {
        let leg = self.legs.get_mut(&session).ok_or(CannotTalk::NoCall)?;
        let Some(offer) = leg.offer.take() else {
            return if leg.has_agreed() { Ok(leg.negotiation.said()) } else { Err(CannotTalk::NoCall) };
        };
        let agreed = leg.negotiation.answer(&offer, Direction::SendRecv, None);
        let (answer, agreed) = agreed.map_err(CannotTalk::Unacceptable)?;
        let stream = leg.stream;
        self.agree(stream, agreed);
        Ok(answer)
    }

    pub(crate) fn agree(&mut self, stream: StreamId, agreed: Agreed) {
        self.command(Self::agreement(stream, agreed));
    }

    pub(crate) fn agreement(stream: StreamId, agreed: Agreed) -> MediaCommand {
        let Agreed { remote, encoding, direction, srtp } = agreed;
        MediaCommand::Agree { stream, remote, encoding, direction, latch: true, srtp: srtp.map(Box::new) }
    }

    /// Hangs a leg up and forgets it.
    pub(crate) fn drop_leg(&mut self, stack: &mut Stack, session: SessionId, cause: HangUp, now: Moment) {
        if self.forget_leg(session) {
            stack.hang_up(session, cause, now);
        }
    }

    /// Closes a leg's media and forgets it; false if it was forgotten before.
    pub(crate) fn forget_leg(&mut self, session: SessionId) -> bool {
        let Some(stream) = self.legs.get(&session).map(|leg| leg.stream) else { return false };
        self.note_sound(&MediaCommand::Close { stream });
        let Some(leg) = self.legs.remove(&session) else { return false };
        let is_early = self.calls.get(&leg.call).is_some_and(|call| call.early == Some(session));
        if let Some(call) = Some(leg.call).filter(|_| is_early).and_then(|id| self.calls.get_mut(&id)) {
            call.early = None;
        }
        self.streams.remove(&leg.stream);
        self.otherwise.remove(&session);
        self.closing.insert(leg.stream, (leg.call, leg.came_in));
        self.ports.give_back(leg.port);
        self.rung -= usize::from(!leg.came_in);
        self.command(MediaCommand::Close { stream: leg.stream });
        true
    }
}
