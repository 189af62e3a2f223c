//! What connectors, pages and the thread of the written channels share: the file under a lock, and bells.
#![expect(
    clippy::disallowed_types,
    reason = "the locks below are between connectors, pages and the thread of the written channels; calls never wait for them"
)]

use std::collections::BTreeMap;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

use core::time::Duration;

use tokio::sync::watch;
use turno_channels::{
    Address, ConversationId, Elsewhere, FileHere, Incoming, Letter, MessageId, Millis, NotTaken, Outcome,
    Post, Report, Taken,
};
use turno_conversations::{Store, Trouble};
use turno_ground::Moment;
use turno_ledger::{Ledger, Snapshot};
use turno_model::{Channel, ContactId, Done, Plan, QueueState, Refusal, Spoken};

use crate::clock::{Clock, wall};
use crate::control::acting;
use crate::conversations::settings::limits;
use crate::engine_thread::inbox::{EngineMessage, Inbox};
use crate::facts::FactsHub;
use crate::hand_over::admitted::HandOvers;
use crate::metrics::conversations::WrittenMeters;
use crate::procedures::Procedures;
use crate::reload::current_plan::CurrentPlan;

/// For how long somebody who typed counts as typing.
const TYPING_SPAN: Duration = Duration::from_secs(6);

/// For how long a connector waits after the file could not be used.
const TROUBLE_SPAN: Duration = Duration::from_secs(1);

/// For how long a wait that was asked for is told: pages ask often, and calls go first.
const WAIT_TOLD_SPAN: Duration = Duration::from_secs(10);

/// How long the engine's thread may take to tell a wait.
const WAIT_ANSWER_SPAN_MAX: Duration = Duration::from_millis(500);

/// Tells a platform that a message was seen, by its own name for it.
type SeenTeller = Box<dyn Fn(&str) + Send + Sync>;

/// The parts of turno that the written channels need.
pub(crate) struct Means {
    pub(crate) in_force: CurrentPlan,
    pub(crate) procedures: Procedures,
    pub(crate) facts: Arc<FactsHub>,
    pub(crate) clock: Clock,
    pub(crate) inbox: Inbox,
    pub(crate) hand_overs: HandOvers,
    pub(crate) meters: WrittenMeters,
}

/// What is written nowhere.
#[derive(Default)]
struct Passing {
    /// A bell for each conversation that somebody watches.
    bells: BTreeMap<ConversationId, watch::Sender<u64>>,
    /// The number of the last change of each conversation that has changed since the start.
    versions: BTreeMap<ConversationId, u64>,
    /// Until when the person, or the agent, of a conversation counts as typing.
    typing: BTreeMap<(ConversationId, bool), Moment>,
    /// The wait of contacts in line that pages were told, and when.
    waits: BTreeMap<u64, (Moment, Option<Duration>)>,
}

/// The shared part.
pub(crate) struct Office {
    /// Guards the file.
    store: Mutex<Store>,
    /// Rings when a letter may have become due.
    letters: Condvar,
    /// Grows with each change.
    bell: watch::Sender<u64>,
    /// Guards what is written nowhere.
    passing: Mutex<Passing>,
    /// WhatsApp's, once its connector runs.
    whatsapp_seen: OnceLock<SeenTeller>,
    pub(crate) means: Means,
}

impl Office {
    pub(crate) fn new(store: Store, means: Means) -> Self {
        // Numbers of changes grow over restarts too, so that a page never takes an old form for a new one.
        let (bell, _) = watch::channel(wall().as_micros());
        Self {
            store: Mutex::new(store),
            letters: Condvar::new(),
            bell,
            passing: Mutex::default(),
            whatsapp_seen: OnceLock::new(),
            means,
        }
    }

    /// The file; nobody else has it meanwhile.
    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The plan in force.
    pub(crate) fn plan(&self) -> Arc<Plan> {
        self.means.in_force.plan()
    }

    /// The plan has changed.
    pub(crate) fn configure(&self) {
        let limits = limits(&self.plan().written);
        self.store().configure(limits);
    }

