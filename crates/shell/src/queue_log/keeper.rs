//! The thread of the queue_log: reads facts, appends their lines, and goes on after every trouble.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use core::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::timeout;
use turno_model::{Plan, PlanIndex, Position};
use turno_queue_log::{LogNames, QueueLog};

use crate::facts::batch::Batch;
use crate::facts::reader::{FactsReader, Given};
use crate::facts::stream::{Begin, FactStream, NoPlace};
use crate::queue_log::file::LogFile;
use crate::reload::current_plan::CurrentPlan;

/// The name of this reader in the metrics.
const NAME: &str = "queue_log";

/// Bytes that are written at once, about.
const BYTES_MAX: usize = 64 << 10;

/// Facts that are written at once, about.
const FACTS_MAX: usize = 2_000;

/// How long facts are gathered while the file is up to date.
const GATHER_SPAN: Duration = Duration::from_millis(250);

/// The first pause after a failure; each further one is twice as long.
const PAUSE_MIN: Duration = Duration::from_millis(250);

/// The longest pause.
const PAUSE_MAX: Duration = Duration::from_secs(60);

/// The thread's state.
pub(crate) struct LogKeeper {
    path: PathBuf,
    stream: Arc<FactStream>,
    in_force: CurrentPlan,
    handle: Handle,
    stops: watch::Receiver<bool>,
    names: Option<KnownNames>,
    pause: Duration,
}

/// Names, with what they were made of.
struct KnownNames {
    plan: Arc<Plan>,
    then: Option<Arc<PlanIndex>>,
    names: Arc<LogNames>,
}

impl LogKeeper {
    pub(crate) fn new(
        path: PathBuf,
        (stream, in_force): (Arc<FactStream>, CurrentPlan),
        (handle, stops): (Handle, watch::Receiver<bool>),
    ) -> Self {
        Self { path, stream, in_force, handle, stops, names: None, pause: PAUSE_MIN }
    }

    /// Runs until it is stopped.
    pub(crate) fn run(mut self) {
        while let Err(error) = self.go_on() {
            if self.is_stopped() {
                return;
            }
            tracing::warn!(
                again_in = ?self.pause,
                "{} is not written, and catches up later: {error}",
                self.path.display()
            );
            if self.waits(self.pause) {
                return;
            }
            self.pause = (self.pause * 2).min(PAUSE_MAX);
        }
    }

    /// Opens the file and writes until it is stopped.
    fn go_on(&mut self) -> io::Result<()> {
        let mut file = LogFile::open(&self.path)?;
        let (place, mut log) = file.state().map_or_else(Default::default, |(place, log)| (Some(place), log));
        let mut reader = self.reader(place)?;
        if place.is_none() {
            file.append("", reader.place(), &log)?;
        }
        let mut newest = reader.newest();
        let mut is_last = false;
        loop {
            newest.borrow_and_update();
            let is_up_to_date = self.write_what_is_there(&mut reader, &mut file, &mut log)?;
            self.pause = PAUSE_MIN;
            if is_last && is_up_to_date {
                return Ok(());
            }
            // Once more after the stop: the facts of the end are there by then.
            is_last = self.is_stopped();
            if is_up_to_date && !is_last {
                self.waits_for(&mut newest);
                self.waits(GATHER_SPAN);
            }
        }
    }

    /// Writes some facts' lines; returns whether there are no more.
    fn write_what_is_there(
        &mut self,
        reader: &mut FactsReader,
        file: &mut LogFile,
        log: &mut QueueLog,
    ) -> io::Result<bool> {
        let (mut lines, mut facts, mut until) = (String::new(), 0, None);
        let mut is_up_to_date = false;
        while lines.len() < BYTES_MAX && facts < FACTS_MAX {
            match reader.read()? {
                None => {
                    is_up_to_date = true;
                    break;
                }
                Some(Given::Missing(gap)) => {
                    tracing::error!(facts = gap.facts, "facts are missing in {}", self.path.display());
                    until = Some(gap.until);
                }
                Some(Given::Facts(batch)) => {
                    self.take(&batch, log, &mut lines);
                    facts += batch.iter().len();
                    until = Some(batch.last());
                }
            }
        }
        if let Some(until) = until {
            file.append(&lines, until, log)?;
        }
        Ok(is_up_to_date)
    }

    fn take(&mut self, batch: &Batch, log: &mut QueueLog, lines: &mut String) {
        let names = self.names(batch.places());
        for (at, fact) in batch {
            log.take(&names, *at, fact, &mut |line| {
                lines.push_str(&line);
                lines.push('\n');
            });
        }
    }

    /// A reader of the facts after a position; without one, of those that come.
    fn reader(&self, place: Option<Position>) -> io::Result<FactsReader> {
        let open = |begin| FactsReader::open(Arc::clone(&self.stream), NAME, begin);
        let begin = place.map_or(Begin::Now, Begin::After);
        let opened = match open(begin) {
            Err(NoPlace::TooOld(oldest)) => {
                tracing::error!("{} lacks facts that the journal no longer has", self.path.display());
                open(Begin::After(oldest))
            }
            Err(NoPlace::Ahead(newest)) => {
                tracing::error!(
                    "{} has facts that this turno's journal lacks; it goes on with what comes",
                    self.path.display()
                );
                open(Begin::After(newest))
            }
            opened => opened,
        };
        opened.map_err(|no_place| match no_place {
            NoPlace::Unreadable(error) => error,
            NoPlace::TooOld(_) | NoPlace::Ahead(_) => io::Error::other("the facts went while they were read"),
        })
    }

    fn names(&mut self, places: Option<&Arc<PlanIndex>>) -> Arc<LogNames> {
        let plan = self.in_force.plan();
        let known = self.names.as_ref().filter(|known| Arc::ptr_eq(&known.plan, &plan));
        if let Some(known) = known.filter(|known| known.then.as_ref() == places) {
            return Arc::clone(&known.names);
        }
        let names = Arc::new(LogNames::new(&plan, places.map(|places| &**places)));
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

    /// Waits for a fact or the stop.
    fn waits_for(&mut self, newest: &mut watch::Receiver<Position>) {
        let stops = &mut self.stops;
        self.handle.block_on(async {
            tokio::select! {
                _ = newest.changed() => {}
                _ = stops.wait_for(|stopped| *stopped) => {}
            }
        });
    }
}
