//! The history's thread: reads facts, writes them in batches, and goes on after every trouble.

use std::io;
use std::sync::Arc;

use core::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::timeout;
use turno_ground::Moment;
use turno_history::{Failure, History, Kept, Names, Written};
use turno_model::plan::HistoryPlan;
use turno_model::{Fact, Gap, Plan, PlanIndex, Position};

use crate::clock::Clock;
use crate::facts::reader::{FactsReader, Given};
use crate::facts::stream::{Begin, FactStream, NoPlace};
use crate::history::chaining::Chaining;
use crate::metrics::history::HistoryMeters;
use crate::reload::current_plan::CurrentPlan;

/// The name of this reader in the metrics.
const NAME: &str = "history";

/// Facts in one transaction, about: a batch of the reader is not split.
const FACTS_MAX: usize = 1_000;

/// How long facts are gathered for one transaction while the history is up to date.
const GATHER_SPAN: Duration = Duration::from_millis(250);

/// The first pause after a failure; each further one is twice as long.
const PAUSE_MIN: Duration = Duration::from_millis(250);

/// The longest pause.
const PAUSE_MAX: Duration = Duration::from_secs(60);

/// How long after the begin of a half hour its predecessor is closed: no fact from before may come later.
const SETTLE_AFTER: Duration = Duration::from_secs(60);

/// How often an idle history looks whether a half hour is over.
const LOOK_INTERVAL: Duration = Duration::from_secs(30);

/// How often the history looks for rows that have been kept for long enough.
const KEEPING_INTERVAL: Duration = Duration::from_secs(3600);

/// Why writing stopped.
#[derive(Debug)]
enum Trouble {
    Database(Failure),
    Journal(io::Error),
    /// The journal is behind the database: its clock was put back, or it is another one.
    Ahead(Position),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Database(failure)
    }
}

impl core::fmt::Display for Trouble {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Database(failure) => write!(f, "{failure}"),
            Self::Journal(error) => write!(f, "the journal's facts can't be read: {error}"),
            Self::Ahead(newest) => {
                write!(
                    f,
                    "the database has facts that this turno's journal lacks, which reaches up to {newest}"
                )
            }
        }
    }
}

impl Trouble {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Database(failure) => failure.word(),
            Self::Journal(_) => "journal",
            Self::Ahead(_) => "ahead",
        }
    }

    const fn needs_a_person(&self) -> bool {
        matches!(self, Self::Database(failure) if failure.needs_a_person())
    }
}

/// The thread's state.
pub(crate) struct Keeper {
    history: History,
    chaining: Chaining,
    stream: Arc<FactStream>,
    in_force: CurrentPlan,
    clock: Clock,
    handle: Handle,
    meters: HistoryMeters,
    stops: watch::Receiver<bool>,
    /// The names of the last batch.
    names: Option<KnownNames>,
    pause: Duration,
    /// When it looks next for rows that have been kept for long enough.
    next_keeping: Moment,
}

/// Names, with what they were made of.
struct KnownNames {
    plan: Arc<Plan>,
    then: Option<Arc<PlanIndex>>,
    names: Arc<Names>,
}

/// Facts of one transaction.
#[derive(Default)]
struct Gathered {
    facts: Vec<(Moment, Fact)>,
    names: Option<Arc<Names>>,
    until: Position,
}

impl Keeper {
    pub(crate) fn new(
        (history, chaining): (History, Chaining),
        (stream, in_force): (Arc<FactStream>, CurrentPlan),
        (clock, handle): (Clock, Handle),
        (meters, stops): (HistoryMeters, watch::Receiver<bool>),
    ) -> Self {
        Self {
            history,
            chaining,
            stream,
            in_force,
            clock,
            handle,
            meters,
            stops,
            names: None,
            pause: PAUSE_MIN,
            next_keeping: Moment::default(),
        }
    }

