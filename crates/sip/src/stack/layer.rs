//! The transaction layer: what is under way, when something is due, and what is to be sent (RFC 3261, 17).

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use bytes::Bytes;
use turno_ground::{Flow, Rng, Transmit};

use crate::stack::clients::Clients;
use crate::stack::counters::Counters;
use crate::stack::event::{Event, SessionEvent, SessionId};
use crate::stack::occupancy::Occupancy;
use crate::stack::servers::Servers;
use crate::stack::settings::StackSettings;
use crate::transaction::clock::Clock;
use crate::transaction::key::Keys;

/// No address of ours.
const UNNAMED: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);

/// Everything of a stack but its sessions.
#[derive(Debug)]
pub(crate) struct Layer {
    pub(crate) settings: StackSettings,
    pub(crate) clock: Clock,
    pub(crate) rng: Rng,
    pub(crate) keys: Keys,
    pub(crate) events: VecDeque<Event>,
    pub(crate) transmits: VecDeque<Transmit>,
    pub(crate) counters: Counters,
    pub(crate) servers: Servers,
    pub(crate) clients: Clients,
    pub(crate) occupancy: Occupancy,
    /// The Allow header's value.
    pub(crate) allow: String,
    /// The address that we named last.
    named: (SocketAddr, String),
    last_number: u64,
}

fn ascii(letters: Vec<u8>) -> String {
    String::from_utf8(letters).expect("a token's letters are ASCII")
}

impl Layer {
    /// Nothing under way.
    pub(crate) fn new(settings: StackSettings, mut rng: Rng) -> Self {
        let allow: Vec<&str> = settings.allow.iter().map(|method| method.name()).collect();
        let allow = allow.join(", ");
        Self {
            clock: Clock::new(settings.t1),
            keys: Keys::new(&mut rng),
            events: VecDeque::new(),
            transmits: VecDeque::new(),
            counters: Counters::default(),
            servers: Servers::new(rng.number(), rng.number(), rng.number()),
            clients: Clients::new(rng.number(), rng.number()),
            occupancy: Occupancy::default(),
            allow,
            named: (UNNAMED, UNNAMED.to_string()),
            last_number: 0,
            settings,
            rng,
        }
    }

    /// A number that was never given before.
    pub(crate) const fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    /// Numbers up to this one have been given.
    pub(crate) fn number_from(&mut self, given: u64) {
        self.last_number = self.last_number.max(given);
    }

    /// A token of 130 random bits, for tags and Call-IDs.
    pub(crate) fn token(&mut self) -> String {
        let letters: [u8; 26] = self.rng.token();
        ascii(letters.to_vec())
    }

    /// A fresh branch (RFC 3261, 8.1.1.7).
    pub(crate) fn branch(&mut self) -> String {
        let letters: [u8; 26] = self.rng.token();
        let mut branch = Vec::with_capacity(33);
        branch.extend_from_slice(b"z9hG4bK");
        branch.extend_from_slice(&letters);
        ascii(branch)
    }

    /// Puts a message in the outbox, unless its stream is gone: the peer that waits for it opens another.
    pub(crate) fn transmit(&mut self, flow: Flow, bytes: Bytes) {
        if self.occupancy.is_lost(&flow) {
            return;
        }
        self.transmits.push_back(Transmit { flow, bytes });
    }

    /// Puts a message in the outbox once more.
    pub(crate) fn transmit_again(&mut self, flow: Flow, bytes: Bytes) {
        self.counters.retransmissions_out += 1;
        self.transmit(flow, bytes);
    }

    /// Tells the owner what happened in a session.
    pub(crate) fn tell(&mut self, session: SessionId, event: SessionEvent) {
        self.events.push_back(Event::Session { session, event });
    }

    /// The address that we name on `flow`, as text: nearly always the same as before.
    pub(crate) fn address_on(&mut self, flow: &Flow) -> &str {
        let address = self.settings.address_on(flow);
        if self.named.0 != address {
            self.named = (address, address.to_string());
        }
        &self.named.1
    }

    /// Keeps the counters of what lives now in step.
    pub(crate) fn count_living(&mut self, (sessions, session_deadlines): (usize, usize)) {
        self.counters.server_transactions = self.servers.len();
        self.counters.client_transactions = self.clients.len();
        self.counters.sessions = sessions;
        self.counters.deadlines = self.servers.deadlines() + self.clients.deadlines() + session_deadlines;
    }
}
