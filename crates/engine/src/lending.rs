//! Borrows parts of the engine together with what they need for one call.

use crate::engine::Engine;
use crate::gate::{Gate, Peers};
use crate::means::Means;
use crate::seats::Seats;
use crate::trunks::Trunks;

impl Engine {
    /// The trunks, and what they need.
    pub(crate) fn trunks(&mut self) -> (&mut Trunks, Means<'_>) {
        let (trunks, _, means) = self.lend();
        (trunks, means)
    }

    /// The seats, and what they need.
    pub(crate) fn seats(&mut self) -> (&mut Seats, Means<'_>) {
        let (_, seats, means) = self.lend();
        (seats, means)
    }

    fn lend(&mut self) -> (&mut Trunks, &mut Seats, Means<'_>) {
        let means = Means {
            plan: &self.plan,
            directory: &self.directory,
            service: &self.service,
            stack: &mut self.stack,
            rng: &mut self.rng,
            outbox: &mut self.outbox,
        };
        (&mut self.trunks, &mut self.seats, means)
    }

    /// The gate, and the peers it can recognise.
    pub(crate) fn gate(&mut self) -> (&mut Gate, Peers<'_>) {
        let peers = Peers {
            plan: &self.plan,
            directory: &self.directory,
            seating: &self.seating,
            seats: &mut self.seats,
            signed_in: &self.signed_in,
            trunks: &self.trunks,
        };
        (&mut self.gate, peers)
    }
}
