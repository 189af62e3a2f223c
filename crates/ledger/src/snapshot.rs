//! A snapshot of the present state, for wallboards and metrics.

use core::time::Duration;

use compact_str::CompactString;
use turno_ground::{Moment, Pii};
use turno_model::{AgentId, AgentState, Channel, ContactId, QueueId, QueueState};

use crate::agent_book::AgentCounts;
use crate::at_hand::{ConsultNow, RecordingNow};
use crate::contact::{About, ContactStage};
use crate::figures::QueueFigures;
use crate::ledger::Ledger;
use crate::line_figures::LineFigures;
use crate::recent::{Lost, RecentFigures};
use crate::times::StateTimes;

/// The present state of a queue.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueNow {
    /// The queue.
    pub queue: QueueId,
    /// Contacts in line, including those whose offer rings.
    pub waiting: u32,
    /// The longest wait in line; zero if nobody waits.
    pub oldest_wait: Duration,
    /// Contacts in a talk or on hold.
    pub in_progress: u32,
    /// Agents with the skill who are available.
    pub available: u32,
    /// Agents with the skill who are logged in.
    pub staffed: u32,
    /// Figures since local midnight.
    pub today: QueueFigures,
    /// Figures since the ledger began; they never fall.
    pub total: QueueFigures,
    /// Figures of the last 30 minutes.
    pub recent: RecentFigures,
    /// Who gave up in the last 30 minutes, short abandons excluded, and was not answered since.
    pub lost: Vec<Lost>,
    /// Contacts that are called back later, and are in no line until then.
    pub put_off: u32,
    /// Whether it is open.
    pub state: QueueState,
}

/// The present state of an agent.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentNow {
    /// The agent.
    pub agent: AgentId,
    /// The agent's state.
    pub state: AgentState,
    /// Since when.
    pub since: Moment,
    /// The contact that is offered to the agent, talks or is on hold.
    pub contact: Option<ContactId>,
    /// The contact's handling time (talk and hold), if it was answered.
    pub handling: Option<Duration>,
    /// When the agent's next turn for a break comes, if one is promised.
    pub turn_at: Option<Moment>,
    /// Whom the agent consults.
    pub consult: Option<ConsultNow>,
    /// The recording of the agent's talk.
    pub recording: Option<RecordingNow>,
    /// How many bindings the agent's seat has.
    pub registered: u32,
    /// Counts since local midnight.
    pub today: AgentCounts,
    /// Time per state since local midnight.
    pub times: StateTimes,
    /// Counts since the ledger began.
    pub total: AgentCounts,
    /// Time per state since the ledger began.
    pub times_total: StateTimes,
}

/// An open contact.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactNow {
    /// The contact.
    pub contact: ContactId,
    /// The channel.
    pub channel: Channel,
    /// The caller or sender.
    pub from: Pii<CompactString>,
    /// When it arrived.
    pub arrived: Moment,
    /// Its queue, if it has entered one.
    pub queue: Option<QueueId>,
    /// Its stage.
    pub stage: ContactStage,
    /// The wait in its queue until now, or until it was answered.
    pub waited: Duration,
    /// The handling time (talk and hold), if it was answered.
    pub handling: Option<Duration>,
    /// Whether the handling target is near.
    pub warned: bool,
    /// Whether the handling target has passed.
    pub breached: bool,
    /// 0 is normal, higher is served first.
    pub priority: u8,
    /// What it is about, if its caller heard a procedure's card.
    pub about: Option<About>,
    /// Whether it is called back later, and in no line until then.
    pub is_put_off: bool,
}

/// The state at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The moment.
    pub at: Moment,
    /// Queues, in the plan's order.
    pub queues: Vec<QueueNow>,
    /// Agents, in the plan's order.
    pub agents: Vec<AgentNow>,
    /// Open contacts, in the order of their arrival.
    pub contacts: Vec<ContactNow>,
    /// Figures over all queues since local midnight.
    pub line_today: LineFigures,
    /// Figures over all queues since the ledger began.
    pub line_total: LineFigures,
}

