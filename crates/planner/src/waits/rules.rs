//! Four rules for telling a wait, and how well each is kept.

use core::time::Duration;
use std::collections::BTreeMap;

use turno_ground::Moment;
use turno_model::{ContactId, QueueId};

/// A rule for the wait that a caller is told on entering the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// turno's: the time within which four of five callers are answered.
    Turno,
    /// Asterisk's app_queue: a moving average of the waits of answered callers, in whole minutes after adding half a
    /// minute. (`queue_exec`, `say_position`; the average takes a quarter of each new wait.)
    Asterisk,
    /// OpenSIPS's call_center: mean duration of calls times calls in the queue, divided by agents logged in.
    OpenSips,
    /// The wait of the caller who was answered last.
    LastAnswered,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 4] = [Self::Turno, Self::Asterisk, Self::OpenSips, Self::LastAnswered];

    /// The rule's name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Turno => "turno",
            Self::Asterisk => "Asterisk",
            Self::OpenSips => "OpenSIPS",
            Self::LastAnswered => "last answered",
        }
    }
}

/// How well the waits told by one rule were kept.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// Callers who were answered within what they were told.
    pub kept: u64,
    /// Callers who were answered later, or gave up after what they were told. Who gives up before then is not counted,
    /// since nobody knows how long the wait would have been.
    pub missed: u64,
    /// Of those counted, the callers who were answered.
    pub answered: u64,
    /// Sum of (told - waited) over those who were answered, in seconds.
    pub error: f64,
    /// Sum of |told - waited| over those who were answered, in seconds.
    pub distance: f64,
}

impl Score {
    /// The share of told waits that were kept; `None` if none was counted.
    pub fn coverage(&self) -> Option<f64> {
        let counted = self.kept + self.missed;
        (counted > 0).then(|| self.kept as f64 / counted as f64)
    }

    /// Adds another day's.
    pub fn add(&mut self, other: &Self) {
        self.kept += other.kept;
        self.missed += other.missed;
        self.answered += other.answered;
        self.error += other.error;
        self.distance += other.distance;
    }

    fn count(&mut self, told: Duration, waited: Duration, was_answered: bool) {
        if was_answered {
            let error = told.as_secs_f64() - waited.as_secs_f64();
            self.answered += 1;
            self.error += error;
            self.distance += error.abs();
        }
        if waited > told {
            self.missed += 1;
        } else if was_answered {
            self.kept += 1;
        }
    }
}

/// A caller who waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiter {
    pub(super) queue: QueueId,
    pub(super) since: Moment,
}

/// What the other rules know of a queue.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    waiting: u32,
    /// Asterisk's average, in whole seconds.
    average: u64,
    last: Duration,
    talks: u32,
    talked: f64,
}

/// All rules on one day.
pub(super) struct Rules {
    queues: Vec<Known>,
    waiters: BTreeMap<ContactId, (Waiter, Option<[Duration; Rule::ALL.len()]>)>,
    scores: [Score; Rule::ALL.len()],
}

impl Rules {
    pub(super) fn new(queues: usize) -> Self {
        Self { queues: vec![Known::default(); queues], waiters: BTreeMap::new(), scores: Default::default() }
    }

    pub(super) fn scores(&self) -> [Score; Rule::ALL.len()] {
        self.scores
    }

    /// A caller enters a queue, before it is known whether an agent is free.
    pub(super) fn comes(&mut self, contact: ContactId, waiter: Waiter) {
        self.queues[waiter.queue.index()].waiting += 1;
        self.waiters.insert(contact, (waiter, None));
    }

    pub(super) fn waits(&self, contact: ContactId) -> bool {
        self.waiters.contains_key(&contact)
    }

    /// turno tells the caller a wait; the other rules tell theirs. Only the first counts.
    pub(super) fn tells(&mut self, contact: ContactId, turno: Duration, staffed: usize) {
        let Some((waiter, told)) = self.waiters.get_mut(&contact) else { return };
        let known = &self.queues[waiter.queue.index()];
        let mean = if known.talks == 0 { 0.0 } else { known.talked / f64::from(known.talks) };
        let ahead = f64::from(known.waiting.saturating_sub(1));
        let opensips = if staffed == 0 { 0.0 } else { mean * ahead / staffed as f64 };
        let asterisk = (known.average + 30) / 60 * 60;
        told.get_or_insert([
            turno,
            Duration::from_secs(asterisk),
            Duration::from_secs_f64(opensips),
            known.last,
        ]);
    }

    pub(super) fn answered(&mut self, contact: ContactId, now: Moment) {
        let Some(waiter) = self.ends(contact, now, true) else { return };
        let known = &mut self.queues[waiter.queue.index()];
        let waited = now.since(waiter.since);
        known.average = (known.average * 3 + waited.as_secs()) / 4;
        known.last = waited;
    }

    pub(super) fn gave_up(&mut self, contact: ContactId, now: Moment) {
        self.ends(contact, now, false);
    }

    /// The caller leaves the queue for another reason: no wait is known.
    pub(super) fn leaves(&mut self, contact: ContactId) {
        if let Some((waiter, _)) = self.waiters.remove(&contact) {
            self.queues[waiter.queue.index()].waiting -= 1;
        }
    }

    pub(super) fn talked(&mut self, queue: QueueId, talked: Duration) {
        let known = &mut self.queues[queue.index()];
        known.talks += 1;
        known.talked += talked.as_secs_f64();
    }

    fn ends(&mut self, contact: ContactId, now: Moment, was_answered: bool) -> Option<Waiter> {
        let (waiter, told) = self.waiters.remove(&contact)?;
        self.queues[waiter.queue.index()].waiting -= 1;
        for (score, told) in self.scores.iter_mut().zip(told.into_iter().flatten()) {
            score.count(told, now.since(waiter.since), was_answered);
        }
        Some(waiter)
    }
}
