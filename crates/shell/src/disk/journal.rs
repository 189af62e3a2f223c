//! The engine thread's end of the journal: a step is written before its outputs leave.
//!
//! Calls never wait for a failing disk. While it fails nothing is durable: an alarm is raised, facts are held back up
//! to a limit, and the journal tries to start again every second. It succeeds when a checkpoint of the complete present
//! state is on the disk.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use core::time::Duration;

use turno_ground::Moment;
use turno_journal::{Amiss, Content, Writer};
use turno_model::{Plan, PlanIndex, Position, Row, Step};

use crate::disk::committing::Committing;
use crate::disk::compactor::{News, Order};
use crate::disk::parts::Parts;
use crate::disk::room::Segment;
use crate::disk::sign::{JournalSign, Standing};
use crate::disk::unfiled::Unfiled;
use crate::disk::volume::{VolumeFile, write_all};
use crate::metrics::journal::JournalMeters;
use crate::rate::Ration;

/// How long after a failure the disk is tried again.
const RETRY_SPAN: Duration = Duration::from_secs(1);

/// Most facts held back while nothing can be written; later ones are missing in the figures after a restart.
const FACTS_HELD_MAX: usize = 65_536;

/// Capacity of the encoding buffer kept between steps, in bytes.
const BUFFER_BYTES_KEPT: usize = 1 << 20;

/// The segment that is being written.
pub(crate) struct Current {
    number: u64,
    file: Arc<dyn VolumeFile>,
    written: u64,
    /// Its size limit in bytes; beyond it the next segment begins.
    room: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Steps are written.
    Writing,
    /// Nothing can be written; holds the time of the next attempt.
    Failing(Moment),
    /// A new segment was requested.
    Trying,
    /// Steps are written again, and the checkpoint of the present state is being written.
    Mending,
}

/// The journal, owned by the engine thread.
pub(crate) struct Journal {
    writer: Writer,
    current: Option<Current>,
    next: Option<Segment>,
    /// The number of the last segment that was begun or requested.
    number: u64,
    /// When the next segment is requested.
    prepare_at: Option<Moment>,
    phase: Phase,
    /// Whether the restart of the journal needs the images of all rows.
    wants_images: bool,
    held: Vec<Unfiled>,
    held_facts: usize,
    places: PlanIndex,
    orders: SyncSender<Order>,
    news: Receiver<News>,
    committing: Option<Committing>,
    sign: JournalSign,
    meters: JournalMeters,
    /// The last reported reason why the journal can't restart.
    why_not: String,
}

impl Journal {
    /// Begins the first segment.
    pub(crate) fn begin(parts: Parts, now: Moment) -> Self {
        let (number, file) = parts.first;
        let mut writer = Writer::new(parts.position);
        writer.facts_go_on(parts.facts);
        writer.seal_with(parts.sealer);
        let mut journal = Self {
            writer,
            current: None,
            next: None,
            number,
            prepare_at: Some(now),
            phase: Phase::Writing,
            wants_images: false,
            held: Vec::new(),
            held_facts: 0,
            places: parts.places,
            orders: parts.orders,
            news: parts.news,
            committing: parts.committing,
            sign: parts.sign,
            meters: parts.meters,
            why_not: String::new(),
        };
        match file {
            Ok(segment) => journal.begin_segment(segment, now),
            Err(error) => journal.fail(0, &error, now),
        }
        journal
    }

    /// Records what one step changed.
    pub(crate) fn keep(&mut self, step: &Step) {
        let before = self.writer.last_fact();
        if self.current.is_none() {
            self.writer.skip(step);
            self.hold(Unfiled::of(step, before));
            return;
        }
        if let Err(too_long) = self.writer.step(step) {
            self.writer.skip(step);
            self.meters.lost_steps.inc();
            tracing::error!(%too_long, "a step was not written; a restart would not know of it");
        }
        self.meters.steps.inc();
    }

    /// Uses this plan's index from here on.
    pub(crate) fn move_to(&mut self, plan: &Arc<Plan>, now: Moment) {
        self.places = PlanIndex::of(plan);
        if self.current.is_some() {
            self.writer.places(now, &self.places).expect("names are short");
        }
        // If this is lost, the figures in checkpoints use the old targets until the next start.
        let _ = self.orders.try_send(Order::Replan(Arc::clone(plan)));
    }

    /// Whether recorded steps are not written yet.
    pub(crate) const fn has_unwritten(&self) -> bool {
        !self.writer.is_empty()
    }

