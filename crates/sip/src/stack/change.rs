//! Changes within a call: the answers to our re-INVITEs and UPDATEs, and those of the peer (RFC 3261, 14; RFC 3311; RFC 6337).

use bytes::Bytes;
use smallvec::SmallVec;
use turno_ground::Moment;

use crate::dialog::id::contact_uri;
use crate::dialog::session_timer::{SessionExpires, TimerAnswer, TimerTerms, min_se_of};
use crate::message::header::Name;
use crate::message::method::Method;
use crate::message::received::Message;
use crate::stack::client::Confirmation;
use crate::stack::deadline::SessionDeadline;
use crate::stack::event::{ServerKey, SessionEvent};
use crate::stack::incoming;
use crate::stack::layer::Layer;
use crate::stack::offers::{Fate, OfferMessage};
use crate::stack::outgoing::ANSWER_SPAN_MAX;
use crate::stack::refresh::BUSY_SPAN;
use crate::stack::session::{Exchange, Phase, SentRequest, Session};
use crate::stack::write;

impl Session {
    /// A response to our re-INVITE or UPDATE came.
    pub(crate) fn on_change_response(
        &mut self,
        layer: &mut Layer,
        asked: &SentRequest,
        response: &Message,
        now: Moment,
    ) {
        let status = response.status().unwrap_or_default();
        let is_success = (200..300).contains(&status);
        if is_success && response.method() == Method::Invite {
            let target = contact_uri(response);
            self.refresh_target(target);
            let ack = Some(self.acknowledge(layer, &asked.request, None));
            if let Some(client) = layer.clients.get_mut(asked.key) {
                client.acks.push(Confirmation { tag: self.dialog.remote_tag.clone(), ack });
            }
        }
        let is_ours = matches!(&self.exchange, Exchange::Ours { client, .. } if *client == asked.key);
        if !is_ours {
            return;
        }
        // While our INVITE is unanswered, that deadline is the INVITE's.
        let is_calling = matches!(self.phase, Phase::Calling(_) | Phase::Cancelling(..));
        if status < 200 {
            if !is_calling {
                self.due.set(SessionDeadline::AnswerLong, now + ANSWER_SPAN_MAX);
            }
            return;
        }
        if !is_calling {
            self.due.cancel(SessionDeadline::AnswerLong);
        }
        let Exchange::Ours { sdp, is_refresh, .. } = core::mem::replace(&mut self.exchange, Exchange::Idle)
        else {
            return;
        };
        if is_success {
            self.on_change_accepted(layer, response, sdp, is_refresh, now);
        } else if status == 491 {
            self.offer_later(layer, sdp, is_refresh, now);
        } else if let Some(client) = self.try_again(layer, asked, response, now) {
            self.exchange = Exchange::Ours { client, sdp, is_refresh };
        } else if matches!(status, 408 | 481) {
            self.lose(layer, status, now);
        } else if matches!(status, 405 | 501) && is_refresh && response.method() == Method::Update {
            self.peer.allows_update = false;
            self.on_refresh(layer, now);
        } else {
            if is_refresh {
                // The session still has until it expires.
                self.due.set(SessionDeadline::Refresh, now + BUSY_SPAN);
            } else {
                layer.tell(self.id, SessionEvent::OfferRefused { status });
            }
            self.offer_what_waits(layer, now);
        }
    }

    fn on_change_accepted(
        &mut self,
        layer: &mut Layer,
        response: &Message,
        offered: Option<Bytes>,
        is_refresh: bool,
        now: Moment,
    ) {
        if matches!(self.phase, Phase::Leaving) {
            return;
        }
        self.refresh_target(contact_uri(response));
        self.learn(response);
        if matches!(self.phase, Phase::Confirmed) {
            self.start_timer_agreed(layer, response, now);
        }
        if offered.is_some() {
            self.local_sdp = offered.clone();
            if let Phase::Calling(outgoing) = &mut self.phase {
                outgoing.is_renewed = true;
            }
            let answer = write::sdp_of(response);
            // A refresh by re-INVITE repeats what both know.
            let is_news = !is_refresh || answer.is_some() && answer != self.remote_sdp;
            match answer {
                Some(sdp) if is_news => {
                    self.remote_sdp = Some(sdp.clone());
                    layer.tell(self.id, SessionEvent::Answered { sdp });
                }
                None if is_news => layer.tell(self.id, SessionEvent::OfferRefused { status: 488 }),
                Some(_) | None => {}
            }
        }
        self.offer_what_waits(layer, now);
    }