    /// Something of a conversation has changed: pages, connectors and the thread look again.
    pub(crate) fn ring(&self, conversation: ConversationId) {
        self.bell.send_modify(|number| *number += 1);
        let version = *self.bell.borrow();
        let mut passing = self.passing();
        passing.versions.insert(conversation, version);
        passing.bells.retain(|_, bell| bell.receiver_count() > 0);
        if let Some(bell) = passing.bells.get(&conversation) {
            bell.send_replace(version);
        }
        drop(passing);
        self.letters.notify_all();
    }

    /// The bell of all conversations.
    pub(crate) fn bell(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }

    /// The bell of one conversation.
    pub(crate) fn bell_of(&self, conversation: ConversationId) -> watch::Receiver<u64> {
        let begin = *self.bell.borrow();
        let mut passing = self.passing();
        passing.bells.entry(conversation).or_insert_with(|| watch::channel(begin).0).subscribe()
    }

    /// The number of a conversation's last change.
    pub(crate) fn version(&self, conversation: ConversationId) -> u64 {
        self.passing().versions.get(&conversation).copied().unwrap_or_default()
    }

    /// Somebody types, or has stopped.
    pub(crate) fn types(&self, conversation: ConversationId, is_person: bool, is_typing: bool) {
        let until = self.means.clock.now() + TYPING_SPAN;
        let mut passing = self.passing();
        if is_typing {
            passing.typing.insert((conversation, is_person), until);
        } else {
            passing.typing.remove(&(conversation, is_person));
        }
        let now = self.means.clock.now();
        passing.typing.retain(|_, until| *until > now);
        drop(passing);
        self.ring(conversation);
    }

    /// Whether the person, or the agent, is typing.
    pub(crate) fn is_typing(&self, conversation: ConversationId, is_person: bool) -> bool {
        let until = self.passing().typing.get(&(conversation, is_person)).copied();
        until.is_some_and(|until| until > self.means.clock.now())
    }

    /// From now on WhatsApp's people are told by this when an agent has seen their words.
    pub(crate) fn tell_whatsapp_seen(&self, teller: impl Fn(&str) + Send + Sync + 'static) {
        // A second one for the same process would be a fault of ours; the first goes on.
        let _ = self.whatsapp_seen.set(Box::new(teller));
    }

    /// An agent has seen a message of this channel, and none that is later.
    pub(crate) fn tells_seen(&self, channel: Channel, external: &str) {
        if let Some(tell) = self.whatsapp_seen.get().filter(|_| channel == Channel::WhatsApp) {
            tell(external);
        }
    }

    /// How long a contact in line will probably still wait, in seconds, by the estimate that callers hear.
    pub(crate) fn wait_of(&self, contact: u64) -> Option<u32> {
        let now = self.means.clock.now();
        let known = self.passing().waits.get(&contact).copied();
        let within = match known.filter(|(at, _)| now.since(*at) < WAIT_TOLD_SPAN) {
            Some((_, within)) => within,
            None => {
                let (answer, answered) = sync_channel(1);
                let is_asked = self.means.inbox.post(EngineMessage::ExpectedWait(ContactId(contact), answer));
                let told = is_asked.then(|| answered.recv_timeout(WAIT_ANSWER_SPAN_MAX).ok()).flatten();
                let within = told.flatten();
                let mut passing = self.passing();
                passing.waits.retain(|_, (at, _)| now.since(*at) < WAIT_TOLD_SPAN);
                passing.waits.insert(contact, (now, within));
                within
            }
        };
        within.and_then(|within| u32::try_from(within.as_secs()).ok())
    }

    /// Gives an order to the engine and waits for its answer.
    pub(crate) fn obey(&self, order: Spoken) -> Result<Done, Refusal> {
        acting::obey((order, None), &self.plan(), &self.means.inbox, &self.means.hand_overs)
    }

    /// The room as it is now.
    pub(crate) fn room(&self) -> Snapshot {
        self.means.facts.read(self.means.clock, Ledger::snapshot)
    }

    /// Whether agents of a queue are on duty.
    pub(crate) fn is_staffed(&self, queue: Option<&str>) -> bool {
        let plan = self.plan();
        let Some(place) = queue.and_then(|queue| plan.queues.iter().position(|known| known.name == queue))
        else {
            return false;
        };
        let room = self.room();
        room.queues.get(place).is_some_and(|queue| queue.staffed > 0 && queue.state != QueueState::Closed)
    }

