//! What came of a queue's visits in the last 30 minutes, in buckets of a minute, and who gave up in them.

use core::time::Duration;
use std::collections::VecDeque;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use turno_ground::{Moment, Pii};
use turno_model::ContactId;

use crate::figures::ratio;

/// How far back it goes.
pub const RECENT_SPAN: Duration = Duration::from_mins(30);

/// Callers who gave up that are kept for each queue; older ones are forgotten first.
const LOST_MAX: usize = 50;

/// Ended visits of a queue, by how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentFigures {
    /// Visits that ended: the denominator of the service level.
    pub offered: u32,
    /// Answered by an agent.
    pub answered: u32,
    /// Answered within the wait target.
    pub answered_in_target: u32,
    /// Left by the caller before an answer, short abandons included.
    pub abandoned: u32,
}

/// A caller who gave up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// The contact.
    pub contact: ContactId,
    /// The caller.
    pub from: Pii<CompactString>,
    /// When.
    pub at: Moment,
    /// After which wait.
    pub waited: Duration,
}

/// The last 30 minutes of a queue. Its size is bounded by the span and [`LOST_MAX`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Recent {
    /// Minutes since 1970 with what ended in each; minutes without anything are left out.
    minutes: VecDeque<(u64, RecentFigures)>,
    /// Who gave up and has not been answered since, the latest last.
    lost: VecDeque<Lost>,
}

impl RecentFigures {
    /// Service level (Avaya): answered within the wait target / offered.
    pub fn service_level(&self) -> Option<f64> {
        ratio(self.answered_in_target.into(), self.offered.into())
    }

    const fn add(&mut self, other: &Self) {
        self.offered += other.offered;
        self.answered += other.answered;
        self.answered_in_target += other.answered_in_target;
        self.abandoned += other.abandoned;
    }
}

impl Recent {
    /// Counts a visit that has ended.
    pub(crate) fn count(&mut self, at: Moment, change: impl Fn(&mut RecentFigures)) {
        let minute = minute_of(at);
        if self.minutes.back().is_none_or(|(newest, _)| *newest < minute) {
            self.forget(at);
            self.minutes.push_back((minute, RecentFigures::default()));
        }
        if let Some((_, figures)) = self.minutes.back_mut() {
            figures.offered += 1;
            change(figures);
        }
    }

    /// A caller gave up.
    pub(crate) fn lose(&mut self, lost: Lost) {
        if self.lost.len() >= LOST_MAX {
            self.lost.pop_front();
        }
        self.lost.push_back(lost);
    }

    /// This caller has got an answer: nobody needs to call back.
    pub(crate) fn found(&mut self, from: &Pii<CompactString>) {
        self.lost.retain(|lost| lost.from.0 != from.0);
    }

    /// Forgets what is older than the span.
    pub(crate) fn forget(&mut self, now: Moment) {
        let oldest = oldest_of(now);
        self.minutes.retain(|(minute, _)| *minute >= oldest);
        self.lost.retain(|lost| now.since(lost.at) <= RECENT_SPAN);
    }

    /// What ended in the last 30 minutes.
    pub(crate) fn sum(&self, now: Moment) -> RecentFigures {
        let mut sum = RecentFigures::default();
        let oldest = oldest_of(now);
        self.minutes.iter().filter(|(minute, _)| *minute >= oldest).for_each(|(_, one)| sum.add(one));
        sum
    }

    /// Who gave up in the last 30 minutes and was not answered since.
    pub(crate) fn lost(&self, now: Moment) -> Vec<Lost> {
        self.lost.iter().filter(|lost| now.since(lost.at) <= RECENT_SPAN).cloned().collect()
    }
}

const fn minute_of(at: Moment) -> u64 {
    at.as_secs() / 60
}

/// The first minute that still counts: this one and the 29 before it.
const fn oldest_of(now: Moment) -> u64 {
    minute_of(now).saturating_sub(RECENT_SPAN.as_secs() / 60 - 1)
}
