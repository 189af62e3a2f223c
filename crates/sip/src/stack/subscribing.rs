//! Peers subscribe to events of ours, and are notified (RFC 6665, 4.2).
//!
//! The owner decides who may subscribe to what. The stack keeps the dialogs, answers refreshes, and tells each
//! subscriber the state that the owner gives.

use core::time::Duration;

use bytes::Bytes;
use turno_ground::{Due, Flow, Moment};

use crate::dialog::Dialog;
use crate::dialog::id::contact_uri;
use crate::dialog::route_set::RouteSet;
use crate::dialog::sequence::Sequence;
use crate::message::header::Name;
use crate::message::received::Message;
use crate::message::uri::Uri;
use crate::stack::Stack;
use crate::stack::client::Told;
use crate::stack::event::{Event, ServerKey, SubscriptionEvent, SubscriptionId};
use crate::stack::server::ServerOwner;
use crate::stack::session::SentRequest;
use crate::stack::subscription::{Subscription, SubscriptionDeadline, SubscriptionEnd};
use crate::stack::write;
use crate::stack::write::bracketed;
use crate::transaction::key::Key;

/// The shortest subscription, except none at all.
pub const SUBSCRIPTION_MIN: Duration = Duration::from_secs(60);

/// The longest subscription, and that of a peer that names no time.
pub const SUBSCRIPTION_MAX: Duration = Duration::from_secs(3600);

/// How long a peer wants to be subscribed, as it gets it.
enum Span {
    Granted(Duration),
    TooShort,
}

fn span_of(request: &Message) -> Span {
    let asked = request.number(Name::Expires).map(|seconds| Duration::from_secs(seconds.into()));
    match asked {
        None => Span::Granted(SUBSCRIPTION_MAX),
        Some(Duration::ZERO) => Span::Granted(Duration::ZERO),
        Some(span) if span < SUBSCRIPTION_MIN => Span::TooShort,
        Some(span) => Span::Granted(span.min(SUBSCRIPTION_MAX)),
    }
}

impl Stack {
    /// Takes on a peer's SUBSCRIBE, which came as [`Event::Request`]: 200. The owner must tell the state next, by
    /// [`Stack::notify`]. `None` if it was refused: too short a time (423), or nothing to reach the peer by (400).
    pub fn accept_subscription(&mut self, request: ServerKey, now: Moment) -> Option<SubscriptionId> {
        let server = self.layer.servers.get(request)?;
        let (tag, flow, message) = (server.tag.clone(), server.flow, server.request.as_deref()?.clone());
        let span = match span_of(&message) {
            Span::Granted(span) => span,
            Span::TooShort => {
                let least = SUBSCRIPTION_MIN.as_secs().to_string();
                self.layer.reply_with(request, 423, Name::MinExpires, &least, now);
                return None;
            }
        };
        let Some(target) = contact_uri(&message) else {
            self.layer.reply_bare(request, 400, now);
            return None;
        };
        let id = SubscriptionId(self.layer.next_number());
        let user = Uri::parse(message.request_uri()).ok().and_then(|uri| uri.user).unwrap_or("");
        let contact = write::contact(&mut self.layer, user, &flow);
        let dialog = dialog_of(&message, tag, target);
        let mut subscription = Subscription {
            id,
            key: self.layer.keys.dialog(&dialog.call_id, &dialog.local_tag),
            dialog,
            flow,
            contact,
            event: message.header(Name::Event).unwrap_or_default().to_owned(),
            ends_at: now,
            telling: None,
            next: None,
            due: Due::default(),
        };
        subscription.lasts_until(now + span);
        self.confirm(request, span, &subscription.contact, now);
        self.subscriptions.insert(subscription);
        self.layer.count_living(self.living());
        Some(id)
    }

    /// Tells a subscriber the state. Of several states while a NOTIFY is under way, the last one alone is told.
    pub fn notify(&mut self, id: SubscriptionId, kind: &str, body: Bytes, now: Moment) {
        let layer = &mut self.layer;
        let is_over = self.subscriptions.change(id, |subscription| {
            if subscription.ends_at > now {
                subscription.tell(layer, (kind.to_owned(), body), now);
                return false;
            }
            subscription.tell_end(layer, SubscriptionEnd::Timeout, Some((kind, &body)), now);
            true
        });
        if is_over == Some(true) {
            self.forget_subscription(id);
        }
        self.layer.count_living(self.living());
    }

    /// Ends a subscription: the peer is told why. Nothing more is heard of it.
    pub fn end_subscription(&mut self, id: SubscriptionId, why: SubscriptionEnd, now: Moment) {
        if let Some(mut subscription) = self.subscriptions.remove(id) {
            subscription.tell_end(&mut self.layer, why, None, now);
        }
        self.layer.count_living(self.living());
    }

    /// Number of subscriptions.
    pub fn subscription_count(&self) -> usize {
        self.subscriptions.len()
    }

