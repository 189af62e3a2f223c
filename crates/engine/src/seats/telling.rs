//! Reports the number and the reachability of a seat's phones.

use turno_model::SeatId;

use crate::seats::Seats;
use crate::seats::told::SeatOutput;

impl Seats {
    /// Reports the number of phones at the seat, and whether any is reachable.
    pub(super) fn tell_contacts(&mut self, seat: SeatId) {
        self.outputs.push_back(SeatOutput::Phones(seat, self.phones_at(seat)));
        self.update_reachability(seat);
    }

    /// Reports whether any phone of the seat is reachable.
    pub(super) fn update_reachability(&mut self, seat: SeatId) {
        self.outputs.push_back(SeatOutput::Reachable(seat, self.is_reachable(seat)));
    }

    /// Number of bindings at a seat whose connection is not known to be closed.
    pub(crate) fn phones_at(&self, seat: SeatId) -> u32 {
        u32::try_from(self.rows[seat.index()].contacts()).unwrap_or(u32::MAX)
    }

    /// Whether any of them is reachable.
    pub(crate) fn is_reachable(&self, seat: SeatId) -> bool {
        self.rows[seat.index()].is_reachable()
    }
}
