//! REFER on both sides, the NOTIFYs that follow it, and INFO (RFC 3515; RFC 6086).

use bytes::Bytes;
use turno_ground::Moment;

use crate::dialog::transfer::{
    NotReferred, REFER_SPAN_MAX, REFERS_MAX, ReferId, fragment, read_fragment, read_refer_to, read_replaces,
};
use crate::message::header::Name;
use crate::message::method::Method;
use crate::message::received::Message;
use crate::message::write::Request;
use crate::stack::client::Purpose;
use crate::stack::deadline::SessionDeadline;
use crate::stack::event::{ServerKey, SessionEvent};
use crate::stack::layer::Layer;
use crate::stack::referral::Referral;
use crate::stack::session::{Phase, SentRequest, Session};

impl Session {
    /// The peer asks us to call somebody.
    pub(crate) fn on_refer(&mut self, layer: &mut Layer, server: ServerKey, request: &Message, now: Moment) {
        if !matches!(self.phase, Phase::Confirmed | Phase::Unconfirmed(_)) {
            layer.reply_bare(server, 481, now);
            return;
        }
        let mut targets = request.values(Name::ReferTo);
        let read = match (targets.next(), targets.next()) {
            (Some(value), None) => read_refer_to(value),
            (Some(_), Some(_)) | (None, _) => Err(NotReferred::Unreadable),
        };
        let (target, replaces) = match read {
            Ok(read) => read,
            Err(why) => {
                let status = match why {
                    NotReferred::Unreadable => 400,
                    NotReferred::OtherMethod => 501,
                };
                layer.reply_bare(server, status, now);
                return;
            }
        };
        if self.referrals.len() >= REFERS_MAX {
            layer.reply_with(server, 503, Name::RetryAfter, "10", now);
            return;
        }
        let refer = ReferId(request.cseq().map_or(0, |cseq| cseq.number));
        let is_first = !self.was_referred;
        self.was_referred = true;
        let ends_at = now + REFER_SPAN_MAX;
        let unanswered = Some(server);
        self.referrals.push(Referral { refer, unanswered, ends_at, telling: None, next: None, is_first });
        self.await_refer_end();
        let replaces = replaces.or_else(|| request.header(Name::Replaces).and_then(read_replaces));
        let referred_by = request.header(Name::ReferredBy).map(str::to_owned);
        layer.tell(self.id, SessionEvent::Refer { refer, target, replaces, referred_by });
    }

    /// Takes on the peer's REFER, or refuses it.
    pub(crate) fn refer_reply(&mut self, layer: &mut Layer, refer: ReferId, status: u16, now: Moment) {
        let Some(place) = self.referrals.iter().position(|one| one.refer == refer) else { return };
        let Some(server) = self.referrals[place].unanswered.take() else { return };
        if (200..300).contains(&status) {
            layer.reply_with(server, 202, Name::Contact, &self.contact, now);
            self.tell_referrer(layer, place, 100, now);
        } else {
            let status = if (300..700).contains(&status) { status } else { 603 };
            layer.reply_bare(server, status, now);
            self.referrals.remove(place);
            self.await_refer_end();
        }
    }

    /// Tells the peer how its REFER is doing.
    pub(crate) fn refer_progress(&mut self, layer: &mut Layer, refer: ReferId, status: u16, now: Moment) {
        let Some(place) = self.referrals.iter().position(|one| one.refer == refer) else { return };
        let referral = &mut self.referrals[place];
        let is_over = [referral.telling, referral.next].into_iter().flatten().any(|told| told >= 200);
        if referral.unanswered.is_some() || is_over || !(100..700).contains(&status) {
            return;
        }
        if referral.telling.is_some() {
            referral.next = Some(status);
        } else {
            self.tell_referrer(layer, place, status, now);
        }
    }

    /// Tells what is still to be told, before BYE makes it too late.
    pub(crate) fn tell_referrers(&mut self, layer: &mut Layer, now: Moment) {
        for place in 0..self.referrals.len() {
            if let Some(status) = self.referrals[place].next.take() {
                self.tell_referrer(layer, place, status, now);
            }
        }
    }

    fn tell_referrer(&mut self, layer: &mut Layer, place: usize, status: u16, now: Moment) {
        let referral = &mut self.referrals[place];
        referral.telling = Some(status);
        let (refer, event) = (referral.refer, referral.event());
        let state = referral.subscription_state(status, now);
        let contact = self.contact.clone();
        self.send(
            layer,
            Method::Notify,
            Purpose::Notify(refer),
            |request| {
                request
                    .header(Name::Contact, contact)
                    .header(Name::Event, event)
                    .header(Name::SubscriptionState, state)
                    .body("message/sipfrag;version=2.0", &fragment(status))
            },
            now,
        );
    }

