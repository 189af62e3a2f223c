//! Whom the gate can know, and what becomes of a message there.

use turno_ground::Flow;
use turno_model::{Plan, SeatId};
use turno_sip::Shedding;

use crate::directory::Directory;
use crate::peer::Peer;
use crate::seating::Seating;
use crate::seats::Seats;
use crate::trunks::Trunks;

/// Whom the gate can know; the engine lends it for one verb.
#[derive(Debug)]
pub(crate) struct Peers<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) directory: &'a Directory,
    pub(crate) seating: &'a Seating,
    pub(crate) seats: &'a mut Seats,
    pub(crate) trunks: &'a Trunks,
}

/// Who is at the other end of a flow, before a message is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    /// A trunk or a registered phone.
    Known,
    /// Anybody else.
    Stranger,
}

/// What becomes of a message.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry {
    /// It is dropped unread.
    Dropped,
    /// It begins a call that is refused; where the stack can't refuse it unread, it is read and shed.
    Refused(Shedding),
    /// It is read, and the stack sheds what begins something of this kind.
    Read(Shedding),
}

impl Peers<'_> {
    /// The phone of a seat, by who sits there.
    pub(crate) fn at_seat(&self, seat: SeatId) -> Peer {
        match self.seating.who_sits_at(seat) {
            Some(agent) => Peer::Agent(agent, seat),
            None => Peer::FreeSeat(seat),
        }
    }

    /// Whether a trunk or a registered phone is at the other end.
    pub(crate) fn sender(&self, flow: &Flow) -> Sender {
        if self.seats.have(flow) || self.trunks.at(*flow, self.plan).is_some() {
            Sender::Known
        } else {
            Sender::Stranger
        }
    }
}