impl Ledger {
    /// The state at `now`, which is no earlier than the last fact.
    pub fn snapshot(&self, now: Moment) -> Snapshot {
        if self.is_behind(now) {
            let mut settled = self.clone();
            settled.roll(now);
            return settled.snapshot(now);
        }
        Snapshot {
            at: now,
            queues: (0..)
                .map(QueueId)
                .take(self.queues.len())
                .map(|queue| self.queue_now(queue, now))
                .collect(),
            agents: (0..)
                .map(AgentId)
                .take(self.agents.len())
                .map(|agent| self.agent_now(agent, now))
                .collect(),
            contacts: self.contacts.keys().map(|&contact| self.contact_now(contact, now)).collect(),
            line_today: self.line_today.clone(),
            line_total: self.line_total.clone(),
        }
    }

    fn queue_now(&self, queue: QueueId, now: Moment) -> QueueNow {
        let book = &self.queues[queue.index()];
        let in_progress = self.contacts.values().filter(|open| {
            !open.segments.is_empty() && open.visit.as_ref().is_some_and(|visit| visit.queue == queue)
        });
        let again = self.contacts.values().filter_map(|open| {
            let visit = open.visit.as_ref().filter(|visit| open.waits_again && visit.queue == queue)?;
            Some(visit.since)
        });
        let (waits_again, first_again) =
            again.fold((0, None), |(many, first): (u32, Option<Moment>), since| {
                (many + 1, Some(first.map_or(since, |first| first.min(since))))
            });
        let first = book.line.first().map(|&(since, _)| since).into_iter().chain(first_again).min();
        let skill = self.plan.queues[queue.index()].skill;
        let skilled: Vec<AgentState> = self
            .plan
            .agents
            .iter()
            .zip(&self.agents)
            .filter(|(plan, _)| plan.skills.iter().any(|&(known, _)| known == skill))
            .map(|(_, book)| book.state)
            .collect();
        QueueNow {
            queue,
            waiting: count(book.line.len()) + waits_again,
            oldest_wait: first.map_or(Duration::ZERO, |since| now.since(since)),
            in_progress: count(in_progress.count()),
            available: count(skilled.iter().filter(|state| **state == AgentState::Available).count()),
            staffed: count(skilled.iter().filter(|state| state.is_staffed()).count()),
            today: book.today,
            total: book.total,
            recent: book.recent.sum(now),
            lost: book.recent.lost(now),
            put_off: count(book.put_off.len()),
            state: book.turned,
        }
    }

    fn agent_now(&self, agent: AgentId, now: Moment) -> AgentNow {
        let book = &self.agents[agent.index()];
        AgentNow {
            agent,
            state: book.state,
            since: book.since,
            contact: book.contact,
            handling: book.contact.and_then(|contact| self.contacts.get(&contact)?.handling(now)),
            turn_at: book.turns.values().min().copied(),
            consult: book.consult.clone(),
            recording: book.recording,
            registered: book.contacts_registered,
            today: book.counts_today,
            times: book.with_pending(&book.today, now),
            total: book.counts,
            times_total: book.with_pending(&book.total, now),
        }
    }

    fn contact_now(&self, contact: ContactId, now: Moment) -> ContactNow {
        let open = &self.contacts[&contact];
        ContactNow {
            contact,
            channel: open.channel,
            from: open.from.clone(),
            arrived: open.arrived,
            queue: open.visit.as_ref().map(|visit| visit.queue),
            stage: open.stage(),
            waited: open.waited(now),
            handling: open.handling(now),
            warned: open.warned,
            breached: open.breached,
            priority: open.priority,
            about: open.about.clone(),
            is_put_off: open.visit.as_ref().is_some_and(|visit| {
                let book = self.queues.get(visit.queue.index());
                book.is_some_and(|book| book.put_off.contains(&(visit.since, contact)))
            }),
        }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