    /// The subscription whose dialog `request` is in.
    pub(crate) fn subscription_of(&self, request: &Message) -> Option<SubscriptionId> {
        let local_tag = request.to().ok()?.tag()?;
        let remote_tag = request.from().ok()?.tag().unwrap_or("");
        self.subscriptions.of_dialog(self.layer.keys.dialog(request.call_id(), local_tag), remote_tag)
    }

    /// A peer refreshes its subscription, or wants no more (Expires: 0).
    pub(crate) fn on_resubscribe(
        &mut self,
        id: SubscriptionId,
        (request, key, flow): (Message, Key, Flow),
        now: Moment,
    ) {
        let number = request.cseq().map_or(0, |cseq| cseq.number);
        let went_back = |it: &mut Subscription| it.dialog.sequence.take_remote(number).is_err();
        if self.subscriptions.change(id, went_back) != Some(false) {
            self.layer.reply_statelessly(&request, flow, 500, "CSeq Went Back", &[]);
            return;
        }
        let span = match span_of(&request) {
            Span::Granted(span) => span,
            Span::TooShort => {
                let least = [(Name::MinExpires, SUBSCRIPTION_MIN.as_secs().to_string())];
                self.layer.reply_statelessly(&request, flow, 423, "", &least);
                return;
            }
        };
        let target = contact_uri(&request);
        let user = Uri::parse(request.request_uri()).ok().and_then(|uri| uri.user).unwrap_or("");
        let contact = write::contact(&mut self.layer, user, &flow);
        let server = self.layer.begin_server(key, Box::new(request), flow, ServerOwner::Stack, now);
        self.confirm(server, span, &contact, now);
        self.subscriptions.change(id, |subscription| {
            if let Some(target) = target {
                subscription.dialog.remote_target = target;
            }
            (subscription.flow, subscription.contact) = (flow, contact);
            subscription.lasts_until(now + span);
        });
        self.tell_owner(id, SubscriptionEvent::Refreshed);
    }

    /// A NOTIFY has its final response, or none. A peer that refuses one has no subscription (RFC 6665, 4.2.2).
    pub(crate) fn on_told(&mut self, id: SubscriptionId, asked: &SentRequest, status: u16, now: Moment) {
        if status < 200 {
            return;
        }
        let layer = &mut self.layer;
        let was_told = self.subscriptions.change(id, |subscription| {
            if subscription.telling != Some(asked.key) {
                return;
            }
            subscription.telling = None;
            if let Some(next) = subscription.next.take().filter(|_| status < 300) {
                subscription.tell(layer, next, now);
            }
        });
        if was_told.is_some() && status >= 300 {
            self.forget_subscription(id);
            self.tell_owner(id, SubscriptionEvent::Ended);
        }
    }

    /// A NOTIFY got no answer, or its flow is gone.
    pub(crate) fn on_not_told(&mut self, id: SubscriptionId, asked: &SentRequest, told: Told, now: Moment) {
        let status = if told == Told::Failure { 503 } else { 408 };
        self.on_told(id, asked, status, now);
    }

    /// A subscription has not been refreshed in time.
    pub(crate) fn on_subscription_deadline(
        &mut self,
        id: SubscriptionId,
        what: SubscriptionDeadline,
        now: Moment,
    ) {
        match what {
            SubscriptionDeadline::Expire => {
                self.end_subscription(id, SubscriptionEnd::Timeout, now);
                self.tell_owner(id, SubscriptionEvent::Ended);
            }
        }
    }

    fn confirm(&mut self, request: ServerKey, span: Duration, contact: &str, now: Moment) {
        let write = |response: crate::message::write::Response| {
            response.header(Name::Contact, contact).header(Name::Expires, span.as_secs().to_string()).finish()
        };
        let _ = self.layer.reply(request, 200, "", write, now);
    }

    fn forget_subscription(&mut self, id: SubscriptionId) {
        self.subscriptions.remove(id);
    }

    fn tell_owner(&mut self, subscription: SubscriptionId, event: SubscriptionEvent) {
        self.layer.events.push_back(Event::Subscription { subscription, event });
    }
}

/// The dialog that a SUBSCRIBE begins (RFC 6665, 4.4.1).
fn dialog_of(request: &Message, local_tag: String, target: String) -> Dialog {
    Dialog {
        call_id: request.call_id().to_owned(),
        local: format!("{};tag={local_tag}", bracketed(request.header(Name::To).unwrap_or_default())),
        remote: request.header(Name::From).unwrap_or_default().to_owned(),
        remote_tag: request.from().ok().and_then(|from| from.tag()).unwrap_or("").to_owned(),
        remote_target: target,
        route_set: RouteSet::of_request(request),
        sequence: Sequence::new(0, Some(request.cseq().map_or(0, |cseq| cseq.number))),
        local_tag,
    }
}
