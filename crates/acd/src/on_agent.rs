//! Handles agents' requests and changes of their phones.

use turno_ground::Moment;
use turno_model::{AgentEvent, AgentId, AgentState as S, AuxReason, Fact, IllegalMove};

use crate::agent::{CoveredState, PendingChange};
use crate::request::TakesEffect;
use crate::room::Room;

impl Room {
    /// Logs an agent in, as ready, or in AUX `Unreachable` or `Microphone` if the agent can't talk. Logging in again cancels a
    /// pending log-out.
    ///
    /// # Errors
    /// None at present.
    pub fn log_in(&mut self, id: AgentId, now: Moment) -> Result<TakesEffect, IllegalMove> {
        let agent = &mut self.agents[id.index()];
        if agent.state != S::LoggedOut {
            agent.pending_change = match agent.pending_change {
                Some(PendingChange::LogOut) | None => None,
                Some(
                    change @ (PendingChange::Aux(_)
                    | PendingChange::Leave
                    | PendingChange::CoolDown
                    | PendingChange::Unfit),
                ) => Some(change),
            };
            self.look_again(id, now);
            return Ok(TakesEffect::Done);
        }
        agent.has_come = true;
        agent.covered = CoveredState::Available;
        let (can_talk, cover) = (agent.can_talk(), agent.cover());
        self.turn(id, AgentEvent::LogIn, now);
        if self.agents[id.index()].is_on_other_call {
            self.heed_other_call(id, now);
            self.agents[id.index()].covered = CoveredState::Available;
        } else if can_talk {
            self.turn(id, AgentEvent::Ready, now);
            self.pair_agent(id, now);
        } else {
            self.turn(id, AgentEvent::GoAux(cover), now);
        }
        Ok(TakesEffect::Done)
    }

    /// Logs an agent out: at once, or as soon as the present contact or call has ended, without after-call work. An
    /// agent who is logged out already stays so.
    ///
    /// # Errors
    /// None at present.
    pub fn log_out(&mut self, id: AgentId, now: Moment) -> Result<TakesEffect, IllegalMove> {
        let agent = &mut self.agents[id.index()];
        if agent.is_engaged() {
            agent.pending_change = Some(PendingChange::LogOut);
            self.goes_no_more(id, None);
            self.record(Fact::AgentAsked { agent: id, aux: None });
            self.stand(id, now);
            return Ok(TakesEffect::Afterwards);
        }
        if agent.state != S::LoggedOut {
            self.leave_work(id, now);
        }
        Ok(TakesEffect::Done)
    }

    /// Makes an agent ready, which ends AUX, a cool-down or after-call work early. During a contact or call it cancels
    /// a pending log-out or AUX. If the phone is unreachable, it applies when the phone is back. An agent who is available
    /// already gives up their turn for a break. Who was without a microphone has one by their own word.
    ///
    /// # Errors
    /// [`IllegalMove`] if the agent is logged out.
    pub fn ready(&mut self, id: AgentId, now: Moment) -> Result<TakesEffect, IllegalMove> {
        if self.state(id) != S::LoggedOut {
            self.agents[id.index()].pending_change = None;
            self.goes_no_more(id, None);
            self.set_microphone(id, true, now);
        }
        match self.state(id) {
            S::LoggedOut => Err(self.refusal(id, AgentEvent::Ready)),
            S::Available => {
                self.wants_no_break(id);
                Ok(TakesEffect::Done)
            }
            S::Ringing | S::Talking | S::Holding => {
                self.look_again(id, now);
                Ok(TakesEffect::Afterwards)
            }
            S::Aux(AuxReason::Unreachable | AuxReason::Microphone) | S::OtherCall => {
                self.set_covered(id, CoveredState::Available);
                self.follow_break(id, now);
                Ok(TakesEffect::Afterwards)
            }
            S::Acw if self.agents[id.index()].is_engaged() => Ok(self.finish_acw(id, now, now)),
            S::Acw | S::Aux(_) => {
                self.forget_spans(id);
                self.turn(id, AgentEvent::Ready, now);
                self.pair_agent(id, now);
                Ok(TakesEffect::Done)
            }
        }
    }

