//! Next state of an agent after a contact, an offer, a call of the agent's own, or a lost phone.

use core::time::Duration;

use turno_ground::Moment;
use turno_model::plan::AcwPlan;
use turno_model::{
    AgentEvent, AgentId, AgentState as S, AuxReason, ContactId, Fact, HandlingChange, QueueId,
};

use crate::agent::{CoveredState, Extension, PendingChange, WrapUpCode};
use crate::deadline::AgentDeadline;
use crate::request::TakesEffect;
use crate::room::Room;

/// Who is to blame for an offer that was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Miss {
    /// The agent, or unknown.
    ByAgent,
    /// The phone, which can't take calls.
    ByPhone,
}

impl Room {
    /// A contact has left an agent: begins after-call work, or applies the pending request. If the agent has other
    /// contacts, after-call work follows only a contact that took the full attention, and the request waits for the
    /// last contact.
    pub(crate) fn after_contact(&mut self, id: AgentId, contact: ContactId, queue: QueueId, now: Moment) {
        let acw = self.plan.queues[queue.index()].acw;
        let agent = &mut self.agents[id.index()];
        let was_focus = agent.in_hand.give_back(contact, now);
        if agent.in_hand.is_empty() {
            self.after_last(id, (contact, queue), now);
        } else if was_focus && acw != AcwPlan::Timed(Duration::ZERO) {
            self.turn(id, AgentEvent::ContactLeft, now);
            self.begin_acw(id, acw, now);
        } else {
            self.show(id, now);
        }
    }

    /// An offer has left an agent. The agent becomes ready as before; or cools down after missing it; or goes to AUX
    /// because of the phone; or a pending request applies. If the agent has other contacts, all this waits for the last
    /// one.
    pub(crate) fn after_offer(
        &mut self,
        id: AgentId,
        (contact, queue): (ContactId, QueueId),
        miss: Option<Miss>,
        now: Moment,
    ) {
        let agent = &mut self.agents[id.index()];
        agent.in_hand.give_back(contact, now);
        if !agent.in_hand.is_empty() {
            self.missed_beside(id, miss);
            self.show(id, now);
            return;
        }
        let change = agent.pending_change.take();
        match miss {
            Some(Miss::ByAgent) => self.cool_down(id, queue, now),
            Some(Miss::ByPhone) => self.turn(id, AgentEvent::GoAux(AuxReason::Incompatible), now),
            None => self.turn(id, AgentEvent::Withdrawn, now),
        }
        match change {
            Some(PendingChange::LogOut | PendingChange::Leave) => {
                self.leave_work(id, now);
                return;
            }
            Some(PendingChange::Aux(reason)) => {
                self.forget_spans(id);
                self.turn(id, AgentEvent::GoAux(AuxReason::Planned(reason)), now);
            }
            // A missed offer beside contacts that have left meanwhile.
            Some(PendingChange::CoolDown) if miss.is_none() => self.cool_down(id, queue, now),
            Some(PendingChange::Unfit) if miss.is_none() => {
                self.turn(id, AgentEvent::GoAux(AuxReason::Incompatible), now);
            }
            Some(PendingChange::CoolDown | PendingChange::Unfit) | None => {}
        }
        self.heed_other_call(id, now);
        self.heed_line(id, now);
    }

    /// The last contact has left. After-call work under way belongs to an earlier call; this contact was handled beside
    /// it.
    fn after_last(&mut self, id: AgentId, (contact, queue): (ContactId, QueueId), now: Moment) {
        let acw = self.plan.queues[queue.index()].acw;
        let owes = self.needs_code(id, contact, queue);
        let change = self.agents[id.index()].pending_change.take();
        let goes_on = self.state(id) == S::Acw;
        if !goes_on {
            self.turn(id, AgentEvent::ContactLeft, now);
        }
        match change {
            Some(PendingChange::LogOut | PendingChange::Leave) => {
                self.leave_work(id, now);
                return;
            }
            Some(PendingChange::Aux(reason)) if owes || acw == AcwPlan::Manual => {
                self.agents[id.index()].aux_after_acw = Some(reason);
                if !goes_on {
                    self.begin_acw(id, acw, now);
                }
            }
            Some(PendingChange::Aux(reason)) => {
                self.forget_spans(id);
                self.turn(id, AgentEvent::GoAux(AuxReason::Planned(reason)), now);
            }
            Some(PendingChange::CoolDown) => {
                self.forget_spans(id);
                self.cool_down(id, queue, now);
            }
            Some(PendingChange::Unfit) => {
                self.forget_spans(id);
                self.turn(id, AgentEvent::GoAux(AuxReason::Incompatible), now);
            }
            None if goes_on => {}
            None if acw == AcwPlan::Timed(Duration::ZERO) && !owes => {
                self.turn(id, AgentEvent::AcwEnds, now);
            }
            None => self.begin_acw(id, acw, now),
        }
        if owes && self.state(id) == S::Acw {
            self.owe_code(id, contact);
        }
        self.heed_other_call(id, now);
        self.heed_line(id, now);
    }

    /// Whether this contact must have a wrap-up code before its agent goes on.
    fn needs_code(&self, id: AgentId, contact: ContactId, queue: QueueId) -> bool {
        let is_given = self.agents[id.index()].wrap_up_code == WrapUpCode::Given(contact);
        self.plan.queues[queue.index()].wrap_up_required && !is_given
    }

    /// After-call work waits for the contact's code.
    fn owe_code(&mut self, id: AgentId, contact: ContactId) {
        self.agents[id.index()].wrap_up_code = WrapUpCode::Owed(contact);
        self.record_handling(contact, id, HandlingChange::CodeOwed);
    }

