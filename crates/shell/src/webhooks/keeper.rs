//! The thread of one webhook.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use core::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use turno_ground::Moment;
use turno_model::plan::WebhookPlan;
use turno_model::{PlanIndex, Position};
use turno_webhooks::event::{self, Event};
use turno_webhooks::{Letter, Queue, Trouble as QueueTrouble};

use crate::clock::Clock;
use crate::facts::batch::Batch;
use crate::facts::reader::{FactsReader, Given};
use crate::facts::stream::{Begin, FactStream, NoPlace};
use crate::metrics::webhooks::WebhookMeters;
use crate::reload::current_plan::CurrentPlan;
use crate::webhooks::sending::{Outcome, Sender};

/// The name of these readers in the metrics.
const NAME: &str = "webhooks";

/// Messages that wait in the file: more facts are taken when these have gone. The journal keeps them so long.
const WAITING_MAX: u64 = 10_000;

/// Messages that are on their way at once.
const AT_ONCE: u32 = 8;

/// How often an idle thread looks, since a command may send given-up letters again.
const LOOK_INTERVAL: Duration = Duration::from_secs(10);

/// The first pause after a failure of the disk; each further one is twice as long.
const PAUSE_MIN: Duration = Duration::from_millis(500);

/// The longest pause.
const PAUSE_MAX: Duration = Duration::from_secs(60);

/// Why the thread can't go on now.
enum Trouble {
    Queue(QueueTrouble),
    Journal(io::Error),
    Ahead(Position),
}

impl From<QueueTrouble> for Trouble {
    fn from(trouble: QueueTrouble) -> Self {
        Self::Queue(trouble)
    }
}

impl core::fmt::Display for Trouble {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Queue(trouble) => write!(f, "its queue can't be used: {trouble}"),
            Self::Journal(error) => write!(f, "the journal's facts can't be read: {error}"),
            Self::Ahead(newest) => {
                write!(f, "its queue has facts that this turno's journal lacks, which reaches up to {newest}")
            }
        }
    }
}

/// The thread's state.
pub(crate) struct Keeper {
    hook: WebhookPlan,
    sender: Sender,
    path: PathBuf,
    stream: Arc<FactStream>,
    in_force: CurrentPlan,
    clock: Clock,
    handle: Handle,
    meters: WebhookMeters,
    stops: watch::Receiver<bool>,
    pause: Duration,
}

impl Keeper {
    pub(crate) fn new(
        (hook, sender): (WebhookPlan, Sender),
        path: PathBuf,
        (stream, in_force): (Arc<FactStream>, CurrentPlan),
        (clock, handle): (Clock, Handle),
        (meters, stops): (WebhookMeters, watch::Receiver<bool>),
    ) -> Self {
        Self { hook, sender, path, stream, in_force, clock, handle, meters, stops, pause: PAUSE_MIN }
    }

    /// Runs until it is stopped.
    pub(crate) fn run(mut self) {
        while let Err(trouble) = self.go_on() {
            tracing::warn!(webhook = self.hook.name, again_in = ?self.pause, "the webhook waits: {trouble}");
            let pause = self.pause;
            self.pause = (self.pause * 2).min(PAUSE_MAX);
            if self.waits(pause) {
                return;
            }
        }
    }

    fn go_on(&mut self) -> Result<(), Trouble> {
        let mut queue = Queue::open(&self.path)?;
        let mut reader = self.reader(&mut queue)?;
        let mut newest = reader.newest();
        while !self.is_stopped() {
            newest.borrow_and_update();
            self.take_in(&mut queue, &mut reader)?;
            let due = queue.due(&self.hook.name, self.clock.now(), AT_ONCE)?;
            if due.is_empty() {
                self.waits_for(&mut newest, queue.next_due(&self.hook.name)?);
            } else {
                self.send(&queue, due)?;
            }
            let figures = queue.figures(&self.hook.name)?;
            self.meters.stands(&self.hook.name, figures);
            self.pause = PAUSE_MIN;
        }
        Ok(())
    }

