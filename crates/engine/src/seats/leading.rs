//! One leading browser for each seat: of two desks of one agent, the one that came last.
//!
//! The desk that was there before is let go, and refused for as long as the other is registered: otherwise both would take
//! the seat from each other with every refresh. A person who wants the desk there again opens it as a new instance.

use turno_ground::{Flow, Moment};
use turno_model::SeatId;
use turno_sip::{Binding, Message, instance_in};

use crate::means::Means;
use crate::seats::Seats;

/// Longest name of a device that is remembered.
const INSTANCE_BYTES_MAX: usize = 128;

impl Seats {
    /// Whether a REGISTER is from a browser from which another one has taken the seat.
    pub(crate) fn is_led_elsewhere(
        &self,
        seat: SeatId,
        message: &Message,
        flow: Flow,
        means: &Means<'_>,
    ) -> bool {
        if !flow.transport.is_web() || !self.rows[seat.index()].has_displaced() {
            return false;
        }
        let Some(instance) = instance_in(message) else { return false };
        self.rows[seat.index()].is_displaced(&instance)
            && self.browsers(seat, means).any(|other| other.instance.as_deref() != Some(instance.as_str()))
    }

    /// A browser has registered by `flow`: the others of the seat are let go. Their talks go on.
    pub(super) fn lead_by(&mut self, seat: SeatId, flow: Flow, means: &mut Means<'_>, now: Moment) {
        if !flow.transport.is_web() {
            return;
        }
        let leads = |binding: &&Binding| binding.source == flow;
        let leading = self.browsers(seat, means).find(leads).and_then(|binding| binding.instance.clone());
        let Some(leading) = leading else { return };
        let is_other = |other: &&Binding| other.instance.as_ref().is_some_and(|it| *it != leading);
        let others: Vec<(String, String)> = self
            .browsers(seat, means)
            .filter(is_other)
            .map(|other| (other.uri.clone(), other.instance.clone().unwrap_or_default()))
            .collect();
        if self.rows[seat.index()].is_displaced(&leading) {
            self.rows[seat.index()].takes_back(&leading);
        }
        for (uri, instance) in others {
            if instance.len() <= INSTANCE_BYTES_MAX {
                self.rows[seat.index()].displace(instance);
            }
            let change = self.registrar.remove(&means.plan.seats[seat.index()].extension, &uri);
            if let Some(change) = change {
                self.on_binding_change(seat, &change, means, now);
            }
        }
    }

    fn browsers<'a>(&'a self, seat: SeatId, means: &Means<'_>) -> impl Iterator<Item = &'a Binding> {
        let bindings = self.registrar.bindings(&means.plan.seats[seat.index()].extension).iter();
        bindings.filter(|binding| binding.source.transport.is_web())
    }
}
