//! What becomes of an agent when something leaves them: a contact, an offer, a call of their own, the line.

use turno_ground::Moment;
use turno_model::plan::AcwPlan;
use turno_model::{AgentEvent, AgentId, AgentState as S, AuxReason, QueueId};

use crate::agent::{Beneath, Wish};
use crate::asked::Asked;
use crate::deadline::AgentDeadline;
use crate::room::Room;

/// Whose fault it was that an offer came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Miss {
    /// The agent's, or nobody knows.
    ByAgent,
    /// The phone's, which can't take calls.
    ByPhone,
}

impl Room {
    /// A contact has left an agent: after-call work, or what was asked for meanwhile.
    pub(crate) fn after_contact(&mut self, id: AgentId, queue: QueueId, now: Moment) {
        let acw = self.plan.queues[queue.index()].acw;
        let agent = &mut self.agents[id.index()];
        agent.capacity.give_back();
        let wish = agent.wish.take();
        self.turn(id, AgentEvent::ContactLeft, now);
        match (wish, acw) {
            (Some(Wish::LogOut | Wish::Leave), AcwPlan::Timed(_) | AcwPlan::Manual) => {
                self.leave_work(id, now);
                return;
            }
            (Some(Wish::Aux(reason)), AcwPlan::Timed(_)) => {
                self.turn(id, AgentEvent::GoAux(AuxReason::Planned(reason)), now);
            }
            (Some(Wish::Aux(reason)), AcwPlan::Manual) => {
                self.agents[id.index()].aux_after_acw = Some(reason)
            }
            (None, AcwPlan::Timed(span)) if span.is_zero() => self.turn(id, AgentEvent::AcwEnds, now),
            (None, AcwPlan::Timed(span)) => self.agents.set(id.index(), AgentDeadline::AcwOver, now + span),
            (None, AcwPlan::Manual) => {}
        }
        self.heed_other_call(id, now);
        self.heed_line(id, now);
    }

    /// An offer has left an agent: ready as before or, if they missed it, cooling down, or out of work for the phone's
    /// sake, or what was asked for meanwhile.
    pub(crate) fn after_offer(&mut self, id: AgentId, queue: QueueId, miss: Option<Miss>, now: Moment) {
        let agent = &mut self.agents[id.index()];
        agent.capacity.give_back();
        let wish = agent.wish.take();
        match miss {
            Some(Miss::ByAgent) => {
                self.turn(id, AgentEvent::GoAux(AuxReason::Rona), now);
                let cool_down = self.plan.queues[queue.index()].rona_cool_down;
                self.agents.set(id.index(), AgentDeadline::CoolDownOver, now + cool_down);
            }
            Some(Miss::ByPhone) => self.turn(id, AgentEvent::GoAux(AuxReason::Incompatible), now),
            None => self.turn(id, AgentEvent::Withdrawn, now),
        }
        match wish {
            Some(Wish::LogOut | Wish::Leave) => {
                self.leave_work(id, now);
                return;
            }
            Some(Wish::Aux(reason)) => {
                self.forget_spans(id);
                self.turn(id, AgentEvent::GoAux(AuxReason::Planned(reason)), now);
            }
            None => {}
        }
        self.heed_other_call(id, now);
        self.heed_line(id, now);
    }

    /// After-call work ends, by its span or by the agent's word: ready, or not ready if that was asked for during the
    /// contact; now, or when what covers it up has ended. `since` is when it was due.
    pub(crate) fn finish_acw(&mut self, id: AgentId, since: Moment, now: Moment) -> Asked {
        let aux = self.agents[id.index()].aux_after_acw.map(AuxReason::Planned);
        if self.state(id) != S::Acw {
            self.cover_instead(id, aux.map_or(Beneath::Available, Beneath::Aux));
            return Asked::Afterwards;
        }
        self.forget_spans(id);
        self.turn(id, aux.map_or(AgentEvent::AcwEnds, AgentEvent::GoAux), now);
        self.agents[id.index()].free_since = since;
        self.pair_agent(id, now);
        Asked::Done
    }

    /// A cool-down ends by itself: ready, now or when what covers it up has ended. `since` is when it was due.
    pub(crate) fn on_cool_down_over(&mut self, id: AgentId, since: Moment, now: Moment) {
        if self.state(id) == S::Aux(AuxReason::Rona) {
            self.turn(id, AgentEvent::Ready, now);
            self.agents[id.index()].free_since = since;
            self.pair_agent(id, now);
        } else {
            self.cover_instead(id, Beneath::Available);
        }
    }

    /// Logs in the agents with `auto_login`, once their line is there for the first time.
    pub(crate) fn begin_work(&mut self, id: AgentId, now: Moment) {
        if self.is_to_begin(id) {
            let asked = self.log_in(id, now);
            debug_assert!(asked.is_ok(), "an agent who is logged out can log in");
        }
    }

    /// Whether somebody is logged out, whose line is there and who did nothing to be away.
    pub(crate) fn is_to_begin(&self, id: AgentId) -> bool {
        let agent = &self.agents[id.index()];
        let logs_in = self.plan.agents[id.index()].auto_login;
        logs_in && agent.state == S::LoggedOut && agent.is_reachable && !agent.has_come
    }

    /// Logs out now. Their contacts are gone; who waits for nobody any more is treated.
    pub(crate) fn leave_work(&mut self, id: AgentId, now: Moment) {
        self.agents[id.index()].wish = None;
        self.forget_spans(id);
        self.turn(id, AgentEvent::LogOut, now);
        self.treat_the_forsaken(id, now);
    }

    /// Covers an agent up who is on a call of their own.
    pub(crate) fn heed_other_call(&mut self, id: AgentId, now: Moment) {
        let agent = &mut self.agents[id.index()];
        if agent.is_on_other_call && agent.state.after(AgentEvent::OtherCallBegins).is_ok() {
            if let Some(beneath) = Beneath::of(agent.state) {
                agent.beneath = beneath;
            }
            self.turn(id, AgentEvent::OtherCallBegins, now);
        }
    }

    /// Covers an agent up whose line is lost.
    pub(crate) fn heed_line(&mut self, id: AgentId, now: Moment) {
        let agent = &mut self.agents[id.index()];
        if agent.is_reachable {
            return;
        }
        if let Some(beneath) = Beneath::of(agent.state) {
            agent.beneath = beneath;
            self.turn(id, AgentEvent::GoAux(AuxReason::Unreachable), now);
        }
    }

    /// Ends what covers an agent up.
    pub(crate) fn uncover(&mut self, id: AgentId, now: Moment) {
        let agent = &self.agents[id.index()];
        let event = match agent.beneath {
            Beneath::Available if agent.state == S::OtherCall => AgentEvent::OtherCallEnds,
            Beneath::Available => AgentEvent::Ready,
            Beneath::Aux(reason) => AgentEvent::GoAux(reason),
            Beneath::Acw => AgentEvent::AcwResumes,
        };
        self.turn(id, event, now);
    }

    /// Changes what a cover leaves behind.
    pub(crate) fn cover_instead(&mut self, id: AgentId, beneath: Beneath) {
        self.forget_spans(id);
        self.agents[id.index()].beneath = beneath;
    }

    /// After-call work and cool-down are over, with what hung on them.
    pub(crate) fn forget_spans(&mut self, id: AgentId) {
        self.agents[id.index()].aux_after_acw = None;
        self.agents.cancel(id.index(), AgentDeadline::AcwOver);
        self.agents.cancel(id.index(), AgentDeadline::CoolDownOver);
    }
}