    /// Runs until it is stopped, or until only a person can help.
    pub(crate) fn run(mut self) {
        while let Err(trouble) = self.go_on() {
            self.meters.failed(trouble.kind());
            if trouble.needs_a_person() {
                tracing::error!(
                    kind = trouble.kind(),
                    "turno goes on without a history until its next start: {trouble}"
                );
                return;
            }
            if matches!(trouble, Trouble::Database(Failure::Overtaken)) {
                tracing::info!("{trouble}; the history goes on behind it");
            } else {
                tracing::warn!(
                    kind = trouble.kind(),
                    again_in = ?self.pause,
                    "the history is not written, and catches up later: {trouble}"
                );
            }
            if self.is_stopped() || self.waits(self.pause) {
                return;
            }
            self.pause = (self.pause * 2).min(PAUSE_MAX);
        }
    }

    /// Opens the database and writes until it is stopped.
    fn go_on(&mut self) -> Result<(), Trouble> {
        let place = self.history.open()?;
        let mut reader = self.reader(place)?;
        let mut newest = reader.newest();
        let mut is_last = false;
        loop {
            newest.borrow_and_update();
            let is_up_to_date = self.write_what_is_there(&mut reader)?;
            if is_last && is_up_to_date {
                self.chaining.stop(&self.in_force.plan(), self.clock.now());
                return Ok(());
            }
            // Once more after the stop: the facts of the end are there by then.
            is_last = self.is_stopped();
            if !is_up_to_date || is_last {
                continue;
            }
            self.settle()?;
            self.meters.is_up_to_date();
            self.chaining.close_days(&mut self.history, &self.in_force.plan(), self.clock.now());
            let is_tidy = self.delete_old()?;
            if is_tidy && !newest.has_changed().unwrap_or(false) {
                self.waits_for(&mut newest);
            }
            self.waits(GATHER_SPAN);
        }
    }

    /// Writes one transaction's facts; returns whether there are no more.
    fn write_what_is_there(&mut self, reader: &mut FactsReader) -> Result<bool, Trouble> {
        let mut gathered = Gathered::default();
        while gathered.facts.len() < FACTS_MAX {
            match reader.read().map_err(Trouble::Journal)? {
                None => {
                    self.write(&mut gathered)?;
                    return Ok(true);
                }
                Some(Given::Missing(gap)) => {
                    self.write(&mut gathered)?;
                    self.miss(gap)?;
                }
                Some(Given::Facts(batch)) => {
                    let names = self.names(batch.places());
                    let is_other = gathered.names.as_ref().is_some_and(|old| !Arc::ptr_eq(old, &names));
                    if is_other || batch.before() != gathered.until {
                        self.write(&mut gathered)?;
                    }
                    gathered.names = Some(names);
                    gathered.until = batch.last();
                    gathered.facts.extend(batch.iter().cloned());
                }
            }
        }
        self.write(&mut gathered)?;
        Ok(false)
    }

    fn write(&mut self, gathered: &mut Gathered) -> Result<(), Trouble> {
        let Gathered { facts, names, until } = core::mem::take(gathered);
        let Some(names) = names else { return Ok(()) };
        let begin = self.clock.nanos();
        let written = self.history.take(&names, &facts, until)?;
        let spent = Duration::from_nanos(self.clock.nanos() - begin);
        let last = facts.last().map_or_else(Moment::default, |(at, _)| *at);
        self.wrote(written, facts.len());
        self.meters.took(spent, last, self.clock.now());
        Ok(())
    }

    fn miss(&mut self, gap: Gap) -> Result<(), Trouble> {
        tracing::error!(
            facts = gap.facts,
            after = %gap.after,
            until = %gap.until,
            "facts are missing in the history: the journal no longer has them"
        );
        let names = self.names(None);
        let written = self.history.miss(&names, gap)?;
        self.wrote(written, 0);
        Ok(())
    }

