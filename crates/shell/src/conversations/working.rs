//! The thread of the written channels.
//!
//! In each round it hears fresh messages, runs errands, takes facts, and looks whose time has come. Errands come before facts,
//! so that a contact is known before the first fact about it is read.

use std::io;
use std::sync::Arc;
use std::time::SystemTime;

use core::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::timeout;
use turno_channels::ConversationId;
use turno_channels::conversation::Event;
use turno_conversations::{Store, Trouble as StoreTrouble};
use turno_model::{Plan, Position};

use crate::conversations::cards;
use crate::conversations::errands;
use crate::conversations::facts::steps;
use crate::conversations::office::{Office, now};
use crate::conversations::settings::{self, queue_of, rules};
use crate::conversations::talking::{BotMeans, hear};
use crate::conversations::turn::Turn;
use crate::facts::reader::{FactsReader, Given};
use crate::facts::stream::{Begin, FactStream, NoPlace};

/// The name of this reader in the metrics.
const NAME: &str = "written";

/// Conversations and messages that are read at once.
const AT_ONCE: u32 = 64;

/// Facts without meaning for conversations after which the position is written all the same.
const FACTS_AT_MOST: u64 = 10_000;

/// The pause after the disk or the engine has failed.
const PAUSE: Duration = Duration::from_millis(500);

/// How often an idle thread looks at the time and counts.
const LOOK_INTERVAL: Duration = Duration::from_secs(2);

/// How often old conversations are looked for.
const KEEPING_INTERVAL: Duration = Duration::from_secs(3_600);

/// A file younger than this may belong to a message that is being written.
const FILE_AGE_MIN: Duration = Duration::from_secs(24 * 3_600);

/// Seconds of a day.
const DAY_SECS: i64 = 24 * 3_600;

/// Why the thread can't go on now.
enum Trouble {
    Store(StoreTrouble),
    Journal(io::Error),
    Ahead(Position),
}

impl From<StoreTrouble> for Trouble {
    fn from(trouble: StoreTrouble) -> Self {
        Self::Store(trouble)
    }
}

impl core::fmt::Display for Trouble {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Store(trouble) => write!(f, "their file can't be used: {trouble}"),
            Self::Journal(error) => write!(f, "the journal's facts can't be read: {error}"),
            Self::Ahead(newest) => {
                write!(f, "they have facts that this turno's journal lacks, which reaches up to {newest}")
            }
        }
    }
}

/// The thread's state.
pub(crate) struct Working {
    office: Arc<Office>,
    stream: Arc<FactStream>,
    handle: Handle,
    stops: watch::Receiver<bool>,
    /// Since when facts were taken without writing the position.
    written: Option<Position>,
    kept_at: Option<turno_ground::Moment>,
    plan: Arc<Plan>,
}

impl Working {
    pub(crate) fn new(
        office: Arc<Office>,
        stream: Arc<FactStream>,
        handle: Handle,
        stops: watch::Receiver<bool>,
    ) -> Self {
        let plan = office.plan();
        Self { office, stream, handle, stops, written: None, kept_at: None, plan }
    }

    /// Runs until it is stopped.
    pub(crate) fn run(mut self) {
        while let Err(trouble) = self.go_on() {
            tracing::error!("the written channels wait: {trouble}");
            if self.waits(PAUSE) {
                return;
            }
        }
    }

    fn go_on(&mut self) -> Result<(), Trouble> {
        let mut reader = self.reader()?;
        let mut newest = reader.newest();
        let mut bell = self.office.bell();
        while !self.is_stopped() {
            newest.borrow_and_update();
            bell.borrow_and_update();
            self.follow_plan();
            let heard = self.hear_fresh()?;
            if !errands::run(&self.office)? && self.waits(PAUSE) {
                break;
            }
            let read = self.take_facts(&mut reader)?;
            let due = self.look_at_time()?;
            self.keep_house()?;
            if !heard && !read && !due {
                self.rests(&mut newest, &mut bell)?;
            }
        }
        self.write_position(reader.place())?;
        Ok(())
    }

