//! Checks breaks in turns, from facts alone.

use core::time::Duration;
use std::collections::BTreeMap;

use turno_ground::Moment;
use turno_model::{AgentId, AgentState as S, AuxReason, BreakChange, BreakStep};

use super::Oracle;
use super::told_wait::works;

/// A turn that can't come in its minute comes this long after it can.
const AGAIN: Duration = Duration::from_secs(15);

/// A break by the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Asked,
    /// When the turn comes, and when it was last seen that it could not.
    Promised {
        at: Moment,
        blocked: Moment,
    },
    Granted {
        until: Moment,
    },
    Away {
        until: Moment,
    },
    Overstays {
        until: Moment,
    },
}

/// All breaks by the facts.
#[derive(Debug, Default)]
pub(super) struct Turns {
    of: BTreeMap<(AgentId, u8), Turn>,
    /// Agents who asked for a state that follows the present contact, as far as it is known.
    pub(super) asked: Vec<AgentId>,
    /// How many breaks began, and how many turns were taken back.
    began: u64,
    taken_back: u64,
}

impl Oracle {
    /// How many breaks in turns began, and how many turns were taken back.
    pub const fn breaks(&self) -> (u64, u64) {
        (self.turns.began, self.turns.taken_back)
    }

    /// Reads a step of a break.
    pub(super) fn on_break(&mut self, step: BreakStep, now: Moment) {
        let BreakStep { agent, reason, change } = step;
        let key = (agent, reason);
        let before = self.turns.of.remove(&key);
        // A plan that lost the turns ends them.
        let turns = self.plan.turns(reason).copied();
        let after = match (change, before) {
            (BreakChange::Asked, None) => Some(Turn::Asked),
            (BreakChange::Promised { at }, Some(Turn::Asked)) => {
                assert!(at > now, "{agent:?} is promised a turn that has passed");
                let turns = turns.expect("only a reason in turns is promised");
                let wall = self.wall.at(at);
                let open = self.plan.hours[turns.hours.index()].open_span(wall);
                let fits = open.is_some_and(|(_, closes)| wall + turns.span <= closes);
                assert!(fits, "{agent:?} is promised a break outside its hours");
                Some(Turn::Promised { at, blocked: at })
            }
            (BreakChange::Granted { until }, Some(Turn::Asked | Turn::Promised { .. })) => {
                assert!(until >= now, "{agent:?}'s turn has an end");
                let taken = self.taken(reason);
                let most = turns.map_or(0, |turns| turns.at_once as usize);
                assert!(taken < most, "{agent:?} would be one more than {most} on break {reason}");
                Some(Turn::Granted { until })
            }
            (BreakChange::Began, Some(Turn::Granted { .. })) => {
                assert_eq!(self.state(agent), S::Aux(AuxReason::Planned(reason)), "{agent:?} is on a break");
                self.turns.began += 1;
                let span = turns.expect("only a reason in turns begins so").span;
                Some(Turn::Away { until: now + span })
            }
            (BreakChange::TakenBack, Some(Turn::Granted { until })) => {
                assert!(now >= until, "{agent:?}'s turn is taken back before its time");
                assert!(self.in_hand(agent).is_empty(), "{agent:?} could not take up the turn");
                self.turns.taken_back += 1;
                Some(Turn::Asked)
            }
            (BreakChange::Overstays, Some(Turn::Away { until })) => {
                assert!(now >= until, "{agent:?} does not overstay yet");
                Some(Turn::Overstays { until })
            }
            (BreakChange::Ended { overstayed }, Some(Turn::Away { until } | Turn::Overstays { until })) => {
                assert_eq!(overstayed, now.since(until), "{agent:?} overstayed by so much");
                None
            }
            (BreakChange::Withdrawn, Some(Turn::Asked | Turn::Promised { .. } | Turn::Granted { .. })) => {
                None
            }
            (change, before) => panic!("{agent:?}, break {reason}: {change:?} after {before:?}"),
        };
        if let Some(after) = after {
            self.turns.of.insert(key, after);
        }
    }

    /// Checks that nobody is on a break with a contact.
    pub(super) fn check_away(&self) {
        for ((agent, reason), turn) in &self.turns.of {
            let has = self.in_hand(*agent);
            let is_away = matches!(turn, Turn::Away { .. } | Turn::Overstays { .. });
            assert!(!is_away || has.is_empty(), "{agent:?} is on break {reason} with {has:?}");
        }
    }

    /// Checks that no promised turn is late without a reason.
    pub(super) fn check_turns(&mut self, now: Moment) {
        if self.turns.of.is_empty() {
            return;
        }
        for key in self.turns.of.keys().copied().collect::<Vec<_>>() {
            let is_blocked = self.is_blocked(key);
            let late = self.delay_max + AGAIN;
            if let Some(Turn::Promised { at, blocked }) = self.turns.of.get_mut(&key) {
                if is_blocked {
                    *blocked = now;
                }
                assert!(now <= *at.max(blocked) + late, "{key:?} was promised {at:?}, and it is {now:?}");
            }
        }
    }

    /// Whether too many are away, or nobody else is at work for a queue.
    fn is_blocked(&self, (agent, reason): (AgentId, u8)) -> bool {
        let most = self.plan.turns(reason).map_or(0, |turns| turns.at_once as usize);
        let is_there = |other: &AgentId| {
            *other != agent && works(self.state(*other)) && !self.turns.asked.contains(other)
        };
        let about_to_go = |other: &AgentId| {
            let granted = |((who, _), turn): (&(AgentId, u8), &Turn)| {
                who == other && matches!(turn, Turn::Granted { .. })
            };
            self.turns.of.iter().any(granted)
        };
        let others: Vec<_> = self.agents().filter(|it| is_there(it) && !about_to_go(it)).collect();
        let mut queues = (0u32..).take(self.plan.queues.len()).map(turno_model::QueueId);
        let is_bare = queues.any(|queue| {
            self.level(agent, queue).is_some()
                && others.iter().all(|other| self.level(*other, queue).is_none())
        });
        self.taken(reason) >= most || is_bare
    }

    /// Number of agents whose turn has come, or who are on the break in its span.
    fn taken(&self, reason: u8) -> usize {
        let is_taken = |((_, of), turn): &(&(AgentId, u8), &Turn)| {
            *of == reason && matches!(turn, Turn::Granted { .. } | Turn::Away { .. })
        };
        self.turns.of.iter().filter(is_taken).count()
    }
}
