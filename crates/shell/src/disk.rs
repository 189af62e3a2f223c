//! The journal on disk: read at the start, then written with every change.
//!
//! `volume` is the interface of the folder; `folder` and its `lock` are the real one, and `recovery` reads it.
//! `journal` is the engine thread's end, which writes steps. `compactor` is the disk thread: it folds closed segments,
//! and its `watch` checks that a restart would find everything that was written. `committing` waits for the disk when
//! the journal must survive a power failure.

mod committing;
mod compactor;
mod fact_files;
mod filing;
mod folder;
mod journal;
mod line;
mod lock;
mod parts;
mod past_facts;
mod recovery;
mod room;
mod seals;
mod sign;
#[cfg(test)]
pub(crate) mod tests;
mod unfiled;
mod volume;
mod watch;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use core::time::Duration;

use bytes::Bytes;
use prometheus::Registry;
use turno_journal::{Content, file_name};
use turno_ledger::Ledger;
use turno_model::plan::Durability;
use turno_model::{Plan, PlanIndex, Position, RowKey, Step};

use crate::clock::Clock;
use crate::disk::committing::{Committer, committing};
use crate::disk::compactor::{Compactor, Order};
use crate::disk::folder::Folder;
use crate::disk::parts::Parts;
use crate::disk::recovery::{Recovered, recover};
use crate::disk::room::{make_named, make_segment, warn_of_room};
use crate::disk::volume::Volume;
use crate::disk::watch::Watch;
use crate::engine_thread::inbox::Inbox;
use crate::metrics::journal::JournalMeters;
use crate::process::threads::thread;
use crate::refusal::StartRefused;

pub(crate) use crate::disk::fact_files::{Cursor, FactFiles, Past};
pub(crate) use crate::disk::journal::Journal;
pub(crate) use crate::disk::lock::FolderLock;
pub(crate) use crate::disk::past_facts::PastFacts;
pub(crate) use crate::disk::seals::{Seals, Shut};
pub(crate) use crate::disk::sign::{JournalSign, Standing};

/// Orders and answers that may wait between the two threads.
const ORDERS_MAX: usize = 16;

/// An open journal folder.
pub(crate) struct Home {
    path: PathBuf,
    folder: Arc<Folder>,
}

/// A journal folder that was opened and read.
pub(crate) struct Opened {
    volume: Arc<dyn Volume>,
    recovered: Recovered,
    /// The last image of every row, opened.
    images: BTreeMap<RowKey, Bytes>,
    /// The rows that did not open.
    shut: Option<Shut>,
    seals: Seals,
    /// Whether another turno process still serves from this folder: no existing file may be changed.
    is_shared: bool,
}

/// A running journal.
pub(crate) struct Begun {
    /// The engine thread's end; `None` if no journal is kept.
    pub(crate) journal: Option<Journal>,
    /// The journal's state, for health checks.
    pub(crate) sign: JournalSign,
    /// The journal's threads. They start when the gate is opened, and end when it is dropped.
    pub(crate) threads: Vec<JoinHandle<()>>,
    pub(crate) gate: Option<Gate>,
    /// The first segment under a temporary name, while another turno process still serves from this folder.
    pub(crate) coming: Option<Coming>,
    /// The facts of earlier runs.
    pub(crate) past: Option<PastFacts>,
    /// The last fact recorded before the engine runs.
    pub(crate) facts: Position,
    /// Reads facts from the journal's files.
    pub(crate) files: Option<FactFiles>,
}

/// Lets the disk thread start.
pub(crate) type Gate = SyncSender<()>;

/// A segment that gets its final name when this process begins to serve.
pub(crate) struct Coming {
    volume: Arc<dyn Volume>,
    number: u64,
    has_place: bool,
}

/// What a journal needs from its surroundings.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    pub(crate) clock: Clock,
    pub(crate) inbox: &'a Inbox,
    pub(crate) registry: &'a Registry,
}

/// A journal whose threads are not started yet.
struct Prepared {
    journal: Journal,
    ledger: Ledger,
    sign: JournalSign,
    compactor: Compactor,
    orders: Receiver<Order>,
    committer: Option<Committer>,
    coming: Option<Coming>,
}

