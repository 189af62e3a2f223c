//! What arrives by datagrams: at the engine, at a phone, at a carrier.

use std::net::SocketAddr;

use bytes::Bytes;
use turno_engine::Input;
use turno_ground::{Datagram, Flow, Transport};

use crate::letters::Letter;
use crate::network::Packet;
use crate::world::World;

/// How many datagrams a forger remembers.
const HEARD_MAX: usize = 64;

impl World {
    pub(crate) fn deliver(&mut self, packet: Packet) {
        if packet.to == self.server {
            self.heard.push_back(packet.clone());
            if self.heard.len() > HEARD_MAX {
                self.heard.pop_front();
            }
            self.throw_in(packet.from, &packet.bytes);
        } else if self.carrier.as_ref().is_some_and(|carrier| carrier.address == packet.to) {
            self.reaches_carrier(&packet);
        } else if let Some(&person) = self.by_address.get(&packet.to)
            && self.persons[person].hears()
        {
            let now = self.now;
            if self.is_long
                && let Some(bytes) = self.persons[person].is_here(&packet.bytes)
            {
                self.network.send(Packet { from: packet.to, to: packet.from, bytes }, now);
                return;
            }
            if let Some(bytes) = self.persons[person].takes_in(packet) {
                self.persons[person].receives(&bytes, now);
                self.act(person, |_, _| ());
            }
        }
    }

    /// Hands a datagram to the engine.
    pub(crate) fn throw_in(&mut self, from: SocketAddr, bytes: &Bytes) {
        let flow = Flow { transport: Transport::Udp, local: self.server, remote: from };
        self.hand_over(flow, bytes);
    }

    /// Hands a message to the engine.
    pub(crate) fn hand_over(&mut self, flow: Flow, bytes: &Bytes) {
        if self.is_kept_back(|| Letter::Datagram(flow, bytes.clone())) {
            return;
        }
        self.chronicle.bytes(b'<', self.now, bytes);
        if let Some(tape) = &mut self.tape {
            tape.received(self.now, flow, bytes);
        }
        self.tell(Input::Datagram(Datagram { flow, bytes }));
    }
}
