//! The running media plane: its handle and its thread.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeSet, VecDeque};
use std::hash::{BuildHasher, Hasher};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;

use core::time::Duration;

use mio::{Events, Poll, Waker};
use turno_ground::Moment;
use turno_media_plan::{MediaCommand, MediaEvent, StreamFailure, StreamId, Want};

use crate::clock::Clock;
use crate::exchange::{Exchange, Wire};
use crate::gauges::{PlaneGauges, SharedGauges};
use crate::library::Library;
use crate::orders::{EventSink, Order, Orders, Undone, Waiting, orders, undone};
use crate::packet::PACKET_BYTES_MAX;
use crate::port_pairs::{Port, PortPair, port_of, token};
use crate::refused::MediaRefused;
use crate::settings::PlaneSettings;
use crate::shortage::failure;
use crate::sockets::{Sockets, WAKE};

/// How long the thread may take to pause: it does so between two packets.
const PAUSE_SPAN_MAX: Duration = Duration::from_millis(500);

/// How often a paused thread checks whether it must end.
const REST_LOOK_SPAN: Duration = Duration::from_millis(50);

/// Most orders that a paused thread postpones.
const POSTPONED_MAX: usize = 65_536;

/// Most commands that wait for the thread.
const WAITING_COMMANDS_MAX: usize = 65_536;

/// Most commands carried out before packets are read again.
const COMMANDS_PER_WAKE: usize = 1_024;

/// Most packets of one port handled before the next port is served.
const PACKETS_PER_WAKE: usize = 32;

/// Most ready ports that one poll returns.
const READY_PORTS_MAX: usize = 1_024;

