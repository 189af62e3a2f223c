//! Breaks in turns: who asked, whose turn comes when, and who is away.
//!
//! An agent who asks goes at once if it is possible, or is promised a time, which is kept to the minute: it does not come
//! sooner or later, unless the agent asks again and may go by then. `asking` decides that, `timetable` finds the time,
//! `turning` handles what falls due, and this file owns the rows and follows the agents' states.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use turno_ground::{Change, Changeset, Dated, DecodeError, Moment, RowChange, Timed, TrackedMap, WallClock};
use turno_model::plan::BreakTurns;
use turno_model::{AgentId, AgentState, AuxReason, BreakChange, BreakStep, Plan};

use crate::agent::{Agent, CoveredState, PendingChange};

mod asking;
mod giving_up;
mod showing;
mod timetable;
mod turning;

pub use asking::{BreakAnswer, NoBreak};
pub use showing::{BreakSeen, BreakStand};

/// Deadlines of a break; at the same moment they fire in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum BreakDeadline {
    /// When a break has lasted for its span.
    SpanOver,
    /// When a turn that was not taken up is taken back.
    Unused,
    /// When a promised turn comes.
    TurnComes,
}

/// Where an agent's break stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum BreakStage {
    /// The turn comes then.
    Promised { at: Moment },
    /// The turn has come.
    Granted { until: Moment },
    /// The agent goes when the present contact or call, or manual after-call work, has ended.
    Leaving,
    /// On the break, which should end then.
    Away { until: Moment },
    /// The break was on that day.
    Had,
}

/// An agent's break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Break {
    /// The day of the break, by its hours.
    pub(crate) day: i32,
    /// The latest beginning within its hours.
    pub(crate) last: Moment,
    pub(crate) stage: BreakStage,
}

/// An agent and a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct BreakKey {
    pub(crate) agent: AgentId,
    pub(crate) reason: u8,
}

/// Steps of one change.
pub(crate) type Steps = SmallVec<[BreakStep; 2]>;

/// All breaks in turns.
#[derive(Debug, Default)]
pub(crate) struct Breaks {
    rows: Timed<TrackedMap<BreakKey, Dated<BreakDeadline, Break>>>,
    pub(crate) wall: WallClock,
}

impl Breaks {
    /// Whether nobody ever asked for a turn.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The break of an agent.
    pub(crate) fn get(&self, key: BreakKey) -> Option<Break> {
        self.rows.get(&key).map(|row| **row)
    }

    /// All breaks for a reason.
    pub(crate) fn of_reason(&self, reason: u8) -> impl Iterator<Item = (AgentId, Break)> {
        self.rows.iter().filter(move |(key, _)| key.reason == reason).map(|(key, row)| (key.agent, **row))
    }

    /// All keys, in order.
    pub(crate) fn keys(&self) -> Vec<BreakKey> {
        self.rows.keys().copied().collect()
    }

    /// Number of agents who are on this break in their span, or whose turn has come. The span lasts until its end is handled,
    /// which may be late.
    pub(crate) fn occupied(&self, reason: u8) -> usize {
        let holds = |key: BreakKey, it: &Break| match it.stage {
            BreakStage::Granted { .. } | BreakStage::Leaving => true,
            BreakStage::Away { .. } => self.rows.at(key, BreakDeadline::SpanOver).is_some(),
            BreakStage::Promised { .. } | BreakStage::Had => false,
        };
        self.of_reason(reason).filter(|(agent, it)| holds(BreakKey { agent: *agent, reason }, it)).count()
    }

    /// Whether the agent's turn for any break has come, and the agent has not gone yet.
    pub(crate) fn is_about_to_go(&self, agent: AgentId, plan: &Plan) -> bool {
        !self.is_empty()
            && reasons(plan).any(|(reason, _)| {
                let stage = self.get(BreakKey { agent, reason }).map(|it| it.stage);
                matches!(stage, Some(BreakStage::Granted { .. } | BreakStage::Leaving))
            })
    }

    /// Puts a break at a stage, with the deadline of that stage.
    pub(crate) fn put(&mut self, key: BreakKey, it: Break) {
        self.rows.insert(key, it);
        match it.stage {
            BreakStage::Promised { at } => self.rows.set(key, BreakDeadline::TurnComes, at),
            BreakStage::Granted { until } => self.rows.set(key, BreakDeadline::Unused, until),
            BreakStage::Away { until } => self.rows.set(key, BreakDeadline::SpanOver, until),
            // The end of the contact ends it, and nothing ends what is over.
            BreakStage::Leaving | BreakStage::Had => {}
        }
    }