/// Starts the journal if there is a folder for it; returns it with the statistics ledger.
///
/// # Errors
/// [`StartRefused::Thread`]; [`StartRefused::Journal`] if another turno process serves and nothing can be written
/// beside its journal.
pub(crate) fn begin(
    opened: Option<Opened>,
    plan: &Arc<Plan>,
    is_taken_up: bool,
    around: Around<'_>,
) -> Result<(Begun, Ledger), StartRefused> {
    match opened {
        Some(opened) => opened.begin(plan, is_taken_up, around),
        None => {
            let ledger = Ledger::new(Arc::clone(plan), around.clock.now());
            let sign = JournalSign::new(Standing::Off);
            let begun = Begun {
                journal: None,
                sign,
                threads: Vec::new(),
                gate: None,
                coming: None,
                past: None,
                facts: Position::begin(around.clock.now()),
                files: None,
            };
            Ok((begun, ledger))
        }
    }
}

impl Home {
    /// Opens a folder and creates it if necessary.
    ///
    /// # Errors
    /// [`StartRefused::State`].
    pub(crate) fn open(path: &Path) -> Result<Self, StartRefused> {
        Ok(Self { path: path.to_owned(), folder: Arc::new(Folder::open(path)?) })
    }

    /// Locks it; waits at most `patience` for another turno process that is ending.
    ///
    /// # Errors
    /// [`StartRefused::State`] if another turno process has it.
    pub(crate) fn hold(&self, patience: Duration) -> Result<(), StartRefused> {
        self.folder.hold(patience)
    }

    /// The folder's lock.
    pub(crate) fn lock(&self) -> Arc<FolderLock> {
        Arc::clone(self.folder.lock())
    }

    /// The error for a folder that can't be used.
    pub(crate) fn refused(&self, why: String) -> StartRefused {
        StartRefused::State { path: self.path.clone(), why }
    }

    /// Checks that this process could write there.
    ///
    /// # Errors
    /// [`StartRefused::State`].
    pub(crate) fn prove(&self) -> Result<(), StartRefused> {
        self.folder.prove()
    }

    /// Reads the folder's files.
    ///
    /// # Errors
    /// [`StartRefused::State`].
    pub(crate) fn read(&self, plan: &Arc<Plan>, is_shared: bool) -> Result<Opened, StartRefused> {
        self.folder.warn_of_files();
        warn_of_room(&*self.folder, plan.journal.segment_bytes, &self.path);
        let reading = Clock::new();
        let seals = Seals::open(&plan.journal, &self.path)
            .map_err(|error| StartRefused::System { what: "chance", error })?;
        let opened = open_volume(Arc::clone(&self.folder) as _, plan, seals).map_err(|error| {
            StartRefused::State { path: self.path.clone(), why: self.folder.why_unread(&error) }
        })?;
        tell(&self.path, &opened.recovered, reading);
        Ok(Opened { is_shared, ..opened })
    }
}

fn tell(path: &Path, recovered: &Recovered, reading: Clock) {
    if recovered.is_old {
        tracing::info!(
            folder = %path.display(),
            images = recovered.past.fold.images().len(),
            position = recovered.past.position,
            took = ?reading.now().since(reading.set_at()),
            "the journal was read"
        );
    }
    for fault in &recovered.faults {
        tracing::warn!(folder = %path.display(), "{fault}");
    }
    if recovered.more_faults > 0 {
        tracing::warn!(
            more = recovered.more_faults,
            "more faults of the journal; see them with: turno journal verify"
        );
    }
}

fn open_volume(volume: Arc<dyn Volume>, plan: &Arc<Plan>, seals: Seals) -> std::io::Result<Opened> {
    let recovered = recover(&*volume, plan)?;
    let (images, shut) = seals.opened(recovered.past.fold.images());
    Ok(Opened { volume, recovered, images, shut, seals, is_shared: false })
}

impl Opened {
    /// A clock that continues after the last moment in the journal.
    pub(crate) fn clock(&self) -> Clock {
        line::go_on(&*self.volume, self.recovered.past.until)
    }

    /// The last image of every row.
    pub(crate) const fn images(&self) -> &BTreeMap<RowKey, Bytes> {
        &self.images
    }

    /// The rows that did not open, as their key is not there.
    pub(crate) const fn shut(&self) -> Option<&Shut> {
        self.shut.as_ref()
    }

    /// What seals the state folder's secrets.
    pub(crate) const fn seals(&self) -> &Seals {
        &self.seals
    }

    #[cfg(test)]
    /// The plan index of the last records.
    pub(crate) fn places(&self) -> Option<PlanIndex> {
        self.recovered.past.fold.places()
    }

