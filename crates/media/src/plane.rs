//! The running media plane: its handle and its thread.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeSet, VecDeque};
use std::hash::{BuildHasher, Hasher};
use std::net::UdpSocket;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread::JoinHandle;

use core::time::Duration;

use mio::{Poll, Waker};
use turno_media_plan::{MediaCommand, MediaEvent};

use crate::clock::Clock;
use crate::exchange::Exchange;
use crate::gauges::{PlaneGauges, SharedGauges};
use crate::library::Library;
use crate::orders::{EventSink, Order, Orders, Undone, orders};
use crate::port_pairs::PortPair;
use crate::refused::MediaRefused;
use crate::settings::PlaneSettings;
use crate::sockets::{Sockets, WAKE};
use crate::web::Identity;
use crate::worker::Worker;

/// How long the thread may take to pause: it does so between two packets.
const PAUSE_SPAN_MAX: Duration = Duration::from_millis(500);

/// Most commands that wait for the thread.
const WAITING_COMMANDS_MAX: usize = 65_536;

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
            sockets: Sockets::new(registry, settings.pairs_max.unwrap_or(usize::MAX), events)
                .map_err(MediaRefused::Thread)?,
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

    /// Serves browsers on these sockets from now on, with this certificate.
    pub fn serve_browsers(&self, sockets: Vec<UdpSocket>, identity: Identity) {
        self.order(Order::Browsers(sockets, Box::new(identity)), "browsers have no voice");
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

#[cfg(test)]
#[path = "plane_tests.rs"]
mod tests;
