//! Forks: the peers that one INVITE of ours reached, told apart by the To tag (RFC 3261, 12.1.2).

use serde::{Deserialize, Serialize};

use crate::dialog::route_set::RouteSet;
use crate::message::header::Name;
use crate::message::received::Message;

/// Maximum number of forks followed for one INVITE of ours. We do not serve a proxy that forks wider.
pub(crate) const FORKS_MAX: usize = 8;

/// One fork, as its responses describe it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Fork {
    /// Its tag; empty for an RFC 2543 peer.
    pub(crate) tag: String,
    /// Its To value.
    pub(crate) remote: String,
    /// The URI of its Contact; empty until it sends one.
    pub(crate) target: String,
    /// The proxies on the path, nearest first.
    pub(crate) route_set: RouteSet,
    /// The RSeq of its last reliable provisional (RFC 3262, 4).
    pub(crate) last_rseq: Option<u32>,
}

impl Fork {
    /// Reads a response to our INVITE.
    pub(crate) fn of(response: &Message) -> Self {
        let to = response.to().ok();
        Self {
            tag: to.and_then(|to| to.tag()).unwrap_or("").to_owned(),
            remote: response.header(Name::To).unwrap_or_default().to_owned(),
            target: contact_uri(response).unwrap_or_default(),
            route_set: RouteSet::of_response(response),
            last_rseq: None,
        }
    }
}

/// The URI of the first Contact.
pub(crate) fn contact_uri(message: &Message) -> Option<String> {
    message.contacts().next()?.ok().filter(|contact| !contact.is_star()).map(|contact| contact.uri.to_owned())
}