    /// A moment of the engine's clock for one of the wall clock's.
    pub(crate) fn moment(&self, at: Millis) -> Moment {
        let ago = u64::try_from(now().0.saturating_sub(at.0)).unwrap_or_default();
        self.means.clock.now() - Duration::from_millis(ago)
    }

    fn passing(&self) -> MutexGuard<'_, Passing> {
        self.passing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Now, by the wall clock.
pub(crate) fn now() -> Millis {
    Millis(i64::try_from(wall().as_micros() / 1_000).unwrap_or(i64::MAX))
}

impl Post for Office {
    fn take(&self, incoming: Incoming) -> Result<Taken, NotTaken> {
        let channel = incoming.address.channel().word();
        let taken = self.store().take(&incoming, now());
        let what = match &taken {
            Ok(Taken { again: false, .. }) => "new",
            Ok(Taken { again: true, .. }) => "again",
            Err(NotTaken::Never(_)) => "refused",
            Err(NotTaken::Later(why)) => {
                tracing::error!(channel, "a message can't be kept: {why}");
                "later"
            }
        };
        self.means.meters.taken(channel, what);
        if let Ok(Taken { conversation, again: false, .. }) = taken {
            self.ring(conversation);
        }
        taken
    }

    fn report(&self, report: Report) -> Result<(), NotTaken> {
        let noted = self.store().report(&report, now())?;
        if let Some((conversation, _)) = noted {
            self.ring(conversation);
        }
        Ok(())
    }

    fn next(&self, channel: Channel) -> Option<Letter> {
        self.store().next(channel, now()).unwrap_or_else(|why| {
            tracing::error!(channel = channel.word(), "letters can't be read: {why}");
            None
        })
    }

    fn settle(&self, message: MessageId, outcome: Outcome) {
        let what = match &outcome {
            Outcome::Sent { .. } => "sent",
            Outcome::Later { .. } => "later",
            Outcome::Failed { .. } => "failed",
            Outcome::Unknown { .. } => "unknown",
        };
        // A disk that fails now and is well a moment later must not turn a letter that left into one of which nobody knows.
        let mut settled = self.store().settle(message, &outcome, now());
        if settled.is_err() {
            settled = self.store().settle(message, &outcome, now());
        }
        match settled {
            Ok(Some((conversation, channel))) => {
                self.means.meters.left(&channel, what);
                self.ring(conversation);
            }
            Ok(None) => {}
            Err(why) => {
                tracing::error!("what became of a letter can't be written, it counts as leaving: {why}");
            }
        }
    }

    fn named(&self, message: MessageId, external: &str) {
        let named = self.store().name(message, external);
        match named {
            Ok(conversation) => conversation.into_iter().for_each(|id| self.ring(id)),
            Err(why) => tracing::error!("a letter's name can't be written: {why}"),
        }
    }

    fn moved(&self, from: &Address, to: &Address) {
        let moved = self.store().has_moved(from, to);
        match moved {
            Ok(conversations) => conversations.into_iter().for_each(|id| self.ring(id)),
            Err(why) => tracing::error!("a person's new address can't be written: {why}"),
        }
    }

    fn elsewhere(&self, channel: Channel) -> Vec<Elsewhere> {
        self.store().elsewhere(channel, now()).unwrap_or_else(|why| {
            tracing::error!(channel = channel.word(), "files to fetch can't be read: {why}");
            Vec::new()
        })
    }

    fn fetched(&self, message: MessageId, file: FileHere) -> Result<(), NotTaken> {
        let fetched = self.store().has_fetched(message, &file);
        let conversation = fetched.map_err(|why| NotTaken::Later(why.to_string()))?;
        conversation.into_iter().for_each(|id| self.ring(id));
        Ok(())
    }

    fn wait(&self, channel: Channel, most: Duration) {
        let store = self.store();
        let span = match store.next_due(channel) {
            Ok(Some(due)) => {
                let left = u64::try_from(due.0.saturating_sub(now().0)).unwrap_or_default();
                Duration::from_millis(left).min(most)
            }
            Ok(None) => most,
            Err(Trouble::Newer(_) | Trouble::Database(_) | Trouble::File(_) | Trouble::Row(_)) => {
                TROUBLE_SPAN.min(most)
            }
        };
        if !span.is_zero() {
            drop(self.letters.wait_timeout(store, span));
        }
    }
}
