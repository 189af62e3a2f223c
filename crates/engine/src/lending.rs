//! What the parts work with is lent to them for one verb.

use crate::engine::Engine;
use crate::trunks::{Means, Trunks};

impl Engine {
    /// The trunks, and what they work with.
    pub(crate) fn trunks(&mut self) -> (&mut Trunks, Means<'_>) {
        let means = Means {
            plan: &self.plan,
            service: &self.service,
            stack: &mut self.stack,
            dice: &mut self.dice,
            outbox: &mut self.outbox,
        };
        (&mut self.trunks, means)
    }
}
