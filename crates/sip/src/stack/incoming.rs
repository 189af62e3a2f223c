//! Our responses to a peer's INVITE: ringing, early media, 2xx and refusals (RFC 3261, 13.3; RFC 3262).

use core::time::Duration;

use bytes::Bytes;
use turno_ground::Moment;

use crate::dialog::reliable::Pending;
use crate::dialog::session_timer::TimerAnswer;
use crate::message::header::Name;
use crate::message::write::{Extra, Response};
use crate::stack::asked::Reply;
use crate::stack::deadline::SessionDeadline;
use crate::stack::event::{EndedBy, ServerKey, SessionEvent};
use crate::stack::layer::Layer;
use crate::stack::session::{Exchange, Phase, Session, Unacked, Unconfirmed};
use crate::stack::write;

/// How often a caller that still waits hears our provisional again (RFC 3261, 13.3.1.1).
const STILL_RINGING_SPAN: Duration = Duration::from_secs(60);

impl Session {
    /// Sends a provisional above 100, reliable if the caller requires it.
    pub(crate) fn send_provisional(
        &mut self,
        layer: &mut Layer,
        status: u16,
        sdp: Option<Bytes>,
        now: Moment,
    ) {
        let Phase::Ringing(incoming) = &mut self.phase else { return };
        if incoming.accepting.is_some() {
            return;
        }
        let is_reliable = self.peer.requires_100rel;
        if is_reliable && incoming.reliable.pending().is_some() {
            incoming.next = Some((status, sdp));
            return;
        }
        // An offer may go in a provisional only if that is reliable (RFC 6337, 2.1).
        let sdp = sdp.filter(|_| {
            !incoming.is_settled && (incoming.has_offer || is_reliable && !incoming.has_sent_sdp)
        });
        let server = incoming.server;
        incoming.status = status;
        if let Some(sdp) = &sdp {
            self.local_sdp = Some(sdp.clone());
        }
        let contact = &self.contact;
        // RFC 3311, 5.1: with Allow here the caller knows that it may UPDATE before the answer.
        let allow = if is_reliable { layer.allow.clone() } else { String::new() };
        let rseq = is_reliable.then(|| incoming.reliable.next_rseq());
        let bytes = layer.reply(
            server,
            status,
            "",
            |response| {
                let mut response = response.header(Name::Contact, contact);
                if let Some(rseq) = rseq {
                    response = response
                        .header(Name::Require, "100rel")
                        .header(Name::RSeq, rseq)
                        .header(Name::Allow, &allow);
                }
                finish(response, sdp.as_ref())
            },
            now,
        );
        let span = layer.clock.t1();
        if let (Some(rseq), Some(bytes)) = (rseq, bytes) {
            incoming.has_sent_sdp |= sdp.is_some();
            let has_sdp = sdp.is_some();
            incoming.reliable.sent(Pending { rseq, bytes, interval: span, has_sdp });
            self.due.set(SessionDeadline::ReliableAgain, now + span);
            self.due.set(SessionDeadline::PrackMissing, now + layer.clock.given_up());
        }
        self.due.set(SessionDeadline::StillRinging, now + STILL_RINGING_SPAN);
    }

    /// The caller hears our last provisional again.
    pub(crate) fn on_still_ringing(&mut self, layer: &mut Layer, now: Moment) {
        let Phase::Ringing(incoming) = &self.phase else { return };
        let status = incoming.status;
        let sdp = self.local_sdp.clone().filter(|_| !self.peer.requires_100rel);
        self.send_provisional(layer, status, sdp, now);
    }

    /// Our reliable provisional goes out again.
    pub(crate) fn on_reliable_again(&mut self, layer: &mut Layer, now: Moment) {
        let Phase::Ringing(incoming) = &mut self.phase else { return };
        let Some(flow) = layer.servers.get(incoming.server).map(|server| server.way_back) else { return };
        let Some(pending) = incoming.reliable.pending_mut() else { return };
        // RFC 3262, 3: it doubles without the limit of T2.
        pending.interval *= 2;
        let (bytes, span) = (pending.bytes.clone(), pending.interval);
        let flow = layer.way_of_answer(flow, &bytes);
        layer.transmit_again(flow, bytes);
        self.due.set(SessionDeadline::ReliableAgain, now + span);
    }

    /// Nobody confirms our reliable provisional: the INVITE is refused (RFC 3262, 3).
    pub(crate) fn on_prack_missing(&mut self, layer: &mut Layer, now: Moment) {
        let Phase::Ringing(incoming) = &self.phase else { return };
        layer.reply_bare(incoming.server, 504, now);
        self.finish(layer, EndedBy::AckMissing, None, now);
    }

    /// Sends what waited for a PRACK, or for the answer to an offer in one.
    pub(crate) fn go_on_ringing(&mut self, layer: &mut Layer, now: Moment) {
        let Phase::Ringing(incoming) = &mut self.phase else {
            self.offer_what_waits(layer, now);
            return;
        };
        if incoming.reliable.pending().is_some() {
            self.offer_what_waits(layer, now);
        } else if let Some((sdp, headers)) = incoming.accepting.take() {
            self.accept(layer, sdp, &headers, now);
        } else if let Some((status, sdp)) = incoming.next.take() {
            self.send_provisional(layer, status, sdp, now);
        } else {
            self.offer_what_waits(layer, now);
        }
    }

