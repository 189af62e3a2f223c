//! An agent asks for a break in turns: at once, at a promised time, or not at all.

use turno_ground::Moment;
use turno_model::plan::BreakTurns;
use turno_model::{
    AgentEvent, AgentId, AgentState as S, AuxReason, BreakChange, BreakStep, Fact, IllegalMove,
};

use crate::agent::CoveredState;
use crate::breaks::timetable::{Timetable, Window};
use crate::breaks::{Break, BreakKey, BreakStage};
use crate::request::TakesEffect;
use crate::room::Room;

/// The answer to an agent who asked for a break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakAnswer {
    /// It begins now, or after the present contact.
    Goes(TakesEffect),
    /// The agent's turn comes then.
    Promised(Moment),
}

/// Why a break is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoBreak {
    /// The agent is logged out.
    NotNow(IllegalMove),
    /// It is outside the hours of the break, or too near to their end.
    OutsideHours,
    /// All turns until the end of the hours are taken.
    Full,
}

impl From<IllegalMove> for NoBreak {
    fn from(illegal: IllegalMove) -> Self {
        Self::NotNow(illegal)
    }
}

impl Room {
    /// An agent asks for a break. A reason without turns is AUX. One with turns begins at once, or after the present
    /// contact, if all of this holds: it would end within its hours; with this agent and all promised ones at most
    /// `at_once` are away; another agent is at work for each queue that this one serves; and a new caller of each of
    /// them would be told at most `wait_limit` without this agent. If not, the agent is promised a turn. An agent who asks
    /// again goes if it is possible by then, and else has the same turn. In the last minutes, with no later turn left, only
    /// the number of agents who are away counts.
    ///
    /// The turns of a day are spread evenly over the time that is left, in the order of a rotation: who is first today is
    /// last tomorrow. Agents who had this break today come last.
    ///
    /// # Errors
    /// [`NoBreak`].
    pub fn ask_break(&mut self, id: AgentId, reason: u8, now: Moment) -> Result<BreakAnswer, NoBreak> {
        let Some(turns) = self.plan.turns(reason).copied() else {
            return Ok(BreakAnswer::Goes(self.aux(id, reason, now)?));
        };
        let planned = AuxReason::Planned(reason);
        let agent = &self.agents[id.index()];
        if agent.state == S::LoggedOut {
            return Err(self.refusal(id, AgentEvent::GoAux(planned)).into());
        }
        if agent.base_state() == Some(CoveredState::Aux(planned)) {
            let is_there = agent.state == S::Aux(planned);
            let effect = if is_there { TakesEffect::Done } else { TakesEffect::Afterwards };
            return Ok(BreakAnswer::Goes(effect));
        }
        let key = BreakKey { agent: id, reason };
        let known = self.breaks.get(key);
        match known.map(|it| it.stage) {
            Some(BreakStage::Leaving) => return Ok(BreakAnswer::Goes(TakesEffect::Afterwards)),
            Some(BreakStage::Granted { .. }) => return self.go_on_break(key, now),
            Some(BreakStage::Promised { .. } | BreakStage::Away { .. } | BreakStage::Had) | None => {}
        }
        let window = self.break_window(&turns, now);
        let promised = match known.map(|it| it.stage) {
            Some(BreakStage::Promised { at }) => Some(at),
            Some(
                BreakStage::Leaving | BreakStage::Granted { .. } | BreakStage::Away { .. } | BreakStage::Had,
            )
            | None => None,
        };
        let Some(window) = window else {
            return promised.map(BreakAnswer::Promised).ok_or(NoBreak::OutsideHours);
        };
        let timetable = self.timetable(key, &turns, window, now);
        let later = promised.or_else(|| timetable.place_near(self.rank(key, window.day)));
        // Where no later turn is left, the break comes before the wait.
        if timetable.has_place_now() && (later.is_none() || self.can_spare(id, turns.wait_limit, now)) {
            if promised.is_none() {
                self.record_break(key, BreakChange::Asked);
            }
            let it = Break { day: window.day, last: window.last, stage: BreakStage::Leaving };
            self.breaks.put(key, it);
            self.record_break(key, BreakChange::Granted { until: now + turns.unused });
            return self.go_on_break(key, now);
        }
        if let Some(at) = promised {
            return Ok(BreakAnswer::Promised(at));
        }
        let at = later.ok_or(NoBreak::Full)?;
        self.record_break(key, BreakChange::Asked);
        self.promise(key, window, at);
        Ok(BreakAnswer::Promised(at))
    }

