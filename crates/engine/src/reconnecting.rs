//! Phones and carriers whose connection closes, and who come back by another.
//!
//! A closed connection ends nothing: the talk goes on, and the phone gets no new offer until it is back. A crash of ours
//! closes all connections at once, and is the same.

use turno_ground::{Flow, Moment};
use turno_model::AgentId;
use turno_model::plan::TrunkTrust;
use turno_sip::{Binding, Message, Reply, ServerKey, SessionId};

use crate::admission::Peer;
use crate::engine::Engine;
use crate::user::user_of;

/// A contact whose connection is gone, as far as we know or as it may turn out.
#[derive(Debug)]
pub(crate) struct LostContact {
    uri: String,
    source: Flow,
    instance: Option<String>,
    /// Whether we have heard that it is gone.
    is_known: bool,
}

impl LostContact {
    /// Whether a contact that has just registered is this one: the same device by its instance (RFC 5626, 4.1), the same
    /// Contact, or, of devices that do not name themselves, the one at the same address. As long as its connection seems to
    /// stand, the address alone proves nothing.
    fn is_now(&self, fresh: &Binding) -> bool {
        if !self.is_known {
            let is_same_device = self.instance.is_some() && self.instance == fresh.instance;
            return is_same_device || self.uri == fresh.uri;
        }
        if self.instance.is_some() || fresh.instance.is_some() {
            return self.instance == fresh.instance;
        }
        let is_beside = self.source.transport == fresh.source.transport
            && self.source.remote.ip() == fresh.source.remote.ip();
        self.uri == fresh.uri || is_beside
    }
}

impl Engine {
    /// Calls that a phone has led by a second connection, which is gone, go on by the one that it is registered by.
    pub(crate) fn calls_go_home(&mut self, flow: Flow) {
        if self.plan.sip.contact_as_given {
            return;
        }
        for session in self.stack.sessions_on(flow) {
            let peer = self.stack.peer_name(session).and_then(address_in).and_then(user_of);
            let Some(extension) = peer.filter(|peer| self.extensions.get(peer.as_str()).is_some()) else {
                continue;
            };
            let is_home = |binding: &&Binding| {
                let home = binding.source;
                home != flow
                    && home.transport == flow.transport
                    && home.remote.ip() == flow.remote.ip()
                    && !self.stack.is_lost(home)
            };
            let home = self.registrar.bindings(&extension).iter().find(is_home).map(|binding| binding.source);
            if let Some(home) = home {
                self.stack.goes_on_by(session, flow, home);
            }
        }
    }

    /// A connection is gone: nobody can be rung behind it until the phone registers again. Calls go on.
    pub(crate) fn lose_contacts(&mut self, flow: Flow, now: Moment) {
        if self.plan.sip.contact_as_given {
            // The Contact says where the phone is; the connection that it registered by was only a messenger.
            return;
        }
        for aor in self.registrar.owners_of_flow(&flow) {
            let Some(&agent) = self.extensions.get(aor.as_str()) else { continue };
            let bindings = self.registrar.bindings(&aor).iter().filter(|binding| binding.source == flow);
            let uris: Vec<String> = bindings.map(|binding| binding.uri.clone()).collect();
            for uri in uris {
                self.seats[agent.index()].goes_away(&uri);
                self.lost_streams.insert((agent, uri));
            }
            self.tell_contacts(agent, now);
        }
    }

    /// The seat's contacts whose connection is gone, or has been left without a word, ahead of a registration by `flow`. A
    /// phone that refreshes itself by the connection that it had is none of those.
    pub(crate) fn lost_contacts(&self, agent: AgentId, flow: Flow) -> Vec<LostContact> {
        if self.lost_streams.is_empty() && !flow.transport.is_reliable() {
            return Vec::new();
        }
        let bindings = self.registrar.bindings(&self.plan.agents[agent.index()].extension);
        let is_lost = |binding: &&Binding| self.lost_streams.contains(&(agent, binding.uri.clone()));
        if bindings.iter().any(|binding| binding.source == flow && !is_lost(&binding)) {
            return Vec::new();
        }
        let by_another =
            |binding: &Binding| flow.transport.is_reliable() && binding.source.transport == flow.transport;
        let lost = bindings.iter().map(|binding| (binding, is_lost(&binding)));
        let lost = lost.filter(|(binding, is_known)| *is_known || by_another(binding));
        lost.map(|(binding, is_known)| LostContact {
            uri: binding.uri.clone(),
            source: binding.source,
            instance: binding.instance.clone(),
            is_known,
        })
        .collect()
    }

