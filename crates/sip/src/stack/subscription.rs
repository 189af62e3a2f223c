//! One subscription of a peer to events of ours: its dialog, its end, and the NOTIFY under way (RFC 6665, 4.2).
//!
//! One NOTIFY is under way at a time. What happens meanwhile is told by the next one, which has the latest state alone.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use turno_ground::{Due, Flow, HasDue, Moment};

use crate::dialog::Dialog;
use crate::message::header::Name;
use crate::message::method::Method;
use crate::stack::client::ClientOwner;
use crate::stack::event::{ClientKey, SubscriptionId};
use crate::stack::layer::Layer;
use crate::stack::way;
use crate::stack::write;
use crate::transaction::key::Key;

/// A subscription of a peer.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Subscription {
    pub(crate) id: SubscriptionId,
    pub(crate) dialog: Dialog,
    /// Where the dialog is found.
    pub(crate) key: Key,
    /// The flow last used with the peer.
    pub(crate) flow: Flow,
    /// Our Contact on that flow.
    pub(crate) contact: String,
    /// The Event header's value, which every NOTIFY repeats (RFC 6665, 4.4.1).
    pub(crate) event: String,
    pub(crate) ends_at: Moment,
    /// The NOTIFY that has no final response.
    pub(crate) telling: Option<ClientKey>,
    /// What the next NOTIFY tells: a content type and a body.
    pub(crate) next: Option<(String, Bytes)>,
    pub(crate) due: Due<SubscriptionDeadline>,
}

/// What may be due in a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum SubscriptionDeadline {
    /// When it has not been refreshed.
    Expire,
}

impl HasDue for Subscription {
    type Name = SubscriptionDeadline;

    fn due(&self) -> &Due<SubscriptionDeadline> {
        &self.due
    }

    fn due_mut(&mut self) -> &mut Due<SubscriptionDeadline> {
        &mut self.due
    }
}

/// Why a subscription ends (RFC 6665, 4.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscriptionEnd {
    /// It was not refreshed, or the peer wants no more.
    Timeout,
    /// The resource is gone; the peer should not try again.
    NoResource,
}

impl SubscriptionEnd {
    const fn word(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::NoResource => "noresource",
        }
    }
}

impl Subscription {
    /// It lasts until `ends_at` from now on.
    pub(crate) fn lasts_until(&mut self, ends_at: Moment) {
        self.ends_at = ends_at;
        self.due.set(SubscriptionDeadline::Expire, ends_at);
    }

    /// Tells the state, or keeps it for the next NOTIFY while one is under way.
    pub(crate) fn tell(&mut self, layer: &mut Layer, (kind, body): (String, Bytes), now: Moment) {
        // After a start from a damaged journal the NOTIFY is gone.
        if self.telling.is_some_and(|key| layer.clients.get(key).is_some()) {
            self.next = Some((kind, body));
            return;
        }
        let left = self.ends_at.since(now).as_secs();
        let state = format!("active;expires={left}");
        let owner = ClientOwner::Subscription(self.id);
        self.telling = Some(self.send(layer, owner, &state, Some((&kind, &body)), now));
    }

    /// Tells the end, with the state where it is known.
    pub(crate) fn tell_end(
        &mut self,
        layer: &mut Layer,
        why: SubscriptionEnd,
        state: Option<(&str, &Bytes)>,
        now: Moment,
    ) {
        let ended = format!("terminated;reason={}", why.word());
        self.send(layer, ClientOwner::Nobody, &ended, state, now);
    }

    fn send(
        &mut self,
        layer: &mut Layer,
        owner: ClientOwner,
        state: &str,
        body: Option<(&str, &Bytes)>,
        now: Moment,
    ) -> ClientKey {
        let cseq = self.dialog.sequence.next_local();
        let flow = way::of_request(layer, &self.dialog, self.flow);
        let (request, branch) = write::within(layer, &self.dialog, &flow, Method::Notify, cseq);
        let request = request
            .header(Name::Contact, &self.contact)
            .header(Name::Event, &self.event)
            .header(Name::SubscriptionState, state);
        let bytes = match body {
            Some((kind, body)) => request.body(kind, body),
            None => request.finish(),
        };
        layer.begin_client(Method::Notify, &branch, bytes, flow, owner, now)
    }
}