    /// A reader behind what was taken; a new webhook begins now.
    fn reader(&self, queue: &mut Queue) -> Result<FactsReader, Trouble> {
        let name = &self.hook.name;
        let known = queue.position(name)?;
        let opened = match self.open(known.map_or(Begin::Now, Begin::After)) {
            Err(NoPlace::TooOld(oldest)) => {
                if let Some(after) = known {
                    let facts = oldest.facts_since(after);
                    self.miss(queue, (after, oldest), facts)?;
                }
                self.open(Begin::After(oldest))
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
        if known.is_none() {
            queue.take(name, &[], reader.place(), self.clock.now())?;
        }
        Ok(reader)
    }

    fn open(&self, begin: Begin) -> Result<FactsReader, NoPlace> {
        FactsReader::open(Arc::clone(&self.stream), NAME, begin)
    }

    /// Takes facts into the queue while it has room.
    fn take_in(&self, queue: &mut Queue, reader: &mut FactsReader) -> Result<(), Trouble> {
        let mut room = WAITING_MAX.saturating_sub(queue.figures(&self.hook.name)?.waiting);
        while room > 0 && !self.is_stopped() {
            match reader.read().map_err(Trouble::Journal)? {
                None => return Ok(()),
                Some(Given::Missing(gap)) => self.miss(queue, (gap.after, gap.until), gap.facts)?,
                Some(Given::Facts(batch)) => {
                    let events = self.events(&batch);
                    room = room.saturating_sub(events.len() as u64);
                    queue.take(&self.hook.name, &events, batch.last(), self.clock.now())?;
                }
            }
        }
        Ok(())
    }

    fn events(&self, batch: &Batch) -> Vec<Event> {
        let plan = self.in_force.plan();
        let names = batch.places().map_or_else(|| PlanIndex::of(&plan), |places| PlanIndex::clone(places));
        batch.placed().filter_map(|placed| event::of(&self.hook, placed, &names)).collect()
    }

    fn miss(&self, queue: &mut Queue, gap: (Position, Position), facts: Option<u64>) -> Result<(), Trouble> {
        tracing::error!(
            webhook = self.hook.name,
            facts,
            "facts are not sent: the journal no longer has them"
        );
        let now = self.clock.now();
        let event = event::missing(&self.in_force.plan().site, gap, facts, now);
        Ok(queue.take(&self.hook.name, &[event], gap.1, now)?)
    }

    /// Sends letters at once, and notes what came of each.
    fn send(&mut self, queue: &Queue, due: Vec<Letter>) -> Result<(), Trouble> {
        let seconds = self.clock.now().since(Moment::default()).as_secs();
        let (sender, stops) = (self.sender.clone(), &mut self.stops);
        let outcomes = self.handle.block_on(async {
            let mut on_their_way = JoinSet::new();
            for letter in due {
                let sender = sender.clone();
                on_their_way.spawn(async move {
                    let outcome = sender.send(&letter, seconds).await;
                    (letter, outcome)
                });
            }
            tokio::select! {
                outcomes = on_their_way.join_all() => outcomes,
                // They are sent again after the next start, under the same ids.
                _ = stops.wait_for(|stopped| *stopped) => Vec::new(),
            }
        });
        for (letter, outcome) in outcomes {
            self.note(queue, &letter, outcome)?;
        }
        Ok(())
    }

    fn note(&self, queue: &Queue, letter: &Letter, outcome: Outcome) -> Result<(), Trouble> {
        let name = &self.hook.name;
        match outcome {
            Outcome::Arrived => {
                queue.arrived(letter.place)?;
                self.meters.arrived(name);
            }
            Outcome::Failed { why, asked } => {
                let is_given_up = queue.failed((name, letter), &why, asked, self.clock.now())?;
                self.meters.failed(name, is_given_up);
                if is_given_up {
                    tracing::error!(webhook = name, id = letter.id, "a message is given up: {why}");
                } else if letter.failures == 0 {
                    tracing::warn!(webhook = name, id = letter.id, "a message is sent again later: {why}");
                }
            }
        }
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

    /// Waits for a fact, the next letter that is due, the stop, or the time for another look.
    fn waits_for(&mut self, newest: &mut watch::Receiver<Position>, due: Option<Moment>) {
        let now = self.clock.now();
        let span = due.map_or(LOOK_INTERVAL, |due| due.since(now).min(LOOK_INTERVAL));
        let stops = &mut self.stops;
        self.handle.block_on(async {
            tokio::select! {
                _ = newest.changed() => {}
                _ = stops.wait_for(|stopped| *stopped) => {}
                () = tokio::time::sleep(span) => {}
            }
        });
    }
}
