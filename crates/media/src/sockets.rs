//! The exchange's `Wire` on real sockets: port pairs by the slot of their stream, and the event callback.

use std::io;
use std::net::{SocketAddr, UdpSocket};

use mio::{Registry, Token};
use turno_ground::Moment;
use turno_media_plan::MediaEvent;

use crate::exchange::Wire;
use crate::gauges::PlaneGauges;
use crate::port_pairs::{PairIndex, Port, PortPair, PortPairs};
use crate::web_sockets::{WebPlace, WebSockets};

/// The token that wakes the thread for commands; pairs have the tokens from 0 up.
pub(crate) const WAKE: Token = Token(usize::MAX);

/// Where a stream's packets come and go.
#[derive(Clone, Copy, Debug)]
enum Place {
    Pair(PairIndex),
    /// The browsers' port.
    Web(WebPlace),
}

/// All sockets.
pub(crate) struct Sockets<E> {
    pairs: PortPairs,
    web: WebSockets,
    registry: Registry,
    /// Where each stream is, by slot.
    places: Vec<Option<Place>>,
    events: E,
    /// Events of this round, not yet reported.
    untold: Vec<MediaEvent>,
    /// The counters.
    pub(crate) gauges: PlaneGauges,
}

impl<E: Fn(MediaEvent)> Sockets<E> {
    /// No sockets yet, and later at most `pairs_max` pairs; `events` is called for each event.
    ///
    /// # Errors
    /// The system gives no descriptor for polling.
    pub(crate) fn new(registry: Registry, pairs_max: usize, events: E) -> io::Result<Self> {
        Ok(Self {
            web: WebSockets::default(),
            pairs: PortPairs::new(registry.try_clone()?, pairs_max),
            registry,
            places: Vec::new(),
            events,
            untold: Vec::new(),
            gauges: PlaneGauges::default(),
        })
    }

    /// Serves browsers on these sockets; returns the tokens of those that may hold packets.
    pub(crate) fn serve_browsers(&mut self, sockets: Vec<UdpSocket>) -> Vec<usize> {
        self.web.serve(&self.registry, sockets)
    }

    /// The browsers' socket for a stream with this address.
    pub(crate) fn for_browsers(&self, local: SocketAddr) -> Option<WebPlace> {
        self.web.place(local)
    }

    /// Assigns a slot to the browsers' port.
    pub(crate) fn place_web(&mut self, slot: usize, place: WebPlace) {
        self.put(slot, Place::Web(place));
    }

    /// The next datagram of a browsers' socket, if one is there.
    pub(crate) fn receive_web(&self, place: WebPlace, buffer: &mut [u8]) -> Option<(usize, SocketAddr)> {
        self.web.receive(place, buffer)
    }

    /// Binds a pair for a stream that has no slot yet.
    pub(crate) fn bind(&mut self, local: SocketAddr, now: Moment) -> io::Result<PairIndex> {
        self.pairs.bind(local, now)
    }

    /// Binds a pair for a future stream.
    pub(crate) fn reserve(&mut self, local: SocketAddr, now: Moment) -> io::Result<()> {
        self.pairs.reserve(local, now)
    }

    /// Closes expired pairs.
    pub(crate) fn handle_time(&mut self, now: Moment) {
        self.pairs.handle_time(now);
    }

    /// When [`Sockets::handle_time`] must be called next.
    pub(crate) fn next_deadline(&self) -> Option<Moment> {
        self.pairs.next_deadline()
    }

    /// Reports it if the last pair was bound with reserved descriptors.
    pub(crate) fn tell_scarcity(&mut self) {
        if let Some(want) = self.pairs.scarce() {
            (self.events)(MediaEvent::Scarce { want });
        }
    }

    /// Adopts pairs that another turno process had bound. One that can't be polled is bound again when its stream is
    /// opened.
    pub(crate) fn adopt(&mut self, pairs: Vec<PortPair>, now: Moment) {
        for pair in pairs {
            let local = pair.local;
            if let Err(error) = self.pairs.adopt(pair, now) {
                tracing::warn!(%error, %local, "a stream's ports were not taken over");
            }
        }
    }

    /// Duplicates of every pair that has a stream, for another turno process.
    pub(crate) fn duplicates(&mut self) -> io::Result<Vec<PortPair>> {
        self.pairs.duplicates()
    }

    /// The token numbers of all ports with a stream.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = usize> + '_ {
        self.pairs.tokens().chain(self.web.tokens())
    }

    /// Assigns a pair to a slot. True if packets may wait in its sockets.
    pub(crate) fn place(&mut self, slot: usize, place: PairIndex) -> bool {
        self.put(slot, Place::Pair(place));
        self.pairs.seat(place, slot)
    }

    fn put(&mut self, slot: usize, place: Place) {
        if self.places.len() <= slot {
            self.places.resize(slot + 1, None);
        }
        self.places[slot] = Some(place);
    }

    /// Releases the pair of a slot whose stream has ended.
    pub(crate) fn remove(&mut self, slot: usize, now: Moment) {
        if let Some(Place::Pair(place)) = self.places.get_mut(slot).and_then(Option::take) {
            self.pairs.rest(place, now);
        }
    }

    /// Releases a pair that got no slot.
    pub(crate) fn give_back(&mut self, place: PairIndex, now: Moment) {
        self.pairs.rest(place, now);
    }

    /// The slot of a pair's stream; `None` for a resting pair.
    pub(crate) fn slot(&self, place: PairIndex) -> Option<usize> {
        self.pairs.slot(place)
    }

    /// The next datagram of a port, if one is there.
    pub(crate) fn receive(
        &self,
        place: PairIndex,
        port: Port,
        buffer: &mut [u8],
    ) -> Option<(usize, SocketAddr)> {
        self.pairs.receive(place, port, buffer)
    }

    /// Reports all events of a round at once, so that the receiver is woken once.
    pub(crate) fn tell(&mut self) {
        self.untold.drain(..).for_each(&self.events);
    }

    fn send(&mut self, slot: usize, port: Port, to: SocketAddr, packet: &[u8]) {
        let Some(&Some(place)) = self.places.get(slot) else { return };
        let sent = match place {
            Place::Pair(place) => self.pairs.send(place, port, to, packet),
            Place::Web(place) => self.web.send(place, to, packet),
        };
        match (sent, port) {
            (true, Port::Rtp) => {
                self.gauges.packets_sent += 1;
                self.gauges.bytes_sent += packet.len() as u64;
            }
            (true, Port::Rtcp) => {}
            (false, Port::Rtp | Port::Rtcp) => self.gauges.packets_unsent += 1,
        }
    }
}

impl<E: Fn(MediaEvent)> Wire for Sockets<E> {
    fn rtp(&mut self, slot: usize, to: SocketAddr, packet: &[u8]) {
        self.send(slot, Port::Rtp, to, packet);
    }

    fn rtcp(&mut self, slot: usize, to: SocketAddr, packet: &[u8]) {
        self.send(slot, Port::Rtcp, to, packet);
    }

    fn event(&mut self, event: MediaEvent) {
        self.untold.push(event);
    }
}
