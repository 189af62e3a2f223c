//! The connections of pages, with a reverse proxy before them or without.

use std::net::{IpAddr, SocketAddr};

use turno_ground::Flow;

use crate::world::World;

/// Where the HTTP API listens.
const API_PORT: u16 = 8_443;

impl World {
    /// The flow of a page that connects.
    pub(crate) fn page_flow(&mut self, place: usize) -> Option<Flow> {
        let transport = self.persons[place].page.as_ref()?.names.transport;
        let ip = self.ways.proxy().unwrap_or_else(|| self.persons[place].local().ip());
        let remote = SocketAddr::new(ip, self.wires.fresh_port());
        Some(Flow { transport, local: SocketAddr::new(self.server.ip(), API_PORT), remote })
    }

    /// The address of the machine at the other end of a connection, whatever proxy is between.
    pub(crate) fn machine_at(&self, flow: &Flow) -> IpAddr {
        let person = self.wires.whose(flow).map(|place| &self.persons[place]);
        let page = person.filter(|person| person.page.is_some());
        page.map_or(flow.remote.ip(), |person| person.local().ip())
    }
}
