//! Where a seat's phones can be rung, and how each of them wants encryption described.

use smallvec::SmallVec;
use turno_calls::Target;
use turno_model::{AgentId, Plan};
use turno_sip::{Name, OutInvite};

use crate::seats::Seats;
use crate::shielding::agent_srtp;

impl Seats {
    /// One target for each of the agent's contacts that answers; the phone shows `from`, and `identity` says what that is
    /// worth.
    pub(crate) fn targets(
        &self,
        agent: AgentId,
        from: &str,
        identity: &(Name, String),
        plan: &Plan,
    ) -> Vec<Target> {
        let extension = &plan.agents[agent.index()].extension;
        let domain = &plan.sip.domain;
        let seat = &self.rows[agent.index()];
        let reachable =
            self.registrar.bindings(extension).iter().filter(|binding| seat.answers(&binding.uri));
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
                let insists = seat.insists(&binding.uri, &binding.user_agent);
                Target { insists, ..Target::new(invite, agent_srtp(plan, agent, binding.flow.transport)) }
            })
            .collect()
    }

    /// The phone at `uri` has shown how it wants encryption described: the next call begins so.
    pub(crate) fn learn(&mut self, agent: AgentId, uri: &str, is_secure: bool, plan: &Plan) {
        let extension = &plan.agents[agent.index()].extension;
        let binding = self.registrar.bindings(extension).iter().find(|binding| binding.uri == uri);
        if let Some(user_agent) = binding.map(|binding| binding.user_agent.clone()) {
            self.rows[agent.index()].learn(uri, is_secure, user_agent);
        }
    }
}
