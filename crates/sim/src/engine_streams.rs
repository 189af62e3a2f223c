//! The engine's side of connections: what it sends over one, and where it connects to.

use core::time::Duration;

use bytes::Bytes;
use turno_ground::{Flow, Transport};

use crate::network::DELAY;
use crate::person::Presence;
use crate::ways::{Inbound, Way};
use crate::world::World;

/// When the engine gives up connecting to a peer that does not even refuse.
const CONNECT_SPAN: Duration = Duration::from_secs(4);

impl World {
    /// The engine sends over a connection, or opens one for it.
    pub(crate) fn leaves_by_connection(&mut self, flow: Flow, bytes: Bytes) {
        let is_asked_for = flow.local.port() == 0;
        assert!(!(is_asked_for && flow.transport.is_web()), "nobody can connect to a page: {flow:?}");
        let by = self.wires.towards(flow).or_else(|| self.is_connected_to(flow));
        if let Some(by) = by {
            let from = self.network.cut_off_until(self.machine_at(&by), self.now);
            self.wires.send(by, bytes, false, from, self.network.weather);
        }
    }

    /// The person whose phone gets what the engine sends by `flow`.
    pub(crate) fn whose(&self, flow: Flow) -> Option<usize> {
        self.wires.whose(&flow).or_else(|| self.persons.at(flow.remote))
    }

    /// The engine connects to the address of a Contact or a sent-by.
    fn is_connected_to(&mut self, asked: Flow) -> Option<Flow> {
        let now = self.now;
        let place = self.persons.at(asked.remote);
        let place = place.filter(|_| asked.transport == Transport::Tcp);
        let is_silent = place.is_some_and(|place| self.persons[place].presence == Presence::Gone)
            || self.network.is_cut_off(asked.remote.ip(), now);
        let takes = place.map(|place| self.persons[place].way).is_some_and(|way| match way {
            Way::Tcp(Inbound::Always) => true,
            Way::Tcp(Inbound::Sometimes) => self.wires.rng.below(2) == 0,
            Way::Tcp(Inbound::Never) | Way::Datagrams | Way::ByProxy(..) | Way::WithoutRport(_) => false,
        });
        let Some(place) = place.filter(|_| takes && !is_silent) else {
            let after = if is_silent { CONNECT_SPAN } else { DELAY * 2 };
            self.wires.refuses(asked, after, now);
            return None;
        };
        let mut flow = asked;
        flow.local.set_ip(self.server.ip());
        flow.local.set_port(self.wires.fresh_port());
        self.wires.stands(flow, place, Some(asked), now);
        let link = &mut self.persons[place].link;
        if link.current.is_none_or(|current| !self.wires.is_open(&current)) {
            (link.current, link.heard_since) = (Some(flow), Some(now));
        }
        Some(flow)
    }
}
