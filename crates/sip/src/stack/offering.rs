//! Our offers within a call: by re-INVITE or UPDATE, at once or when they may go out, and refreshes by the same way.

use core::time::Duration;

use bytes::Bytes;
use turno_ground::Moment;

use crate::message::header::Name;
use crate::message::method::Method;
use crate::stack::client::{ClientOwner, Purpose};
use crate::stack::deadline::SessionDeadline;
use crate::stack::layer::Layer;
use crate::stack::offers::OurOffer;
use crate::stack::refresh::BUSY_SPAN;
use crate::stack::session::{Exchange, Phase, Session};
use crate::stack::way;
use crate::stack::write;

impl Session {
    /// Offers, now or as soon as it may be done.
    pub(crate) fn offer(&mut self, layer: &mut Layer, sdp: Bytes, now: Moment) {
        if let Exchange::Later { sdp: later, is_refresh } = &mut self.exchange {
            (*later, *is_refresh) = (Some(sdp), false);
            return;
        }
        match self.offer_state().our_offer() {
            OurOffer::Invite => self.send_change(layer, Method::Invite, Some(sdp), false, now),
            OurOffer::Update if self.peer.allows_update => {
                self.send_change(layer, Method::Update, Some(sdp), false, now);
            }
            OurOffer::Update | OurOffer::Waits => self.waiting_offer = Some(sdp),
            OurOffer::Never => {}
        }
    }

    /// Offers what could not go out before, if it can now.
    pub(crate) fn offer_what_waits(&mut self, layer: &mut Layer, now: Moment) {
        if let Some(sdp) = self.waiting_offer.take() {
            self.offer(layer, sdp, now);
        }
    }

    /// Sends a re-INVITE or UPDATE.
    pub(crate) fn send_change(
        &mut self,
        layer: &mut Layer,
        method: Method,
        sdp: Option<Bytes>,
        is_refresh: bool,
        now: Moment,
    ) {
        let mut dialog = None;
        let mut is_early = false;
        if let Phase::Calling(outgoing) = &self.phase {
            dialog = outgoing
                .forks
                .iter()
                .find(|fork| fork.last_rseq.is_some())
                .map(|fork| self.dialog.with_fork(fork));
            is_early = true;
        } else if matches!(self.phase, Phase::Ringing(_)) {
            is_early = true;
        }
        let cseq = self.dialog.sequence.next_local();
        let dialog = dialog.as_ref().unwrap_or(&self.dialog);
        let flow = way::of_request(layer, dialog, self.flow);
        let (request, branch) = write::within(layer, dialog, &flow, method, cseq);
        let mut request = request
            .header(Name::Contact, &self.contact)
            .header(Name::Allow, &layer.allow)
            .header(Name::Supported, write::SUPPORTED);
        if !is_early {
            let wanted = layer.settings.session_expires;
            if let Some(timer) = self.timer {
                request = request.header(Name::SessionExpires, timer.in_request());
            } else if !wanted.is_zero() {
                request = request.header(Name::SessionExpires, wanted.as_secs());
            }
            request = request.header(Name::MinSe, layer.settings.min_se.as_secs());
        }
        let bytes = write::finish(request, sdp.as_ref());
        let owner = ClientOwner::Session(self.id, Purpose::Change);
        let client = layer.begin_client(method, &branch, bytes, flow, owner, now);
        self.exchange = Exchange::Ours { client, sdp, is_refresh };
    }

    /// Refreshes the session: by UPDATE without SDP where the peer takes that, else by re-INVITE.
    pub(crate) fn on_refresh(&mut self, layer: &mut Layer, now: Moment) {
        let is_free = matches!(self.exchange, Exchange::Idle) && self.unacked.is_none();
        match &self.phase {
            Phase::Confirmed if is_free && self.peer.allows_update => {
                self.send_change(layer, Method::Update, None, true, now);
            }
            Phase::Confirmed if is_free => {
                let sdp = self.local_sdp.clone();
                self.send_change(layer, Method::Invite, sdp, true, now);
            }
            Phase::Confirmed | Phase::Unconfirmed(_) | Phase::Answering(_) => {
                self.due.set(SessionDeadline::Refresh, now + BUSY_SPAN);
            }
            Phase::Ringing(_) | Phase::Calling(_) | Phase::Cancelling(..) | Phase::Leaving | Phase::Over => {}
        }
    }

    /// Both offered at once: ours is made again after a while of chance (RFC 3261, 14.1).
    pub(crate) fn offer_later(
        &mut self,
        layer: &mut Layer,
        sdp: Option<Bytes>,
        is_refresh: bool,
        now: Moment,
    ) {
        // Who gave the Call-ID waits longer.
        let units = if self.is_caller { 210 + layer.rng.below(191) } else { layer.rng.below(201) };
        // Without any wait both would meet again.
        let span = Duration::from_millis(units.max(1) * 10);
        let sdp = self.waiting_offer.take().or(sdp);
        self.exchange = Exchange::Later { sdp, is_refresh };
        self.due.set(SessionDeadline::Glare, now + span);
    }

    /// An offer that met the peer's is made again.
    pub(crate) fn on_glare_over(&mut self, layer: &mut Layer, now: Moment) {
        match core::mem::replace(&mut self.exchange, Exchange::Idle) {
            Exchange::Later { sdp: Some(sdp), is_refresh: false } => self.offer(layer, sdp, now),
            Exchange::Later { .. } => self.on_refresh(layer, now),
            exchange @ (Exchange::Idle
            | Exchange::Ours { .. }
            | Exchange::Theirs { .. }
            | Exchange::InSuccess) => self.exchange = exchange,
        }
    }
}
