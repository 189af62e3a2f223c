//! Server transactions of a phone: detects retransmitted requests, answers, and keeps the responses for a while.

use std::collections::BTreeMap;

use bytes::Bytes;
use rsip::headers::Header;
use rsip::{Method, Request};
use turno_ground::{Lookup, Moment};

use crate::base::Base;
use crate::client::{GIVE_UP, T1, T2};
use crate::deadline::Deadline;
use crate::reading;
use crate::server::{Server, ServerKey};
use crate::writing::{self, Reply};

/// The server's requests that are still kept.
#[derive(Debug)]
pub(crate) struct Answering {
    servers: BTreeMap<ServerKey, Server>,
    by_name: Lookup<String, ServerKey>,
}

impl Answering {
    pub(crate) fn new(seed: u64) -> Self {
        Self { servers: BTreeMap::new(), by_name: Lookup::new(seed) }
    }

    /// Handles an ACK; false if it is not for a refusal.
    pub(crate) fn on_ack(&mut self, base: &mut Base, ack: &Request) -> bool {
        let key = self.by_name.get(&transaction_name(ack)).copied();
        let Some((key, server)) = key.and_then(|key| Some((key, self.servers.get_mut(&key)?))) else {
            return false;
        };
        server.is_acknowledged = true;
        base.timers.cancel(&Deadline::RepeatRefusal(key));
        true
    }

    /// Handles a request other than ACK; `None` if it is a retransmission.
    pub(crate) fn on_request(&mut self, base: &mut Base, request: Request) -> Option<(ServerKey, Method)> {
        let name = transaction_name(&request);
        let known = self.by_name.get(&name).copied();
        if let Some(key) = known {
            let last = self.servers.get(&key).and_then(|server| server.last.clone());
            last.into_iter().for_each(|bytes| base.transmit(bytes));
            return None;
        }
        let key = ServerKey(base.station.number());
        let method = request.method;
        let server = Server {
            name: name.clone(),
            request,
            last: None,
            is_final: false,
            is_acknowledged: false,
            interval: T1,
        };
        self.by_name.insert(name, key);
        self.servers.insert(key, server);
        Some((key, method))
    }

    /// Answers, keeps the response for retransmissions, and returns its bytes. `tag` is our tag of the request's call.
    pub(crate) fn respond(
        &mut self,
        base: &mut Base,
        key: ServerKey,
        (status, tag): (u16, Option<String>),
        (extra, body): (Vec<Header>, Option<writing::Body>),
        now: Moment,
    ) -> Option<Bytes> {
        let server = self.servers.get_mut(&key)?;
        let is_invite = server.request.method == Method::Invite;
        let tag = tag.unwrap_or_else(|| base.station.token());
        let contact = (is_invite && status < 300).then_some(base.station.contact());
        let response = writing::response(&server.request, &tag, Reply { status, contact, extra, body });
        let bytes = Bytes::from(response.to_string());
        base.transmit(bytes.clone());
        server.last = Some(bytes.clone());
        if status >= 200 {
            server.is_final = true;
            base.timers.set(Deadline::Forget(key), now + GIVE_UP);
            if is_invite && status >= 300 && !base.station.is_reliable() {
                base.timers.set(Deadline::RepeatRefusal(key), now + T1);
            }
        }
        Some(bytes)
    }

    pub(crate) fn on_repeat_refusal(&mut self, base: &mut Base, key: ServerKey, now: Moment) {
        let Some(server) = self.servers.get_mut(&key) else { return };
        server.interval = (server.interval * 2).min(T2);
        base.timers.set(Deadline::RepeatRefusal(key), now + server.interval);
        if let Some(bytes) = server.last.clone() {
            base.transmit(bytes);
        }
    }

    pub(crate) fn on_forget(&mut self, base: &mut Base, key: ServerKey) {
        let Some(server) = self.servers.remove(&key) else { return };
        self.by_name.remove(&server.name);
        base.timers.cancel(&Deadline::RepeatRefusal(key));
        let code = server.last.as_deref().and_then(|bytes| bytes.get(8..9));
        let refused = server.request.method == Method::Invite && code.is_some_and(|code| code > &b"2"[..]);
        if refused && !server.is_acknowledged {
            base.confused("our refusal of an INVITE was never acknowledged".to_owned());
        }
    }

    pub(crate) fn request(&self, key: ServerKey) -> Option<&Request> {
        Some(&self.servers.get(&key)?.request)
    }

    /// The INVITE that a CANCEL is for (RFC 3261, 9.2).
    pub(crate) fn invite_of(&self, cancel: ServerKey) -> Option<ServerKey> {
        let server = self.servers.get(&cancel)?;
        let name = format!("{} INVITE", server.name.trim_end_matches(" CANCEL"));
        self.by_name.get(&name).copied()
    }

    /// The refusals of INVITEs without an ACK.
    pub(crate) fn unacknowledged(&self) -> impl Iterator<Item = &Bytes> {
        let refused = self.servers.values().filter(|server| {
            server.request.method == Method::Invite && server.is_final && !server.is_acknowledged
        });
        refused.filter_map(|server| server.last.as_ref()).filter(|bytes| bytes[8] > b'2')
    }
}

/// The identity of a transaction (RFC 3261, 17.2.3): branch, sent-by, and the method; an ACK counts as INVITE.
fn transaction_name(request: &Request) -> String {
    let via = reading::via(&request.headers).unwrap_or_default();
    let branch = reading::parameter(via, "branch").unwrap_or_default();
    let sent_by = via.split(';').next().and_then(|start| start.split_whitespace().nth(1)).unwrap_or_default();
    let method = if request.method == Method::Ack { Method::Invite } else { request.method };
    format!("{sent_by} {branch} {method}")
}
