//! SIP over TCP and TLS: listeners, outgoing connections, and the queues for slow readers.
//!
//! The engine thread only looks up a flow and puts bytes in its connection's queue. A connection whose queue is full is
//! closed and counted, so a slow reader delays nobody else.

use core::time::Duration;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;
use dashmap::DashMap;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use turno_ground::{Flow, Transmit, Transport};

use crate::clock::Clock;
use crate::engine_thread::inbox::{EngineMessage, Inbox};
use crate::hand_over::sockets::Sockets;
use crate::metrics::streams::{Direction, StreamMeters};
use crate::metrics::tls::Outcome;
use crate::net::connection::{self, End};
use crate::net::places::{NoPlace, Places};
use crate::net::tls::Tls;
use crate::rate::Ration;
use crate::refusal::StartRefused;

/// How long to wait before trying again to connect, when the system had no descriptor.
const DESCRIPTOR_PAUSE: Duration = Duration::from_millis(200);

/// Messages that may wait for one reader.
const STREAM_MESSAGES_MAX: usize = 512;

/// Connections that the system may queue before we accept them.
const BACKLOG_MAX: i32 = 1_024;

/// How long a peer may take to accept our connection: well under Timer B, so that failover still has time.
const CONNECT_SPAN_MAX: Duration = Duration::from_secs(4);

/// How long to wait before the next accept, when the system had no descriptor.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// All connections; cheap to clone.
#[derive(Clone)]
pub(crate) struct Streams {
    pub(super) runtime: Handle,
    pub(super) shared: Arc<Shared>,
}

/// What the connections' tasks share.
pub(crate) struct Shared {
    /// Outgoing connections are also found under the requested flow.
    pub(super) writers: DashMap<Flow, Writer>,
    /// Connections whose peer has closed its direction: they take the answers that the engine still gives.
    half_closed: DashMap<Flow, Writer>,
    /// Outgoing connections, open or connecting, by their peer.
    opened: DashMap<(Transport, SocketAddr), Flow>,
    pub(super) places: Places,
    pub(crate) inbox: Inbox,
    pub(crate) clock: Clock,
    pub(crate) meters: StreamMeters,
    /// `None` if TLS is not configured.
    tls: Option<Arc<Tls>>,
}

/// The engine's end of a connection.
#[derive(Clone)]
pub(crate) struct Writer {
    pub(crate) queue: Sender<Bytes>,
    pub(crate) cut: Arc<Notify>,
}

/// Binds one listening address.
///
/// # Errors
/// [`StartRefused::Address`].
pub(crate) fn bind(address: SocketAddr, inherited: &Sockets) -> Result<std::net::TcpListener, StartRefused> {
    inherited.listen_beside(address, BACKLOG_MAX, true).map_err(|error| StartRefused::Address {
        purpose: "SIP over streams",
        address,
        error,
    })
}

impl Streams {
    /// No connections yet.
    pub(crate) fn new(
        runtime: Handle,
        inbox: Inbox,
        clock: Clock,
        meters: StreamMeters,
        limit_sources: bool,
        tls: Option<Arc<Tls>>,
    ) -> Self {
        let shared = Shared {
            writers: DashMap::new(),
            half_closed: DashMap::new(),
            opened: DashMap::new(),
            places: Places::new(limit_sources),
            inbox,
            clock,
            meters,
            tls,
        };
        Self { runtime, shared: Arc::new(shared) }
    }

    /// Sets the limit of connections, because there are descriptors for no more.
    pub(crate) fn limit(&self, most: usize) {
        self.shared.places.limit(most);
    }

    /// Accepts connections on a bound listener.
    pub(crate) fn listen(&self, transport: Transport, listener: std::net::TcpListener) {
        self.runtime.spawn(accept(Arc::clone(&self.shared), transport, listener));
    }

    /// Puts one message in the queue of its flow's connection, and opens a connection if there is none. Never blocks;
    /// false if the message is lost.
    pub(crate) fn send(&self, transmit: &Transmit) -> bool {
        let flow = transmit.flow;
        if let Some(writer) = self.shared.writer(&flow) {
            return self.leave(&writer, transmit.bytes.clone());
        }
        if !flow.may_be_opened() {
            self.shared.inbox.post(EngineMessage::FlowClosed(flow));
            return false;
        }
        if !self.shared.places.take_own() {
            self.shared.meters.refused_full.inc();
            self.shared.inbox.post(EngineMessage::FlowClosed(flow));
            return false;
        }
        let (writer, queue) = writer();
        self.shared.writers.insert(flow, writer.clone());
        self.shared.opened.insert((flow.transport, flow.remote), flow);
        self.runtime.spawn(open(Arc::clone(&self.shared), flow, writer.clone(), queue));
        self.leave(&writer, transmit.bytes.clone())
    }

