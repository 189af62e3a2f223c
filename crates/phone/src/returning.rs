//! A phone whose connection is back: what may have been lost with the one before is said again.

use rsip::Method;

use crate::client::Phase;
use crate::phone::Phone;

impl Phone {
    /// The peer that opened this phone's connection has opened another. Requests without a final response, and refusals without
    /// an ACK, are sent once more: over a stream nothing else repeats them.
    pub fn say_again(&mut self) {
        let is_open = |phase: Phase| phase != Phase::Completed;
        let asked = self.clients.values().filter(|client| is_open(client.phase));
        let refused = self.servers.values().filter(|server| {
            server.request.method == Method::Invite && server.is_final && !server.is_acknowledged
        });
        let refused = refused.filter_map(|server| server.last.clone()).filter(|bytes| bytes[8] > b'2');
        let again: Vec<_> = asked.map(|client| client.bytes.clone()).chain(refused).collect();
        again.into_iter().for_each(|bytes| self.transmit(bytes));
    }

    /// Whether the phone is to be registered.
    pub fn wants_registration(&self) -> bool {
        self.registration.wanted
    }
}
