//! Saves and loads the ledger, so that figures continue after a restart, and moves it to a plan with other indexes.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use core::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use turno_ground::Moment;
use turno_model::plan::{AgentPlan, QueuePlan};
use turno_model::{ContactId, ContactOutcome, Plan, PlanIndex, Renumbering};

use crate::agent_book::AgentBook;
use crate::calendar::{Interval, zone_of};
use crate::contact::OpenContact;
use crate::figures::QueueFigures;
use crate::imbalance::Imbalance;
use crate::ledger::{Ledger, QueueBook};
use crate::line_figures::LineFigures;
use crate::times::StateTimes;

/// The saved form. Journals contain it: a new field goes last, with `#[serde(default)]`.
#[derive(Serialize, Deserialize)]
struct Form {
    places: PlanIndex,
    date: (i16, i8, i8),
    began: Moment,
    interval_start: Moment,
    contacts: BTreeMap<ContactId, OpenContact>,
    queues: Vec<QueueBook>,
    agents: Vec<AgentBook>,
    intervals: VecDeque<Interval>,
    line_total: LineFigures,
    line_today: LineFigures,
    imbalance: Option<Imbalance>,
}

/// A saved ledger that can't be decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BooksUnreadable(String);

impl fmt::Display for BooksUnreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the figures that were kept cannot be read ({}); they begin anew", self.0)
    }
}

impl core::error::Error for BooksUnreadable {}

impl Ledger {
    /// Encodes the whole ledger, for [`Ledger::of_form`].
    pub fn form(&self) -> Vec<u8> {
        let form = Form {
            places: PlanIndex::of(&self.plan),
            date: (self.date.year(), self.date.month(), self.date.day()),
            began: self.began,
            interval_start: self.interval_start,
            contacts: self.contacts.clone(),
            queues: self.queues.clone(),
            agents: self.agents.clone(),
            intervals: self.intervals.clone(),
            line_total: self.line_total.clone(),
            line_today: self.line_today.clone(),
            imbalance: self.imbalance.clone(),
        };
        rmp_serde::to_vec(&form).expect("figures can be written")
    }

    /// Decodes a saved ledger. It uses the indexes of the plan at that time, so facts of that time can be applied to
    /// it. [`Ledger::move_to`] brings it to the present plan.
    ///
    /// # Errors
    /// [`BooksUnreadable`].
    pub fn of_form(plan: &Plan, form: &[u8]) -> Result<Self, BooksUnreadable> {
        let form: Form = rmp_serde::from_slice(form).map_err(|error| BooksUnreadable(error.to_string()))?;
        let plan = Arc::new(with_places(plan, &form.places));
        let (year, month, day) = form.date;
        let date = Date::new(year, month, day).map_err(|error| BooksUnreadable(error.to_string()))?;
        let lengths = (form.queues.len(), form.agents.len());
        if lengths != (plan.queues.len(), plan.agents.len()) {
            return Err(BooksUnreadable("they belong to another plan".to_owned()));
        }
        Ok(Self {
            zone: zone_of(&plan),
            plan,
            date,
            began: form.began,
            interval_start: form.interval_start,
            contacts: form.contacts,
            queues: form.queues,
            agents: form.agents,
            intervals: form.intervals,
            line_total: form.line_total,
            line_today: form.line_today,
            imbalance: form.imbalance,
        })
    }

    /// A ledger that begins at `now`, for facts with the indexes of `places`.
    pub fn at_places(plan: &Plan, places: &PlanIndex, now: Moment) -> Self {
        Self::new(Arc::new(with_places(plan, places)), now)
    }

    /// Changes to another plan. Figures follow the names of queues, agents, trunks and AUX reasons; what the new plan
    /// does not have is dropped. A contact in a queue that is gone counts as served elsewhere.
    pub fn move_to(&mut self, plan: Arc<Plan>, now: Moment) {
        let (here, there) = (PlanIndex::of(&self.plan), PlanIndex::of(&plan));
        self.zone = zone_of(&plan);
        if here != there {
            let to = here.to(&there);
            self.move_contacts(&to);
            let mut queues = vec![QueueBook::default(); plan.queues.len()];
            for (place, book) in (0u32..).zip(core::mem::take(&mut self.queues)) {
                if let Some(there) = to.queue(turno_model::QueueId(place)) {
                    queues[there.index()] = book;
                }
            }
            self.queues = queues;
            let mut agents = vec![AgentBook::new(now); plan.agents.len()];
            for (place, mut book) in (0u32..).zip(core::mem::take(&mut self.agents)) {
                if let Some(there) = to.agent(turno_model::AgentId(place)) {
                    book.renumber(&to);
                    agents[there.index()] = book;
                }
            }
            self.agents = agents;
            for interval in &mut self.intervals {
                move_interval(interval, &to, &plan);
            }
            for line in [&mut self.line_total, &mut self.line_today] {
                line.trunks_down = line.trunks_down.iter().filter_map(|trunk| to.trunk(*trunk)).collect();
            }
        }
        self.plan = plan;
    }

    fn move_contacts(&mut self, to: &Renumbering) {
        let mut gone = 0;
        self.contacts.retain(|_, contact| {
            let is_there = contact.renumber(to);
            gone += u64::from(!is_there);
            is_there
        });
        if gone > 0 {
            self.book_line(|line| *line.outcomes.entry(ContactOutcome::Dequeued).or_default() += gone);
        }
    }
}

fn move_interval(interval: &mut Interval, to: &Renumbering, plan: &Plan) {
    let mut queues = vec![QueueFigures::default(); plan.queues.len()];
    for (place, figures) in (0u32..).zip(core::mem::take(&mut interval.queues)) {
        if let Some(there) = to.queue(turno_model::QueueId(place)) {
            queues[there.index()] = figures;
        }
    }
    let mut agents = vec![StateTimes::default(); plan.agents.len()];
    for (place, mut times) in (0u32..).zip(core::mem::take(&mut interval.agents)) {
        if let Some(there) = to.agent(turno_model::AgentId(place)) {
            times.renumber(to);
            agents[there.index()] = times;
        }
    }
    (interval.queues, interval.agents) = (queues, agents);
}

/// The plan with its entries in the order of `places`. A name that is gone gets an entry with the rules of another.
fn with_places(plan: &Plan, places: &PlanIndex) -> Plan {
    let mut then = plan.clone();
    let queue = |name: &String| {
        let known = plan.queues.iter().find(|queue| queue.name == *name).or(plan.queues.first());
        known.map(|queue| QueuePlan { name: name.clone(), ..queue.clone() })
    };
    let agent = |name: &String| {
        let known = plan.agents.iter().find(|agent| agent.name == *name).or(plan.agents.first());
        known.map(|agent| AgentPlan { name: name.clone(), ..agent.clone() })
    };
    then.queues = places.queues.iter().filter_map(queue).collect();
    then.agents = places.agents.iter().filter_map(agent).collect();
    let trunk = |name: &String| {
        let known = plan.trunks.iter().find(|trunk| trunk.name == *name).or(plan.trunks.first());
        known.map(|trunk| turno_model::plan::TrunkPlan { name: name.clone(), ..trunk.clone() })
    };
    then.trunks = places.trunks.iter().filter_map(trunk).collect();
    let reason = |name: &String| {
        let known = plan.aux_reasons.iter().find(|reason| reason.name == *name);
        let digit = known.map_or(0, |reason| reason.digit);
        turno_model::plan::AuxReasonPlan { name: name.clone(), digit, turns: None, is_interruptible: false }
    };
    then.aux_reasons = places.aux_reasons.iter().map(reason).collect();
    then
}
