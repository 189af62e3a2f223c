//! What confirms our responses to an INVITE: PRACK and ACK, and what follows when none comes (RFC 3262; RFC 3261, 13.3.1.4).

use bytes::Bytes;
use turno_ground::{Flow, Moment};

use crate::dialog::reliable::read_rack;
use crate::dialog::session_timer::TimerAnswer;
use crate::message::header::Name;
use crate::message::received::Message;
use crate::stack::deadline::SessionDeadline;
use crate::stack::event::{EndedBy, ServerKey, SessionEvent};
use crate::stack::layer::Layer;
use crate::stack::offers::{Fate, OfferMessage};
use crate::stack::session::{Exchange, Phase, Session, Unconfirmed};
use crate::stack::write;

/// Why a call ends whose peer leaves our offer without an answer.
const NO_ANSWER: &str = "SIP;cause=488;text=\"No answer to our offer\"";

impl Session {
    /// A PRACK came.
    pub(crate) fn on_prack(&mut self, layer: &mut Layer, server: ServerKey, request: &Message, now: Moment) {
        let rack = request.header(Name::RAck).and_then(read_rack);
        let Phase::Ringing(incoming) = &mut self.phase else {
            layer.reply_bare(server, 481, now);
            return;
        };
        let confirmed = rack
            .filter(|(_, cseq)| *cseq == incoming.cseq)
            .and_then(|(rseq, _)| incoming.reliable.confirm(rseq));
        let Some(confirmed) = confirmed else {
            layer.reply_bare(server, 481, now);
            return;
        };
        self.due.cancel(SessionDeadline::ReliableAgain);
        self.due.cancel(SessionDeadline::PrackMissing);
        let sdp = write::sdp_of(request);
        let is_answered = confirmed.has_sdp && incoming.has_offer;
        incoming.is_settled |= is_answered;
        let state = self.offer_state();
        let (fate, sdp) = match sdp {
            Some(sdp) => (state.fate(OfferMessage::Prack), sdp),
            None => (state.fate(OfferMessage::BarePrack), Bytes::new()),
        };
        match fate {
            Fate::Answer => {
                self.on_prack_offer(layer, server, sdp);
                return;
            }
            Fate::Refuse(status) => layer.refuse_for_now(server, status, now),
            Fate::End => {
                layer.reply_bare(server, 200, now);
                let Phase::Ringing(incoming) = &self.phase else { return };
                layer.reply_with(incoming.server, 488, Name::Reason, NO_ANSWER, now);
                self.finish(layer, EndedBy::AckMissing, None, now);
                return;
            }
            Fate::Take => {
                layer.reply_bare(server, 200, now);
                if let Phase::Ringing(incoming) = &mut self.phase {
                    incoming.is_settled = true;
                }
                self.remote_sdp = Some(sdp.clone());
                layer.tell(self.id, SessionEvent::Answered { sdp });
            }
            Fate::Plain | Fate::Ignore | Fate::Stand | Fate::Offer => layer.reply_bare(server, 200, now),
        }
        self.go_on_ringing(layer, now);
    }

    /// A PRACK offers anew (RFC 3262, 5): the 200 to it answers.
    fn on_prack_offer(&mut self, layer: &mut Layer, server: ServerKey, sdp: Bytes) {
        if let Exchange::Later { sdp, .. } = core::mem::replace(&mut self.exchange, Exchange::Idle) {
            self.due.cancel(SessionDeadline::Glare);
            self.waiting_offer = self.waiting_offer.take().or(sdp);
        }
        self.remote_sdp = Some(sdp.clone());
        let timer = TimerAnswer::Without;
        let (target, is_prack) = (None, true);
        self.exchange =
            Exchange::Theirs { server, cseq: 0, has_sdp: true, is_update: true, target, timer, is_prack };
        layer.tell(self.id, SessionEvent::Offered { sdp: Some(sdp) });
    }

    /// Our 2xx goes out again.
    pub(crate) fn on_success_again(&mut self, layer: &mut Layer, now: Moment) {
        let Some(unacked) = &mut self.unacked else { return };
        unacked.span = layer.clock.no_longer_than_t2(unacked.span * 2);
        // It stays with the stream that it left by: where its peer is back, it follows.
        let flow = layer.way_of_answer(unacked.flow, &unacked.bytes);
        let (bytes, span) = (unacked.bytes.clone(), unacked.span);
        layer.transmit_again(flow, bytes);
        self.due.set(SessionDeadline::SuccessAgain, now + span);
    }

    /// Our 2xx, if it is not confirmed and goes by `flow` now, goes out at once.
    pub(crate) fn repeat_success(&mut self, layer: &mut Layer, flow: Flow) {
        if let Some(unacked) = self.unacked.as_ref().filter(|unacked| unacked.flow == flow) {
            layer.transmit_again(unacked.flow, unacked.bytes.clone());
        }
    }

    /// Nobody confirms our 2xx: the session ends with a BYE (RFC 3261, 13.3.1.4).
    pub(crate) fn on_ack_missing(&mut self, layer: &mut Layer, now: Moment) {
        if self.unacked.take().is_none() {
            return;
        }
        let left = matches!(&self.phase, Phase::Unconfirmed(Unconfirmed { leaving: Some(_), .. }));
        self.leave_behind(layer, None, now);
        let by = if left { EndedBy::Us } else { EndedBy::AckMissing };
        self.finish(layer, by, None, now);
    }

    /// The ACK of a 2xx came.
    pub(crate) fn on_ack(&mut self, layer: &mut Layer, request: &Message, now: Moment) {
        let number = request.cseq().map_or(0, |cseq| cseq.number);
        if self.unacked.as_ref().is_none_or(|unacked| unacked.cseq != number) {
            return;
        }
        let state = self.offer_state();
        self.unacked = None;
        self.due.cancel(SessionDeadline::SuccessAgain);
        self.due.cancel(SessionDeadline::AckMissing);
        let sdp = write::sdp_of(request);
        let message = if sdp.is_some() { OfferMessage::Ack } else { OfferMessage::BareAck };
        let fate = state.fate(message);
        let taken = sdp.filter(|_| fate == Fate::Take);
        if taken.is_some() {
            self.remote_sdp.clone_from(&taken);
        }
        if let Phase::Unconfirmed(unconfirmed) = &mut self.phase {
            let leaving = unconfirmed.leaving.take();
            self.phase = Phase::Confirmed;
            if let Some(reason) = leaving {
                self.leave(layer, reason.as_deref(), now);
                return;
            }
            if fate == Fate::End {
                self.leave_behind(layer, Some(NO_ANSWER), now);
                self.finish(layer, EndedBy::AckMissing, None, now);
                return;
            }
            layer.tell(self.id, SessionEvent::Confirmed { sdp: taken });
        } else if matches!(self.exchange, Exchange::InSuccess) {
            self.exchange = Exchange::Idle;
            layer.tell(
                self.id,
                taken
                    .map_or(SessionEvent::OfferRefused { status: 488 }, |sdp| SessionEvent::Answered { sdp }),
            );
        }
        self.offer_what_waits(layer, now);
    }
}
