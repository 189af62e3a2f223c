//! The journal on a disk: what a folder has is read at the start, and everything that changes is written there.
//!
//! `volume` is the folder, `recovery` reads it; `journal` is the engine thread's end, which writes steps; `keeper` is
//! the disk's thread, which folds closed segments; `committing` waits for the disk where a journal must outlive it.

mod committing;
mod journal;
mod keeper;
mod line;
mod recovery;
mod sign;
#[cfg(test)]
mod tests;
mod volume;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;

use bytes::Bytes;
use prometheus::Registry;
use turno_journal::{Content, file_name};
use turno_ledger::Ledger;
use turno_model::plan::Durability;
use turno_model::{Name, Places, Plan, Step};

use crate::clock::Clock;
use crate::disk::committing::{Committer, committing};
use crate::disk::journal::Parts;
use crate::disk::keeper::{Keeper, Order};
use crate::disk::recovery::{Recovered, recover};
use crate::disk::volume::{Folder, Volume};
use crate::inbox::Inbox;
use crate::metrics::journal::JournalMeters;
use crate::refusal::StartRefused;
use crate::threads::thread;

pub(crate) use crate::disk::journal::Journal;
pub(crate) use crate::disk::sign::{JournalSign, Standing};

/// Orders and answers that may wait between the two threads.
const ORDERS_MAX: usize = 16;

/// A journal's folder that was opened and read.
pub(crate) struct Opened {
    volume: Arc<dyn Volume>,
    recovered: Recovered,
}

/// A journal that is being kept.
pub(crate) struct Begun {
    /// The engine thread's end; `None` where nothing is kept.
    pub(crate) journal: Option<Journal>,
    /// The figures so far.
    pub(crate) ledger: Ledger,
    /// How it stands.
    pub(crate) sign: JournalSign,
    /// The threads beside it.
    pub(crate) threads: Vec<JoinHandle<()>>,
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
    keeper: Keeper,
    orders: Receiver<Order>,
    committer: Option<Committer>,
}

/// Begins to keep, where there is a folder for it.
///
/// # Errors
/// [`StartRefused::System`] where there is no thread.
pub(crate) fn begin(
    opened: Option<Opened>,
    plan: &Arc<Plan>,
    is_taken_up: bool,
    around: Around<'_>,
) -> Result<Begun, StartRefused> {
    match opened {
        Some(opened) => opened.begin(plan, is_taken_up, around),
        None => {
            let ledger = Ledger::new(Arc::clone(plan), around.clock.now());
            let sign = JournalSign::new(Standing::Off);
            Ok(Begun { journal: None, ledger, sign, threads: Vec::new() })
        }
    }
}

/// Opens and reads a folder.
///
/// # Errors
/// [`StartRefused::State`].
pub(crate) fn open(path: &Path, plan: &Arc<Plan>) -> Result<Opened, StartRefused> {
    let folder = Folder::open(path)?;
    let refused = |error| StartRefused::State {
        path: path.to_owned(),
        why: format!("its files cannot be read: {error}; see what is there with: turno journal verify"),
    };
    let reading = Clock::new();
    let opened = open_volume(Arc::new(folder), plan).map_err(refused)?;
    let recovered = &opened.recovered;
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
    Ok(opened)
}

fn open_volume(volume: Arc<dyn Volume>, plan: &Arc<Plan>) -> std::io::Result<Opened> {
    let recovered = recover(&*volume, plan)?;
    Ok(Opened { volume, recovered })
}

impl Opened {
    /// The clock that goes on behind the last moment that was written down.
    pub(crate) fn clock(&self) -> Clock {
        line::go_on(&*self.volume, self.recovered.past.until)
    }

    /// What lived at the end.
    pub(crate) const fn images(&self) -> &BTreeMap<Name, Bytes> {
        self.recovered.past.fold.images()
    }

    #[cfg(test)]
    /// The names behind the places of what was written.
    pub(crate) fn places(&self) -> Option<Places> {
        self.recovered.past.fold.places()
    }

    /// Begins to keep. Where what lived could not be taken up, nothing does: everything that is open in the figures
    /// ends, as facts.
    ///
    /// # Errors
    /// [`StartRefused::System`] where there is no thread.
    fn begin(self, plan: &Arc<Plan>, is_taken_up: bool, around: Around<'_>) -> Result<Begun, StartRefused> {
        let Prepared { journal, ledger, sign, keeper, orders, committer } =
            self.prepare(plan, is_taken_up, around);
        let mut threads = vec![thread("turno-disk", move || keeper.run(&orders))?];
        if let Some(committer) = committer {
            threads.push(thread("turno-commit", move || committer.run())?);
        }
        Ok(Begun { journal: Some(journal), ledger, sign, threads })
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
        let first = self.volume.create(&file_name(Content::Segment, number), plan.journal.segment_bytes);
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
        let parts = Parts {
            position: past.position,
            first: (number, first),
            places: Places::of(plan),
            segment_bytes: plan.journal.segment_bytes,
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
        let keeper = Keeper {
            volume: self.volume,
            past: self.recovered.past,
            folded: number,
            segment_bytes: plan.journal.segment_bytes,
            facts_span: plan.journal.facts_span,
            clock,
            news,
            inbox: inbox.clone(),
            unfiled: Vec::new(),
            booked: 0,
        };
        Prepared { journal, ledger, sign, keeper, orders: to_keeper, committer }
    }
}