    fn follow_plan(&mut self) {
        let plan = self.office.plan();
        if !Arc::ptr_eq(&plan, &self.plan) {
            self.plan = plan;
            self.office.configure();
        }
    }

    /// Hears what persons wrote. True: there may be more.
    fn hear_fresh(&self) -> Result<bool, Trouble> {
        let fresh = self.office.store().fresh(AT_ONCE)?;
        for id in &fresh {
            self.hear(*id)?;
        }
        Ok(!fresh.is_empty())
    }

    fn hear(&self, id: ConversationId) -> Result<(), Trouble> {
        let plan = &self.plan;
        let Some(kept) = self.office.store().conversation(id)? else { return Ok(()) };
        let channel = kept.address.channel();
        let has_bot = rules(plan, channel).has_bot;
        let queue = kept.queue.as_deref().or_else(|| queue_of(plan, channel));
        // Asked before the file is locked: it counts the whole room.
        let is_staffed = has_bot && self.office.is_staffed(queue);
        let means = BotMeans {
            procedures: &self.office.means.procedures,
            settings: settings::bot(&plan.written.bot),
            is_staffed,
            meters: &self.office.means.meters,
        };
        let at = now();
        let mut store = self.office.store();
        let Some(kept) = store.conversation(id)? else { return Ok(()) };
        let mut turn = Turn::new(kept, plan);
        for line in store.unhandled(id, AT_ONCE)? {
            hear(&mut turn, &line, &means, at);
        }
        store.step(&[turn.into_step()], (None, None), at)?;
        drop(store);
        self.office.ring(id);
        Ok(())
    }

    /// Takes the next facts. True: there may be more.
    fn take_facts(&mut self, reader: &mut FactsReader) -> Result<bool, Trouble> {
        match reader.read().map_err(Trouble::Journal)? {
            None => Ok(false),
            Some(Given::Missing(gap)) => {
                self.lost(gap.until)?;
                Ok(true)
            }
            Some(Given::Facts(batch)) => {
                let until = batch.last();
                // Before the position is written: a copy of a card that a kill left behind is known by its name.
                cards::send(&self.office, &batch, &self.plan)?;
                let mut store = self.office.store();
                let steps = steps(&store, &batch, &self.plan)?;
                let ids: Vec<_> = steps.iter().map(|step| step.conversation).collect();
                if !steps.is_empty() {
                    store.step(&steps, (Some(until), None), now())?;
                }
                drop(store);
                if ids.is_empty() {
                    let behind = self.written.and_then(|written| until.facts_since(written));
                    if behind.is_none_or(|behind| behind >= FACTS_AT_MOST) {
                        self.write_position(until)?;
                    }
                } else {
                    self.written = Some(until);
                }
                ids.into_iter().for_each(|id| self.office.ring(id));
                Ok(true)
            }
        }
    }

    /// Facts are lost: persons whose contacts the room does not know any more stand in line again.
    fn lost(&mut self, until: Position) -> Result<(), Trouble> {
        tracing::error!("facts about conversations are lost; the room is asked which contacts are there");
        let living: Vec<u64> = self.office.room().contacts.iter().map(|contact| contact.contact.0).collect();
        let at = now();
        let mut store = self.office.store();
        let mut steps = Vec::new();
        for kept in store.conversations(false, u32::MAX)? {
            let Some(contact) = kept.standing.contact.filter(|contact| !living.contains(contact)) else {
                continue;
            };
            let mut turn = Turn::new(kept, &self.plan);
            turn.notes(Event::Lost { contact }, at);
            steps.push(turn.into_step());
        }
        store.step(&steps, (Some(until), None), at)?;
        drop(store);
        self.written = Some(until);
        Ok(())
    }

    /// Takes the time to the conversations that are due. True: there may be more.
    fn look_at_time(&self) -> Result<bool, Trouble> {
        let at = now();
        let mut store = self.office.store();
        let due = store.due(at, AT_ONCE)?;
        let mut steps = Vec::new();
        for id in &due {
            let Some(kept) = store.conversation(*id)? else { continue };
            let mut turn = Turn::new(kept, &self.plan);
            turn.notes(Event::Time, at);
            steps.push(turn.into_step());
        }
        store.step(&steps, (None, None), at)?;
        drop(store);
        due.iter().for_each(|id| self.office.ring(*id));
        Ok(!due.is_empty())
    }

