//! The journal on a disk: what a folder has is read at the start, and everything that changes is written there.
//!
//! `volume` is the folder as calls, `folder` and its `lock` are a real one, `recovery` reads it; `journal` is the engine
//! thread's end, which writes steps; `keeper` is the disk's thread, which folds closed segments and looks (`watch`) whether
//! a restart would find what is written; `committing` waits for the disk where a journal must outlive it.

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
pub(crate) use crate::disk::sign::{JournalSign, Standing};

/// Orders and answers that may wait between the two threads.
const ORDERS_MAX: usize = 16;

/// A journal's folder that is open.
pub(crate) struct Home {
    path: PathBuf,
    folder: Arc<Folder>,
}

/// A journal's folder that was opened and read.
pub(crate) struct Opened {
    volume: Arc<dyn Volume>,
    recovered: Recovered,
    /// Whether another turno serves on the same folder so far: nothing that it reads may be touched.
    is_shared: bool,
}

/// A journal that is being kept.
pub(crate) struct Begun {
    /// The engine thread's end; `None` where nothing is kept.
    pub(crate) journal: Option<Journal>,
    /// How it stands.
    pub(crate) sign: JournalSign,
    /// The threads beside it; they begin when the gate is opened, and end where it is dropped.
    pub(crate) threads: Vec<JoinHandle<()>>,
    pub(crate) gate: Option<Gate>,
    /// The first segment under a name of its own, where another turno serves on the same folder so far.
    pub(crate) coming: Option<Coming>,
    /// What happened before.
    pub(crate) past: Option<PastFacts>,
    /// The last fact that was taken before the engine runs.
    pub(crate) facts: Position,
    /// The facts in the journal's files.
    pub(crate) files: Option<FactFiles>,
}

/// Lets the disk's thread begin.
pub(crate) type Gate = SyncSender<()>;

/// A segment that has its name when this turno serves.
pub(crate) struct Coming {
    volume: Arc<dyn Volume>,
    number: u64,
    has_place: bool,
}

/// What a journal stands among.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    pub(crate) clock: Clock,
    pub(crate) inbox: &'a Inbox,
    pub(crate) registry: &'a Registry,
}

/// A journal whose threads are not started.
struct Prepared {
    journal: Journal,
    ledger: Ledger,
    sign: JournalSign,
    keeper: Compactor,
    orders: Receiver<Order>,
    committer: Option<Committer>,
    coming: Option<Coming>,
}

/// Begins to keep, where there is a folder for it; and the figures so far.
///
/// # Errors
/// [`StartRefused::Thread`], [`StartRefused::Journal`] where another turno serves and nothing can
/// be written beside its journal.
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
    /// Opens a folder, and makes it if need be.
    ///
    /// # Errors
    /// [`StartRefused::State`].
    pub(crate) fn open(path: &Path) -> Result<Self, StartRefused> {
        Ok(Self { path: path.to_owned(), folder: Arc::new(Folder::open(path)?) })
    }

    /// Holds it; another turno that is ending is waited for, for so long at most.
    ///
    /// # Errors
    /// [`StartRefused::State`] where another turno has it.
    pub(crate) fn hold(&self, patience: Duration) -> Result<(), StartRefused> {
        self.folder.hold(patience)
    }

    /// The folder's lock.
    pub(crate) fn lock(&self) -> Arc<FolderLock> {
        Arc::clone(self.folder.lock())
    }

    /// The folder can't be used, and why.
    pub(crate) fn refused(&self, why: String) -> StartRefused {
        StartRefused::State { path: self.path.clone(), why }
    }

    /// Shows that this turno could write there.
    ///
    /// # Errors
    /// [`StartRefused::State`].
    pub(crate) fn prove(&self) -> Result<(), StartRefused> {
        self.folder.prove()
    }

    /// Reads what is there.
    ///
    /// # Errors
    /// [`StartRefused::State`].
    pub(crate) fn read(&self, plan: &Arc<Plan>, is_shared: bool) -> Result<Opened, StartRefused> {
        self.folder.warn_of_files();
        warn_of_room(&*self.folder, plan.journal.segment_bytes, &self.path);
        let reading = Clock::new();
        let opened = open_volume(Arc::clone(&self.folder) as _, plan).map_err(|error| {
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

fn open_volume(volume: Arc<dyn Volume>, plan: &Arc<Plan>) -> std::io::Result<Opened> {
    let recovered = recover(&*volume, plan)?;
    Ok(Opened { volume, recovered, is_shared: false })
}

impl Opened {
    /// The clock that goes on behind the last moment that was written down.
    pub(crate) fn clock(&self) -> Clock {
        line::go_on(&*self.volume, self.recovered.past.until)
    }

    /// What lived at the end.
    pub(crate) const fn images(&self) -> &BTreeMap<RowKey, Bytes> {
        self.recovered.past.fold.images()
    }

    #[cfg(test)]
    /// The names behind the places of what was written.
    pub(crate) fn places(&self) -> Option<PlanIndex> {
        self.recovered.past.fold.places()
    }

    /// Begins to keep. Where what lived could not be taken up, nothing does: everything that is open in the figures
    /// ends, as facts.
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
        let Prepared { mut journal, ledger, sign, keeper, orders, committer, coming } =
            self.prepare(plan, is_taken_up, around);
        if coming.is_some() {
            // Another turno serves so far: what can't be written now would be lost with it.
            journal.write(around.clock.now());
            if sign.standing() != Standing::Kept {
                let error = std::io::Error::other("its folder takes nothing");
                return Err(StartRefused::Journal { what: "the journal's first lines", error });
            }
        }
        let (gate, opened) = sync_channel(1);
        let run = move || {
            if opened.recv().is_ok() {
                keeper.run(&orders);
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
        let (orders, to_keeper) = sync_channel(ORDERS_MAX);
        let (news, from_keeper) = sync_channel(ORDERS_MAX);
        let (committing, committer) = match plan.journal.durability {
            Durability::Process => (None, None),
            Durability::Power => {
                let (asking, committer) = committing(inbox.clone(), meters.sync_seconds.clone());
                (Some(asking), Some(committer))
            }
        };
        let now = clock.now();
        // No run begins when another one did, whatever the clock says.
        let run = now.max(past.facts.run + Duration::from_micros(1));
        let parts = Parts {
            position: past.position,
            facts: Position::begin(run),
            first: (number, first),
            places: PlanIndex::of(plan),
            orders,
            news: from_keeper,
            committing,
            sign: sign.clone(),
            meters,
        };
        let mut journal = Journal::begin(parts, now);
        if !is_taken_up {
            let step = Step { at: now, facts: ledger.closing_facts(now), ..Step::default() };
            if !step.is_empty() {
                step.facts.iter().for_each(|fact| ledger.apply(now, fact));
                journal.keep(&step);
            }
        }
        let keeper = Compactor {
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
        };
        Prepared { journal, ledger, sign, keeper, orders: to_keeper, committer, coming }
    }
}

impl Coming {
    /// The journal is this turno's from now on: its first segment gets its name.
    ///
    /// # Errors
    /// The disk says no; the other turno's journal is as it was then.
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
