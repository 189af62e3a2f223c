//! Connections whose person has signed in on a page: they need no SIP password. In memory alone, as a connection is.

use std::collections::BTreeMap;

use turno_ground::Flow;
use turno_model::AgentId;

/// Which agent's page is at the other end of a connection.
#[derive(Debug, Default)]
pub(crate) struct SignedIn(BTreeMap<Flow, AgentId>);

impl SignedIn {
    /// A person has connected.
    pub(crate) fn begin(&mut self, flow: Flow, agent: AgentId) {
        self.0.insert(flow, agent);
    }

    /// The session or the connection of the person has ended.
    pub(crate) fn end(&mut self, flow: &Flow) -> Option<AgentId> {
        self.0.remove(flow)
    }

    /// Who is there.
    pub(crate) fn who(&self, flow: &Flow) -> Option<AgentId> {
        self.0.get(flow).copied()
    }
}
