//! Which agent served a caller's number last, for as long as the plan asks for it.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_ground::{Change, Changeset, DecodeError, Lookup, Moment, Pii, RowChange, TrackedMap};
use turno_model::{AgentId, Plan};

/// Cap on the numbers that are remembered; the one that was served longest ago is forgotten first.
const NUMBERS_MAX: usize = 20_000;

/// Who served a number last, and when that talk began.
#[derive(Debug, Serialize, Deserialize)]
struct Served {
    number: Pii<String>,
    agent: AgentId,
    at: Moment,
}

/// The last agent of each number, by the order of the talks.
#[derive(Debug)]
pub(crate) struct LastAgents {
    table: TrackedMap<u64, Served>,
    of_number: Lookup<String, u64>,
    /// How long a number is remembered: as long as the queue says that asks for the longest time. Zero: not at all.
    span: Duration,
    next: u64,
}

impl LastAgents {
    /// Nobody was served yet. `seed` seeds the hash table.
    pub(crate) fn new(plan: &Plan, seed: u64) -> Self {
        Self { table: TrackedMap::new(), of_number: Lookup::new(seed), span: span_of(plan), next: 0 }
    }

    /// Applies a new plan. What no queue asks for any more is forgotten with the next deadline.
    pub(crate) fn configure(&mut self, plan: &Plan) {
        self.span = span_of(plan);
    }

    /// Whether any queue asks for it.
    pub(crate) const fn is_used(&self) -> bool {
        !self.span.is_zero()
    }

    /// This agent serves the caller with this number now.
    pub(crate) fn serves(&mut self, number: String, agent: AgentId, now: Moment) {
        self.forget(&number);
        if self.table.len() >= NUMBERS_MAX {
            self.forget_first();
        }
        self.next += 1;
        self.of_number.insert(number.clone(), self.next);
        self.table.insert(self.next, Served { number: Pii(number), agent, at: now });
    }

    /// Who served this number last, within this span.
    pub(crate) fn of(&self, number: &str, within: Duration, now: Moment) -> Option<AgentId> {
        let served = self.table.get(self.of_number.get(number)?)?;
        (now.since(served.at) <= within).then_some(served.agent)
    }

    /// When the first number is due to be forgotten.
    pub(crate) fn next_deadline(&self) -> Option<Moment> {
        self.table.values().next().map(|served| served.at + self.span)
    }

    /// Forgets the numbers that are due.
    pub(crate) fn handle_deadlines(&mut self, now: Moment) {
        while self.next_deadline().is_some_and(|at| at <= now) {
            self.forget_first();
        }
    }

    fn forget_first(&mut self) {
        let first = self.table.iter().next().map(|(key, served)| (*key, served.number.0.clone()));
        if let Some((key, number)) = first {
            self.table.remove(&key);
            self.of_number.remove(&number);
        }
    }

    fn forget(&mut self, number: &str) {
        if let Some(key) = self.of_number.remove(number) {
            self.table.remove(&key);
        }
    }

    /// Writes the changed rows into the changeset.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.table.write_down(|key, change| match change {
            Change::Is(served) => {
                changes.keep(table, key, served);
                true
            }
            Change::Gone => {
                changes.delete(table, key);
                false
            }
        });
    }

    /// Marks every row as changed, so that the next [`Self::write_down`] writes all.
    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Restores one number from its row. Rows come in the order of their keys.
    ///
    /// # Errors
    /// [`DecodeError`] if the row can't be read.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        let served: Served = line.read()?;
        self.next = self.next.max(line.key);
        self.of_number.insert(served.number.0.clone(), line.key);
        self.table.restore(line.key, served);
        Ok(())
    }
}

/// The longest time for which a queue asks.
fn span_of(plan: &Plan) -> Duration {
    plan.queues.iter().filter_map(|queue| queue.last_agent).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use turno_model::plan::QueuePlan;
    use turno_model::{SkillId, sample};

    fn secs(seconds: u64) -> Moment {
        Moment::from_secs(seconds)
    }

    fn agents() -> LastAgents {
        let mut plan = sample::plan();
        let queue = sample::queue("taxes", SkillId(0));
        plan.queues.push(QueuePlan { last_agent: Some(Duration::from_secs(100)), ..queue });
        LastAgents::new(&plan, 7)
    }

    #[test]
    fn the_last_agent_of_a_number_is_known_for_as_long_as_the_queue_says() {
        let mut agents = agents();
        agents.serves("099".to_owned(), AgentId(1), secs(10));
        agents.serves("098".to_owned(), AgentId(2), secs(20));
        agents.serves("099".to_owned(), AgentId(3), secs(30));
        let within = Duration::from_secs(50);
        assert_eq!(agents.of("099", within, secs(80)), Some(AgentId(3)));
        assert_eq!(agents.of("099", within, secs(81)), None);
        assert_eq!(agents.of("097", within, secs(30)), None);
        assert_eq!(agents.next_deadline(), Some(secs(120)), "the first talk of 099 is forgotten already");
        agents.handle_deadlines(secs(120));
        assert_eq!(agents.of("098", Duration::from_secs(1_000), secs(120)), None);
        assert_eq!(agents.of("099", Duration::from_secs(1_000), secs(120)), Some(AgentId(3)));
        agents.handle_deadlines(secs(130));
        assert_eq!((agents.next_deadline(), agents.of_number.is_empty()), (None, true));
    }

    #[test]
    fn no_more_numbers_are_remembered_than_there_is_room_for() {
        let mut agents = agents();
        for number in 0..NUMBERS_MAX as u64 + 5 {
            agents.serves(number.to_string(), AgentId(1), secs(1));
        }
        assert_eq!((agents.table.len(), agents.of_number.len()), (NUMBERS_MAX, NUMBERS_MAX));
        let within = Duration::from_secs(100);
        assert_eq!(agents.of("4", within, secs(1)), None, "the oldest is gone");
        assert_eq!(agents.of("5", within, secs(1)), Some(AgentId(1)));
    }

    #[test]
    fn another_plan_that_asks_for_nothing_lets_everything_be_forgotten() {
        let mut agents = agents();
        agents.serves("099".to_owned(), AgentId(1), secs(10));
        agents.configure(&sample::plan());
        assert!(!agents.is_used());
        agents.handle_deadlines(secs(11));
        assert_eq!(agents.table.len(), 0);
    }
}
