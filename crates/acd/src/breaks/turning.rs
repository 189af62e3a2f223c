//! What falls due: a turn comes, is taken back, or a break has lasted for its span.

use core::time::Duration;

use turno_ground::Moment;
use turno_model::BreakChange;

use crate::agent::PendingChange;
use crate::breaks::{Break, BreakDeadline, BreakKey, BreakStage};
use crate::room::Room;

/// A turn that can't come in its minute is looked at again after this.
const AGAIN: Duration = Duration::from_secs(15);

impl Room {
    pub(crate) fn on_break_deadline(&mut self, deadline: BreakDeadline, key: BreakKey, now: Moment) {
        let Some(it) = self.breaks.get(key) else { return };
        match (deadline, it.stage) {
            (BreakDeadline::TurnComes, BreakStage::Promised { .. }) => self.on_turn(key, it, now),
            (BreakDeadline::Unused, BreakStage::Granted { .. }) => self.on_unused(key, it, now),
            (BreakDeadline::SpanOver, BreakStage::Away { .. }) => {
                self.record_break(key, BreakChange::Overstays);
            }
            (
                BreakDeadline::TurnComes | BreakDeadline::Unused | BreakDeadline::SpanOver,
                BreakStage::Promised { .. }
                | BreakStage::Granted { .. }
                | BreakStage::Leaving
                | BreakStage::Away { .. }
                | BreakStage::Had,
            ) => {}
        }
    }

    /// A promised turn comes, whatever the wait is. It comes late while too many are away, or while nobody else is at work
    /// for a queue and the break still fits into its hours.
    fn on_turn(&mut self, key: BreakKey, it: Break, now: Moment) {
        let Some(turns) = self.plan.turns(key.reason).copied() else { return };
        if now > it.last {
            return self.lose_turn(key);
        }
        let is_full = self.breaks.occupied(key.reason) >= turns.at_once as usize;
        let may_stay = now + AGAIN <= it.last && !self.has_stand_ins(key.agent);
        if is_full || may_stay {
            return self.breaks.again_at(key, now + AGAIN);
        }
        let until = now + turns.unused;
        self.breaks.put(key, Break { stage: BreakStage::Granted { until }, ..it });
        self.record_break(key, BreakChange::Granted { until });
        if self.agents[key.agent.index()].is_engaged() {
            self.goes_afterwards(key, now);
        }
    }

    /// A turn was not taken up. An agent with a contact or a call could not, and goes afterwards. Another one goes to
    /// the end of the line: the last turn that is free.
    fn on_unused(&mut self, key: BreakKey, it: Break, now: Moment) {
        if self.agents[key.agent.index()].is_engaged() {
            return self.goes_afterwards(key, now);
        }
        self.record_break(key, BreakChange::TakenBack);
        let turns = self.plan.turns(key.reason).copied();
        let window = turns.and_then(|turns| Some((turns, self.break_window(&turns, now)?)));
        let window = window.filter(|(_, window)| window.day == it.day);
        let place = window.and_then(|(turns, window)| {
            Some((window, self.timetable(key, &turns, window, now).last_place()?))
        });
        match place {
            Some((window, at)) => self.promise(key, window, at),
            None => self.lose_turn(key),
        }
    }

    /// Sends an agent to the break after the present contact or call, unless they log out then.
    fn goes_afterwards(&mut self, key: BreakKey, now: Moment) {
        match self.agents[key.agent.index()].pending_change {
            Some(PendingChange::LogOut | PendingChange::Leave) => self.lose_turn(key),
            Some(PendingChange::Aux(_) | PendingChange::CoolDown | PendingChange::Unfit) | None => {
                if let Some(it) = self.breaks.get(key) {
                    self.breaks.put(key, Break { stage: BreakStage::Leaving, ..it });
                }
                let asked = self.aux(key.agent, key.reason, now);
                debug_assert!(asked.is_ok(), "an agent with a contact or a call is logged in");
            }
        }
    }

    fn lose_turn(&mut self, key: BreakKey) {
        let change = self.breaks.gone(key);
        self.record_break(key, change);
    }
}