    /// A phone has registered by `flow`. What was lost and is this phone is here again, under whatever Contact, and its calls
    /// go on here.
    pub(crate) fn phone_is_back(&mut self, agent: AgentId, flow: Flow, lost: &[LostContact], now: Moment) {
        let extension = self.plan.agents[agent.index()].extension.clone();
        for contact in lost {
            let bindings = self.registrar.bindings(&extension);
            let mut fresh = bindings.iter().filter(|binding| binding.source == flow);
            if !fresh.any(|fresh| contact.is_now(fresh)) {
                continue;
            }
            let is_superseded =
                bindings.iter().any(|binding| binding.uri == contact.uri && binding.source != flow);
            self.stack.peer_is_back(contact.source, flow);
            if !contact.is_known {
                continue;
            }
            self.lost_streams.remove(&(agent, contact.uri.clone()));
            if is_superseded && let Some(change) = self.registrar.remove(&extension, &contact.uri) {
                self.on_binding_change(agent, &change, now);
            }
            self.seats[agent.index()].is_back(&contact.uri);
        }
        if lost.iter().any(|contact| contact.is_known) {
            self.tell_contacts(agent, now);
        }
    }

    /// A phone has registered the contact `uri` by another way than before: a NAT has given it another port, or it has
    /// another connection. Its calls go on there.
    pub(crate) fn phone_has_moved(&mut self, agent: AgentId, before: Flow, uri: &str) {
        if self.plan.sip.contact_as_given {
            return;
        }
        let extension = &self.plan.agents[agent.index()].extension;
        let Some(fresh) = self.registrar.bindings(extension).iter().find(|binding| binding.uri == uri) else {
            return;
        };
        let is_theirs = |name: &str| address_in(name).and_then(user_of).as_deref() == Some(extension);
        self.stack.peer_has_moved(before, fresh.source, is_theirs);
    }

    /// A trunk's machine whose stream is gone has come by another: its calls go on there, as a phone's do.
    pub(crate) fn trunk_is_back(&mut self, flow: Flow) {
        let mut lost = self.stack.stranded_beside(flow);
        if lost.is_empty() {
            return;
        }
        // An agent's phone may live at the same address, and comes back by itself.
        lost.retain(|before| self.registrar.owner_of_flow(before).is_none());
        for before in lost {
            self.stack.peer_is_back(before, flow);
        }
    }

    /// Somebody speaks for a call by a connection from another address than its peer's: whoever proves to be that peer is
    /// let in.
    pub(crate) fn on_elsewhere(
        &mut self,
        key: ServerKey,
        session: SessionId,
        message: &Message,
        flow: Flow,
        now: Moment,
    ) {
        let name = self.stack.peer_name(session).and_then(address_in).and_then(user_of);
        let seat = name.and_then(|name| self.extensions.get(name.as_str()).copied());
        let is_peer = match self.identify(message, flow, now) {
            Peer::Agent(agent) => seat == Some(agent),
            // A seat's phone may stand in a trunk's network; no trunk speaks for it.
            Peer::Trunk(trunk) => {
                let by_password = matches!(self.plan.trunks[trunk.index()].trust, TrunkTrust::Digest { .. });
                let was_there = self.stack.flow_of(session).and_then(|at| self.trunks.at(at, &self.plan));
                seat.is_none() && (by_password || was_there == Some(trunk))
            }
            Peer::Stranger(verdict) => {
                let challenge = self.challenge(verdict, flow, now);
                self.stack.respond_and_forget(key, challenge, now);
                return;
            }
        };
        if is_peer {
            self.stack.vouch(key, session, now);
        } else {
            self.stack.respond_and_forget(key, Reply::new(481), now);
        }
    }
}

/// The URI in a name-addr.
fn address_in(name: &str) -> Option<&str> {
    let (_, rest) = name.split_once('<')?;
    rest.split_once('>').map(|(uri, _)| uri)
}
