//! Our side ends a call, in whatever phase it is.

use turno_ground::Moment;

use crate::message::header::Name;
use crate::stack::asked::{HangUp, Reply};
use crate::stack::layer::Layer;
use crate::stack::session::{GivenUp, Phase, Session};

impl Session {
    /// Ends the session in whatever way its phase asks for.
    pub(crate) fn hang_up(&mut self, layer: &mut Layer, cause: HangUp, now: Moment) {
        match &mut self.phase {
            Phase::Ringing(_) => {
                let mut reply = Reply::new(cause.status);
                if let Some(reason) = cause.reason {
                    reply.headers.push((Name::Reason, reason));
                }
                self.refuse(layer, &reply, now);
            }
            Phase::Calling(_) => self.give_up(layer, GivenUp::HungUp(cause.reason), now),
            // RFC 3261, 15: a callee may not send BYE before it has the ACK.
            Phase::Unconfirmed(unconfirmed) => {
                if unconfirmed.leaving.is_none() {
                    unconfirmed.leaving = Some(cause.reason);
                }
            }
            Phase::Answering(_) => {
                self.answer_in_ack(layer, None, now);
                self.leave(layer, cause.reason.as_deref(), now);
            }
            Phase::Confirmed => self.leave(layer, cause.reason.as_deref(), now),
            Phase::Cancelling(..) | Phase::Leaving | Phase::Over => {}
        }
    }
}