    /// A NOTIFY of ours has its final response, or none.
    pub(crate) fn on_notified(&mut self, layer: &mut Layer, refer: ReferId, status: u16, now: Moment) {
        let Some(place) = self.referrals.iter().position(|one| one.refer == refer) else { return };
        let referral = &mut self.referrals[place];
        let told = referral.telling.take();
        // A peer that refuses a NOTIFY has no subscription (RFC 6665, 4.2.2).
        let is_over = status >= 300 || told.is_some_and(|told| told >= 200);
        match referral.next.take() {
            Some(next) if !is_over => self.tell_referrer(layer, place, next, now),
            Some(_) | None if is_over => {
                self.referrals.remove(place);
                self.await_refer_end();
            }
            Some(_) | None => {}
        }
    }

    /// A response to our NOTIFY came.
    pub(crate) fn on_notify_response(
        &mut self,
        layer: &mut Layer,
        asked: &SentRequest,
        refer: ReferId,
        response: &Message,
        now: Moment,
    ) {
        let status = response.status().unwrap_or_default();
        if status >= 200 && self.try_again(layer, asked, response, now).is_none() {
            self.on_notified(layer, refer, status, now);
        }
    }

    /// Subscriptions that were never told the end get it now.
    pub(crate) fn on_refer_over(&mut self, layer: &mut Layer, now: Moment) {
        let over: Vec<Referral> = self.referrals.iter().filter(|one| one.ends_at <= now).cloned().collect();
        self.referrals.retain(|one| one.ends_at > now);
        for referral in over {
            match referral.unanswered {
                Some(server) => layer.reply_bare(server, 603, now),
                None => {
                    let event = referral.event();
                    let purpose = Purpose::Notify(referral.refer);
                    let contact = self.contact.clone();
                    self.send(
                        layer,
                        Method::Notify,
                        purpose,
                        |request| {
                            request
                                .header(Name::Contact, contact)
                                .header(Name::Event, event)
                                .header(Name::SubscriptionState, "terminated;reason=timeout")
                                .body("message/sipfrag;version=2.0", &fragment(408))
                        },
                        now,
                    );
                }
            }
        }
        self.await_refer_end();
    }

    fn await_refer_end(&mut self) {
        match self.referrals.iter().map(|one| one.ends_at).min() {
            Some(at) => self.due.set(SessionDeadline::ReferOver, at),
            None => self.due.cancel(SessionDeadline::ReferOver),
        };
    }

    /// Asks the peer to call `target`.
    pub(crate) fn refer(&mut self, layer: &mut Layer, target: &str, now: Moment) {
        if !matches!(self.phase, Phase::Confirmed) {
            layer.tell(self.id, SessionEvent::Notified { status: 481 });
            return;
        }
        self.is_referring = true;
        let (contact, local) = (self.contact.clone(), self.dialog.local.clone());
        let referrer = local.split_once(";tag=").map_or(local.as_str(), |(name, _)| name);
        self.send(
            layer,
            Method::Refer,
            Purpose::Refer,
            |request| {
                request
                    .header(Name::Contact, contact)
                    .header(Name::ReferTo, format_args!("<{target}>"))
                    .header(Name::ReferredBy, referrer)
                    .finish()
            },
            now,
        );
    }

    /// The peer tells how our REFER is doing.
    pub(crate) fn on_notify(&mut self, layer: &mut Layer, server: ServerKey, request: &Message, now: Moment) {
        let package = request.header(Name::Event).and_then(|event| event.split(';').next()).unwrap_or("");
        if !package.trim().eq_ignore_ascii_case("refer") {
            layer.reply_with(server, 489, Name::AllowEvents, "refer", now);
        } else if !self.is_referring {
            layer.reply_bare(server, 481, now);
        } else {
            layer.reply_bare(server, 200, now);
            if let Some(status) = read_fragment(&request.body()) {
                layer.tell(self.id, SessionEvent::Notified { status });
            }
        }
    }

    /// Sends an INFO.
    pub(crate) fn info(&mut self, layer: &mut Layer, content_type: &str, body: &Bytes, now: Moment) {
        if matches!(self.phase, Phase::Confirmed | Phase::Unconfirmed(_)) {
            let write = |request: Request| request.body(content_type, body);
            self.send(layer, Method::Info, Purpose::Info, write, now);
        }
    }

    /// The peer sent an INFO.
    pub(crate) fn on_info(&mut self, layer: &mut Layer, server: ServerKey, request: &Message, now: Moment) {
        layer.reply_bare(server, 200, now);
        let content_type = request.header(Name::ContentType).unwrap_or_default().to_owned();
        layer.tell(self.id, SessionEvent::Info { content_type, body: request.body() });
    }
}
