//! How calls end: BYE on both sides, CANCEL, peers that are lost.

use bytes::Bytes;
use turno_ground::Moment;

use crate::message::header::Name;
use crate::message::method::Method;
use crate::message::received::Message;
use crate::message::write::Request;
use crate::stack::client::{ClientOwner, Purpose};
use crate::stack::event::{EndedBy, ServerKey, SessionEvent};
use crate::stack::layer::Layer;
use crate::stack::session::{Phase, SentRequest, Session};
use crate::stack::write;

impl Session {
    /// Sends BYE and waits for its response.
    pub(crate) fn leave(&mut self, layer: &mut Layer, reason: Option<&str>, now: Moment) {
        self.tell_referrers(layer, now);
        self.phase = Phase::Leaving;
        self.unacked = None;
        self.waiting_offer = None;
        self.due.clear();
        let reason = reason.map(str::to_owned);
        self.send(layer, Method::Bye, Purpose::Bye, |request| with_reason(request, reason.as_deref()), now);
    }

    /// Sends BYE without waiting for anything.
    pub(crate) fn leave_behind(&mut self, layer: &mut Layer, reason: Option<&str>, now: Moment) {
        let cseq = self.dialog.sequence.next_local();
        let flow = self.next_flow(layer);
        let (request, branch) = write::within(layer, &self.dialog, &flow, Method::Bye, cseq);
        let bytes = with_reason(request, reason);
        layer.begin_client(Method::Bye, &branch, bytes, flow, ClientOwner::Nobody, now);
    }

    /// Our BYE has its final response.
    pub(crate) fn on_bye_response(
        &mut self,
        layer: &mut Layer,
        asked: &SentRequest,
        response: &Message,
        now: Moment,
    ) {
        if response.status().is_some_and(|status| status >= 200)
            && self.try_again(layer, asked, response, now).is_none()
        {
            self.finish(layer, EndedBy::Us, None, now);
        }
    }

    /// The peer hung up.
    pub(crate) fn on_bye(&mut self, layer: &mut Layer, server: ServerKey, request: &Message, now: Moment) {
        layer.reply_bare(server, 200, now);
        let tag = request.from().ok().and_then(|from| from.tag()).unwrap_or("");
        if let Phase::Calling(outgoing) | Phase::Cancelling(outgoing, _) = &mut self.phase {
            outgoing.forks.retain(|fork| fork.tag != tag);
            // One of several that our INVITE reached has gone; the others may yet answer.
            if !outgoing.forks.is_empty() {
                return;
            }
            layer.end_client(outgoing.client);
        }
        let is_ours = match &self.phase {
            Phase::Leaving | Phase::Cancelling(..) => true,
            Phase::Unconfirmed(unconfirmed) => unconfirmed.leaving.is_some(),
            Phase::Ringing(_) | Phase::Calling(_) | Phase::Answering(_) | Phase::Confirmed | Phase::Over => {
                false
            }
        };
        let by = if is_ours { EndedBy::Us } else { EndedBy::Peer };
        let reason = request.header(Name::Reason).map(str::to_owned);
        self.finish(layer, by, reason, now);
    }

    /// A request within the call found nobody: 481, or no answer at all (RFC 3261, 12.2.1.2).
    pub(crate) fn lose(&mut self, layer: &mut Layer, status: u16, now: Moment) {
        match &self.phase {
            Phase::Confirmed | Phase::Unconfirmed(_) | Phase::Answering(_) => {
                // With 481 the peer has no dialog to end.
                if status != 481 {
                    self.leave_behind(layer, None, now);
                }
                self.finish(layer, EndedBy::PeerLost, None, now);
            }
            Phase::Leaving => self.finish(layer, EndedBy::Us, None, now),
            // The INVITE itself decides.
            Phase::Ringing(_) | Phase::Calling(_) => {
                layer.tell(self.id, SessionEvent::OfferRefused { status });
            }
            Phase::Cancelling(..) | Phase::Over => {}
        }
    }

    /// The session outlived its last refresh (RFC 4028, 10).
    pub(crate) fn on_expire(&mut self, layer: &mut Layer, now: Moment) {
        self.leave_behind(layer, Some("SIP;cause=408;text=\"Session timer\""), now);
        self.finish(layer, EndedBy::SessionTimer, None, now);
    }
}

fn with_reason(request: Request, reason: Option<&str>) -> Bytes {
    match reason {
        Some(reason) => request.header(Name::Reason, reason).finish(),
        None => request.finish(),
    }
}
