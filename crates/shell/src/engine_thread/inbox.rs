//! The engine thread's inbox: a bounded queue that wakes the thread.

use core::time::Duration;
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
use turno_engine::{BanSeen, BreakSeen, CallbackSeen, ListedSeen, RecordingEvent, SkillSeen};
use turno_ground::{Flow, Moment};
use turno_media_plan::MediaEvent;
use turno_model::{AgentId, Asker, Command, ContactId, Done, Plan, Refusal, SeatId, Why};

/// Most messages that may wait for the engine.
pub(crate) const INBOX_MESSAGES_MAX: usize = 16_384;

/// Most bytes of stream messages that may wait for the engine; a stream with a further message waits for room.
const INBOX_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The answer to a command.
pub(crate) type Answer = SyncSender<Result<Done, Refusal>>;

/// A message from another thread to the engine thread.
pub(crate) enum EngineMessage {
    /// One SIP message from a stream.
    Message(Flow, Bytes),
    /// A stream was closed or could not be opened.
    FlowClosed(Flow),
    /// A browser's connection, whose person has signed in as this agent.
    SignedIn(Flow, AgentId),
    /// The session of that person has ended.
    SignedOut(Flow),
    /// A request for the seat where an agent sits.
    SeatOf(AgentId, SyncSender<Option<SeatId>>),
    /// An event of the media plane.
    Media(MediaEvent),
    /// An answer of the recorder.
    Recording(RecordingEvent),
    /// A command from people or from the shell itself.
    Command(Asker, Command, Why, Option<Answer>),
    /// A request for the ban list.
    Bans(SyncSender<(Vec<BanSeen>, Moment)>),
    /// A request for the numbers on lists of callers.
    CallerLists(SyncSender<(Vec<ListedSeen>, Moment)>),
    /// A request for the skills of an agent, or for all that commands changed.
    Skills(Option<AgentId>, SyncSender<(Vec<SkillSeen>, Moment)>),
    /// A request for those who are to be called back.
    Callbacks(SyncSender<Vec<CallbackSeen>>),
    /// A request for those who take a break in turns.
    Breaks(SyncSender<Vec<BreakSeen>>),
    /// A request for how long a contact in line will probably still wait.
    ExpectedWait(ContactId, SyncSender<Option<Duration>>),
    /// Use this plan from now on; existing names keep their index. The answer is how many
    /// skills commands have changed.
    Replan(Arc<Plan>, SyncSender<Result<usize, String>>),
    /// Take in nothing more, finish what was received, and pause: another turno process is about to read the journal.
    Pause(Pause),
    /// End the thread at once, in any state.
    Halt,
}

/// A pause of the engine thread.
pub(crate) struct Pause {
    /// Receives whether everything is in the journal.
    pub(crate) quiet: SyncSender<bool>,
    /// Tells how the pause ends; if it is dropped, the thread continues.
    pub(crate) verdict: std::sync::mpsc::Receiver<Verdict>,
}

/// How a pause of the engine thread ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The thread continues as before.
    GoOn,
    /// Another turno process serves: nothing more is sent or written.
    End,
}

/// The sending end; cheap to clone.
#[derive(Clone)]
pub(crate) struct Inbox {
    messages: Sender<Sealed>,
    room: Arc<Semaphore>,
    bell: Arc<Bell>,
    lost: Arc<AtomicU64>,
}

/// The engine thread's end.
pub(crate) struct InboxReader {
    messages: Receiver<Sealed>,
    bell: Arc<Bell>,
}

/// A message with the room that it takes.
struct Sealed {
    message: EngineMessage,
    _room: Option<OwnedSemaphorePermit>,
}

struct Bell {
    event: OwnedFd,
    rung: AtomicBool,
}

/// A new inbox.
///
/// If the system has no descriptor for the wake-up event.
/// When the system gives no descriptor for the wake-up event.
pub(crate) fn inbox() -> io::Result<(Inbox, InboxReader)> {
    let event = eventfd(0, EventfdFlags::NONBLOCK | EventfdFlags::CLOEXEC)?;
    let bell = Arc::new(Bell { event, rung: AtomicBool::new(false) });
    let (sender, messages) = channel(INBOX_MESSAGES_MAX);
    let room = Arc::new(Semaphore::new(INBOX_BYTES_MAX));
    let inbox = Inbox { messages: sender, room, bell: Arc::clone(&bell), lost: Arc::new(AtomicU64::new(0)) };
    Ok((inbox, InboxReader { messages, bell }))
}

impl Inbox {
    /// Waits for room, so that a stream that sends faster than the engine reads is slowed by its own window. False when
    /// the engine thread has ended.
    pub(crate) async fn send(&self, message: EngineMessage) -> bool {
        let bytes = if let EngineMessage::Message(_, bytes) = &message { bytes.len() } else { 0 };
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room).acquire_many_owned(bytes).await.ok();
        let sent = self.messages.send(Sealed { message, _room: room }).await.is_ok();
        self.bell.ring();
        sent
    }

    /// Never blocks: for the media threads, and for callers that must not wait. A message that finds no room is counted
    /// as lost.
    pub(crate) fn post(&self, message: EngineMessage) -> bool {
        match self.messages.try_send(Sealed { message, _room: None }) {
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

    /// Wakes the engine thread without a message.
    pub(crate) fn ring(&self) {
        self.bell.ring();
    }

    /// Messages that found no room, since the start.
    pub(crate) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}

impl InboxReader {
    /// The next message, if there is one.
    pub(crate) fn take(&mut self) -> Option<EngineMessage> {
        self.messages.try_recv().ok().map(|sealed| sealed.message)
    }

    /// Resets the bell. Later messages ring it again; messages must be taken after this call.
    pub(crate) fn answer_bell(&self) {
        if self.bell.rung.swap(false, Ordering::AcqRel) {
            let mut count = [0; 8];
            let _ = rustix::io::read(&self.bell.event, &mut count);
        }
    }

    /// The descriptor that becomes readable when the bell rings.
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
