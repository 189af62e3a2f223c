//! Who is let in at all: before a message is read, its source is looked at, and how much work there is.

use core::time::Duration;

use turno_ground::{Datagram, Flow, Moment};
use turno_sip::Shedding;

use crate::engine::Engine;
use crate::overload::Load;

/// What is seen of overload from outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OverloadSeen {
    /// How much is refused now.
    pub load: Load,
    /// How long messages lay unread of late.
    pub delay: Duration,
    /// How often new calls began to be refused.
    pub episodes: u64,
    /// New calls refused, copies included.
    pub calls: u64,
    /// Other requests refused, copies included.
    pub others: u64,
}

impl Engine {
    /// Told by the shell ahead of a message that begins something: how long it lay unread.
    pub fn waited(&mut self, span: Duration, now: Moment) {
        self.overload.waited(span, now);
    }

    /// Told by the shell when nothing lies unread.
    pub fn idle(&mut self, now: Moment) {
        self.overload.idle(now);
    }

    /// How much work there is, and what was refused for it.
    pub fn overload_seen(&self) -> OverloadSeen {
        let counters = self.stack.counters();
        OverloadSeen {
            load: self.overload.load(),
            delay: self.overload.smoothed(),
            episodes: self.overload.episodes(),
            calls: counters.shed_calls,
            others: counters.shed_others,
        }
    }

    pub(crate) fn take_in(&mut self, datagram: Datagram<'_>, now: Moment) {
        if self.is_within_limit(datagram.flow, now) {
            let shedding = self.shedding(&datagram.flow);
            self.stack.shed(shedding);
            self.stack.handle_datagram(datagram, now);
        }
    }

    fn shedding(&self, flow: &Flow) -> Shedding {
        match self.overload.load() {
            Load::Calm => Shedding::default(),
            Load::Busy => {
                let is_stranger = !self.is_known(flow);
                Shedding { calls: is_stranger, others: is_stranger }
            }
            Load::Over => Shedding { calls: true, others: !self.is_known(flow) },
            Load::Drowning => Shedding { calls: true, others: true },
        }
    }

    /// Whether a trunk or a registered phone is at the other end.
    fn is_known(&self, flow: &Flow) -> bool {
        self.registrar.owner_of_flow(flow).is_some() || self.trunk_by_flow(*flow).is_some()
    }

    /// How much of the life that a registration asks for is granted, in hundredths: phones that all came back at once
    /// come back one by one the next time.
    pub(crate) fn granted_life(&mut self) -> u32 {
        if self.overload.load() == Load::Calm {
            100
        } else {
            50 + u32::try_from(self.dice.below(51)).unwrap_or(50)
        }
    }
}
