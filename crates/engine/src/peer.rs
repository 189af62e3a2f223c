//! Who sent a request.

use turno_model::{AgentId, TrunkId};
use turno_sip::Verdict;

/// Who sent a request.
#[derive(Debug)]
pub(crate) enum Peer {
    /// An agent's phone: with its credentials, or by the connection of its registered contact. By UDP the contact's
    /// address is believed too, but for calls.
    Agent(AgentId),
    /// A trunk: by address or credentials.
    Trunk(TrunkId),
    /// Nobody that we know, to be challenged: what its credentials were worth.
    Stranger(Verdict),
}
