//! Cuts connections and pulls cables: what a phone loses, and when it reconnects.

use core::time::Duration;

use crate::action::Cut;
use crate::person::Presence;
use crate::scheduled_action::ScheduledAction;
use crate::ways::{Inbound, Way};
use crate::wires;
use crate::world::World;

/// How long a connection may stand after its cable was pulled.
const UNNOTICED_MAX: Duration = Duration::from_secs(60);
/// How long phones wait at most before they reconnect to an engine that is gone.
const LOOKING_MAX_MICROS: u64 = 3_000_000;

impl World {
    /// Cuts all connections of a phone, whichever side opened them.
    pub(crate) fn connection_is_cut(&mut self, place: usize, cut: Cut) {
        let flows = self.wires.of(place);
        if flows.is_empty() {
            return;
        }
        self.cuts += 1;
        if self.persons[place].page.is_some() && !self.persons[place].confirmed.is_empty() {
            self.met.notes("page: cut in a talk");
        }
        let is_sure = matches!(self.persons[place].way, Way::Tcp(Inbound::Always));
        let (span, says_again) = match cut {
            Cut::Reset(span) | Cut::Unnoticed(span) => (span, true),
            // Nothing is lost, so a phone that accepts connections may also wait.
            Cut::Closed(span) => (span, !is_sure || self.wires.rng.below(2) == 0),
        };
        for flow in flows {
            match cut {
                Cut::Reset(_) => self.wires.breaks(flow, wires::TELLING, self.now),
                Cut::Closed(_) => self.wires.close(flow, self.now),
                // There is no NAT between turno and a phone that accepts connections.
                Cut::Unnoticed(_) if self.wires.is_ours(&flow) => {
                    self.wires.breaks(flow, wires::TELLING, self.now);
                }
                Cut::Unnoticed(_) => self.wires.breaks(flow, UNNOTICED_MAX, self.now),
            }
        }
        self.persons[place].link.is_forgotten = matches!(cut, Cut::Unnoticed(_));
        self.is_unconnected(place, span, says_again);
    }

    /// A caller's connection is cut.
    pub(crate) fn caller_connection_is_cut(&mut self, caller: u32, cut: Cut) {
        if let Some(place) = self.clients.get(&caller).map(|client| client.person) {
            self.connection_is_cut(place, cut);
        }
    }

    /// Every connection is cut.
    pub(crate) fn all_connections_are_cut(&mut self, cut: Cut) {
        self.wires.people().into_iter().for_each(|place| self.connection_is_cut(place, cut));
    }

    /// A caller's phone closes its connection and is gone for good.
    pub(crate) fn caller_leaves(&mut self, caller: u32) {
        if let Some(place) = self.clients.get(&caller).map(|client| client.person) {
            self.leaves(place);
        }
    }

    /// Somebody's phone closes its connection and is gone for good.
    fn leaves(&mut self, place: usize) {
        let flows = self.wires.of(place);
        if !flows.is_empty() {
            self.cuts += 1;
            flows.into_iter().for_each(|flow| self.wires.close(flow, self.now));
            self.vanishes(place);
        }
    }

    /// An agent's phone closes its connection and is replaced by one without any state.
    pub(crate) fn agent_leaves(&mut self, place: usize) {
        if !self.wires.of(place).is_empty() {
            self.leaves(place);
            let local = self.persons[place].local();
            self.persons[place].is_reborn(local);
            self.persons.plan_wake(place);
        }
    }

    /// A phone has lost power or network: its connections stand for a while and carry nothing.
    pub(crate) fn cables_are_pulled(&mut self, place: usize) {
        for flow in self.wires.of(place) {
            self.wires.breaks(flow, UNNOTICED_MAX, self.now);
        }
        self.persons[place].link.current = None;
    }

    /// The engine is gone, and all connections with it: their phones reconnect.
    pub(crate) fn connections_end(&mut self) {
        for place in self.wires.all_end() {
            let span = Duration::from_micros(self.wires.rng.below(LOOKING_MAX_MICROS));
            self.is_unconnected(place, span, true);
        }
    }

    fn is_unconnected(&mut self, place: usize, span: Duration, says_again: bool) {
        let person = &mut self.persons[place];
        person.link.says_again |= says_again;
        // turno does not know where a page is that can't register: its talks do not follow it.
        let is_unknown = person.page.as_ref().is_some_and(|page| !page.has_session || !person.is_registered);
        if person.link.is_cut(span, self.now) || is_unknown {
            person.is_deaf();
        }
        self.means_to(self.now + span, ScheduledAction::Connects(place));
    }

    /// A cable is pulled: this phone sends and receives nothing, and its audio stops.
    pub(crate) fn vanishes(&mut self, place: usize) {
        self.persons[place].presence = Presence::Gone;
        self.persons[place].is_deaf();
        self.persons.plan_wake(place);
        self.cables_are_pulled(place);
        self.falls_silent_later(place);
    }

    pub(crate) fn falls_silent_later(&mut self, place: usize) {
        if let Some(span) = self.plan.media.inactivity {
            self.means_to(self.now + span, ScheduledAction::FallsSilent(self.rtp_of(place)));
        }
    }
}