    /// Closes a connection whose peer has closed its direction, after its queue is empty: the engine has handled all that
    /// came by it.
    pub(crate) fn let_go(&self, flow: &Flow) {
        self.shared.half_closed.remove(flow);
    }

    /// Closes every connection after its queue is empty; waits at most `span` for this.
    pub(crate) async fn finish(&self, span: Duration) {
        self.shared.writers.clear();
        self.shared.half_closed.clear();
        let all_ended = async {
            while self.shared.places.taken() > 0 {
                sleep(Duration::from_millis(2)).await;
            }
        };
        let _ = timeout(span, all_ended).await;
    }

    fn leave(&self, writer: &Writer, bytes: Bytes) -> bool {
        match writer.queue.try_send(bytes) {
            Ok(()) => true,
            Err(TrySendError::Full(_)) => {
                writer.cut.notify_one();
                false
            }
            Err(TrySendError::Closed(_)) => false,
        }
    }
}

impl Shared {
    fn writer(&self, flow: &Flow) -> Option<Writer> {
        if let Some(writer) = self.writers.get(flow) {
            return Some(writer.clone());
        }
        if let Some(writer) = self.half_closed.get(flow) {
            return Some(writer.clone());
        }
        let opened = *self.opened.get(&(flow.transport, flow.remote))?;
        self.writers.get(&opened).map(|writer| writer.clone())
    }

    /// Reserves a place for a connection; counts the reason if there is none.
    pub(super) fn admit(&self, peer: Option<IpAddr>) -> bool {
        let taken = self.places.take(peer);
        match taken {
            Ok(()) => {}
            Err(NoPlace::Total) => self.meters.refused_full.inc(),
            Err(NoPlace::Address) => self.meters.refused_address.inc(),
        }
        taken.is_ok()
    }

    /// Reports to the engine that a peer has closed its direction. A later connection of the same flow has its own writer.
    async fn half_close(&self, flow: Flow) {
        if let Some((_, writer)) = self.writers.remove(&flow) {
            self.half_closed.insert(flow, writer);
        }
        self.inbox.send(EngineMessage::FlowClosed(flow)).await;
    }

    /// Removes a connection and reports its end to the engine.
    pub(super) async fn closed(&self, flow: Flow) {
        self.writers.remove(&flow);
        self.inbox.send(EngineMessage::FlowClosed(flow)).await;
    }
}

pub(super) fn writer() -> (Writer, Receiver<Bytes>) {
    let (queue, messages) = channel(STREAM_MESSAGES_MAX);
    (Writer { queue, cut: Arc::new(Notify::new()) }, messages)
}

