//! Days and intervals: where figures are cut.

use core::time::Duration;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use turno_ground::Moment;
use turno_model::Plan;

use crate::agent_book::AgentCounts;
use crate::figures::QueueFigures;
use crate::ledger::Ledger;
use crate::snapshot::LineFigures;
use crate::times::StateTimes;

/// The length of an interval.
pub const INTERVAL: Duration = Duration::from_secs(1800);

/// Most intervals that are kept: a day and the borders around it.
pub const INTERVALS_MAX: usize = 50;

/// One half hour that is over, or the present one.
#[derive(Clone, Debug)]
pub(crate) struct Interval {
    pub(crate) start: Moment,
    pub(crate) queues: Vec<QueueFigures>,
    pub(crate) agents: Vec<StateTimes>,
}

/// The site's time zone: that of its first opening hours.
pub(crate) fn zone_of(plan: &Arc<Plan>) -> TimeZone {
    plan.hours.first().map_or(TimeZone::UTC, |hours| hours.zone.clone())
}

pub(crate) fn local(at: Moment, zone: &TimeZone) -> Zoned {
    let micros = i64::try_from(at.as_micros()).unwrap_or(i64::MAX);
    let stamp = Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX);
    Zoned::new(stamp, zone.clone())
}

pub(crate) fn date_of(at: Moment, zone: &TimeZone) -> Date {
    local(at, zone).date()
}

/// The border at or before `at`.
pub(crate) fn border_before(at: Moment) -> Moment {
    let length = INTERVAL.as_secs() * 1_000_000;
    Moment::from_micros(at.as_micros() / length * length)
}

impl Ledger {
    /// Whether a border lies between what is booked and `now`.
    pub(crate) fn is_behind(&self, now: Moment) -> bool {
        border_before(now) > self.interval_start
    }

    /// Closes every interval up to `now`, cutting state times at each border, and begins days at local midnight.
    pub(crate) fn roll(&mut self, now: Moment) {
        let target = border_before(now);
        let kept = INTERVAL * u32::try_from(INTERVALS_MAX).expect("a small number");
        if target.since(self.interval_start) > kept {
            // What lies further back is kept by no interval: one step over all of it.
            self.close_interval(target - kept);
        }
        while self.interval_start < target {
            self.close_interval(self.interval_start + INTERVAL);
        }
    }

    fn close_interval(&mut self, border: Moment) {
        for book in &mut self.agents {
            book.settle(border);
        }
        let agents = self.agents.iter_mut().map(|book| core::mem::take(&mut book.interval)).collect();
        let queues = self.queues.iter_mut().map(|book| core::mem::take(&mut book.interval)).collect();
        self.intervals.push_back(Interval { start: self.interval_start, queues, agents });
        if self.intervals.len() > INTERVALS_MAX {
            self.intervals.pop_front();
        }
        self.interval_start = border;
        let date = date_of(border, &self.zone);
        if date != self.date {
            self.date = date;
            self.begin_day();
        }
    }

    fn begin_day(&mut self) {
        for book in &mut self.agents {
            book.today = StateTimes::default();
            book.counts_today = AgentCounts::default();
        }
        for book in &mut self.queues {
            book.today = QueueFigures::default();
        }
        let trunks_down = core::mem::take(&mut self.line_today.trunks_down);
        self.line_today = LineFigures { trunks_down, ..LineFigures::default() };
        // Contacts of yesterday belong to yesterday's report.
        self.intervals.retain(|interval| date_of(interval.start, &self.zone) == self.date);
    }
}
