//! Who lives on which stream, and which streams are gone while somebody waits behind them.

use std::collections::BTreeSet;

use turno_ground::Flow;

use crate::stack::event::{ClientKey, SessionId};

/// Who must hear that a stream is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Occupant {
    /// A request of ours.
    Client(ClientKey),
    /// A session.
    Session(SessionId),
}

/// Streams with those who live on them.
#[derive(Debug, Default)]
pub(crate) struct Occupancy {
    occupants: BTreeSet<(Flow, Occupant)>,
    /// Streams that are gone and have occupants.
    lost: BTreeSet<Flow>,
}

impl Occupancy {
    /// Notes that a session or request uses a stream, so that it is told when the stream closes. UDP has none.
    pub(crate) fn occupy(&mut self, flow: Flow, occupant: Occupant) {
        if flow.transport.is_reliable() {
            self.occupants.insert((flow, occupant));
        }
    }

    /// The opposite of [`Self::occupy`].
    pub(crate) fn vacate(&mut self, flow: Flow, occupant: Occupant) {
        if flow.transport.is_reliable() {
            self.occupants.remove(&(flow, occupant));
            if self.is_lost(&flow) && !self.is_occupied(flow) {
                self.lost.remove(&flow);
            }
        }
    }

    fn is_occupied(&self, flow: Flow) -> bool {
        let first = (flow, Occupant::Client(ClientKey(0)));
        self.occupants.range(first..).next().is_some_and(|(of, _)| *of == flow)
    }

    /// Everybody who lives on `flow`.
    pub(crate) fn occupants_of(&self, flow: Flow) -> Vec<Occupant> {
        let (first, last) = (Occupant::Client(ClientKey(0)), Occupant::Session(SessionId(u64::MAX)));
        self.occupants.range((flow, first)..=(flow, last)).map(|(_, who)| *who).collect()
    }

    /// Our requests that live on `flow`.
    pub(crate) fn clients_on(&self, flow: Flow) -> Vec<ClientKey> {
        let (first, last) = (Occupant::Client(ClientKey(0)), Occupant::Client(ClientKey(u64::MAX)));
        let clients = self.occupants.range((flow, first)..=(flow, last));
        clients
            .filter_map(|(_, who)| match who {
                Occupant::Client(key) => Some(*key),
                Occupant::Session(_) => None,
            })
            .collect()
    }

    /// Takes note that a stream is gone behind which somebody waits. One that was only asked for may be asked for again.
    pub(crate) fn lose(&mut self, flow: Flow) {
        if flow.transport.is_reliable() && flow.local.port() != 0 {
            self.lost.insert(flow);
        }
    }

    /// Whether `flow` is a stream that is gone.
    pub(crate) fn is_lost(&self, flow: &Flow) -> bool {
        flow.transport.is_reliable() && self.lost.contains(flow)
    }

    /// A stream that was taken for gone is there.
    pub(crate) fn is_there(&mut self, flow: &Flow) {
        self.lost.remove(flow);
    }

    /// Streams that are gone and whose peer is not back, of the same transport from the same address as this.
    pub(crate) fn stranded_beside(&self, flow: Flow) -> Vec<Flow> {
        let is_beside = |before: &&Flow| {
            before.transport == flow.transport && before.remote.ip() == flow.remote.ip() && **before != flow
        };
        self.lost.iter().filter(is_beside).copied().collect()
    }
}
