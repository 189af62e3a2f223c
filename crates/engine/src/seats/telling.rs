//! How many phones of a seat are there, and whether any of them answers, is told.

use turno_model::SeatId;

use crate::seats::Seats;
use crate::seats::told::SeatOutput;

impl Seats {
    /// Tells how many phones the seat has now, and whether any of them can be rung.
    pub(super) fn tell_contacts(&mut self, seat: SeatId) {
        self.outputs.push_back(SeatOutput::Phones(seat, self.phones_at(seat)));
        self.update_reachability(seat);
    }

    /// Tells whether any of the seat's contacts answers.
    pub(super) fn update_reachability(&mut self, seat: SeatId) {
        self.outputs.push_back(SeatOutput::Reachable(seat, self.is_reachable(seat)));
    }

    /// How many phones are registered at a seat whose connection is not known to be gone.
    pub(crate) fn phones_at(&self, seat: SeatId) -> u32 {
        u32::try_from(self.rows[seat.index()].contacts()).unwrap_or(u32::MAX)
    }

    /// Whether any of them answers.
    pub(crate) fn is_reachable(&self, seat: SeatId) -> bool {
        self.rows[seat.index()].is_reachable()
    }
}
