//! Connections whose person has signed in on a page: they need no SIP password. In memory alone, as a connection is.

use std::collections::BTreeMap;

use turno_ground::Flow;
use turno_model::AgentId;

/// Which agent's page is at the other end of a connection; `None` if the session has ended and the connection stands.
#[derive(Debug, Default)]
pub(crate) struct SignedIn(BTreeMap<Flow, Option<AgentId>>);

impl SignedIn {
    /// A person has connected.
    pub(crate) fn begin(&mut self, flow: Flow, agent: AgentId) {
        self.0.insert(flow, Some(agent));
    }

    /// The session of the person has ended.
    pub(crate) fn end(&mut self, flow: &Flow) -> Option<AgentId> {
        self.0.get_mut(flow)?.take()
    }

    /// The connection is closed.
    pub(crate) fn is_closed(&mut self, flow: &Flow) {
        self.0.remove(flow);
    }

    /// Whether the connection stands, with a session or without.
    pub(crate) fn stands(&self, flow: &Flow) -> bool {
        self.0.contains_key(flow)
    }

    /// Who is there.
    pub(crate) fn who(&self, flow: &Flow) -> Option<AgentId> {
        self.0.get(flow).copied().flatten()
    }
}
