//! The way into the engine's thread: a bounded queue that wakes it from its sleep.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;

use bytes::Bytes;
use rustix::event::{EventfdFlags, eventfd};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use turno_engine::BanSeen;
use turno_ground::{Flow, Moment};
use turno_media_plan::MediaEvent;
use turno_model::{Asker, Command, Done, Plan, Refusal};

/// Messages that may wait for the engine.
pub(crate) const INBOX_MESSAGES_MAX: usize = 16_384;

/// Bytes of streams' messages that may wait for the engine: each stream waits for its turn with one message in hand.
const INBOX_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The answer to a command.
pub(crate) type Answer = SyncSender<Result<Done, Refusal>>;

/// What other threads tell the engine's.
pub(crate) enum EngineMessage {
    /// One framed message of a stream.
    Message(Flow, Bytes),
    /// A stream is closed, or could not be opened.
    FlowClosed(Flow),
    /// From the media plane.
    Media(MediaEvent),
    /// From people or from the shell itself.
    Command(Asker, Command, Option<Answer>),
    /// Somebody wants to know who is shut out.
    Bans(SyncSender<(Vec<BanSeen>, Moment)>),
    /// Work by this plan from now on, which names everybody at their present places.
    Replan(Arc<Plan>, SyncSender<Result<(), String>>),
    /// Take nothing more in, finish what was taken, and rest: another turno is about to read the journal.
    Pause(Pause),
    /// End the thread at once, whatever goes on.
    Halt,
}

/// A rest of the engine's thread.
pub(crate) struct Pause {
    /// Hears whether everything is in the journal.
    pub(crate) quiet: SyncSender<bool>,
    /// Says how it ends; dropped, the thread goes on.
    pub(crate) verdict: std::sync::mpsc::Receiver<Verdict>,
}

/// How a rest of the engine's thread ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// As if nothing had been.
    GoOn,
    /// Another turno serves: not one more word leaves, and nothing is written.
    End,
}

/// Where to put letters; cheap to clone.
#[derive(Clone)]
pub(crate) struct Inbox {
    letters: Sender<Sealed>,
    room: Arc<Semaphore>,
    bell: Arc<Bell>,
    lost: Arc<AtomicU64>,
}

/// The engine's end.
pub(crate) struct InboxReader {
    letters: Receiver<Sealed>,
    bell: Arc<Bell>,
}

/// A letter with the room that it takes.
struct Sealed {
    letter: EngineMessage,
    _room: Option<OwnedSemaphorePermit>,
}

struct Bell {
    event: OwnedFd,
    rung: AtomicBool,
}

/// A new inbox.
///
/// # Errors
/// When the system gives no descriptor for the wake-up event.
pub(crate) fn inbox() -> io::Result<(Inbox, InboxReader)> {
    let event = eventfd(0, EventfdFlags::NONBLOCK | EventfdFlags::CLOEXEC)?;
    let bell = Arc::new(Bell { event, rung: AtomicBool::new(false) });
    let (sender, letters) = channel(INBOX_MESSAGES_MAX);
    let room = Arc::new(Semaphore::new(INBOX_BYTES_MAX));
    let inbox = Inbox { letters: sender, room, bell: Arc::clone(&bell), lost: Arc::new(AtomicU64::new(0)) };
    Ok((inbox, InboxReader { letters, bell }))
}

impl Inbox {
    /// Waits for room, so that a stream that sends faster than the engine reads is slowed by its own window.
    /// False when the engine's thread has ended.
    pub(crate) async fn send(&self, letter: EngineMessage) -> bool {
        let bytes = if let EngineMessage::Message(_, bytes) = &letter { bytes.len() } else { 0 };
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room).acquire_many_owned(bytes).await.ok();
        let sent = self.letters.send(Sealed { letter, _room: room }).await.is_ok();
        self.bell.ring();
        sent
    }

    /// Never waits: for the media threads, and for whoever must not stand behind others. A letter that finds no
    /// room is counted as lost.
    pub(crate) fn post(&self, letter: EngineMessage) -> bool {
        match self.letters.try_send(Sealed { letter, _room: None }) {
            Ok(()) => {
                self.bell.ring();
                true
            }
            Err(TrySendError::Full(_) | TrySendError::Closed(_)) => {
                self.lost.fetch_add(1, Ordering::Relaxed);
                false
            }
        }
    }

    /// Wakes the engine's thread: there is something for it that is no letter.
    pub(crate) fn ring(&self) {
        self.bell.ring();
    }

    /// Letters that found no room, since the start.
    pub(crate) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}

impl InboxReader {
    /// The next letter, if there is one.
    pub(crate) fn take(&mut self) -> Option<EngineMessage> {
        self.letters.try_recv().ok().map(|sealed| sealed.letter)
    }

    /// Silences the bell. Letters that come later ring it again; take what is there after this call.
    pub(crate) fn answer_bell(&self) {
        if self.bell.rung.swap(false, Ordering::AcqRel) {
            let mut count = [0; 8];
            let _ = rustix::io::read(&self.bell.event, &mut count);
        }
    }

    /// What becomes readable when the bell rings.
    pub(crate) fn bell(&self) -> BorrowedFd<'_> {
        self.bell.event.as_fd()
    }
}

impl Bell {
    fn ring(&self) {
        if !self.rung.swap(true, Ordering::AcqRel) {
            let _ = rustix::io::write(&self.event, &1u64.to_ne_bytes());
        }
    }
}

#[cfg(test)]
#[path = "inbox_tests.rs"]
mod tests;