    /// Looks at a promised turn again then.
    pub(crate) fn again_at(&mut self, key: BreakKey, at: Moment) {
        self.rows.set(key, BreakDeadline::TurnComes, at);
    }

    /// Forgets a break.
    pub(crate) fn remove(&mut self, key: BreakKey) {
        self.rows.remove(key);
    }

    /// When a break is due.
    pub(crate) fn next_deadline(&mut self) -> Option<Moment> {
        self.rows.next_deadline()
    }

    /// The next break that is due.
    pub(crate) fn pop_due(&mut self, now: Moment) -> Option<(BreakDeadline, BreakKey)> {
        self.rows.pop_due(now).map(|(_, deadline, key)| (deadline, key))
    }

    /// Follows an agent's new state: a break begins, ends, or is no longer wanted.
    pub(crate) fn follow(&mut self, id: AgentId, agent: &Agent, plan: &Plan, now: Moment) -> Steps {
        let mut steps = Steps::new();
        for (reason, turns) in reasons(plan) {
            let key = BreakKey { agent: id, reason };
            let Some(it) = self.get(key) else { continue };
            let planned = AuxReason::Planned(reason);
            let is_there = agent.state == AgentState::Aux(planned);
            let is_gone = agent.state == AgentState::LoggedOut;
            let change = match it.stage {
                BreakStage::Granted { .. } | BreakStage::Leaving if is_there => {
                    self.put(key, Break { stage: BreakStage::Away { until: now + turns.span }, ..it });
                    BreakChange::Began
                }
                // Someone else sent the agent to this break, or the agent has left.
                BreakStage::Promised { .. } if is_there || is_gone => self.gone(key),
                BreakStage::Granted { .. } | BreakStage::Leaving if is_gone => self.gone(key),
                BreakStage::Away { until } if agent.base_state() != Some(CoveredState::Aux(planned)) => {
                    self.put(key, Break { stage: BreakStage::Had, ..it });
                    BreakChange::Ended { overstayed: now.since(until) }
                }
                BreakStage::Promised { .. }
                | BreakStage::Granted { .. }
                | BreakStage::Leaving
                | BreakStage::Away { .. }
                | BreakStage::Had => continue,
            };
            steps.push(BreakStep { agent: id, reason, change });
        }
        steps
    }

    /// Forgets a turn.
    pub(crate) fn gone(&mut self, key: BreakKey) -> BreakChange {
        self.remove(key);
        BreakChange::Withdrawn
    }

    /// Writes the changed rows.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.rows.write_down(|key, change| match change {
            Change::Is(row) => {
                changes.keep(table, key.number(), row);
                true
            }
            Change::Gone => {
                changes.delete(table, key.number());
                false
            }
        });
    }

    /// Marks every row as changed.
    pub(crate) fn note_all(&mut self) {
        self.rows.note_all();
    }

    /// Reads a row. `agents` is the number of agents of the plan.
    ///
    /// # Errors
    /// [`DecodeError`] if it can't be read, or names an agent that the plan does not have.
    pub(crate) fn restore(&mut self, line: &RowChange, agents: usize) -> Result<(), DecodeError> {
        let row: Dated<BreakDeadline, Break> = line.read()?;
        let key = BreakKey::of(line.key).filter(|key| key.agent.index() < agents);
        let key = key.ok_or_else(|| DecodeError {
            table: line.table,
            key: line.key,
            why: "the plan has no such agent".to_owned(),
        })?;
        self.rows.restore(key, row);
        Ok(())
    }
}

impl BreakKey {
    fn number(self) -> u64 {
        u64::from(self.agent.0) << 8 | u64::from(self.reason)
    }

    fn of(number: u64) -> Option<Self> {
        let agent = AgentId(u32::try_from(number >> 8).ok()?);
        Some(Self { agent, reason: u8::try_from(number & 0xff).ok()? })
    }
}

/// The reasons for which agents take turns.
pub(crate) fn reasons(plan: &Plan) -> impl Iterator<Item = (u8, &BreakTurns)> {
    (0u8..).zip(&plan.aux_reasons).filter_map(|(at, reason)| Some((at, reason.turns.as_ref()?)))
}

/// Whether an agent goes to AUX with this reason after the present contact, call or after-call work, or when a lost
/// phone is back.
pub(crate) fn goes_later(agent: &Agent, reason: u8) -> bool {
    agent.pending_change == Some(PendingChange::Aux(reason))
        || agent.aux_after_acw == Some(reason)
        || agent.base_state() == Some(CoveredState::Aux(AuxReason::Planned(reason)))
}

/// A span in whole minutes, rounded up.
pub(crate) const fn minutes(span: Duration) -> u64 {
    span.as_secs().div_ceil(60)
}
