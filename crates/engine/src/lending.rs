//! What the parts work with is lent to them for one verb.

use crate::engine::Engine;
use crate::gate::{Gate, Peers};
use crate::means::Means;
use crate::seats::Seats;
use crate::trunks::Trunks;

impl Engine {
    /// The trunks, and what they work with.
    pub(crate) fn trunks(&mut self) -> (&mut Trunks, Means<'_>) {
        let (trunks, _, means) = self.lend();
        (trunks, means)
    }

    /// The seats, and what they work with.
    pub(crate) fn seats(&mut self) -> (&mut Seats, Means<'_>) {
        let (_, seats, means) = self.lend();
        (seats, means)
    }

    /// The parts that work with [`Means`], and these.
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

    /// The gate, and whom it can know.
    pub(crate) fn gate(&mut self) -> (&mut Gate, Peers<'_>) {
        let peers = Peers {
            plan: &self.plan,
            directory: &self.directory,
            seating: &self.seating,
            seats: &mut self.seats,
            trunks: &self.trunks,
        };
        (&mut self.gate, peers)
    }
}
