//! Phones whose connection closes, and who come back by another.
//!
//! A closed connection ends nothing: the talk goes on, and the phone gets no new offer until it is back. A crash of ours
//! closes all connections at once, and is the same.

use turno_ground::{Flow, Moment};
use turno_model::{Plan, SeatId};
use turno_sip::Binding;

use crate::means::Means;
use crate::seats::Seats;
use crate::user::{address_in, user_of};

/// A contact whose connection is gone, as far as we know or as it may turn out.
#[derive(Debug)]
pub(super) struct LostContact {
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

impl Seats {
    /// Calls that a phone has led by a second connection, which is gone, go on by the one that it is registered by.
    pub(crate) fn calls_go_home(&self, flow: Flow, means: &mut Means<'_>) {
        if means.plan.sip.contact_as_given {
            return;
        }
        for session in means.stack.sessions_on(flow) {
            let peer = means.stack.peer_name(session).and_then(address_in).and_then(user_of);
            let Some(extension) = peer.filter(|peer| means.directory.seat(peer).is_some()) else {
                continue;
            };
            let is_home = |binding: &&Binding| {
                let home = binding.source;
                home != flow
                    && home.transport == flow.transport
                    && home.remote.ip() == flow.remote.ip()
                    && !means.stack.is_lost(home)
            };
            let home = self.registrar.bindings(&extension).iter().find(is_home).map(|binding| binding.source);
            if let Some(home) = home {
                means.stack.goes_on_by(session, flow, home);
            }
        }
    }

    /// A connection is gone: nobody can be rung behind it until the phone registers again. Calls go on.
    pub(crate) fn lose(&mut self, flow: Flow, means: &Means<'_>) {
        if means.plan.sip.contact_as_given {
            // The Contact says where the phone is; the connection that it registered by was only a messenger.
            return;
        }
        for aor in self.registrar.owners_of_flow(&flow) {
            let Some(seat) = means.directory.seat(&aor) else { continue };
            let bindings = self.registrar.bindings(&aor).iter().filter(|binding| binding.source == flow);
            let uris: Vec<String> = bindings.map(|binding| binding.uri.clone()).collect();
            for uri in uris {
                self.rows[seat.index()].goes_away(&uri);
                self.lost_streams.insert((seat, uri));
            }
            self.tell_contacts(seat);
        }
    }

    /// The seat's contacts whose connection is gone, or has been left without a word, ahead of a registration by `flow`. A
    /// phone that refreshes itself by the connection that it had is none of those.
    pub(super) fn lost_contacts(&self, seat: SeatId, flow: Flow, plan: &Plan) -> Vec<LostContact> {
        if self.lost_streams.is_empty() && !flow.transport.is_reliable() {
            return Vec::new();
        }
        let bindings = self.registrar.bindings(&plan.seats[seat.index()].extension);
        let is_lost = |binding: &&Binding| self.lost_streams.contains(&(seat, binding.uri.clone()));
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
    pub(super) fn phone_is_back(
        &mut self,
        seat: SeatId,
        flow: Flow,
        lost: &[LostContact],
        means: &mut Means<'_>,
        now: Moment,
    ) {
        let extension = &means.plan.seats[seat.index()].extension;
        for contact in lost {
            let bindings = self.registrar.bindings(extension);
            let mut fresh = bindings.iter().filter(|binding| binding.source == flow);
            if !fresh.any(|fresh| contact.is_now(fresh)) {
                continue;
            }
            let is_superseded =
                bindings.iter().any(|binding| binding.uri == contact.uri && binding.source != flow);
            means.stack.peer_is_back(contact.source, flow);
            if !contact.is_known {
                continue;
            }
            self.lost_streams.remove(&(seat, contact.uri.clone()));
            if is_superseded && let Some(change) = self.registrar.remove(extension, &contact.uri) {
                self.on_binding_change(seat, &change, means, now);
            }
            self.rows[seat.index()].is_back(&contact.uri);
        }
        if lost.iter().any(|contact| contact.is_known) {
            self.tell_contacts(seat);
        }
    }
}
