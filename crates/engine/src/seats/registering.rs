//! Registers the phones of seats, and ends registrations.

use turno_ground::{Flow, Moment};
use turno_model::SeatId;
use turno_sip::Reply;

use crate::means::Means;
use crate::seats::Seats;
use crate::seats::told::{Phone, Registering, SeatOutput};

impl Seats {
    /// Handles a REGISTER with the right password.
    pub(crate) fn register(&mut self, it: Registering<'_>, means: &mut Means<'_>, now: Moment) {
        let Registering { key, seat, message, flow, granted, phone } = it;
        let extension = &means.plan.seats[seat.index()].extension;
        self.registrar.grant(granted);
        let lost = self.lost_contacts(seat, flow, means.plan);
        let unfit = (phone == Phone::Unfit).then(|| self.phones_of(extension));
        let registered = self.registrar.register(extension, message, flow, now);
        let reason = Some(registered.reason.to_owned());
        let reply = Reply { status: registered.status, reason, headers: registered.headers, body: None };
        means.stack.respond(key, reply, now);
        for change in registered.changed {
            self.on_binding_change(seat, &change, means, now);
        }
        if unfit.is_some_and(|before| before != self.phones_of(extension)) {
            self.outputs.push_back(SeatOutput::PhoneIsNew(seat));
        }
        if registered.status == 200 {
            self.phone_is_back(seat, flow, &lost, means, now);
            self.lead_by(seat, flow, means, now);
        }
    }

    /// Identities of the seat's phones. A phone that restarts uses another Call-ID (RFC 3261, 10.2.4).
    fn phones_of(&self, extension: &str) -> Vec<(String, String, String)> {
        let bindings = self.registrar.bindings(extension).iter();
        bindings.map(|one| (one.uri.clone(), one.call_id.clone(), one.user_agent.clone())).collect()
    }

    /// Removes expired bindings.
    pub(crate) fn expire(&mut self, means: &mut Means<'_>, now: Moment) {
        for change in self.registrar.handle_deadlines(now) {
            if let Some(seat) = means.directory.seat(&change.aor) {
                self.on_binding_change(seat, &change, means, now);
            }
        }
    }

    /// Removes the bindings of a connection whose person has signed out.
    pub(crate) fn sign_out(&mut self, flow: Flow, means: &mut Means<'_>, now: Moment) {
        for aor in self.registrar.owners_of_flow(&flow) {
            let Some(seat) = means.directory.seat(&aor) else { continue };
            let bindings = self.registrar.bindings(&aor).iter().filter(|binding| binding.source == flow);
            let uris: Vec<String> = bindings.map(|binding| binding.uri.clone()).collect();
            for uri in uris {
                if let Some(change) = self.registrar.remove(&aor, &uri) {
                    self.on_binding_change(seat, &change, means, now);
                }
            }
        }
    }

    /// Removes the bindings of retired seats.
    pub(crate) fn retire(&mut self, means: &mut Means<'_>, now: Moment) {
        let plan = means.plan;
        for (place, seat) in (0u32..).zip(&plan.seats) {
            if !seat.is_retired {
                continue;
            }
            let bindings = self.registrar.bindings(&seat.extension).iter();
            let uris: Vec<String> = bindings.map(|binding| binding.uri.clone()).collect();
            for uri in uris {
                if let Some(change) = self.registrar.remove(&seat.extension, &uri) {
                    self.on_binding_change(SeatId(place), &change, means, now);
                }
            }
        }
    }
}
