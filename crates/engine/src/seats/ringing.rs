//! Targets to ring at a seat, each with the SDP profile that its phone wants.

use smallvec::SmallVec;
use turno_calls::Target;
use turno_model::{Plan, SeatId};
use turno_sip::{Name, OutInvite};

use crate::seats::Seats;
use crate::srtp_policy::seat_srtp;

impl Seats {
    /// One target for each reachable binding of the seat. The phone shows `from`; `identity` is the header that asserts
    /// or withholds it.
    pub(crate) fn targets(
        &self,
        seat: SeatId,
        from: &str,
        identity: &(Name, String),
        plan: &Plan,
    ) -> Vec<Target> {
        let extension = &plan.seats[seat.index()].extension;
        let domain = &plan.sip.domain;
        let row = &self.rows[seat.index()];
        let reachable = self.registrar.bindings(extension).iter().filter(|binding| row.answers(&binding.uri));
        reachable
            .map(|binding| {
                let invite = OutInvite {
                    uri: binding.uri.clone(),
                    flow: binding.flow,
                    from: from.to_owned(),
                    to: format!("<sip:{extension}@{domain}>"),
                    contact_user: "turno".to_owned(),
                    route: binding.path.clone(),
                    headers: SmallVec::from_iter([identity.clone()]),
                    sdp: None,
                    credentials: None,
                };
                let insists = row.insists(&binding.uri, &binding.user_agent);
                Target { insists, ..Target::new(invite, seat_srtp(plan, seat, binding.flow.transport)) }
            })
            .collect()
    }

    /// The phone at `uri` has shown which SDP profile it wants: the next call offers that first.
    pub(crate) fn learn(&mut self, seat: SeatId, uri: &str, is_secure: bool, plan: &Plan) {
        let extension = &plan.seats[seat.index()].extension;
        let binding = self.registrar.bindings(extension).iter().find(|binding| binding.uri == uri);
        if let Some(user_agent) = binding.map(|binding| binding.user_agent.clone()) {
            self.rows[seat.index()].learn(uri, is_secure, user_agent);
        }
    }
}
