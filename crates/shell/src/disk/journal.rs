//! The engine thread's end of the journal: steps are written before what depends on them leaves.
//!
//! Calls never wait for a disk that fails. Then nothing is durable: an alarm says so, facts are held back as long as
//! there is room for them, and every second a new beginning is tried. It succeeds when a checkpoint of everything
//! that lives then is safe on the disk.

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

/// Facts that are held back while nothing can be written; what comes later is lost to the figures after a restart.
const FACTS_HELD_MAX: usize = 65_536;

/// Room for encoding that is kept between steps, in bytes.
const BUFFER_BYTES_KEPT: usize = 1 << 20;

/// The segment that is being written.
pub(crate) struct Current {
    number: u64,
    file: Arc<dyn VolumeFile>,
    written: u64,
    /// The bytes that it has room for; the next one is begun behind them.
    room: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Steps are written.
    Writing,
    /// Nothing can be written; when to try again.
    Failing(Moment),
    /// Room was asked for.
    Trying,
    /// Steps are written again, and what lives is on its way to the disk.
    Mending,
}

/// The journal as the engine's thread has it.
pub(crate) struct Journal {
    writer: Writer,
    current: Option<Current>,
    next: Option<Segment>,
    /// The number of the last segment that was begun or asked for.
    number: u64,
    /// When room for the next segment is asked for.
    prepare_at: Option<Moment>,
    phase: Phase,
    /// Whether a new beginning waits for the images of everything.
    wants_images: bool,
    held: Vec<Unfiled>,
    held_facts: usize,
    places: PlanIndex,
    orders: SyncSender<Order>,
    news: Receiver<News>,
    committing: Option<Committing>,
    sign: JournalSign,
    meters: JournalMeters,
    /// Why the last attempt to begin anew failed.
    why_not: String,
}

impl Journal {
    /// Begins the first segment.
    pub(crate) fn begin(parts: Parts, now: Moment) -> Self {
        let (number, file) = parts.first;
        let mut writer = Writer::new(parts.position);
        writer.facts_go_on(parts.facts);
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

    /// Takes what one step changed.
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

    /// Names stand in these places from here on.
    pub(crate) fn move_to(&mut self, plan: &Arc<Plan>, now: Moment) {
        self.places = PlanIndex::of(plan);
        if self.current.is_some() {
            self.writer.places(now, &self.places).expect("names are short");
        }
        // Without it the figures of its folding have the old targets until the next start.
        let _ = self.orders.try_send(Order::Replan(Arc::clone(plan)));
    }

    /// Whether something was taken and is not written.
    pub(crate) const fn has_unwritten(&self) -> bool {
        !self.writer.is_empty()
    }

    /// What must be safe before anything leaves that depends on the steps so far.
    pub(crate) const fn position(&self) -> u64 {
        self.writer.position()
    }

    /// The last fact that was taken.
    pub(crate) const fn last_fact(&self) -> Position {
        self.writer.last_fact()
    }

    /// Whether everything up to a position is as durable as it can be made now.
    pub(crate) fn is_safe(&self, position: u64) -> bool {
        if self.phase != Phase::Writing {
            return true;
        }
        self.committing.as_ref().is_none_or(|committing| committing.durable() >= position)
    }

    /// Writes what was taken, in one call, and begins the next segment when this one is full.
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

    /// Hears what the disk's thread has done, and asks again what it could not do. True if the images of everything
    /// are needed now, by [`Journal::mend`].
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
                Some(segment) => self.begin_anew(segment, now),
                None => self.ask_for_room(now),
            }
        }
        self.wants_images
    }

    /// Everything that lives, for a new beginning.
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

    /// Whether everything is kept, so that another turno can go on with it.
    pub(crate) fn is_kept(&self) -> bool {
        self.phase == Phase::Writing && self.writer.is_empty() && self.is_safe(self.writer.position())
    }

    /// Waits until the disk's thread has done what it was asked: whether it has within the span, and a restart would find it.
    pub(crate) fn rests(&self, span: Duration) -> bool {
        let (done, is_done) = sync_channel(1);
        self.orders.try_send(Order::Rest(done)).is_ok() && is_done.recv_timeout(span) == Ok(true)
    }

    /// Closes the file: turno ends.
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
                    self.begin_anew(segment, now);
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
                        complain(&error, now, "the journal can't be begun anew; it is tried every second");
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

    fn begin_anew(&mut self, segment: Segment, now: Moment) {
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

    /// What is written is not what a restart would find: as good as a disk that fails. What was prepared may be lost too.
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

    /// Nothing can be written from here on. Facts that were taken and not written are held back.
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

    /// Holds the facts of a step back; its images will be asked for again.
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