    fn begin_acw(&mut self, id: AgentId, acw: AcwPlan, now: Moment) {
        match acw {
            AcwPlan::Timed(span) => {
                self.agents.set(id.index(), AgentDeadline::AcwOver, now + span);
                if !span.is_zero() {
                    self.agents[id.index()].extension = Extension::Possible(span);
                }
            }
            AcwPlan::Manual => {}
        }
    }

    fn cool_down(&mut self, id: AgentId, queue: QueueId, now: Moment) {
        self.turn(id, AgentEvent::GoAux(AuxReason::Rona), now);
        let cool_down = self.plan.queues[queue.index()].rona_cool_down;
        self.agents.set(id.index(), AgentDeadline::CoolDownOver, now + cool_down);
    }

    /// An agent who misses an offer beside other contacts gets no more of them.
    fn missed_beside(&mut self, id: AgentId, miss: Option<Miss>) {
        let (change, reason) = match miss {
            Some(Miss::ByAgent) => (PendingChange::CoolDown, AuxReason::Rona),
            Some(Miss::ByPhone) => (PendingChange::Unfit, AuxReason::Incompatible),
            None => return,
        };
        let agent = &mut self.agents[id.index()];
        if agent.pending_change.is_none() {
            agent.pending_change = Some(change);
            self.record(Fact::AgentAsked { agent: id, aux: Some(reason) });
        }
    }

    /// Ends after-call work, by its span or by the agent: ready, or AUX if that was requested during the contact. If an
    /// own call or a lost phone covers the state, it applies when the cover ends. `since` is when it was due.
    pub(crate) fn finish_acw(&mut self, id: AgentId, since: Moment, now: Moment) -> TakesEffect {
        let aux = self.agents[id.index()].aux_after_acw.map(AuxReason::Planned);
        if self.state(id) != S::Acw {
            self.set_covered(id, aux.map_or(CoveredState::Available, CoveredState::Aux));
            return TakesEffect::Afterwards;
        }
        self.forget_spans(id);
        let event = match self.agents[id.index()].in_hand.shown() {
            Some(S::Holding) => AgentEvent::Hold,
            Some(_) => AgentEvent::Resume,
            None => aux.map_or(AgentEvent::AcwEnds, AgentEvent::GoAux),
        };
        self.turn(id, event, now);
        self.agents[id.index()].free_since = since;
        self.pair_agent(id, now);
        TakesEffect::Done
    }

    /// Ends a cool-down: ready, at once or when the cover ends. `since` is when it was due.
    pub(crate) fn on_cool_down_over(&mut self, id: AgentId, since: Moment, now: Moment) {
        if self.state(id) == S::Aux(AuxReason::Rona) {
            self.turn(id, AgentEvent::Ready, now);
            self.agents[id.index()].free_since = since;
            self.pair_agent(id, now);
        } else {
            self.set_covered(id, CoveredState::Available);
        }
    }

    /// Logs the agent out now, without contacts, and treats contacts that nobody can serve any more.
    pub(crate) fn leave_work(&mut self, id: AgentId, now: Moment) {
        self.agents[id.index()].pending_change = None;
        self.agents[id.index()].lacks_microphone = false;
        self.forget_spans(id);
        self.turn(id, AgentEvent::LogOut, now);
        self.pulls_end(id, now);
        self.treat_unserved(id, now);
    }

    /// Covers the state of an agent on a call of their own, once no contact is left.
    pub(crate) fn heed_other_call(&mut self, id: AgentId, now: Moment) {
        let agent = &mut self.agents[id.index()];
        let may_begin = agent.in_hand.is_empty() && agent.state.after(AgentEvent::OtherCallBegins).is_ok();
        if agent.is_on_other_call && may_begin {
            if let Some(covered) = CoveredState::of(agent.state) {
                agent.covered = covered;
            }
            self.turn(id, AgentEvent::OtherCallBegins, now);
        }
    }

    /// Covers the state of an agent whose phone or microphone is lost, once no contact is left.
    pub(crate) fn heed_line(&mut self, id: AgentId, now: Moment) {
        let agent = &mut self.agents[id.index()];
        if agent.can_talk() || !agent.in_hand.is_empty() {
            return;
        }
        if let Some(covered) = CoveredState::of(agent.state) {
            agent.covered = covered;
            let cover = agent.cover();
            self.turn(id, AgentEvent::GoAux(cover), now);
        }
    }

    /// Ends the cover and returns to the covered state.
    pub(crate) fn uncover(&mut self, id: AgentId, now: Moment) {
        let agent = &self.agents[id.index()];
        let event = match agent.covered {
            CoveredState::Available if agent.state == S::OtherCall => AgentEvent::OtherCallEnds,
            CoveredState::Available => AgentEvent::Ready,
            CoveredState::Aux(reason) => AgentEvent::GoAux(reason),
            CoveredState::Acw => AgentEvent::AcwResumes,
        };
        self.turn(id, event, now);
    }

    /// Changes the covered state.
    pub(crate) fn set_covered(&mut self, id: AgentId, covered: CoveredState) {
        self.forget_spans(id);
        self.agents[id.index()].covered = covered;
    }

    /// Cancels after-call work and cool-down, and a request that waits for their end.
    pub(crate) fn forget_spans(&mut self, id: AgentId) {
        let agent = &mut self.agents[id.index()];
        agent.aux_after_acw = None;
        agent.extension = Extension::None;
        match agent.wrap_up_code {
            WrapUpCode::Owed(_) | WrapUpCode::Overdue(_) => agent.wrap_up_code = WrapUpCode::None,
            WrapUpCode::Given(_) | WrapUpCode::None => {}
        }
        self.agents.cancel(id.index(), AgentDeadline::AcwOver);
        self.agents.cancel(id.index(), AgentDeadline::CoolDownOver);
    }
}
