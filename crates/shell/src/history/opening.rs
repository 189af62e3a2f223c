//! Which database the history is in, and the start of its thread.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use core::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use turno_history::store::Store;
use turno_history::{History, SqliteStore};
use turno_model::Plan;
use turno_model::plan::HistoryStore;

use crate::clock::Clock;
use crate::facts::stream::FactStream;
use crate::history::chaining::Chaining;
use crate::history::keeper::Keeper;
use crate::history::leaving_room::LeavesRoom;
use crate::history::postgres::PostgresStore;
use crate::metrics::history::HistoryMeters;
use crate::process::threads::thread;
use crate::refusal::StartRefused;
use crate::reload::current_plan::CurrentPlan;

/// The file's name where the plan gives none.
const FILE: &str = "history.db";

/// How long a locked file is waited for before the transaction is given up and tried again later.
const LOCK_PATIENCE: Duration = Duration::from_millis(500);

/// How long a stop waits for the last facts to be written; what is left is written after the next start.
const STOP_SPAN: Duration = Duration::from_secs(1);

/// A running thread.
pub(crate) struct Running {
    stops: watch::Sender<bool>,
    ended: Receiver<()>,
}

/// Where the history of this plan is; `None`: nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In an SQLite file.
    File(PathBuf),
    /// In PostgreSQL.
    Postgres,
}

impl Place {
    /// The place that the plan says, with this folder of the journal.
    pub fn of(plan: &Plan, state: Option<&Path>) -> Option<Self> {
        let file = plan.history.file.clone().or_else(|| Some(state?.join(FILE)));
        match plan.history.store {
            Some(HistoryStore::Off) => None,
            Some(HistoryStore::Postgres) => Some(Self::Postgres),
            Some(HistoryStore::Sqlite) if file.is_none() => {
                tracing::error!(
                    "the history has no file: start turno with --state, or name one with `file` in [history]"
                );
                None
            }
            Some(HistoryStore::Sqlite) => file.map(Self::File),
            None => state.and(file).map(Self::File),
        }
    }

    /// Whether it may be there: a file is looked for, PostgreSQL is not asked.
    pub fn is_there(&self) -> bool {
        match self {
            Self::File(path) => path.exists(),
            Self::Postgres => true,
        }
    }

    /// The database there; it is opened by its first transaction.
    ///
    /// # Errors
    /// What is wrong with its place, in words.
    pub fn store(&self, plan: &Plan) -> Result<Box<dyn Store + Send>, String> {
        match self {
            Self::File(path) => Ok(Box::new(SqliteStore::new(path, LOCK_PATIENCE))),
            Self::Postgres => match PostgresStore::new(&plan.history) {
                Ok(store) => Ok(Box::new(store)),
                Err(why) => Err(format!("the history's PostgreSQL can't be used: {why}")),
            },
        }
    }
}

impl Place {
    /// The database there for somebody who only reads, beside the thread that writes.
    ///
    /// # Errors
    /// As for [`Place::store`].
    pub(crate) fn reading_store(&self, plan: &Plan) -> Result<Box<dyn Store + Send>, String> {
        match self {
            Self::File(path) => Ok(Box::new(SqliteStore::new(path, LOCK_PATIENCE).read_only())),
            Self::Postgres => self.store(plan),
        }
    }
}

/// The database of this place for the thread, which leaves room for the journal.
///
/// # Errors
/// As for [`Place::store`].
pub(crate) fn writing_store(place: &Place, plan: &Plan) -> Result<Box<dyn Store + Send>, String> {
    let store = place.store(plan)?;
    Ok(match place {
        Place::File(path) => {
            let folder = path.parent().map(Path::to_owned).unwrap_or_default();
            Box::new(LeavesRoom { store, folder })
        }
        Place::Postgres => store,
    })
}

/// Starts the thread. With the journal's folder it writes the chain of days there.
///
/// # Errors
/// [`StartRefused::Thread`].
pub(crate) fn start(
    (store, state): (Box<dyn Store + Send>, Option<&Path>),
    (stream, in_force): (Arc<FactStream>, CurrentPlan),
    (clock, handle): (Clock, Handle),
    meters: HistoryMeters,
) -> Result<Running, StartRefused> {
    let (stops, asked) = watch::channel(false);
    let (tells, ended) = sync_channel::<()>(1);
    let written = (History::new(store), Chaining::of(state));
    let keeper = Keeper::new(written, (stream, in_force), (clock, handle), (meters, asked));
    // Nobody joins it: a database that does not answer must not hold up a stop.
    let _thread = thread("turno-history", move || {
        keeper.run();
        let _ = tells.try_send(());
    })?;
    Ok(Running { stops, ended })
}

impl Running {
    /// Lets it write what is left, and waits for that a short while.
    pub(crate) fn stop(self) {
        self.stops.send_replace(true);
        let _ = self.ended.recv_timeout(STOP_SPAN);
    }

    /// Lets it write what is left, and waits until it has ended.
    #[cfg(test)]
    pub(crate) fn ends(self) {
        self.stops.send_replace(true);
        self.has_ended();
    }

    /// Waits until it has ended by itself.
    #[cfg(test)]
    pub(crate) fn has_ended(&self) {
        self.ended.recv().expect("the thread tells its end");
    }
}
