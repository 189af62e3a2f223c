//! The disk thread: prepares the next segment, folds closed segments into checkpoints, and removes files no longer
//! needed.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};

use core::time::Duration;

use turno_ground::Moment;
use turno_journal::{Amiss, Content, Reading, Writer, file_name, read};
use turno_model::{Plan, Position, Row};

use crate::clock::Clock;
use crate::disk::filing::facts_file;
use crate::disk::line;
use crate::disk::recovery::{Past, files};
use crate::disk::room::{Segment, make_segment};
use crate::disk::seals::Seals;
use crate::disk::unfiled::Unfiled;
use crate::disk::volume::{Volume, VolumeFile, write_all};
use crate::disk::watch::Watch;
use crate::engine_thread::inbox::Inbox;

/// Checkpoints that are kept: if the newest is damaged, the previous one and its segments are still there.
const CHECKPOINTS_KEPT: usize = 2;

/// The name of a file that is not complete yet.
const UNFINISHED: &str = "unfinished";

/// Most unwritten steps held back while the disk fails again and again; later ones are missing in the figures after a
/// restart.
const UNFILED_STEPS_MAX: usize = 262_144;

/// Bytes read from a file to get its header.
const HEADER_ROOM: usize = 64;

/// How often the folder is checked: would a restart find what is written?
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// Orders from the engine thread.
pub(crate) enum Order {
    /// Create the segment with this number.
    Prepare(u64),
    /// This segment is closed and has `length` bytes.
    Closed { number: u64, file: Arc<dyn VolumeFile>, length: u64 },
    /// The site has a new plan.
    Replan(Arc<Plan>),
    /// Answer when all earlier orders are done, and whether the folder is complete: another turno process is about to
    /// read it.
    Rest(SyncSender<bool>),
    /// Writing failed for a time. Before the segment with this number, write these images and facts.
    Mend { number: u64, position: u64, images: Vec<Row>, facts: Vec<Unfiled>, now: Moment },
}

/// The thread's answers.
pub(crate) enum News {
    /// The segment is there.
    Prepared(Segment),
    /// The segment could not be created.
    NotPrepared(io::Error),
    /// A restart would not find what is written.
    Lost(Amiss),
    /// All images are durable again, up to the segment with this number.
    Mended(u64),
    /// They are not.
    NotMended(io::Error),
}

/// The state of the disk thread.
pub(crate) struct Compactor {
    pub(crate) volume: Arc<dyn Volume>,
    pub(crate) past: Past,
    /// The first segment that is not folded into `past`.
    pub(crate) folded: u64,
    pub(crate) segment_bytes: u64,
    pub(crate) facts_span: Duration,
    pub(crate) facts_bytes_max: u64,
    pub(crate) clock: Clock,
    pub(crate) news: SyncSender<News>,
    pub(crate) inbox: Inbox,
    /// Facts that could not be written, until they are in a file.
    pub(crate) unfiled: Vec<Unfiled>,
    /// How many of these are booked in the ledger.
    pub(crate) booked: usize,
    /// The files that a restart needs.
    pub(crate) watch: Watch,
    pub(crate) seals: Seals,
}

