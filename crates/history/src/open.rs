//! The rows that are not finished: open contacts with their visits and talks, and the present state of each agent.

use core::time::Duration;

use turno_ground::Moment;
use turno_model::{AgentState, ContactId};

use crate::changes::Changes;
use crate::tables::{Sitting as SittingColumn, Talk as TalkColumn, Visit as VisitColumn};
use crate::value::Value;

/// An open contact.
#[derive(Clone, Debug, Default)]
pub(crate) struct OpenContact {
    pub(crate) arrived: Moment,
    pub(crate) visits: Vec<Visit>,
    pub(crate) talks: Vec<Talk>,
    /// Whether facts were lost since it arrived.
    pub(crate) is_partial: bool,
}

/// A stay in a queue.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) queue: String,
    pub(crate) priority: u8,
    pub(crate) position: u32,
    pub(crate) entered: Moment,
    pub(crate) told: Option<Duration>,
    /// Whether the wait that was told was kept, once that is known.
    pub(crate) told_kept: Option<bool>,
    pub(crate) target: Option<Duration>,
    pub(crate) answered: Option<Moment>,
    pub(crate) is_in_target: bool,
    pub(crate) left: Option<Moment>,
    pub(crate) outcome: Option<String>,
    pub(crate) is_short: bool,
    pub(crate) waits_again: bool,
    pub(crate) is_completed: bool,
    pub(crate) is_completed_in_target: bool,
    pub(crate) handled: u32,
    pub(crate) talk: Duration,
    pub(crate) hold: Duration,
}

/// An agent's part of a contact.
#[derive(Clone, Debug)]
pub(crate) struct Talk {
    /// The number of its visit.
    pub(crate) visit: u32,
    pub(crate) queue: String,
    pub(crate) agent: String,
    pub(crate) began: Moment,
    pub(crate) is_taken_over: bool,
    pub(crate) ended: Option<Moment>,
    pub(crate) talk: Duration,
    pub(crate) hold: Duration,
    pub(crate) is_held: bool,
    pub(crate) booked_until: Moment,
}

/// An agent's present state.
#[derive(Clone, Debug)]
pub(crate) struct Sitting {
    pub(crate) began: Moment,
    pub(crate) state: String,
    pub(crate) reason: Option<String>,
    pub(crate) last_queue: Option<String>,
    /// Until when its time is in the half hours.
    pub(crate) booked_until: Moment,
    pub(crate) is_partial: bool,
}

impl OpenContact {
    /// Whether it is in a queue and not answered there.
    pub(crate) fn is_waiting(&self) -> bool {
        self.visits.last().is_some_and(|visit| visit.answered.is_none())
    }

    /// The name of the queue of its last visit.
    pub(crate) fn queue(&self) -> Option<&str> {
        self.visits.last().map(|visit| visit.queue.as_str())
    }

    /// Writes its last visit.
    pub(crate) fn write_visit(&self, contact: ContactId, changes: &mut Changes) {
        if let Some(visit) = self.visits.last() {
            visit.write(contact, count(self.visits.len()), changes);
        }
    }

    /// Writes a talk.
    pub(crate) fn write_talk(&self, contact: ContactId, place: usize, changes: &mut Changes) {
        if let Some(talk) = self.talks.get(place) {
            talk.write(contact, count(place + 1), changes);
        }
    }
}

/// A small number.
pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Visit {
    pub(crate) const fn new(queue: String, (priority, position): (u8, u32), at: Moment) -> Self {
        Self {
            queue,
            priority,
            position,
            entered: at,
            told: None,
            told_kept: None,
            target: None,
            answered: None,
            is_in_target: false,
            left: None,
            outcome: None,
            is_short: false,
            waits_again: false,
            is_completed: false,
            is_completed_in_target: false,
            handled: 0,
            talk: Duration::ZERO,
            hold: Duration::ZERO,
        }
    }

    fn write(&self, contact: ContactId, number: u32, changes: &mut Changes) {
        use VisitColumn as Column;
        changes
            .row::<Column>(vec![contact.0.into(), number.into()])
            .set(Column::Queue, self.queue.as_str())
            .set(Column::Priority, self.priority)
            .set(Column::Position, self.position)
            .set(Column::Entered, self.entered)
            .set(Column::Told, self.told)
            .set(Column::ToldKept, self.told_kept)
            .set(Column::Target, self.target)
            .set(Column::Answered, self.answered)
            .set(Column::InTarget, self.is_in_target)
            .set(Column::Left, self.left)
            .set(Column::Outcome, self.outcome.as_deref())
            .set(Column::IsShort, self.is_short)
            .set(Column::WaitsAgain, self.waits_again)
            .set(Column::IsCompleted, self.is_completed)
            .set(Column::CompletedInTarget, self.is_completed_in_target)
            .set(Column::Handled, self.handled)
            .set(Column::Talk, self.talk)
            .set(Column::Hold, self.hold);
    }
}

impl Talk {
    /// Books the time until `at` as talk or hold.
    pub(crate) fn settle(&mut self, at: Moment) {
        let span = at.since(self.booked_until);
        if self.is_held {
            self.hold += span;
        } else {
            self.talk += span;
        }
        self.booked_until = self.booked_until.max(at);
    }

    fn write(&self, contact: ContactId, number: u32, changes: &mut Changes) {
        use TalkColumn as Column;
        changes
            .row::<Column>(vec![contact.0.into(), number.into()])
            .set(Column::Visit, self.visit)
            .set(Column::Queue, self.queue.as_str())
            .set(Column::Agent, self.agent.as_str())
            .set(Column::Began, self.began)
            .set(Column::TakenOver, self.is_taken_over)
            .set(Column::Ended, self.ended)
            .set(Column::Spoken, self.talk)
            .set(Column::Hold, self.hold)
            .set(Column::IsHeld, self.is_held)
            .set(Column::BookedUntil, self.booked_until);
    }
}

impl Sitting {
    /// Writes it, with its end if it is over.
    pub(crate) fn write(&self, agent: &str, (day, ended): (&str, Option<Moment>), changes: &mut Changes) {
        use SittingColumn as Column;
        changes
            .row::<Column>(vec![agent.into(), self.began.into()])
            .set(Column::Day, day)
            .set(Column::State, self.state.as_str())
            .set(Column::Reason, self.reason.as_deref())
            .set(Column::Ended, ended)
            .set(Column::LastQueue, self.last_queue.as_deref())
            .set(Column::BookedUntil, self.booked_until)
            .set(Column::IsPartial, self.is_partial);
    }

    /// Whether its state has this word.
    pub(crate) fn is(&self, state: AgentState) -> bool {
        self.state == crate::words::state(state)
    }
}

/// The moment of a value that is always there.
pub(crate) fn moment(value: &Value) -> Moment {
    value.moment().unwrap_or_default()
}