    /// Closes the last half hour, when it is over and no fact comes.
    fn settle(&mut self) -> Result<(), Trouble> {
        let names = self.names(None);
        let now = self.clock.now();
        let before = Moment::from_micros(now.as_micros().saturating_sub(SETTLE_AFTER.as_micros() as u64));
        let written = self.history.settle(&names, before)?;
        self.wrote(written, 0);
        Ok(())
    }

    /// Deletes a piece of what has been kept for long enough, in the quiet; returns whether nothing more is due.
    fn delete_old(&mut self) -> Result<bool, Trouble> {
        let now = self.clock.now();
        if now < self.next_keeping {
            return Ok(true);
        }
        let plan = self.in_force.plan();
        let HistoryPlan { contacts, numbers, states, intervals, .. } = plan.history;
        let kept = Kept { contacts, numbers, states, intervals };
        if !self.chaining.deletes(&mut self.history, kept, now) {
            self.next_keeping = now + KEEPING_INTERVAL;
            return Ok(true);
        }
        let rows = match self.history.delete_old(kept, now) {
            Ok(rows) => rows,
            // Facts go on being written; what is old is looked for again later.
            Err(failure) => {
                tracing::warn!("what the history has kept for long enough is not deleted: {failure}");
                self.meters.failed(failure.word());
                self.next_keeping = now + KEEPING_INTERVAL;
                return Err(Trouble::Database(failure));
            }
        };
        self.meters.deleted(rows);
        if rows == 0 {
            self.next_keeping = now + KEEPING_INTERVAL;
        }
        Ok(rows == 0)
    }

    fn wrote(&mut self, written: Written, facts: usize) {
        if written.rows == 0 {
            return;
        }
        if self.pause > PAUSE_MIN {
            tracing::info!("the history is written again");
        }
        self.pause = PAUSE_MIN;
        self.meters.wrote(facts, written.rows);
    }

    /// A reader of the facts after a position. Facts that the journal no longer has are noted.
    fn reader(&mut self, place: Option<Position>) -> Result<FactsReader, Trouble> {
        let begin = place.map_or(Begin::Oldest, Begin::After);
        match self.open(begin) {
            Err(NoPlace::TooOld(oldest)) => {
                if let Some(after) = place {
                    let facts = oldest.facts_since(after);
                    self.miss(Gap { after, until: oldest, facts })?;
                }
                self.open(Begin::After(oldest)).map_err(trouble)
            }
            opened => opened.map_err(trouble),
        }
    }

    fn open(&self, begin: Begin) -> Result<FactsReader, NoPlace> {
        FactsReader::open(Arc::clone(&self.stream), NAME, begin)
    }

    /// The names behind the facts of a batch.
    fn names(&mut self, places: Option<&Arc<PlanIndex>>) -> Arc<Names> {
        let plan = self.in_force.plan();
        let known = self.names.as_ref().filter(|known| Arc::ptr_eq(&known.plan, &plan));
        if let Some(known) = known.filter(|known| known.then.as_ref() == places) {
            return Arc::clone(&known.names);
        }
        let names = Arc::new(Names::new(&plan, places.map(|places| &**places)));
        self.names = Some(KnownNames { plan, then: places.cloned(), names: Arc::clone(&names) });
        names
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

    /// Waits for a fact, the stop, or the time for another look.
    fn waits_for(&mut self, newest: &mut watch::Receiver<Position>) {
        let stops = &mut self.stops;
        self.handle.block_on(async {
            tokio::select! {
                _ = newest.changed() => {}
                _ = stops.wait_for(|stopped| *stopped) => {}
                () = tokio::time::sleep(LOOK_INTERVAL) => {}
            }
        });
    }
}

fn trouble(no_place: NoPlace) -> Trouble {
    match no_place {
        NoPlace::Ahead(newest) => Trouble::Ahead(newest),
        NoPlace::Unreadable(error) => Trouble::Journal(error),
        NoPlace::TooOld(oldest) => Trouble::Journal(io::Error::other(format!(
            "its oldest facts went while they were read, up to {oldest}"
        ))),
    }
}
