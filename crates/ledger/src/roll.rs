//! Closes intervals and days at their borders.

use turno_ground::Moment;

use crate::agent_book::AgentCounts;
use crate::calendar::{INTERVAL, INTERVALS_MAX, Interval, border_before, date_of};
use crate::figures::QueueFigures;
use crate::ledger::Ledger;
use crate::line_figures::LineFigures;
use crate::times::StateTimes;

impl Ledger {
    /// Whether a border lies between the present interval's begin and `now`.
    pub(crate) fn is_behind(&self, now: Moment) -> bool {
        border_before(now) > self.interval_start
    }

    /// Closes every interval until `now`, cuts state times at each border, and begins days at local midnight.
    pub(crate) fn roll(&mut self, now: Moment) {
        let target = border_before(now);
        let kept = INTERVAL * u32::try_from(INTERVALS_MAX).expect("a small number");
        if target.since(self.interval_start) > kept {
            // Older intervals are not kept: one step covers them all.
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
        for book in &mut self.queues {
            book.recent.forget(border);
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
        // Intervals of the previous day belong to its report.
        self.intervals.retain(|interval| date_of(interval.start, &self.zone) == self.date);
    }
}
