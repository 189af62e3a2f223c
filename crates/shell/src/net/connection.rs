//! Serves one connection: splits received bytes into messages, and sends from a bounded queue.

use core::pin::pin;
use core::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::Notify;
use tokio::sync::mpsc::{Receiver, WeakSender};
use tokio::time::{Instant, timeout, timeout_at};
use turno_ground::Flow;
use turno_sip::{Framed, Framer};

use crate::clock::Clock;
use crate::engine_thread::inbox::{EngineMessage, Inbox};
use crate::rate::Ration;

/// How long a new connection may take to deliver its first complete message.
const FIRST_MESSAGE_SPAN: Duration = Duration::from_secs(30);

/// How long a connection may deliver no complete message and no keep-alive: longer than a phone's registration lasts.
const IDLE_SPAN_MAX: Duration = Duration::from_secs(2 * 3600);

/// Most bytes of one read.
const READ_BYTES: usize = 8 * 1024;

/// Why a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The peer closed it, or the network did.
    Peer,
    /// The same; the engine was told before, and could still answer.
    HalfClosed,
    /// We closed it, because turno ends.
    Ours,
    /// Nothing was received for too long.
    Idle,
    /// Its bytes could not be split into messages.
    Malformed,
    /// The peer reads too slowly.
    Slow,
}

/// How long a peer that has closed its direction may take to read what still waits for it.
const LAST_ANSWERS_SPAN: Duration = Duration::from_secs(2);

/// Serves both directions of a stream until either side ends it. If the peer closes its direction, `half_closed` says so
/// to the engine, and the answers to what came before are still written until the queue is closed.
pub(crate) async fn serve(
    inbox: &Inbox,
    clock: Clock,
    (read, write): (impl AsyncRead + Unpin, impl AsyncWrite + Unpin),
    flow: Flow,
    (queue, pong): (Receiver<Bytes>, WeakSender<Bytes>),
    cut: &Notify,
    half_closed: Option<impl Future<Output = ()>>,
) -> End {
    let mut giving = pin!(give_out(write, queue));
    let end = tokio::select! {
        end = take_in(inbox, clock, read, flow, &pong) => end,
        end = &mut giving => return end,
        () = cut.notified() => return End::Slow,
    };
    let (End::Peer, Some(half_closed)) = (end, half_closed) else { return end };
    half_closed.await;
    let _ = timeout(LAST_ANSWERS_SPAN, giving).await;
    End::HalfClosed
}

async fn take_in(
    inbox: &Inbox,
    clock: Clock,
    mut read: impl AsyncRead + Unpin,
    flow: Flow,
    pong: &WeakSender<Bytes>,
) -> End {
    let mut framer = Framer::new();
    let mut buffer = vec![0; READ_BYTES];
    let mut patience = Instant::now() + FIRST_MESSAGE_SPAN;
    loop {
        let length = match timeout_at(patience, read.read(&mut buffer)).await {
            Err(_) => return End::Idle,
            Ok(Ok(0) | Err(_)) => return End::Peer,
            Ok(Ok(length)) => length,
        };
        framer.feed(&buffer[..length]);
        loop {
            match framer.pop() {
                Ok(None) => break,
                Ok(Some(Framed::Message(bytes))) => {
                    if !inbox.send(EngineMessage::Message(flow, bytes)).await {
                        return End::Ours;
                    }
                }
                Ok(Some(Framed::Ping)) => {
                    // If the queue is full, the peer does not read, and its ping needs no answer.
                    if let Some(queue) = pong.upgrade() {
                        let _ = queue.try_send(Bytes::from_static(Framer::PONG));
                    }
                }
                Err(malformed) => {
                    static LINES: Ration = Ration::new();
                    if let Some(held_back) = LINES.admit(clock.now()) {
                        tracing::info!(?flow, ?malformed, held_back, "a stream that is not SIP was closed");
                    }
                    return End::Malformed;
                }
            }
            patience = Instant::now() + IDLE_SPAN_MAX;
        }
    }
}

async fn give_out(mut write: impl AsyncWrite + Unpin, mut queue: Receiver<Bytes>) -> End {
    while let Some(bytes) = queue.recv().await {
        // TLS may buffer encrypted bytes until it is flushed.
        if write.write_all(&bytes).await.is_err() || write.flush().await.is_err() {
            return End::Peer;
        }
    }
    let _ = write.shutdown().await;
    End::Ours
}
