//! The parts from which the engine thread's journal is built.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender};

use turno_journal::Sealer;
use turno_model::{PlanIndex, Position};

use crate::disk::committing::Committing;
use crate::disk::compactor::{News, Order};
use crate::disk::room::Segment;
use crate::disk::sign::JournalSign;
use crate::metrics::journal::JournalMeters;

/// The parts of a `Journal`.
pub(crate) struct Parts {
    /// The number of frames already in the journal.
    pub(crate) position: u64,
    /// The position before the first fact of this run.
    pub(crate) facts: Position,
    /// The number of the first segment, and the segment if it could be created.
    pub(crate) first: (u64, io::Result<Segment>),
    pub(crate) places: PlanIndex,
    pub(crate) orders: SyncSender<Order>,
    pub(crate) news: Receiver<News>,
    pub(crate) committing: Option<Committing>,
    pub(crate) sign: JournalSign,
    pub(crate) meters: JournalMeters,
    pub(crate) sealer: Arc<Sealer>,
}
