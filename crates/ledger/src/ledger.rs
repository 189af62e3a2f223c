//! The ledger: open contacts, agents' states and booked figures.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use turno_ground::Moment;
use turno_model::{AgentId, ContactId, Plan, QueueId, QueueState};

use crate::agent_book::{AgentBook, AgentCounts};
use crate::calendar::{Interval, border_before, date_of, zone_of};
use crate::contact::{InLine, OpenContact};
use crate::figures::QueueFigures;
use crate::imbalance::Imbalance;
use crate::line_figures::LineFigures;
use crate::recent::{Recent, RecentFigures};

/// A queue's figures.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct QueueBook {
    /// Contacts in line, longest wait first.
    pub(crate) line: BTreeSet<InLine>,
    /// Contacts that are called back later, and are in no line until then.
    #[serde(default)]
    pub(crate) put_off: BTreeSet<InLine>,
    pub(crate) total: QueueFigures,
    pub(crate) today: QueueFigures,
    pub(crate) interval: QueueFigures,
    /// The last 30 minutes.
    #[serde(default)]
    pub(crate) recent: Recent,
    /// Whether it is open, as a command said last.
    #[serde(default)]
    pub(crate) turned: QueueState,
}

impl QueueBook {
    /// The contact waits no longer.
    pub(crate) fn leave(&mut self, place: InLine) {
        let _was_in_line = self.line.remove(&place) || self.put_off.remove(&place);
    }

    /// Contacts that have entered and neither been answered nor left.
    pub(crate) fn unanswered(&self) -> u64 {
        (self.line.len() + self.put_off.len()) as u64
    }
}

/// All figures of a site, from the facts alone.
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
    /// The first imbalance; later ones only follow from it.
    pub(crate) imbalance: Option<Imbalance>,
}

impl Ledger {
    /// An empty ledger for a plan: all agents are logged out, nobody waits.
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

    /// The plan whose indexes the figures use.
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

    /// Changes a queue's figures: total, today and interval.
    pub(crate) fn book(&mut self, queue: QueueId, change: impl Fn(&mut QueueFigures)) {
        let Some(book) = self.queues.get_mut(queue.index()) else { return };
        change(&mut book.total);
        change(&mut book.today);
        change(&mut book.interval);
    }

    /// Changes figures of a contact: total and today now, the interval when the contact ends.
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

    /// Counts a visit that ended now among those of the last 30 minutes.
    pub(crate) fn book_recent(&mut self, queue: QueueId, at: Moment, change: impl Fn(&mut RecentFigures)) {
        if let Some(book) = self.queues.get_mut(queue.index()) {
            book.recent.count(at, change);
        }
    }

    /// Changes the figures over all queues.
    pub(crate) fn book_line(&mut self, change: impl Fn(&mut LineFigures)) {
        change(&mut self.line_total);
        change(&mut self.line_today);
    }

    /// Counts something for an agent.
    pub(crate) fn count(&mut self, agent: AgentId, change: impl Fn(&mut AgentCounts)) {
        if let Some(book) = self.agent(agent) {
            book.count(change);
        }
    }

    /// Counts something for the queue that a contact is in.
    pub(crate) fn on_mark(&mut self, contact: ContactId, change: impl Fn(&mut QueueFigures)) {
        if let Some(queue) = self.contacts.get(&contact).and_then(|open| Some(open.visit.as_ref()?.queue)) {
            self.book(queue, change);
        }
    }

    pub(crate) fn agent(&mut self, agent: AgentId) -> Option<&mut AgentBook> {
        self.agents.get_mut(agent.index())
    }

    /// Notes an imbalance, if it is the first.
    pub(crate) fn note(&mut self, imbalance: Imbalance) {
        self.imbalance.get_or_insert(imbalance);
    }
}