    /// Starts the journal. If the recovered state could not be taken over, it is dropped: everything still open in the
    /// figures is closed by facts.
    ///
    /// # Errors
    /// [`StartRefused::Thread`], [`StartRefused::Journal`].
    fn begin(
        self,
        plan: &Arc<Plan>,
        is_taken_up: bool,
        around: Around<'_>,
    ) -> Result<(Begun, Ledger), StartRefused> {
        let past = Some(PastFacts::new(&self.volume, self.recovered.next));
        let files = Some(FactFiles::new(&self.volume));
        let Prepared { mut journal, ledger, sign, compactor, orders, committer, coming } =
            self.prepare(plan, is_taken_up, around);
        if coming.is_some() {
            // Another turno process still serves: a write failure must show before it stops.
            journal.write(around.clock.now());
            if sign.standing() != Standing::Kept {
                let error = std::io::Error::other("its folder takes nothing");
                return Err(StartRefused::Journal { what: "the journal's first lines", error });
            }
        }
        let (gate, opened) = sync_channel(1);
        let run = move || {
            if opened.recv().is_ok() {
                compactor.run(&orders);
            }
        };
        let mut threads = vec![thread("turno-disk", run)?];
        if let Some(committer) = committer {
            threads.push(thread("turno-commit", move || committer.run())?);
        }
        let facts = journal.last_fact();
        let journal = Some(journal);
        Ok((Begun { journal, sign, threads, gate: Some(gate), coming, past, facts, files }, ledger))
    }

    fn prepare(mut self, plan: &Arc<Plan>, is_taken_up: bool, around: Around<'_>) -> Prepared {
        let Around { clock, inbox, registry } = around;
        let sign = JournalSign::new(Standing::Kept);
        let meters = JournalMeters::new(registry);
        let past = &mut self.recovered.past;
        if !is_taken_up {
            past.fold.set_images([]);
        }
        let mut ledger = past.ledger.clone().unwrap_or_else(|| Ledger::new(Arc::clone(plan), clock.now()));
        ledger.move_to(Arc::clone(plan), clock.now());
        let number = self.recovered.next;
        let coming =
            self.is_shared.then(|| Coming { volume: Arc::clone(&self.volume), number, has_place: false });
        let segment_bytes = plan.journal.segment_bytes;
        let first = match &coming {
            Some(coming) => make_named(&*self.volume, (number, &coming.name()), segment_bytes),
            None => make_segment(&*self.volume, number, segment_bytes),
        };
        let mut watch = Watch::default();
        if let Ok(segment) = &first {
            watch.opened(segment.number, &segment.file);
        }
        let (orders, to_compactor) = sync_channel(ORDERS_MAX);
        let (news, from_compactor) = sync_channel(ORDERS_MAX);
        let (committing, committer) = match plan.journal.durability {
            Durability::Process => (None, None),
            Durability::Power => {
                let (asking, committer) = committing(inbox.clone(), meters.sync_seconds.clone());
                (Some(asking), Some(committer))
            }
        };
        let now = clock.now();
        // Each run begins later than the one before, even if the clock was set back.
        let run = now.max(past.facts.run + Duration::from_micros(1));
        let parts = Parts {
            position: past.position,
            facts: Position::begin(run),
            first: (number, first),
            places: PlanIndex::of(plan),
            orders,
            news: from_compactor,
            committing,
            sign: sign.clone(),
            meters,
            sealer: self.seals.sealer(),
        };
        let mut journal = Journal::begin(parts, now);
        if !is_taken_up {
            let step = Step { at: now, facts: ledger.closing_facts(now), ..Step::default() };
            if !step.is_empty() {
                step.facts.iter().for_each(|fact| ledger.apply(now, fact));
                journal.keep(&step);
            }
        }
        let compactor = Compactor {
            volume: self.volume,
            past: self.recovered.past,
            folded: number,
            segment_bytes,
            facts_span: plan.journal.facts_span,
            facts_bytes_max: plan.journal.facts_bytes_max,
            clock,
            news,
            inbox: inbox.clone(),
            unfiled: Vec::new(),
            booked: 0,
            watch,
            seals: self.seals,
        };
        Prepared { journal, ledger, sign, compactor, orders: to_compactor, committer, coming }
    }
}

impl Coming {
    /// Makes the journal this process's own: gives its first segment the final name.
    ///
    /// # Errors
    /// The rename fails; then the other process's journal is unchanged.
    pub(crate) fn take_place(mut self) -> std::io::Result<()> {
        self.volume.rename(&self.name(), &file_name(Content::Segment, self.number))?;
        self.has_place = true;
        Ok(())
    }

    fn name(&self) -> String {
        format!("coming-{}", std::process::id())
    }
}

impl Drop for Coming {
    fn drop(&mut self) {
        if !self.has_place {
            let _ = self.volume.remove(&self.name());
        }
    }
}