/// The running media plane. Dropping it stops it.
///
/// All streams live on one thread, so any two can be joined without passing packets between threads. One core relays
/// many times what 20 or 200 agents need.
#[derive(Debug)]
pub struct Plane {
    orders: Orders,
    /// Reports commands that the full queue did not take.
    event_sink: EventSink,
    waker: Arc<Waker>,
    gauges: Arc<SharedGauges>,
    stops: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Plane {
    /// Loads all sounds, encodes each once for every codec, and starts the thread. `events` is called on that thread,
    /// and on the sender's thread when a command finds the queue full; it must not block.
    ///
    /// # Errors
    /// A sound file is missing or can't be played; the operating system refuses the thread.
    pub fn start(
        settings: PlaneSettings,
        events: impl Fn(MediaEvent) + Send + Sync + Clone + 'static,
    ) -> Result<Self, MediaRefused> {
        let library = Arc::new(Library::read(&settings)?);
        let poll = Poll::new().map_err(MediaRefused::Thread)?;
        let registry = poll.registry().try_clone().map_err(MediaRefused::Thread)?;
        let waker = Arc::new(Waker::new(poll.registry(), WAKE).map_err(MediaRefused::Thread)?);
        let (orders, waiting) = orders(WAITING_COMMANDS_MAX);
        let event_sink = EventSink::new(events.clone());
        let gauges = Arc::new(SharedGauges::default());
        let stops = Arc::new(AtomicBool::new(false));
        let clock = Clock::start();
        // SSRCs must not be guessed by outsiders; the standard library's hasher is keyed by the operating system.
        let seed = RandomState::new().build_hasher().finish();
        let exchange = Exchange::new(library, settings.inactivity, seed, clock.now());
        let worker = Worker {
            poll,
            clock,
            waiting,
            exchange,
            sockets: Sockets::new(registry, settings.pairs_max.unwrap_or(usize::MAX), events),
            gauges: Arc::clone(&gauges),
            stops: Arc::clone(&stops),
            unread: BTreeSet::new(),
            postponed: VecDeque::new(),
            ends_at_rest: false,
        };
        let thread = std::thread::Builder::new()
            .name("turno-media".to_owned())
            .spawn(move || worker.run())
            .map_err(MediaRefused::Thread)?;
        Ok(Self { orders, event_sink, waker, gauges, stops, thread: Some(thread) })
    }

    /// Sends a command and wakes the thread; never blocks. When the queue is full the command is counted and dropped,
    /// with two exceptions: a stream that can't be opened is reported as failed, and a `Close` is carried out later.
    pub fn send(&self, command: MediaCommand) {
        self.post(command);
        self.wake();
    }

    /// Sends a command as [`Plane::send`] does but does not wake the thread: a caller with several commands wakes it
    /// once, after the last.
    pub fn post(&self, command: MediaCommand) {
        if let Err(Undone(event)) = self.orders.command(command) {
            self.gauges.refuse_command();
            event.into_iter().for_each(|event| self.event_sink.tell(event));
        }
    }

    /// Reads all sounds again, on the calling thread, and plays the new ones from now on. Prompts keep their indexes in
    /// the list, new ones are appended.
    ///
    /// # Errors
    /// A sound file is missing or can't be played, or the thread's queue is full; then nothing has changed.
    pub fn relearn(&self, settings: &PlaneSettings) -> Result<(), MediaRefused> {
        let library = Arc::new(Library::read(settings)?);
        let order = Order::Relearn(library, settings.inactivity);
        self.orders.put(order).map_err(|_| MediaRefused::Thread(std::io::ErrorKind::WouldBlock.into()))?;
        self.wake();
        Ok(())
    }

    /// Adopts ports of another turno process, before the commands that open their streams.
    pub fn adopt(&self, pairs: Vec<PortPair>) {
        self.order(Order::Adopt(pairs), "the streams' ports are bound again");
    }

    /// Pauses the thread: nothing is read or sent until [`Plane::resume`], and a plane that ends while paused sends no
    /// BYE. Returns duplicates of the ports of every stream, so that another turno process can continue them.
    ///
    /// # Errors
    /// The thread does not respond, or a port can't be duplicated; then it continues.
    pub fn pause(&self) -> std::io::Result<Vec<PortPair>> {
        let (answer, answered) = sync_channel(1);
        let full = |_| std::io::Error::from(std::io::ErrorKind::WouldBlock);
        self.orders.put(Order::Pause(answer)).map_err(full)?;
        self.wake();
        let late = |_| Err(std::io::ErrorKind::TimedOut.into());
        let paused = answered.recv_timeout(PAUSE_SPAN_MAX).unwrap_or_else(late);
        paused.inspect_err(|_| self.resume())
    }

    /// Continues after [`Plane::pause`] with every stream unchanged; packets that came in between wait in the sockets.
    pub fn resume(&self) {
        self.order(Order::Resume, "it may stay paused");
    }

    pub(crate) fn order(&self, order: Order, loss: &str) -> bool {
        let is_taken = self.orders.put(order).is_ok();
        if !is_taken {
            tracing::error!("the media thread does not keep up; {loss}");
        }
        self.wake();
        is_taken
    }

    /// Wakes the thread so that it carries out posted commands.
    pub fn wake(&self) {
        if let Err(error) = self.waker.wake() {
            tracing::error!(%error, "the media thread can't be woken; it goes on at its next tick");
        }
    }

    /// Closes every stream and waits for the thread to end.
    pub fn stop(self) {
        drop(self);
    }

    /// The figures now.
    pub fn gauges(&self) -> PlaneGauges {
        self.gauges.read()
    }
}

impl Drop for Plane {
    fn drop(&mut self) {
        self.stops.store(true, Ordering::Release);
        self.wake();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the media thread has panicked");
        }
    }
}

struct Worker<E> {
    poll: Poll,
    clock: Clock,
    waiting: Waiting,
    exchange: Exchange,
    sockets: Sockets<E>,
    gauges: Arc<SharedGauges>,
    stops: Arc<AtomicBool>,
    /// Tokens of ports that may still hold packets: the operating system reports each arrival only once.
    unread: BTreeSet<usize>,
    /// Orders that came during a pause.
    postponed: VecDeque<Order>,
    /// Whether the plane ends during a pause: another turno process has the ports.
    ends_at_rest: bool,
}

impl<E: Fn(MediaEvent)> Worker<E> {
    fn run(mut self) {
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
            MediaCommand::Close { stream } => self.close(stream, now),
            MediaCommand::Reserve { local } => self.reserve(local, now),
            MediaCommand::Agree { .. }
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
        self.gauges.publish(&self.sockets.gauges);
    }
}

#[cfg(test)]
#[path = "plane_tests.rs"]
mod tests;
