//! The media thread: polls the sockets, and runs the exchange on them.

use std::collections::{BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, SyncSender};

use core::time::Duration;

use mio::{Events, Poll};
use turno_ground::Moment;
use turno_media_plan::{MediaCommand, MediaEvent, StreamFailure, StreamId, Want};

use crate::clock::Clock;
use crate::exchange::{Exchange, Wire};
use crate::gauges::SharedGauges;
use crate::orders::{Order, Waiting, undone};
use crate::packet::PACKET_BYTES_MAX;
use crate::port_pairs::{Port, PortPair, port_of, token};
use crate::shortage::failure;
use crate::sockets::{Sockets, WAKE};
use crate::web_sockets::WebPlace;

/// How often a paused thread checks whether it must end.
const REST_LOOK_SPAN: Duration = Duration::from_millis(50);

/// Most orders that a paused thread postpones.
const POSTPONED_MAX: usize = 65_536;

/// Most commands carried out before packets are read again.
const COMMANDS_PER_WAKE: usize = 1_024;

/// Most packets of one port handled before the next port is served.
const PACKETS_PER_WAKE: usize = 32;

/// Most packets of all browsers handled before the other ports are served.
const BROWSER_PACKETS_PER_WAKE: usize = 256;

/// Most ready ports that one poll returns.
const READY_PORTS_MAX: usize = 1_024;

pub(crate) struct Worker<E> {
    pub(crate) poll: Poll,
    pub(crate) clock: Clock,
    pub(crate) waiting: Waiting,
    pub(crate) exchange: Exchange,
    pub(crate) sockets: Sockets<E>,
    pub(crate) gauges: Arc<SharedGauges>,
    pub(crate) stops: Arc<AtomicBool>,
    /// Tokens of ports that may still hold packets: the operating system reports each arrival only once.
    pub(crate) unread: BTreeSet<usize>,
    /// Orders that came during a pause.
    pub(crate) postponed: VecDeque<Order>,
    /// Whether the plane ends during a pause: another turno process has the ports.
    pub(crate) ends_at_rest: bool,
}

impl<E: Fn(MediaEvent)> Worker<E> {
    pub(crate) fn run(mut self) {
        let mut events = Events::with_capacity(READY_PORTS_MAX);
        let mut more_commands = false;
        while !self.stops.load(Ordering::Acquire) && !self.ends_at_rest {
            let now = self.clock.now();
            let busy = more_commands || !self.unread.is_empty();
            let both = [self.exchange.next_deadline(), self.sockets.next_deadline()];
            let next = both.into_iter().flatten().min();
            let timeout = if busy { Some(Duration::ZERO) } else { next.map(|at| at.since(now)) };
            if let Err(error) = self.poll.poll(&mut events, timeout)
                && error.kind() != std::io::ErrorKind::Interrupted
            {
                tracing::error!(%error, "the media thread can't poll its sockets and ends");
                break;
            }
            more_commands = self.take_commands();
            let tokens = events.iter().map(|event| event.token()).filter(|token| *token != WAKE);
            self.unread.extend(tokens.map(|token| token.0));
            self.read_ports();
            self.exchange.handle_time(self.clock.now(), &mut self.sockets);
            self.sockets.handle_time(now);
            self.sockets.tell();
            self.publish();
        }
        if self.ends_at_rest {
            return;
        }
        let now = self.clock.now();
        for id in self.exchange.ids() {
            self.close(id, now);
        }
        self.sockets.tell();
        self.publish();
    }

    /// Carries out waiting orders; returns whether more may be waiting.
    fn take_commands(&mut self) -> bool {
        let now = self.clock.now();
        for _ in 0..COMMANDS_PER_WAKE {
            let next = self.postponed.pop_front().or_else(|| self.waiting.next());
            let Some(order) = next else { return false };
            match order {
                Order::Command(command) => self.carry_out(command, now),
                Order::Relearn(library, inactivity) => self.exchange.relearn(library, inactivity),
                Order::Record(tape) => self.exchange.record_to(tape),
                Order::Lend(sound, clip) => self.exchange.lend(sound, clip),
                Order::Adopt(pairs) => self.sockets.adopt(pairs, now),
                Order::Browsers(sockets, identity) => {
                    self.exchange.serve_browsers(*identity, self.clock.same());
                    self.unread.extend(self.sockets.serve_browsers(sockets));
                }
                Order::Pause(answer) => self.rest(&answer),
                // The sender of a pause that came too late has given it up and resumes.
                Order::Resume => {}
            }
        }
        true
    }