    /// Puts an agent in AUX with the reason at this index of the plan's list. During a contact it stays pending. As in
    /// Avaya's rooms, it replaces timed after-call work when the contact has left. Manual after-call work, and one that
    /// waits for a wrap-up code, comes first and leads to AUX when it ends.
    ///
    /// # Errors
    /// [`IllegalMove`] if the agent is logged out.
    pub fn aux(&mut self, id: AgentId, reason: u8, now: Moment) -> Result<TakesEffect, IllegalMove> {
        let planned = AuxReason::Planned(reason);
        self.goes_no_more(id, Some(reason));
        match self.state(id) {
            S::LoggedOut => Err(self.refusal(id, AgentEvent::GoAux(planned))),
            S::Aux(present) if present == planned => Ok(TakesEffect::Done),
            S::Aux(AuxReason::Unreachable | AuxReason::Microphone) => {
                self.cover_aux(id, reason);
                self.follow_break(id, now);
                self.record(Fact::AgentAsked { agent: id, aux: Some(planned) });
                Ok(TakesEffect::Afterwards)
            }
            S::Acw if self.agents[id.index()].owes_code() => {
                self.agents[id.index()].aux_after_acw = Some(reason);
                self.record(Fact::AgentAsked { agent: id, aux: Some(planned) });
                Ok(TakesEffect::Afterwards)
            }
            S::Available | S::Acw | S::Aux(_) if !self.agents[id.index()].is_engaged() => {
                self.forget_spans(id);
                self.turn(id, AgentEvent::GoAux(planned), now);
                Ok(TakesEffect::Done)
            }
            S::Available | S::Acw | S::Aux(_) | S::Ringing | S::Talking | S::Holding | S::OtherCall => {
                self.agents[id.index()].pending_change = Some(PendingChange::Aux(reason));
                self.record(Fact::AgentAsked { agent: id, aux: Some(planned) });
                self.stand(id, now);
                Ok(TakesEffect::Afterwards)
            }
        }
    }

    /// Ends after-call work: the agent becomes ready, or goes to AUX if that was requested during the contact.
    ///
    /// # Errors
    /// [`IllegalMove`] if the agent is not in after-call work.
    pub fn end_acw(&mut self, id: AgentId, now: Moment) -> Result<TakesEffect, IllegalMove> {
        if self.agents[id.index()].base_state() != Some(CoveredState::Acw) {
            return Err(self.refusal(id, AgentEvent::AcwEnds));
        }
        Ok(self.finish_acw(id, now, now))
    }

    /// Sets whether an agent's phone is reachable. An unreachable phone means AUX `Unreachable`; when it is back, the
    /// agent returns to the state before, whose deadline has continued. During a contact or call it applies afterwards.
    /// An agent with `auto_login` logs in when the phone becomes reachable for the first time.
    pub fn set_reachable(&mut self, id: AgentId, reachable: bool, now: Moment) {
        self.agents[id.index()].is_reachable = reachable;
        if self.state(id) == S::LoggedOut {
            self.begin_work(id, now);
        } else {
            self.heed_voice(id, now);
        }
    }

    /// Sets whether there is a microphone where the agent's phone is a page. Without one the agent is in AUX `Microphone`,
    /// as with a phone that is lost. A log-out forgets it.
    pub fn set_microphone(&mut self, id: AgentId, is_there: bool, now: Moment) {
        let agent = &mut self.agents[id.index()];
        if agent.lacks_microphone != is_there {
            return;
        }
        agent.lacks_microphone = !is_there;
        if agent.state != S::LoggedOut {
            self.heed_voice(id, now);
        }
    }

    /// The agent's phone is another one, or has restarted: a phone that could not take calls may take them now. The
    /// agent becomes ready, at once or when a cover ends.
    pub fn phone_is_new(&mut self, id: AgentId, now: Moment) {
        let unfit = AuxReason::Incompatible;
        let agent = &mut self.agents[id.index()];
        if agent.pending_change == Some(PendingChange::Unfit) {
            agent.pending_change = None;
            self.look_again(id, now);
        } else if self.state(id) == S::Aux(unfit) {
            self.turn(id, AgentEvent::Ready, now);
            self.pair_agent(id, now);
        } else if self.agents[id.index()].base_state() == Some(CoveredState::Aux(unfit)) {
            self.set_covered(id, CoveredState::Available);
        }
    }

    /// Whether the agent is in AUX because the phone can't take calls.
    pub fn has_unfit_phone(&self, id: AgentId) -> bool {
        self.agents[id.index()].base_state() == Some(CoveredState::Aux(AuxReason::Incompatible))
    }

