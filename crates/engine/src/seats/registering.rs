//! Seats that register, and registrations that end.

use turno_ground::Moment;
use turno_model::AgentId;
use turno_sip::Reply;

use crate::means::Means;
use crate::seats::Seats;
use crate::seats::told::{Phone, Registering, SeatOutput};

impl Seats {
    /// A phone registers by the password of its seat.
    pub(crate) fn register(&mut self, it: Registering<'_>, means: &mut Means<'_>, now: Moment) {
        let Registering { key, agent, message, flow, granted, phone } = it;
        let extension = &means.plan.agents[agent.index()].extension;
        self.registrar.grant(granted);
        let lost = self.lost_contacts(agent, flow, means.plan);
        let unfit = (phone == Phone::Unfit).then(|| self.phones_of(extension));
        let registered = self.registrar.register(extension, message, flow, now);
        let reason = Some(registered.reason.to_owned());
        let reply = Reply { status: registered.status, reason, headers: registered.headers, body: None };
        means.stack.respond(key, reply, now);
        for change in registered.changed {
            self.on_binding_change(agent, &change, means, now);
        }
        if unfit.is_some_and(|before| before != self.phones_of(extension)) {
            self.outputs.push_back(SeatOutput::PhoneIsNew(agent));
        }
        if registered.status == 200 {
            self.phone_is_back(agent, flow, &lost, means, now);
        }
    }

    /// Which phones there are, each since its start: a phone that starts anew registers by another Call-ID (RFC 3261,
    /// 10.2.4).
    fn phones_of(&self, extension: &str) -> Vec<(String, String, String)> {
        let bindings = self.registrar.bindings(extension).iter();
        bindings.map(|one| (one.uri.clone(), one.call_id.clone(), one.user_agent.clone())).collect()
    }

    /// Ends the registrations whose time is over.
    pub(crate) fn expire(&mut self, means: &mut Means<'_>, now: Moment) {
        for change in self.registrar.handle_deadlines(now) {
            if let Some(agent) = means.directory.agent(&change.aor) {
                self.on_binding_change(agent, &change, means, now);
            }
        }
    }

    /// Ends the registrations of agents who are gone from the plan: nobody reaches them any more.
    pub(crate) fn retire(&mut self, means: &mut Means<'_>, now: Moment) {
        let plan = means.plan;
        for (place, agent) in (0u32..).zip(&plan.agents) {
            if !agent.is_retired {
                continue;
            }
            let bindings = self.registrar.bindings(&agent.extension).iter();
            let uris: Vec<String> = bindings.map(|binding| binding.uri.clone()).collect();
            for uri in uris {
                if let Some(change) = self.registrar.remove(&agent.extension, &uri) {
                    self.on_binding_change(AgentId(place), &change, means, now);
                }
            }
        }
    }
}