    /// The position that must be durable before the outputs of the steps recorded up to now leave.
    pub(crate) const fn position(&self) -> u64 {
        self.writer.position()
    }

    /// The last recorded fact.
    pub(crate) const fn last_fact(&self) -> Position {
        self.writer.last_fact()
    }

    /// Whether everything up to a position is as durable as it can be at present.
    pub(crate) fn is_safe(&self, position: u64) -> bool {
        if self.phase != Phase::Writing {
            return true;
        }
        self.committing.as_ref().is_none_or(|committing| committing.durable() >= position)
    }

    /// Writes the recorded steps in one call, and begins the next segment when this one is full.
    pub(crate) fn write(&mut self, now: Moment) {
        if self.writer.is_empty() {
            return;
        }
        let Some(current) = &mut self.current else { return };
        let bytes = self.writer.len() as u64;
        let timer = self.meters.write_seconds.start_timer();
        match write_all(&*current.file, self.writer.bytes()) {
            Ok(()) => {
                drop(timer);
                current.written += bytes;
                self.meters.bytes.inc_by(bytes);
                self.writer.clear();
                self.writer.shrink_to(BUFFER_BYTES_KEPT);
                if let Some(committing) = &mut self.committing {
                    committing.ask(&current.file, self.writer.position());
                }
                if current.written >= current.room && self.phase == Phase::Writing {
                    self.rotate(now);
                }
            }
            Err((taken, error)) => {
                drop(timer);
                self.fail(taken, &error, now);
            }
        }
    }

    /// Handles the disk thread's answers and repeats failed requests. True if the images of all rows are needed now, by
    /// [`Journal::mend`].
    pub(crate) fn turn(&mut self, now: Moment) -> bool {
        if let Some(committing) = &mut self.committing {
            committing.ask_again();
            if let Some(error) = committing.failure() {
                self.fail(0, &error, now);
            }
        }
        while let Ok(news) = self.news.try_recv() {
            self.hear(news, now);
        }
        if self.prepare_at.is_some_and(|at| at <= now) && self.phase == Phase::Writing {
            self.prepare_at = None;
            self.ask_for_room(now);
        }
        if let Phase::Failing(retry_at) = self.phase
            && retry_at <= now
        {
            self.phase = Phase::Trying;
            match self.next.take() {
                Some(segment) => self.restart_in(segment, now),
                None => self.ask_for_room(now),
            }
        }
        self.wants_images
    }

    /// Takes the images of all rows, for the restart of the journal.
    pub(crate) fn mend(&mut self, images: Vec<Row>, now: Moment) {
        self.wants_images = false;
        let facts = core::mem::take(&mut self.held);
        self.held_facts = 0;
        self.meters.held_facts.set(0);
        let position = self.writer.begun_at();
        let order = Order::Mend { number: self.number, position, images, facts, now };
        if self.orders.try_send(order).is_err() {
            self.fail(0, &io::Error::other("the disk's thread does not keep up"), now);
        }
    }

    /// Whether everything is written, so that another turno process can continue with it.
    pub(crate) fn is_kept(&self) -> bool {
        self.phase == Phase::Writing && self.writer.is_empty() && self.is_safe(self.writer.position())
    }

    /// Waits until the disk thread has done its orders; true if it has within the span, and a restart would find
    /// everything.
    pub(crate) fn rests(&self, span: Duration) -> bool {
        let (done, is_done) = sync_channel(1);
        self.orders.try_send(Order::Rest(done)).is_ok() && is_done.recv_timeout(span) == Ok(true)
    }

    /// Closes the file when turno ends.
    pub(crate) fn end(&mut self, now: Moment) {
        if self.current.is_some() {
            self.writer.last(now);
            self.write(now);
        }
    }

    fn hear(&mut self, news: News, now: Moment) {
        match news {
            News::Prepared(segment) => {
                self.number = segment.number;
                if self.phase == Phase::Trying {
                    self.restart_in(segment, now);
                } else {
                    self.next = Some(segment);
                }
            }
            News::Lost(amiss) => self.lose(&amiss, now),
            News::NotPrepared(error) => {
                self.number -= 1;
                if self.phase == Phase::Trying {
                    self.phase = Phase::Failing(now + RETRY_SPAN);
                    let why = error.to_string();
                    if self.why_not != why {
                        complain(&error, now, "the journal can't be started again; it is tried every second");
                        self.why_not = why;
                    }
                } else {
                    self.prepare_at = Some(now + RETRY_SPAN);
                    complain(&error, now, "there is no room for the journal's next segment");
                }
            }
            News::Mended(number) => {
                if self.phase == Phase::Mending && self.current.as_ref().is_some_and(|it| it.number == number)
                {
                    self.phase = Phase::Writing;
                    self.sign.set(Standing::Kept);
                    self.why_not.clear();
                    self.meters.is_kept.set(1);
                    self.prepare_at = Some(now);
                    if let (Some(committing), Some(current)) = (&mut self.committing, &self.current) {
                        committing.ask(&current.file, self.writer.position());
                    }
                    tracing::info!(segment = number, "the journal is kept again: a restart forgets nothing");
                }
            }
            News::NotMended(error) => self.fail(0, &error, now),
        }
    }

