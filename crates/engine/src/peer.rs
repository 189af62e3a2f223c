//! Who sent a request.

use turno_model::{AgentId, SeatId, TrunkId};
use turno_sip::Verdict;

/// Who sent a request. A seat's phone is known by its credentials, or by the connection of its registered contact; by UDP
/// the contact's address is believed too, but for calls.
#[derive(Debug)]
pub(crate) enum Peer {
    /// The phone of the seat at which this agent sits.
    Agent(AgentId, SeatId),
    /// The phone of a seat at which nobody sits: it registers, and begins nothing.
    FreeSeat(SeatId),
    /// A trunk: by address or credentials.
    Trunk(TrunkId),
    /// Nobody that we know, to be challenged: what its credentials were worth.
    Stranger(Verdict),
}
