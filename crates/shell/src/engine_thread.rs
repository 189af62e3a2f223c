//! The engine thread: takes in datagrams and messages, carries out the engine's outputs in order, and sleeps until the
//! next deadline.
//!
//! There is no lock and no await on this path. Other threads send an [`EngineMessage`](inbox::EngineMessage) to the
//! inbox; readers get the facts from a bounded queue.

pub(crate) mod closing;
pub(crate) mod inbox;
mod readers;
mod releasing;
mod resting;
mod stepping;
#[cfg(test)]
mod storm_tests;
mod taking;
pub(crate) mod watchdog;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::SyncSender;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use turno_engine::{Engine, Input, Output, Recovered};
use turno_ground::{Flow, Moment};
use turno_model::Position;

use crate::clock::{Clock, wall};
use crate::disk::Journal;
use crate::engine_thread::closing::Closing;
use crate::engine_thread::inbox::{Answer, Inbox, InboxReader, Pause};
use crate::engine_thread::watchdog::{VoicesSign, Watchdog};
use crate::facts::batch::Facts;
use crate::facts::capture_buffer::{CapturedMessages, Gathering};
use crate::media::voices::Voices;
use crate::metrics::engine::EngineMeters;
use crate::net::receive_queue::ReceiveQueue;
use crate::net::streams::Streams;
use crate::net::udp::Udp;
use crate::recording::recorder::Recorder;

use core::time::Duration;

/// How often the thread looks, while it is awake, whether a contact waits beside a free agent.
const LOOK_INTERVAL: Duration = Duration::from_millis(200);

/// How often the counters are published.
const PUBLISH_INTERVAL: Duration = Duration::from_secs(1);

/// How long a stop may take before the thread ends regardless.
pub(crate) const STOP_SPAN_MAX: Duration = Duration::from_millis(600);

/// Sleeps end at multiples of this. Each call leaves a dozen deadlines behind (transactions that wait for
/// retransmissions), and one wake-up handles all that are near. No SIP deadline is sensitive to this.
const WAKE_GRAIN: Duration = Duration::from_millis(4);

/// Shortest time between two wake-ups of the media thread: a single call's commands reach it at once, those of many
/// calls share a wake-up, and the delay is not audible.
const MEDIA_SPAN: Duration = Duration::from_millis(2);

/// Facts and messages of this age are handed over when the thread is awake: waking their reader for each one would cost
/// more than its work.
const READERS_SPAN: Duration = Duration::from_millis(50);

/// At this age the thread wakes to hand facts and messages over. With calls, something else nearly always wakes it
/// earlier.
const READERS_SPAN_MAX: Duration = Duration::from_millis(100);

/// This many facts are handed over at once, whatever their age.
const FACTS_A_BATCH_MAX: usize = 256;

/// A batch for the thread that distributes facts.
pub(crate) struct Handed {
    /// The position before the facts.
    pub(crate) before: Position,
    pub(crate) facts: Facts,
    /// The messages sent and received in between; empty if messages are not captured.
    pub(crate) captured_messages: CapturedMessages,
}

/// Everything that the thread owns.
pub(crate) struct EngineThread {
    pub(crate) engine: Engine,
    pub(crate) clock: Clock,
    pub(crate) udp: Udp,
    pub(crate) inbox: InboxReader,
    pub(crate) receive_queue: ReceiveQueue,
    pub(crate) own_inbox: Inbox,
    pub(crate) streams: Streams,
    pub(crate) voices: Voices,
    pub(crate) recorder: Recorder,
    pub(crate) facts: SyncSender<Handed>,
    /// The number of the last fact that the full queue lost.
    pub(crate) left_out: Arc<AtomicU64>,
    /// Where steps are written before their outputs leave; `None` if no journal is kept.
    pub(crate) journal: Option<Journal>,
    /// Collects messages for tracing, if they are captured.
    pub(crate) gathering: Option<Gathering>,
    pub(crate) meters: EngineMeters,
    pub(crate) watchdog: Watchdog,
    pub(crate) progress: Progress,
}

/// The thread's progress and its pending work.
#[derive(Default)]
pub(crate) struct Progress {
    batch: Facts,
    /// The last fact in the batch or before it.
    last: Position,
    /// Batches for readers, each with the journal position that must be written first.
    sealed: VecDeque<(u64, Handed)>,
    /// Outputs, each with the journal position that must be written first.
    held: VecDeque<(u64, Output)>,
    /// Streams whose end the engine has handled; they are closed when no output is held.
    closed: Vec<Flow>,
    /// When the batch was begun; unused while it is empty.
    batch_at: Moment,
    /// When the media thread is woken for the commands posted since its last wake-up.
    media_at: Option<Moment>,
    /// The earliest time of its next wake-up.
    media_free_at: Moment,
    deadline: Option<Moment>,
    publish_at: Moment,
    look_at: Moment,
    commands: u64,
    answers: BTreeMap<u64, Answer>,
    ending: Ending,
    /// When the end began, and what lived then.
    closing: Option<(Moment, Recovered)>,
    /// A requested pause, and when it begins at the latest.
    pause: Option<(Pause, Moment)>,
}

