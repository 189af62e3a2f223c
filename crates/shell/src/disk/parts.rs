//! What the engine thread's end of the journal is made of.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender};

use turno_model::{PlanIndex, Position};

use crate::disk::committing::Committing;
use crate::disk::compactor::{News, Order};
use crate::disk::room::Segment;
use crate::disk::sign::JournalSign;
use crate::metrics::journal::JournalMeters;

/// What a journal is made of.
pub(crate) struct Parts {
    /// Frames of the journal so far.
    pub(crate) position: u64,
    /// Before the first fact of this run.
    pub(crate) facts: Position,
    /// The number of the first segment, and itself if it could be made.
    pub(crate) first: (u64, io::Result<Segment>),
    pub(crate) places: PlanIndex,
    pub(crate) orders: SyncSender<Order>,
    pub(crate) news: Receiver<News>,
    pub(crate) committing: Option<Committing>,
    pub(crate) sign: JournalSign,
    pub(crate) meters: JournalMeters,
}