    /// Pauses until it must continue or end.
    fn rest(&mut self, answer: &SyncSender<std::io::Result<Vec<PortPair>>>) {
        self.sockets.tell();
        let ports = self.sockets.duplicates();
        let rests = ports.is_ok();
        if answer.send(ports).is_err() || !rests {
            return;
        }
        loop {
            match self.waiting.wait(REST_LOOK_SPAN) {
                Ok(Order::Resume) => break,
                Ok(order) if self.postponed.len() < POSTPONED_MAX || order.is_an_end() => {
                    self.postponed.push_back(order);
                }
                Ok(order) => {
                    self.gauges.refuse_command();
                    undone(&order).0.into_iter().for_each(|event| self.sockets.event(event));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => self.ends_at_rest = true,
            }
            self.ends_at_rest |= self.stops.load(Ordering::Acquire);
            if self.ends_at_rest {
                return;
            }
        }
        // The operating system reports each arrival once, and may have done so during the pause.
        self.unread.extend(self.sockets.tokens());
    }

    fn carry_out(&mut self, command: MediaCommand, now: Moment) {
        match command {
            MediaCommand::Open { stream, local } => self.open(stream, local, now),
            MediaCommand::OpenWeb { stream, local } => self.open_web(stream, local, now),
            MediaCommand::Close { stream } => self.close(stream, now),
            MediaCommand::Reserve { local } => self.reserve(local, now),
            MediaCommand::Agree { .. }
            | MediaCommand::Secure { .. }
            | MediaCommand::Kept { .. }
            | MediaCommand::Bridge { .. }
            | MediaCommand::Play { .. }
            | MediaCommand::Hush { .. }
            | MediaCommand::Judge { .. }
            | MediaCommand::Speak { .. }
            | MediaCommand::Mix { .. }
            | MediaCommand::SendDigit { .. } => self.exchange.handle_command(command, now),
        }
    }

    fn open(&mut self, stream: StreamId, local: SocketAddr, now: Moment) {
        let failed = |failure| MediaEvent::Failed { stream, failure };
        let place = match self.sockets.bind(local, now) {
            Ok(place) => place,
            Err(error) => return self.sockets.event(failed(failure(&error))),
        };
        match self.exchange.open(stream, now) {
            Some(slot) => {
                if self.sockets.place(slot, place) {
                    self.unread.extend([token(place, Port::Rtp).0, token(place, Port::Rtcp).0]);
                }
            }
            None => {
                self.sockets.give_back(place, now);
                self.sockets.event(failed(StreamFailure::NoRoom(Want::Streams)));
            }
        }
        self.sockets.tell_scarcity();
    }

    /// A stream on the browsers' port, which is shared.
    fn open_web(&mut self, stream: StreamId, local: SocketAddr, now: Moment) {
        let failed = |want| MediaEvent::Failed { stream, failure: StreamFailure::NoRoom(want) };
        let Some(place) = self.sockets.for_browsers(local) else {
            return self.sockets.event(failed(Want::Address));
        };
        match self.exchange.open(stream, now) {
            Some(slot) => self.sockets.place_web(slot, place),
            None => self.sockets.event(failed(Want::Streams)),
        }
    }

    fn reserve(&mut self, local: SocketAddr, now: Moment) {
        let port = local.port();
        let event = match self.sockets.reserve(local, now) {
            Ok(()) => MediaEvent::Reserved { port },
            Err(error) => MediaEvent::NotReserved { port, failure: failure(&error) },
        };
        self.sockets.event(event);
    }

    fn close(&mut self, stream: StreamId, now: Moment) {
        if let Some(slot) = self.exchange.close(stream, now, &mut self.sockets) {
            self.sockets.remove(slot, now);
        }
    }

    fn read_ports(&mut self) {
        // One byte more than allowed, so that a longer packet is recognised.
        let mut buffer = [0; PACKET_BYTES_MAX + 1];
        for token in std::mem::take(&mut self.unread) {
            if let Some(place) = WebPlace::of_token(mio::Token(token)) {
                self.read_browsers(place, token, &mut buffer);
                continue;
            }
            let (place, port) = port_of(mio::Token(token));
            let mut handled = 0;
            while handled < PACKETS_PER_WAKE
                && let Some((length, source)) = self.sockets.receive(place, port, &mut buffer)
            {
                // A resting pair has no stream; its packets are dropped.
                if let Some(slot) = self.sockets.slot(place) {
                    self.handle_datagram(slot, port, source, &mut buffer[..length]);
                }
                handled += 1;
            }
            if handled == PACKETS_PER_WAKE {
                self.unread.insert(token);
            }
        }
    }

    fn read_browsers(&mut self, place: WebPlace, token: usize, buffer: &mut [u8]) {
        for _ in 0..BROWSER_PACKETS_PER_WAKE {
            let Some((length, source)) = self.sockets.receive_web(place, buffer) else { return };
            let now = self.clock.now();
            self.sockets.gauges.packets_received += 1;
            self.sockets.gauges.bytes_received += length as u64;
            let bytes = &mut buffer[..length];
            let accepted = self.exchange.handle_web(source, bytes, now, &mut self.sockets);
            self.sockets.gauges.packets_refused += u64::from(!accepted);
        }
        self.unread.insert(token);
    }

    fn handle_datagram(&mut self, slot: usize, port: Port, source: SocketAddr, bytes: &mut [u8]) {
        let now = self.clock.now();
        let accepted = match port {
            Port::Rtp => {
                self.sockets.gauges.packets_received += 1;
                self.sockets.gauges.bytes_received += bytes.len() as u64;
                self.exchange.handle_rtp(slot, source, bytes, now, &mut self.sockets)
            }
            Port::Rtcp => self.exchange.handle_rtcp(slot, source, bytes, now),
        };
        self.sockets.gauges.packets_refused += u64::from(!accepted);
    }

    fn publish(&mut self) {
        self.sockets.gauges.streams = self.exchange.len() as u64;
        self.sockets.gauges.srtp_unauthentic = self.exchange.unopened.unauthentic;
        self.sockets.gauges.srtp_replayed = self.exchange.unopened.replayed;
        self.sockets.gauges.srtp_malformed = self.exchange.unopened.malformed;
        let web = self.exchange.web.counts;
        self.sockets.gauges.checks_answered = web.answered;
        self.sockets.gauges.checks_dropped = web.dropped;
        self.sockets.gauges.handshakes_done = web.done;
        self.sockets.gauges.handshakes_failed = web.failed;
        self.sockets.gauges.browsers_moved = web.moved;
        self.gauges.publish(&self.sockets.gauges);
    }
}