impl Progress {
    /// At the start; facts are numbered after this position.
    pub(crate) fn begin(last: Position) -> Self {
        Self { last, ..Self::default() }
    }
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Ending {
    #[default]
    Serving,
    /// Calls are being ended; at this moment the thread ends regardless.
    Stopping(Moment),
    Ended,
    /// Another turno process serves: nothing is written or sent.
    HandedOver,
}

impl EngineThread {
    /// Runs until a stop has been carried out, and returns what it ended.
    pub(crate) fn run(mut self) -> Option<Closing> {
        self.look_at_the_wall();
        self.drain_at(self.clock.now());
        while !matches!(self.progress.ending, Ending::Ended | Ending::HandedOver) {
            if !self.turn() && self.progress.pause.is_none() {
                self.sleep();
            }
        }
        if self.progress.ending == Ending::HandedOver {
            self.hand_over();
            self.hand_over_all();
            return None;
        }
        self.flush_journal();
        let closing = self.closing();
        self.end_journal();
        self.wake_media();
        self.hand_over();
        self.hand_over_all();
        self.publish();
        Some(closing)
    }

    /// What has ended since the stop was asked for, and what is left.
    fn closing(&self) -> Closing {
        let left = self.engine.recovered();
        let (began, lived) = self.progress.closing.unwrap_or((self.clock.now(), left));
        let is_kept = self.journal.as_ref().is_some_and(Journal::is_kept);
        Closing::new(began, lived, left, is_kept)
    }

    /// Handles everything that may have happened. True if there is more to do at once.
    fn turn(&mut self) -> bool {
        let more = self.take_in();
        let now = self.clock.now();
        if self.progress.deadline.is_some_and(|at| at <= now) {
            self.step(Input::Wake, now);
        }
        self.turn_journal(now);
        if let Ending::Stopping(until) = self.progress.ending
            && until <= now
        {
            tracing::warn!("the stop took too long; the remaining calls end with the process");
            self.progress.ending = Ending::Ended;
        }
        if self.progress.media_at.is_some_and(|at| at <= now) {
            self.progress.media_free_at = now + MEDIA_SPAN;
            self.wake_media();
        }
        if self.is_time_to_hand_over(now) {
            self.hand_over();
        }
        self.hand_over_sealed();
        if self.progress.look_at <= now {
            self.progress.look_at = now + LOOK_INTERVAL;
            self.meters.overlooked.publish(&self.engine.overlooked(now), now);
        }
        if self.progress.publish_at <= now {
            self.watchdog.beat(now);
            self.publish();
            self.progress.publish_at = now + PUBLISH_INTERVAL;
        }
        self.rest_if_quiet(more, now) || more
    }

    fn publish(&mut self) {
        self.look_at_the_wall();
        self.meters.publish(&self.engine.sip_counters(), self.own_inbox.lost());
        self.meters.overload.publish(&self.engine.overload_seen());
        self.meters.srtp_rejections.publish(&self.engine);
        self.meters.emergency.set(i64::from(self.engine.has_emergency()));
        self.meters.callers_added.set(i64::try_from(self.engine.callers_added()).unwrap_or(i64::MAX));
        self.meters.skills_changed.set(i64::try_from(self.engine.skills_changed()).unwrap_or(i64::MAX));
        let ports = self.engine.ports_seen();
        self.meters.ports.publish(&ports);
        self.watchdog.sees(VoicesSign::of(&ports));
        let fence = self.engine.rate_limit_seen();
        if self.meters.fence.publish(&fence) || fence.remembered > 0 {
            let now = self.clock.now();
            self.meters.fence.list(&self.engine.bans(now), now);
        }
    }

    /// Passes the wall clock on, because opening hours follow it and it may have been set.
    fn look_at_the_wall(&mut self) {
        let (wall, now) = (wall(), self.clock.now());
        self.engine.wall_is(wall, now);
        if let Some(ahead) = self.meters.wall.is(wall, now) {
            tracing::warn!(
                seconds = ahead,
                "the machine's clock was set; calls and figures go on by the time that passes, opening hours by the clock"
            );
        }
    }

    /// Sleeps until a datagram, a message, the next deadline, or the next publication.
    fn sleep(&mut self) {
        let mut until = self.progress.publish_at;
        if let Some(deadline) = self.progress.deadline {
            until = until.min(deadline);
        }
        if let Some(oldest) = self.oldest_at() {
            until = until.min(oldest + READERS_SPAN_MAX);
        }
        if let Some(media_at) = self.progress.media_at {
            until = until.min(media_at);
        }
        if let Ending::Stopping(end) = self.progress.ending {
            until = until.min(end);
        }
        let now = self.clock.now();
        self.engine.idle(now);
        let span = at_grain(until).since(now);
        let timeout = Timespec {
            tv_sec: i64::try_from(span.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: i64::from(span.subsec_nanos()),
        };
        let mut wanted: Vec<PollFd<'_>> = self
            .udp
            .descriptors()
            .chain([self.inbox.bell()])
            .map(|descriptor| PollFd::from_borrowed_fd(descriptor, PollFlags::IN))
            .collect();
        // An interrupted or failed poll is a spurious wake-up: the next turn checks everything again.
        let seen = poll(&mut wanted, Some(&timeout)).is_ok();
        let readable = wanted.iter().map(|it| !seen || !it.revents().is_empty());
        self.receive_queue.woken(readable, self.clock.now());
    }
}

/// Rounds up to the next multiple of the grain.
fn at_grain(at: Moment) -> Moment {
    let grain = WAKE_GRAIN.as_micros() as u64;
    Moment::from_micros(at.as_micros().next_multiple_of(grain))
}
