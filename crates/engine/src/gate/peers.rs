//! The peers that the gate can recognise, and its verdict on a message.

use turno_ground::Flow;
use turno_model::{Plan, SeatId};
use turno_sip::Shedding;

use crate::directory::Directory;
use crate::peer::Peer;
use crate::seating::Seating;
use crate::seats::Seats;
use crate::signed_in::SignedIn;
use crate::trunks::Trunks;

/// What the gate needs to recognise peers; borrowed from the engine for one call.
#[derive(Debug)]
pub(crate) struct Peers<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) directory: &'a Directory,
    pub(crate) seating: &'a Seating,
    pub(crate) seats: &'a mut Seats,
    pub(crate) signed_in: &'a SignedIn,
    pub(crate) trunks: &'a Trunks,
}

/// Sender of a flow, as known before the message is parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    /// A trunk, a registered phone, or somebody who has signed in.
    Known,
    /// Anybody else.
    Stranger,
}

/// Verdict on a message.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry {
    /// It is dropped unread.
    Dropped,
    /// It begins a call that is refused. If the stack can't refuse it unread, it is parsed and shed.
    Refused(Shedding),
    /// It is parsed, and the stack sheds it if it begins something of this kind.
    Read(Shedding),
}

impl Peers<'_> {
    /// The peer at a seat's phone: an agent, or a free seat.
    pub(crate) fn at_seat(&self, seat: SeatId) -> Peer {
        match self.seating.who_sits_at(seat) {
            Some(agent) => Peer::Agent(agent, seat),
            None => Peer::FreeSeat(seat),
        }
    }

    /// The seats for which the page at the other end of a connection may speak without a password: where its agent sits, and
    /// the agent's own one if nobody else sits there.
    pub(crate) fn speaks_for(&self, flow: &Flow, seat: SeatId) -> bool {
        let Some(agent) = self.signed_in.who(flow) else { return false };
        let plan = self.plan.agents.get(agent.index()).filter(|agent| !agent.is_retired);
        match self.seating.who_sits_at(seat) {
            Some(sitter) => plan.is_some() && sitter == agent,
            None => plan.is_some_and(|plan| plan.own_seat == Some(seat)),
        }
    }

    /// Whether a trunk or a registered phone is at the other end, or somebody who has signed in.
    pub(crate) fn sender(&self, flow: &Flow) -> Sender {
        if self.seats.have(flow)
            || self.signed_in.who(flow).is_some()
            || self.trunks.at(*flow, self.plan).is_some()
        {
            Sender::Known
        } else {
            Sender::Stranger
        }
    }
}