async fn accept(shared: Arc<Shared>, transport: Transport, listener: std::net::TcpListener) {
    let listener = match TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(%error, by = transport.via_name(), "SIP is not accepted");
            return;
        }
    };
    loop {
        match listener.accept().await {
            Ok((stream, peer)) if shared.admit(Some(peer.ip())) => {
                tokio::spawn(accepted(Arc::clone(&shared), transport, stream, peer));
            }
            Ok((_, peer)) => {
                static LINES: Ration = Ration::new();
                if let Some(held_back) = LINES.admit(shared.clock.now()) {
                    tracing::warn!(%peer, held_back, "too many connections: one was closed unread");
                }
            }
            Err(error) => {
                static LINES: Ration = Ration::new();
                if let Some(held_back) = LINES.admit(shared.clock.now()) {
                    tracing::warn!(%error, held_back, "a connection could not be accepted");
                }
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn accepted(shared: Arc<Shared>, transport: Transport, stream: TcpStream, peer: SocketAddr) {
    let _ = stream.set_nodelay(true);
    if let Ok(local) = stream.local_addr() {
        let flow = Flow { transport, local, remote: peer };
        match (transport, &shared.tls) {
            (Transport::Tls, Some(tls)) => {
                if let Some(stream) = tls.accept(stream, peer).await {
                    take_on(&shared, flow, tokio::io::split(stream)).await;
                }
            }
            // Without certificates there is no TLS listener.
            (Transport::Tls, None) => {}
            (Transport::Udp | Transport::Tcp | Transport::Ws | Transport::Wss, _) => {
                take_on(&shared, flow, stream.into_split()).await;
            }
        }
    }
    shared.places.leave(Some(peer.ip()));
}

/// Serves an accepted connection.
async fn take_on(shared: &Shared, flow: Flow, halves: (impl AsyncRead + Unpin, impl AsyncWrite + Unpin)) {
    let (writer, queue) = writer();
    shared.writers.insert(flow, writer.clone());
    live(shared, (Direction::In, flow), halves, writer, queue).await;
}

/// Opens the connection for the flow `asked` and registers it under its actual flow as well.
async fn open(shared: Arc<Shared>, asked: Flow, writer: Writer, queue: Receiver<Bytes>) {
    if !reach(&shared, asked, writer, queue).await {
        static LINES: Ration = Ration::new();
        shared.meters.unreached.inc();
        if let Some(held_back) = LINES.admit(shared.clock.now()) {
            let by = asked.transport.via_name();
            tracing::info!(peer = %asked.remote, by, held_back, "no connection to this peer");
        }
    }
    shared.opened.remove_if(&(asked.transport, asked.remote), |_, flow| *flow == asked);
    shared.closed(asked).await;
    shared.places.leave(None);
}

/// Connects and serves the connection; false if the peer was not reached.
async fn reach(shared: &Shared, asked: Flow, writer: Writer, queue: Receiver<Bytes>) -> bool {
    let until = Instant::now() + CONNECT_SPAN_MAX;
    let remote = asked.remote;
    let with = match (asked.transport, &shared.tls) {
        (Transport::Tls, Some(tls)) => match tls.peers().name_at(remote) {
            Some(name) => Some((tls, name)),
            None => return false,
        },
        (Transport::Tls, None) => return false,
        (Transport::Udp | Transport::Tcp | Transport::Ws | Transport::Wss, _) => None,
    };
    let Ok(Ok(stream)) = timeout_at(until, connect(remote)).await else { return false };
    let _ = stream.set_nodelay(true);
    let flow = Flow { local: stream.local_addr().unwrap_or(asked.local), ..asked };
    let Some((tls, name)) = with else {
        shared.writers.insert(flow, writer.clone());
        live(shared, (Direction::Out, flow), stream.into_split(), writer, queue).await;
        return true;
    };
    match timeout_at(until, tls.connect(stream, remote, name)).await {
        Ok(Some(stream)) => {
            shared.writers.insert(flow, writer.clone());
            live(shared, (Direction::Out, flow), tokio::io::split(stream), writer, queue).await;
            true
        }
        Ok(None) => false,
        Err(_) => {
            tls.failed(Direction::Out, Outcome::Slow, remote, "it took too long");
            false
        }
    }
}

/// Connects to a peer. A missing descriptor is not the peer's fault, so the attempt is repeated.
async fn connect(remote: SocketAddr) -> std::io::Result<TcpStream> {
    loop {
        match TcpStream::connect(remote).await {
            Err(error) if is_want_of_descriptors(&error) => sleep(DESCRIPTOR_PAUSE).await,
            other => return other,
        }
    }
}

fn is_want_of_descriptors(error: &std::io::Error) -> bool {
    use rustix::io::Errno;
    error
        .raw_os_error()
        .is_some_and(|code| [Errno::MFILE, Errno::NFILE].map(Errno::raw_os_error).contains(&code))
}

/// Serves a connection; counts it and reports its end.
async fn live(
    shared: &Shared,
    (direction, flow): (Direction, Flow),
    halves: (impl AsyncRead + Unpin, impl AsyncWrite + Unpin),
    writer: Writer,
    queue: Receiver<Bytes>,
) {
    let cut = Arc::clone(&writer.cut);
    let pong = writer.queue.downgrade();
    drop(writer);
    shared.meters.live(direction, 1);
    // A connection of ours is closed as a whole: the engine opens another when it needs one.
    let half_closed = (direction == Direction::In).then(|| shared.half_close(flow));
    let end =
        connection::serve(&shared.inbox, shared.clock, halves, flow, (queue, pong), &cut, half_closed).await;
    shared.meters.live(direction, -1);
    shared.meters.closed(end);
    match end {
        End::HalfClosed => {
            shared.half_closed.remove(&flow);
        }
        End::Peer | End::Ours | End::Idle | End::Malformed | End::Slow => shared.closed(flow).await,
    }
}

#[cfg(test)]
#[path = "streams_tests.rs"]
mod tests;
