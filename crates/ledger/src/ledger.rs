//! The ledger: what is open, and what has been booked.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use turno_ground::Moment;
use turno_model::{AgentId, ContactId, Plan, QueueId};

use crate::agent_book::AgentBook;
use crate::calendar::{Interval, border_before, date_of, zone_of};
use crate::contact::{InLine, OpenContact};
use crate::figures::QueueFigures;
use crate::imbalance::Imbalance;
use crate::line_figures::LineFigures;

/// A queue's figures.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct QueueBook {
    /// Who waits, longest first.
    pub(crate) line: BTreeSet<InLine>,
    pub(crate) total: QueueFigures,
    pub(crate) today: QueueFigures,
    pub(crate) interval: QueueFigures,
}

/// Every number, from the facts alone.
#[derive(Clone, Debug)]
pub struct Ledger {
    pub(crate) plan: Arc<Plan>,
    pub(crate) zone: TimeZone,
    pub(crate) date: Date,
    pub(crate) began: Moment,
    pub(crate) interval_start: Moment,
    pub(crate) contacts: BTreeMap<ContactId, OpenContact>,
    pub(crate) queues: Vec<QueueBook>,
    pub(crate) agents: Vec<AgentBook>,
    pub(crate) intervals: VecDeque<Interval>,
    pub(crate) line_total: LineFigures,
    pub(crate) line_today: LineFigures,
    /// The first thing that did not add up; later ones only follow from it.
    pub(crate) imbalance: Option<Imbalance>,
}

impl Ledger {
    /// An empty ledger for a plan: everybody is logged out, nobody waits.
    pub fn new(plan: Arc<Plan>, now: Moment) -> Self {
        let zone = zone_of(&plan);
        Self {
            date: date_of(now, &zone),
            began: now,
            interval_start: border_before(now),
            contacts: BTreeMap::new(),
            queues: vec![QueueBook::default(); plan.queues.len()],
            agents: vec![AgentBook::new(now); plan.agents.len()],
            intervals: VecDeque::new(),
            line_total: LineFigures::default(),
            line_today: LineFigures::default(),
            imbalance: None,
            zone,
            plan,
        }
    }

    /// The plan whose places the figures stand at.
    pub const fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// When the ledger began.
    pub const fn began(&self) -> Moment {
        self.began
    }

    /// A queue's figures since the ledger began.
    pub fn queue(&self, queue: QueueId) -> Option<&QueueFigures> {
        self.queues.get(queue.index()).map(|book| &book.total)
    }

    /// Books something of a queue, for ever, for today and for the interval.
    pub(crate) fn book(&mut self, queue: QueueId, change: impl Fn(&mut QueueFigures)) {
        let Some(book) = self.queues.get_mut(queue.index()) else { return };
        change(&mut book.total);
        change(&mut book.today);
        change(&mut book.interval);
    }

    /// Books something of a contact: for ever and for today now, for the interval where the contact ends.
    pub(crate) fn book_contact(
        &mut self,
        contact: &mut OpenContact,
        queue: QueueId,
        change: impl Fn(&mut QueueFigures),
    ) {
        let Some(book) = self.queues.get_mut(queue.index()) else { return };
        change(&mut book.total);
        change(&mut book.today);
        change(contact.due_to(queue));
    }

    /// Books something of the whole line.
    pub(crate) fn book_line(&mut self, change: impl Fn(&mut LineFigures)) {
        change(&mut self.line_total);
        change(&mut self.line_today);
    }

    pub(crate) fn agent(&mut self, agent: AgentId) -> Option<&mut AgentBook> {
        self.agents.get_mut(agent.index())
    }

    /// Notes that facts contradict each other.
    pub(crate) fn note(&mut self, imbalance: Imbalance) {
        self.imbalance.get_or_insert(imbalance);
    }
}