    /// A re-INVITE or UPDATE came.
    pub(crate) fn on_change(&mut self, layer: &mut Layer, server: ServerKey, request: &Message, now: Moment) {
        let is_update = request.method() == Method::Update;
        let sdp = write::sdp_of(request);
        let message = match (is_update, sdp.is_some()) {
            (false, true) => OfferMessage::Invite,
            (false, false) => OfferMessage::BareInvite,
            (true, true) => OfferMessage::Update,
            (true, false) => OfferMessage::BareUpdate,
        };
        if let Fate::Refuse(status) = self.offer_state().fate(message) {
            layer.refuse_for_now(server, status, now);
            return;
        }
        let timer = timer_answer(layer, request);
        if let TimerAnswer::TooShort(least) = timer {
            layer.reply_with(server, 422, Name::MinSe, &least.as_secs().to_string(), now);
            return;
        }
        self.learn(request);
        let target = contact_uri(request);
        if is_update && sdp.is_none() {
            self.refresh_target(target);
            self.accept_update(layer, server, None, timer, now);
            return;
        }
        if !is_update {
            layer.reply_bare(server, 100, now);
        }
        if let Exchange::Later { sdp, .. } = core::mem::replace(&mut self.exchange, Exchange::Idle) {
            self.due.cancel(SessionDeadline::Glare);
            self.waiting_offer = self.waiting_offer.take().or(sdp);
        }
        let cseq = request.cseq().map_or(0, |cseq| cseq.number);
        let has_sdp = sdp.is_some();
        if has_sdp {
            self.remote_sdp.clone_from(&sdp);
        }
        let is_prack = false;
        self.exchange = Exchange::Theirs { server, cseq, has_sdp, is_update, target, timer, is_prack };
        layer.tell(self.id, SessionEvent::Offered { sdp });
    }

    /// Answers the peer's offer, or offers if it asked for that.
    pub(crate) fn answer(&mut self, layer: &mut Layer, sdp: &Bytes, now: Moment) {
        if matches!(self.phase, Phase::Answering(_)) {
            self.answer_in_ack(layer, Some(sdp), now);
            return;
        }
        match core::mem::replace(&mut self.exchange, Exchange::Idle) {
            Exchange::Theirs { server, cseq, has_sdp, is_update, target, timer, is_prack } => {
                self.refresh_target(target);
                self.local_sdp = Some(sdp.clone());
                if let Phase::Calling(outgoing) = &mut self.phase {
                    outgoing.is_renewed = true;
                }
                if is_prack {
                    let _ =
                        layer.reply(server, 200, "", |response| incoming::finish(response, Some(sdp)), now);
                } else if is_update {
                    self.accept_update(layer, server, Some(sdp), timer, now);
                } else {
                    if !has_sdp {
                        self.exchange = Exchange::InSuccess;
                    }
                    self.succeed(layer, server, cseq, Some(sdp), &SmallVec::new(), timer, now);
                }
                self.go_on_ringing(layer, now);
            }
            exchange @ (Exchange::Idle
            | Exchange::Ours { .. }
            | Exchange::Later { .. }
            | Exchange::InSuccess) => self.exchange = exchange,
        }
    }

    fn accept_update(
        &mut self,
        layer: &mut Layer,
        server: ServerKey,
        sdp: Option<&Bytes>,
        timer: TimerAnswer,
        now: Moment,
    ) {
        let allow = layer.allow.clone();
        let contact = &self.contact;
        let is_early = matches!(self.phase, Phase::Ringing(_) | Phase::Calling(_));
        let timer = if is_early { TimerAnswer::Without } else { timer };
        let _ = layer.reply(
            server,
            200,
            "",
            |response| {
                let response = response
                    .header(Name::Contact, contact)
                    .header(Name::Allow, &allow)
                    .header(Name::Supported, write::SUPPORTED);
                incoming::finish(incoming::with_timer(response, timer), sdp)
            },
            now,
        );
        if !is_early {
            self.start_timer(timer, now);
        }
    }

    /// Refuses the peer's offer.
    pub(crate) fn refuse_offer(&mut self, layer: &mut Layer, status: u16, now: Moment) {
        match core::mem::replace(&mut self.exchange, Exchange::Idle) {
            Exchange::Theirs { server, .. } => {
                let status = if (300..700).contains(&status) { status } else { 488 };
                layer.reply_bare(server, status, now);
                self.go_on_ringing(layer, now);
            }
            exchange @ (Exchange::Idle
            | Exchange::Ours { .. }
            | Exchange::Later { .. }
            | Exchange::InSuccess) => self.exchange = exchange,
        }
    }
}

/// What we say to the session timer that `request` asks for.
pub(crate) fn timer_answer(layer: &Layer, request: &Message) -> TimerAnswer {
    let terms = TimerTerms { wanted: layer.settings.session_expires, least: layer.settings.min_se };
    terms.answer(SessionExpires::of(request), min_se_of(request), request.lists(Name::Supported, "timer"))
}