    /// Sends an agent whose turn has come to the break, now or after the present contact.
    fn go_on_break(&mut self, key: BreakKey, now: Moment) -> Result<BreakAnswer, NoBreak> {
        if let Some(it) = self.breaks.get(key) {
            self.breaks.put(key, Break { stage: BreakStage::Leaving, ..it });
        }
        Ok(BreakAnswer::Goes(self.aux(key.agent, key.reason, now)?))
    }

    /// Promises a turn.
    pub(crate) fn promise(&mut self, key: BreakKey, window: Window, at: Moment) {
        let stage = BreakStage::Promised { at };
        self.breaks.put(key, Break { day: window.day, last: window.last, stage });
        self.record_break(key, BreakChange::Promised { at });
    }

    /// The hours of a break in which a break that begins now ends; `None` outside them.
    pub(crate) fn break_window(&self, turns: &BreakTurns, now: Moment) -> Option<Window> {
        let hours = self.plan.hours.get(turns.hours.index())?;
        let wall = self.breaks.wall.at(now);
        let (_, closes) = hours.open_span(wall)?;
        let last = self.breaks.wall.when(closes - turns.span);
        let (day, _) = hours.day_and_minute(wall);
        (now <= last).then_some(Window { day, last })
    }

    /// The breaks of all others.
    pub(crate) fn timetable(
        &self,
        key: BreakKey,
        turns: &BreakTurns,
        window: Window,
        now: Moment,
    ) -> Timetable {
        let others = self.breaks.of_reason(key.reason).filter(|(agent, _)| *agent != key.agent);
        Timetable::new(turns, window, others.map(|(_, it)| it), (self.breaks.wall, now))
    }

    /// The place of an agent in the rotation among those whose break is still to come, from 1, and one more than their
    /// number.
    fn rank(&self, key: BreakKey, day: i32) -> (usize, usize) {
        let agents = self.agents.len();
        let shift =
            usize::try_from(day.rem_euclid(i32::try_from(agents).unwrap_or(i32::MAX).max(1))).unwrap_or(0);
        let turn = |agent: AgentId| (agent.index() + agents - shift) % agents.max(1);
        let had = |agent: AgentId| {
            let it = self.breaks.get(BreakKey { agent, reason: key.reason });
            it.is_some_and(|it| {
                it.day == day && matches!(it.stage, BreakStage::Had | BreakStage::Away { .. })
            })
        };
        let own = (had(key.agent), turn(key.agent));
        let (mut before, mut all) = (0, 0);
        for (at, agent) in (0u32..).zip(self.agents.iter()) {
            let other = AgentId(at);
            if other == key.agent || !agent.state.is_staffed() || had(other) {
                continue;
            }
            all += 1;
            before += usize::from((false, turn(other)) < own);
        }
        (before + 1, all + 2)
    }

    /// Whether the queues of an agent can do without: another agent is at work for each, and a newcomer's wait stays
    /// within the limit.
    fn can_spare(&self, id: AgentId, limit: core::time::Duration, now: Moment) -> bool {
        let is_gone = |other: AgentId| other == id || self.breaks.is_about_to_go(other, &self.plan);
        let fits = |queue| self.newcomer_wait(queue, is_gone, now).is_none_or(|wait| wait <= limit);
        self.has_stand_ins(id) && self.staffing.queues(id).iter().all(|queue| fits(*queue))
    }

    /// Whether another agent is at work for each queue that an agent serves.
    pub(crate) fn has_stand_ins(&self, id: AgentId) -> bool {
        let mut bare = self.staffing.queues(id).to_vec();
        for other in (0u32..).map(AgentId).take(self.agents.len()) {
            if other != id && self.is_at_work(other) && !self.breaks.is_about_to_go(other, &self.plan) {
                bare.retain(|queue| !self.staffing.queues(other).contains(queue));
            }
        }
        bare.is_empty()
    }

    /// Records a step of a break.
    pub(crate) fn record_break(&mut self, key: BreakKey, change: BreakChange) {
        self.record(Fact::Break(BreakStep { agent: key.agent, reason: key.reason, change }));
    }
}