    /// Accepts the INVITE.
    pub(crate) fn accept(&mut self, layer: &mut Layer, sdp: Bytes, headers: &Extra, now: Moment) {
        let Phase::Ringing(incoming) = &mut self.phase else { return };
        // RFC 3262, 3 and 5: first the PRACK of our SDP, and our answer to an offer in it.
        let in_prack = matches!(self.exchange, Exchange::Theirs { is_prack: true, .. });
        if in_prack || incoming.reliable.pending().is_some_and(|pending| pending.has_sdp) {
            incoming.accepting = Some((sdp, headers.clone()));
            return;
        }
        let (server, cseq, timer) = (incoming.server, incoming.cseq, incoming.timer);
        let awaits_answer = !incoming.has_offer && !incoming.has_sent_sdp;
        // Offer and answer are complete: there is nothing left to say, and what was said then may be old (RFC 6337, 3.1).
        let sdp = Some(sdp).filter(|_| !incoming.is_settled);
        if sdp.is_some() {
            self.local_sdp.clone_from(&sdp);
        }
        for what in [
            SessionDeadline::ReliableAgain,
            SessionDeadline::PrackMissing,
            SessionDeadline::StillRinging,
            SessionDeadline::InviteExpires,
        ] {
            self.due.cancel(what);
        }
        // What is left of an offer that the peer made by UPDATE dies with the early phase.
        if let Exchange::Theirs { server, .. } = core::mem::replace(&mut self.exchange, Exchange::Idle) {
            layer.reply_bare(server, 500, now);
        }
        self.phase = Phase::Unconfirmed(Unconfirmed { awaits_answer, leaving: None });
        self.succeed(layer, server, cseq, sdp.as_ref(), headers, timer, now);
    }

    /// Sends a 2xx to an INVITE, and again until its ACK comes (RFC 3261, 13.3.1.4).
    #[expect(clippy::too_many_arguments, reason = "a 2xx has this many parts")]
    pub(crate) fn succeed(
        &mut self,
        layer: &mut Layer,
        server: ServerKey,
        cseq: u32,
        sdp: Option<&Bytes>,
        headers: &Extra,
        timer: TimerAnswer,
        now: Moment,
    ) {
        let allow = layer.allow.clone();
        let contact = &self.contact;
        let Some(flow) = layer.servers.get(server).map(|server| server.way_back) else { return };
        let bytes = layer.reply(
            server,
            200,
            "",
            |response| {
                let response = response
                    .header(Name::Contact, contact)
                    .header(Name::Allow, &allow)
                    .header(Name::Supported, write::SUPPORTED);
                finish(with_timer(response, timer).headers(headers), sdp)
            },
            now,
        );
        if let Some(bytes) = bytes {
            let span = layer.clock.t1();
            self.unacked = Some(Unacked { cseq, bytes, flow, span });
            self.due.set(SessionDeadline::SuccessAgain, now + span);
            self.due.set(SessionDeadline::AckMissing, now + layer.clock.given_up());
        }
        self.start_timer(timer, now);
    }

    /// Refuses the INVITE; the session is over.
    pub(crate) fn refuse(&mut self, layer: &mut Layer, reply: &Reply, now: Moment) {
        let Phase::Ringing(incoming) = &self.phase else { return };
        let status = if (300..700).contains(&reply.status) { reply.status } else { 500 };
        let reason = reply.reason.as_deref().unwrap_or("");
        let _ = layer.reply(
            incoming.server,
            status,
            reason,
            |response| {
                let response = response.headers(&reply.headers);
                match &reply.body {
                    Some(body) => response.body(&body.content_type, &body.bytes),
                    None => response.finish(),
                }
            },
            now,
        );
        self.finish(layer, EndedBy::Us, None, now);
    }

    /// The caller's own limit for an answer is reached.
    pub(crate) fn on_invite_expires(&mut self, layer: &mut Layer, now: Moment) {
        if let Phase::Ringing(incoming) = &self.phase {
            let server = incoming.server;
            self.on_cancel(layer, server, now);
        }
    }

    /// The peer took its INVITE back (RFC 3261, 9.2).
    pub(crate) fn on_cancel(&mut self, layer: &mut Layer, server: ServerKey, now: Moment) {
        match &self.phase {
            Phase::Ringing(incoming) if incoming.server == server => {
                layer.reply_bare(server, 487, now);
                self.close(layer, now);
                layer.tell(self.id, SessionEvent::Cancelled);
            }
            Phase::Ringing(_)
            | Phase::Calling(_)
            | Phase::Cancelling(..)
            | Phase::Answering(_)
            | Phase::Unconfirmed(_)
            | Phase::Confirmed
            | Phase::Leaving
            | Phase::Over => {
                if matches!(&self.exchange, Exchange::Theirs { server: theirs, .. } if *theirs == server) {
                    self.exchange = Exchange::Idle;
                    layer.reply_bare(server, 487, now);
                    self.offer_what_waits(layer, now);
                }
            }
        }
    }
}

/// Ends a response with SDP, or without a body.
pub(crate) fn finish(response: Response, sdp: Option<&Bytes>) -> Bytes {
    match sdp {
        Some(sdp) => response.body("application/sdp", sdp),
        None => response.finish(),
    }
}

/// Adds what a 2xx says of the session timer.
pub(crate) fn with_timer(response: Response, timer: TimerAnswer) -> Response {
    match timer {
        TimerAnswer::With { timer, require } => {
            let response = response.header(Name::SessionExpires, timer.in_response());
            if require { response.header(Name::Require, "timer") } else { response }
        }
        TimerAnswer::Without | TimerAnswer::TooShort(_) => response,
    }
}