impl Compactor {
    /// Runs until the engine thread has ended.
    pub(crate) fn run(mut self, orders: &Receiver<Order>) {
        self.begin();
        loop {
            match orders.recv_timeout(LOOK_INTERVAL) {
                Ok(order) => self.carry_out(order),
                Err(RecvTimeoutError::Timeout) => self.look(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Reports it if a restart would not find what is written.
    pub(crate) fn look(&mut self) {
        self.seals.keep();
        match self.watch.look(&*self.volume) {
            Some(amiss) => self.tell(News::Lost(amiss)),
            None if self.volume.look() == Ok(true) => line::look(&*self.volume, &self.clock),
            None => {}
        }
    }

    /// Folds the previous run's segments into one checkpoint, so that the next start reads little.
    pub(crate) fn begin(&mut self) {
        let first = self.folded;
        self.watch.renew(&*self.volume);
        if let Err(error) = self.file_facts_before(first) {
            tracing::warn!(%error, "the facts of the last run could not be put into files of their own; its segments stay");
            return;
        }
        self.checkpoint(first, "the state of the last run");
    }

    /// Writes the fact files that a killed turno did not write. Its segments were read and will be removed; their facts
    /// stay.
    fn file_facts_before(&mut self, first: u64) -> io::Result<()> {
        let files = files(&*self.volume)?;
        let mut facts = Position::default();
        for (content, number) in files.keys().copied() {
            let is_filed = files.contains_key(&(Content::Facts, number));
            if content != Content::Segment || number >= first || is_filed {
                continue;
            }
            let bytes = self.volume.read(&file_name(Content::Segment, number), usize::MAX)?;
            let reading = read(&bytes, number);
            self.file_facts(number, &reading, facts, false)?;
            facts = reading.facts(facts).last().map_or(facts, |(position, ..)| position);
        }
        Ok(())
    }

    /// Carries out an order.
    pub(crate) fn carry_out(&mut self, order: Order) {
        match order {
            Order::Prepare(number) => {
                let news = match make_segment(&*self.volume, number, self.segment_bytes) {
                    Ok(segment) => {
                        self.watch.opened(segment.number, &segment.file);
                        News::Prepared(segment)
                    }
                    Err(error) => News::NotPrepared(error),
                };
                self.tell(news);
            }
            Order::Closed { number, file, length } => {
                let _ = file.cut(length);
                self.watch.closed(number, &file, length);
                if let Err(error) = file.sync() {
                    tracing::warn!(%error, segment = number, "a closed segment is not safe on the disk yet");
                }
                self.checkpoint(number + 1, "a closed segment");
            }
            Order::Replan(plan) => self.past.move_to(plan),
            Order::Rest(done) => {
                self.look();
                let _ = done.try_send(self.watch.is_whole());
            }
            Order::Mend { number, position, images, facts, now } => {
                let room = UNFILED_STEPS_MAX.saturating_sub(self.unfiled.len());
                self.unfiled.extend(facts.into_iter().take(room));
                let mended = self.mend(number, position, images, now);
                if mended.is_ok() {
                    self.watch.is_mended(&*self.volume);
                }
                self.tell(mended.map_or_else(News::NotMended, |()| News::Mended(number)));
            }
        }
    }

    fn tell(&self, news: News) {
        let _ = self.news.try_send(news);
        self.inbox.ring();
    }

    /// Folds all segments before `to` into a checkpoint. A failure is logged and loses nothing, because the segments
    /// stay.
    fn checkpoint(&mut self, to: u64, what: &str) {
        let done = self.fold(to).and_then(|()| self.write_checkpoint(to));
        match done {
            Ok(()) => {
                self.prune();
                self.watch.renew(&*self.volume);
            }
            Err(error) => {
                tracing::warn!(%error, "{what} could not be folded into a checkpoint; its segments stay")
            }
        }
    }

    fn mend(&mut self, number: u64, position: u64, images: Vec<Row>, now: Moment) -> io::Result<()> {
        self.seals.keep();
        let before = self.segment(number - 1);
        self.fold(number)?;
        for step in &self.unfiled[self.booked..] {
            step.facts.iter().for_each(|fact| self.past.book(step.at, fact));
            self.past.facts = self.past.facts.max(step.last());
        }
        self.booked = self.unfiled.len();
        self.past.fold.set_images(images);
        self.past.position = position;
        self.past.until = self.past.until.max(now);
        if !self.unfiled.is_empty() {
            let facts = self.past.facts;
            self.file_facts(number - 1, &read(&before.unwrap_or_default(), number - 1), facts, true)?;
        }
        self.write_checkpoint(number)?;
        self.prune();
        Ok(())
    }

    /// Folds every segment before `to` that is not folded yet, and writes its facts into a separate file.
    fn fold(&mut self, to: u64) -> io::Result<()> {
        // All segments of this run were opened here; while nothing could be written there were none.
        while let Some(number) = self.watch.first_of(self.folded..to) {
            let bytes = self.segment(number)?;
            let reading = read(&bytes, number);
            for fault in &reading.faults {
                tracing::warn!(segment = number, "{fault}");
            }
            self.file_facts(number, &reading, self.past.facts, false)?;
            if let Some(complaint) = self.past.take(&reading) {
                tracing::warn!(segment = number, "{complaint}");
            }
            self.folded = number + 1;
            self.watch.folded(self.folded);
        }
        self.folded = self.folded.max(to);
        self.watch.folded(self.folded);
        Ok(())
    }

    /// The bytes of a segment, even if its name is gone; empty if there is no such segment.
    fn segment(&self, number: u64) -> io::Result<Vec<u8>> {
        if let Some(bytes) = self.watch.segment(number).and_then(|file| file.read().ok()) {
            return Ok(bytes);
        }
        match self.volume.read(&file_name(Content::Segment, number), usize::MAX) {
            Ok(bytes) => Ok(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// Writes the facts of a segment into a separate file, together with those that could not be written since. If the
    /// segment does not say where its facts begin, they come after `before`.
    fn file_facts(
        &mut self,
        number: u64,
        reading: &Reading<'_>,
        before: Position,
        with_unfiled: bool,
    ) -> io::Result<()> {
        let unfiled = if with_unfiled { self.unfiled.as_slice() } else { &[] };
        let file =
            facts_file(number, reading, unfiled, before, self.clock.now()).map_err(io::Error::other)?;
        let Some(writer) = file else { return Ok(()) };
        self.write_whole(&file_name(Content::Facts, number), writer.bytes())?;
        if with_unfiled {
            self.unfiled.clear();
            self.booked = 0;
        }
        Ok(())
    }

    fn write_checkpoint(&mut self, number: u64) -> io::Result<()> {
        let now = self.clock.now();
        if let Some(ledger) = &self.past.ledger {
            self.past.fold.set_books(ledger.form().into());
        }
        let mut writer = Writer::new(self.past.position);
        writer.facts_go_on(self.past.facts);
        writer.seal_with(self.seals.sealer());
        writer.begin(Content::Checkpoint, number, self.past.until);
        self.past.fold.write(&mut writer, now).map_err(io::Error::other)?;
        self.write_whole(&file_name(Content::Checkpoint, number), writer.bytes())
    }

    /// Writes a file atomically: after a power failure it is either complete or absent.
    fn write_whole(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let room = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let file = self.volume.create(UNFINISHED, room)?;
        write_all(&*file, bytes).map_err(|(_, error)| error)?;
        file.sync()?;
        self.volume.rename(UNFINISHED, name)?;
        self.volume.sync()
    }

    /// Removes files that two checkpoints make unnecessary, and facts that are older, or more, than the plan keeps.
    fn prune(&self) {
        let Ok(files) = files(&*self.volume) else { return };
        let checkpoints = || files.keys().filter(|(content, _)| *content == Content::Checkpoint);
        let oldest_kept = checkpoints().rev().nth(CHECKPOINTS_KEPT - 1).map_or(0, |(_, number)| *number);
        let now = self.clock.now();
        let mut facts_bytes: u64 = 0;
        // Newest first: the oldest files exceed the limit.
        for ((content, number), name) in files.iter().rev() {
            let is_needless = match content {
                Content::Checkpoint | Content::Segment => *number < oldest_kept,
                Content::Facts => {
                    let length = self.volume.mark(name).ok().flatten().map_or(0, |mark| mark.length);
                    let newer = facts_bytes;
                    facts_bytes = newer.saturating_add(length);
                    newer >= self.facts_bytes_max || self.is_old(name, *number, now)
                }
            };
            if is_needless && let Err(error) = self.volume.remove(name) {
                tracing::warn!(%error, name, "an unneeded file could not be removed");
            }
        }
    }

    fn is_old(&self, name: &str, number: u64, now: Moment) -> bool {
        let head = self.volume.read(name, HEADER_ROOM).unwrap_or_default();
        read(&head, number).header.is_some_and(|header| now.since(header.created) > self.facts_span)
    }
}