    fn ask_for_room(&mut self, now: Moment) {
        self.number += 1;
        if self.orders.try_send(Order::Prepare(self.number)).is_err() {
            self.number -= 1;
            self.prepare_at = Some(now + RETRY_SPAN);
            if self.phase == Phase::Trying {
                self.phase = Phase::Failing(now + RETRY_SPAN);
            }
        }
    }

    fn begin_segment(&mut self, Segment { number, file, room }: Segment, now: Moment) {
        self.writer.begin(Content::Segment, number, now);
        self.writer.places(now, &self.places).expect("names are short");
        self.current = Some(Current { number, file, written: 0, room });
        self.meters.segment.set(i64::try_from(number).unwrap_or(i64::MAX));
    }

    fn restart_in(&mut self, segment: Segment, now: Moment) {
        self.begin_segment(segment, now);
        self.phase = Phase::Mending;
        self.wants_images = true;
        self.sign.set(Standing::Mending);
        self.write(now);
    }

    fn rotate(&mut self, now: Moment) {
        let Some(next) = self.next.take() else { return };
        let Some(Current { number: old, file: old_file, written, .. }) = self.current.take() else { return };
        self.writer.last(now);
        let closing = write_all(&*old_file, self.writer.bytes());
        let length = written + self.writer.len() as u64;
        self.writer.clear();
        if let Err((taken, error)) = closing {
            self.next = Some(next);
            self.fail(taken, &error, now);
            return;
        }
        let closed = Order::Closed { number: old, file: old_file, length };
        if self.orders.try_send(closed).is_err() {
            tracing::warn!(
                segment = old,
                "the disk's thread does not keep up; the segment is folded with the next"
            );
        }
        self.begin_segment(next, now);
        self.prepare_at = Some(now);
        self.write(now);
    }

    /// A restart would not find what is written; this counts as a disk failure. The prepared segment may be lost too.
    fn lose(&mut self, amiss: &Amiss, now: Moment) {
        match self.phase {
            Phase::Writing | Phase::Mending => {
                self.next = None;
                self.prepare_at = None;
                self.fail(0, &io::Error::other(amiss.to_string()), now);
                self.sign.set(Standing::Lost);
            }
            Phase::Failing(_) | Phase::Trying => self.next = None,
        }
    }

    /// Stops writing. Recorded facts that were not written are held back.
    fn fail(&mut self, taken: usize, error: &io::Error, now: Moment) {
        self.meters.errors.inc();
        self.meters.is_kept.set(0);
        if self.phase == Phase::Writing || self.current.is_some() {
            complain(error, now, "calls go on, and the journal is NOT kept: a restart would lose them");
        }
        if let Some(current) = self.current.take() {
            let begin = self.writer.facts_begin();
            let unwritten = Unfiled::of_frames(self.writer.bytes(), current.number, taken, begin);
            unwritten.into_iter().for_each(|step| self.hold(step));
        }
        self.writer.clear();
        if let Some(committing) = &mut self.committing {
            committing.give_up();
        }
        self.wants_images = false;
        self.phase = Phase::Failing(now + RETRY_SPAN);
        self.sign.set(Standing::Failing);
    }

    /// Holds the facts of a step back; its images are requested again later.
    fn hold(&mut self, step: Unfiled) {
        self.meters.lost_steps.inc();
        if step.facts.is_empty() {
            return;
        }
        if self.held_facts + step.facts.len() > FACTS_HELD_MAX {
            self.meters.lost_facts.inc_by(step.facts.len() as u64);
            return;
        }
        self.held_facts += step.facts.len();
        self.meters.held_facts.set(i64::try_from(self.held_facts).unwrap_or(i64::MAX));
        self.held.push(step);
    }
}

fn complain(error: &io::Error, now: Moment, what: &str) {
    static LINES: Ration = Ration::new();
    if let Some(held_back) = LINES.admit(now) {
        tracing::error!(%error, held_back, "{what}");
    }
}
