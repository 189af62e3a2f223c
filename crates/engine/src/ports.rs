//! Media ports: reserve for agents' phones, and the number of free ports that the room may use for offers.

use turno_ground::Moment;

use crate::engine::Engine;
use crate::ports_seen::PortsSeen;

/// One in this many ports is reserved for phones that we ring.
const KEPT_SHARE: usize = 5;

/// Cap on the reserve while only ports that are already bound are given out.
const KEPT_OF_CARE: usize = 2;

impl Engine {
    /// Usage of the media ports.
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

    /// Whether one more caller gets a port. As many ports as there are agents, but at most a fifth and at least one,
    /// are reserved for phones that we ring. Otherwise a flood of callers would hear music and nobody could be served.
    /// Held lines have their ports and are rung no more, so they don't use up the reserve.
    pub(crate) fn has_port_for_caller(&self) -> bool {
        let kept = (self.switchboard.ports_most() / KEPT_SHARE).min(self.plan.agents.len()).max(1);
        let kept = if self.switchboard.is_careful() { kept.min(KEPT_OF_CARE) } else { kept };
        self.switchboard.ports_free()
            > kept.saturating_sub(self.switchboard.rung().saturating_sub(self.held_lines.open()))
    }

    /// Ports were taken in this step: updates the room before it makes another offer.
    pub(crate) fn ports_were_taken(&mut self) {
        self.room.ports_free(self.switchboard.ports_free());
    }

    /// At the end of a step, tells the room how many ports are free, and lets it offer contacts that wait for a port.
    /// True if it did.
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
