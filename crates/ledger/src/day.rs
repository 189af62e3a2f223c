//! The day's figures for a report.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use turno_ground::Moment;

use crate::agent_book::AgentCounts;
use crate::calendar::Interval;
use crate::figures::QueueFigures;
use crate::ledger::Ledger;
use crate::line_figures::LineFigures;
use crate::times::StateTimes;

/// The day of a queue.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueDay {
    /// The name in the plan.
    pub name: String,
    /// Contacts in line now.
    pub waiting: u64,
    /// The figures.
    pub figures: QueueFigures,
}

/// The day of an agent.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentDay {
    /// The name in the plan.
    pub name: String,
    /// The person's name.
    pub display: String,
    /// Counts.
    pub counts: AgentCounts,
    /// Time per state.
    pub times: StateTimes,
}

/// One interval: figures of the contacts that ended in it, and state times cut at its borders.
#[derive(Clone, Debug, PartialEq)]
pub struct IntervalRow {
    /// When the interval began.
    pub start: Moment,
    /// Each queue's figures, in the plan's order.
    pub queues: Vec<QueueFigures>,
    /// All queues together.
    pub all: QueueFigures,
    /// All agents together.
    pub times: StateTimes,
}

/// The day since local midnight.
#[derive(Clone, Debug, PartialEq)]
pub struct Day {
    /// The site's name.
    pub site: String,
    /// The date.
    pub date: Date,
    /// The site's time zone.
    pub zone: TimeZone,
    /// When the figures were taken.
    pub until: Moment,
    /// Queues, in the plan's order.
    pub queues: Vec<QueueDay>,
    /// All queues together.
    pub all: QueueFigures,
    /// Agents, in the plan's order.
    pub agents: Vec<AgentDay>,
    /// Figures over all queues.
    pub line: LineFigures,
    /// The intervals since midnight that are not empty; the present one is the last.
    pub intervals: Vec<IntervalRow>,
    /// AUX reasons by their index in the plan.
    pub aux_reasons: Vec<String>,
}

impl Day {
    /// The time per state of all agents.
    pub fn times(&self) -> StateTimes {
        let mut times = StateTimes::default();
        for agent in &self.agents {
            times.add(&agent.times);
        }
        times
    }
}

impl Ledger {
    /// The day until `now`, which is no earlier than the last fact.
    pub fn day(&self, now: Moment) -> Day {
        let mut settled = self.clone();
        settled.roll(now);
        for book in &mut settled.agents {
            book.settle(now);
        }
        settled.settled_day(now)
    }

    fn settled_day(&self, now: Moment) -> Day {
        let present = Interval {
            start: self.interval_start,
            queues: self.queues.iter().map(|book| book.interval).collect(),
            agents: self.agents.iter().map(|book| book.interval.clone()).collect(),
        };
        let mut all = QueueFigures::default();
        for book in &self.queues {
            all.add(&book.today);
        }
        Day {
            site: self.plan.site.clone(),
            date: self.date,
            zone: self.zone.clone(),
            until: now,
            queues: self
                .plan
                .queues
                .iter()
                .zip(&self.queues)
                .map(|(plan, book)| QueueDay {
                    name: plan.name.clone(),
                    waiting: book.unanswered(),
                    figures: book.today,
                })
                .collect(),
            all,
            agents: self
                .plan
                .agents
                .iter()
                .zip(&self.agents)
                .map(|(plan, book)| AgentDay {
                    name: plan.name.clone(),
                    display: plan.display.clone(),
                    counts: book.counts_today,
                    times: book.today.clone(),
                })
                .collect(),
            line: self.line_today.clone(),
            intervals: self.intervals.iter().chain([&present]).filter_map(row_of).collect(),
            aux_reasons: self.plan.aux_reasons.iter().map(|reason| reason.name.clone()).collect(),
        }
    }
}

/// The row of an interval, unless it is empty.
fn row_of(interval: &Interval) -> Option<IntervalRow> {
    let mut all = QueueFigures::default();
    for figures in &interval.queues {
        all.add(figures);
    }
    let mut times = StateTimes::default();
    for agent in &interval.agents {
        times.add(agent);
    }
    let is_empty = all == QueueFigures::default() && times == StateTimes::default();
    (!is_empty).then(|| IntervalRow { start: interval.start, queues: interval.queues.clone(), all, times })
}
