//! Phones whose connection closes and that return on another one.
//!
//! A closed connection ends no call: the call goes on, and the phone gets no new offer until it is back. A crash of
//! ours closes all connections at once and is handled the same way.

use turno_ground::{Flow, Moment};
use turno_model::{Plan, SeatId};
use turno_sip::Binding;

use crate::means::Means;
use crate::seats::Seats;
use crate::user::{address_in, user_of};

/// A binding whose connection is closed, or may turn out to be.
#[derive(Debug)]
pub(super) struct LostContact {
    uri: String,
    source: Flow,
    instance: Option<String>,
    /// Whether we know that it is closed.
    is_known: bool,
}

impl LostContact {
    /// Whether a new binding is from the same phone: the same device by its instance (RFC 5626, 4.1), the same Contact,
    /// or, for devices without an instance, the same IP address. While the old connection seems open, the IP address
    /// alone proves nothing.
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
    /// Moves calls from a phone's second connection, which closed, back to the connection that it is registered on.
    pub(crate) fn move_calls_back(&self, flow: Flow, means: &mut Means<'_>) {
        if means.plan.sip.contact_as_given && !flow.transport.is_web() {
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

    /// A connection closed: its phone can't be rung until it registers again. Calls go on.
    pub(crate) fn lose(&mut self, flow: Flow, means: &Means<'_>) {
        if means.plan.sip.contact_as_given && !flow.transport.is_web() {
            // The Contact says where the phone is; the connection was only used for the REGISTER.
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

    /// The seat's bindings whose connection closed, or was left silently, before a registration on `flow`. A phone that
    /// refreshes on its own connection has none.
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

    /// A phone registered on `flow`. Lost bindings of this phone, under any Contact, count as present again, and their
    /// calls move to this flow.
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
