//! Delivers what arrives, by datagram or connection, to the engine, a phone or the carrier.

use std::net::SocketAddr;

use bytes::Bytes;
use turno_ground::{Flow, Transport};

use crate::network::Packet;
use crate::wires::Passing;
use crate::world::World;

/// How many of the last datagrams are kept for forging and repeating.
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
        } else if let Some(person) = self.persons.at(packet.to)
            && self.persons[person].hears()
        {
            let now = self.now;
            if self.is_long
                && let Some(bytes) = self.persons[person].is_here(&packet.bytes)
            {
                self.network.send(Packet { from: packet.to, to: packet.from, bytes }, now);
                return;
            }
            if self.lamp_hears(&packet) {
                return;
            }
            if let Some(bytes) = self.persons[person].takes_in(packet) {
                self.persons[person].receives(&bytes, now);
                self.act(person, |_, _| ());
            }
        }
    }

    /// Something arrives over a connection.
    pub(crate) fn passes(&mut self, passing: Passing) {
        match passing {
            Passing::ToEngine(flow, bytes) => self.hand_over(flow, &bytes),
            Passing::ToPhone(flow, place, bytes) => self.reaches_phone(flow, place, &bytes),
            Passing::Closed(flow) => {
                let asked = self.wires.forget(&flow);
                self.tell_closed(flow);
                if let Some(asked) = asked {
                    self.tell_closed(asked);
                }
            }
        }
    }

    fn reaches_phone(&mut self, flow: Flow, place: usize, bytes: &Bytes) {
        let now = self.now;
        if !self.persons[place].hears() {
            return;
        }
        // What the phone sends at once goes back over the same connection.
        let before = self.persons[place].link.current;
        if self.wires.is_open(&flow) {
            self.persons[place].link.current = Some(flow);
        }
        self.persons[place].receives(bytes, now);
        self.act(place, |_, _| ());
        if let Some(before) = before.filter(|before| self.wires.is_open(before)) {
            self.persons[place].link.current = Some(before);
        }
    }

    /// Hands a datagram to the engine.
    pub(crate) fn throw_in(&mut self, from: SocketAddr, bytes: &Bytes) {
        let flow = Flow { transport: Transport::Udp, local: self.server, remote: from };
        self.hand_over(flow, bytes);
    }
}