    /// Deletes what is too old, and counts.
    fn keep_house(&mut self) -> Result<(), Trouble> {
        let moment = self.office.means.clock.now();
        if self.kept_at.is_some_and(|at| moment.since(at) < KEEPING_INTERVAL) {
            return Ok(());
        }
        let before = now().plus_secs(-DAY_SECS * i64::from(self.plan.written.keep_days));
        let mut store = self.office.store();
        let forgotten = store.forget(before)?;
        if forgotten.conversations > 0 {
            tracing::info!(conversations = forgotten.conversations, "old conversations are deleted");
        }
        if !forgotten.is_more {
            self.kept_at = Some(moment);
            #[expect(clippy::disallowed_methods, reason = "the times of files are the machine's")]
            let old = SystemTime::now().checked_sub(FILE_AGE_MIN).unwrap_or(SystemTime::UNIX_EPOCH);
            store.sweep_files(old)?;
        }
        Ok(())
    }

    /// A reader behind what was taken; the first time it begins now.
    fn reader(&mut self) -> Result<FactsReader, Trouble> {
        let known = self.office.store().position()?;
        let opened = match self.open(known.map_or(Begin::Now, Begin::After)) {
            Err(NoPlace::TooOld(oldest)) => {
                self.lost(oldest)?;
                self.open(Begin::After(oldest))
            }
            Err(NoPlace::Ahead(newest)) => {
                // The journal was taken away, and with it what the room knew.
                self.lost(newest)?;
                self.open(Begin::Now)
            }
            opened => opened,
        };
        let reader = opened.map_err(|no_place| match no_place {
            NoPlace::Ahead(newest) => Trouble::Ahead(newest),
            NoPlace::Unreadable(error) => Trouble::Journal(error),
            NoPlace::TooOld(oldest) => Trouble::Journal(io::Error::other(format!(
                "its oldest facts went while they were read, up to {oldest}"
            ))),
        })?;
        self.write_position(reader.place())?;
        Ok(reader)
    }

    fn open(&self, begin: Begin) -> Result<FactsReader, NoPlace> {
        FactsReader::open(Arc::clone(&self.stream), NAME, begin)
    }

    fn write_position(&mut self, until: Position) -> Result<(), Trouble> {
        self.office.store().step(&[], (Some(until), None), now())?;
        self.written = Some(until);
        Ok(())
    }

    fn is_stopped(&self) -> bool {
        *self.stops.borrow()
    }

    /// Waits for so long; returns at once when it is stopped, and whether it is.
    fn waits(&mut self, span: Duration) -> bool {
        let stops = &mut self.stops;
        let _ =
            self.handle.block_on(async { timeout(span, stops.wait_for(|stopped| *stopped)).await.map(drop) });
        self.is_stopped()
    }

    /// Waits for a fact, a change, the time of a conversation, or the stop.
    fn rests(
        &mut self,
        newest: &mut watch::Receiver<Position>,
        bell: &mut watch::Receiver<u64>,
    ) -> Result<(), Trouble> {
        let due = {
            let store = self.office.store();
            let leaving = (&*store.leaving()?, &*store.oldest_leaving()?);
            self.office.means.meters.stands(&store.open_by_stage()?, leaving, now());
            Store::first_due(&store)?
        };
        let left = due.map(|due| u64::try_from(due.0.saturating_sub(now().0)).unwrap_or_default());
        let span = left.map_or(LOOK_INTERVAL, |left| Duration::from_millis(left + 1).min(LOOK_INTERVAL));
        let stops = &mut self.stops;
        self.handle.block_on(async {
            tokio::select! {
                _ = newest.changed() => {}
                _ = bell.changed() => {}
                _ = stops.wait_for(|stopped| *stopped) => {}
                () = tokio::time::sleep(span) => {}
            }
        });
        Ok(())
    }
}