    /// Whether only an unreachable phone keeps the agent from being ready.
    pub fn is_ready_but_for_the_phone(&self, id: AgentId) -> bool {
        let agent = &self.agents[id.index()];
        agent.state == S::Aux(AuxReason::Unreachable) && agent.base_state() == Some(CoveredState::Available)
    }

    /// Whether the agent's phone is reachable.
    pub fn is_reachable(&self, id: AgentId) -> bool {
        self.agents[id.index()].is_reachable
    }

    /// A call outside the queues begins. Beside a contact or an offer, or while logged out, it takes effect afterwards.
    /// An agent on such a call gets no offers.
    ///
    /// # Errors
    /// [`IllegalMove`] if the agent has such a call already.
    pub fn other_call_begins(&mut self, id: AgentId, now: Moment) -> Result<(), IllegalMove> {
        let agent = &mut self.agents[id.index()];
        if core::mem::replace(&mut agent.is_on_other_call, true) {
            return Err(self.refusal(id, AgentEvent::OtherCallBegins));
        }
        self.heed_other_call(id, now);
        self.stand(id, now);
        Ok(())
    }

    /// The call outside the queues ends. The agent returns to the state before, whose spans have continued, or a
    /// pending request applies.
    ///
    /// # Errors
    /// [`IllegalMove`] if the agent has no such call.
    pub fn other_call_ends(&mut self, id: AgentId, now: Moment) -> Result<(), IllegalMove> {
        if !core::mem::replace(&mut self.agents[id.index()].is_on_other_call, false) {
            return Err(self.refusal(id, AgentEvent::OtherCallEnds));
        }
        if self.state(id) != S::OtherCall {
            self.look_again(id, now);
            return Ok(());
        }
        match self.agents[id.index()].pending_change.take() {
            Some(PendingChange::LogOut | PendingChange::Leave) => {
                self.leave_work(id, now);
                return Ok(());
            }
            Some(PendingChange::Aux(reason)) => self.cover_aux(id, reason),
            // Those follow contacts, and beside a contact the agent's state is never `OtherCall`.
            Some(PendingChange::CoolDown | PendingChange::Unfit) | None => {}
        }
        self.uncover(id, now);
        self.heed_line(id, now);
        self.pair_agent(id, now);
        Ok(())
    }

    /// Logs in an agent with `auto_login`, once the phone is reachable for the first time.
    pub(crate) fn begin_work(&mut self, id: AgentId, now: Moment) {
        if self.is_to_begin(id) {
            let asked = self.log_in(id, now);
            debug_assert!(asked.is_ok(), "an agent who is logged out can log in");
        }
    }

    /// Whether an automatic log-in is due: logged out, reachable, and not logged in before.
    pub(crate) fn is_to_begin(&self, id: AgentId) -> bool {
        let agent = &self.agents[id.index()];
        let logs_in = self.plan.agents[id.index()].auto_login;
        logs_in && agent.state == S::LoggedOut && agent.is_reachable && !agent.has_come
    }

    /// Whether the agent can talk may have changed.
    fn heed_voice(&mut self, id: AgentId, now: Moment) {
        let agent = &self.agents[id.index()];
        match agent.state {
            S::Aux(cover @ (AuxReason::Unreachable | AuxReason::Microphone)) => {
                if agent.can_talk() {
                    self.uncover(id, now);
                    self.pair_agent(id, now);
                } else if agent.cover() != cover {
                    let cover = agent.cover();
                    self.turn(id, AgentEvent::GoAux(cover), now);
                }
            }
            S::Available | S::Acw | S::Aux(_) => self.heed_line(id, now),
            S::Ringing | S::Talking | S::Holding => self.look_again(id, now),
            S::OtherCall | S::LoggedOut => {}
        }
    }

    /// AUX under a cover: at the end of the cover, or after the after-call work that waits for a wrap-up code.
    fn cover_aux(&mut self, id: AgentId, reason: u8) {
        if self.agents[id.index()].owes_code() {
            self.agents[id.index()].aux_after_acw = Some(reason);
        } else {
            self.set_covered(id, CoveredState::Aux(AuxReason::Planned(reason)));
        }
    }

    /// Recomputes the capacity of an agent with contacts, and matches the agent if there is any.
    fn look_again(&mut self, id: AgentId, now: Moment) {
        self.stand(id, now);
        if !self.agents[id.index()].takes_beside.is_none() {
            self.pair_agent(id, now);
        }
    }
}
