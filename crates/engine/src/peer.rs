//! The sender of a request.

use turno_model::{AgentId, SeatId, TrunkId};
use turno_sip::Verdict;

/// The sender of a request. A seat's phone is identified by its credentials, or by the flow of its binding. By UDP the
/// flow is enough for all requests but calls.
#[derive(Debug)]
pub(crate) enum Peer {
    /// The phone of the seat where this agent sits.
    Agent(AgentId, SeatId),
    /// The phone of a seat where nobody sits: it may register, but not call.
    FreeSeat(SeatId),
    /// A trunk, identified by address or credentials.
    Trunk(TrunkId),
    /// An unknown sender, to be challenged, with the verdict on its credentials.
    Stranger(Verdict),
}
