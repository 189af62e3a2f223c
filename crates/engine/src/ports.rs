//! The media ports: how many are free is told to the room before it offers anything.

use turno_ground::Moment;

use crate::engine::Engine;
use crate::ports_seen::PortsSeen;

/// Of the ports, those that are kept for the phones that we ring: one in so many.
const KEPT_SHARE: usize = 5;

/// The same while only ports are given out that are in hand.
const KEPT_OF_CARE: usize = 2;

impl Engine {
    /// How the media ports stand.
    pub fn ports_seen(&self) -> PortsSeen {
        PortsSeen {
            in_use: self.switchboard.ports_in_use(),
            most: self.switchboard.ports_most(),
            free: self.switchboard.ports_free(),
            refuses_callers: !self.has_port_for_caller(),
            is_short_of_descriptors: self.switchboard.is_short_of_descriptors(),
            want: self.shortage.want(),
            holds_offers: self.room.is_short_of_ports(),
            failed_own: self.shortage.failed_own(),
            failed_taken: self.shortage.failed_taken(),
        }
    }

    /// Whether one more caller may come: as many ports as there are agents, but not more than a fifth and at least one, are
    /// kept for the phones that we ring, or in a crowd everybody would hear music and nobody could be served.
    pub(crate) fn has_port_for_caller(&self) -> bool {
        let kept = (self.switchboard.ports_most() / KEPT_SHARE).min(self.plan.agents.len()).max(1);
        let kept = if self.switchboard.is_careful() { kept.min(KEPT_OF_CARE) } else { kept };
        self.switchboard.ports_free() > kept.saturating_sub(self.switchboard.rung())
    }

    /// Ports were taken in this step: the room must know before it offers anything more.
    pub(crate) fn ports_were_taken(&mut self) {
        self.room.ports_free(self.switchboard.ports_free());
    }

    /// At the end of a step the room hears how many ports there are, and serves those who wait for one. True if it did.
    pub(crate) fn ports_serve(&mut self, now: Moment) -> bool {
        let free = self.switchboard.ports_free();
        if !self.room.is_short_of_ports() || free == 0 {
            self.room.ports_free(free);
            return false;
        }
        self.room.serve(free, now);
        true
    }
}
