//! A call that an agent dials: a feature code, a colleague, one of our own numbers, or an outside number.

use turno_calls::{CallId, Ringing, Target, retry_later};
use turno_ground::Moment;
use turno_media_plan::{Audio, Tone};
use turno_model::command::feature_code::FeatureCode;
use turno_model::speech::Spoken;
use turno_model::{AgentCall, AgentCallOutcome, AgentId, Asker, Command, ContactId, Done};
use turno_sip::Reply;

use crate::call_purpose::{Outside, Purpose};
use crate::caller::Caller;
use crate::dialled::Dialled;
use crate::directory::Extension;
use crate::engine::Engine;
use crate::prompts::prompt_id;

impl Engine {
    pub(crate) fn on_agent_dialled(
        &mut self,
        (call, contact): (CallId, ContactId),
        agent: AgentId,
        dialled: &str,
        now: Moment,
    ) {
        let extension = self.plan.agents[agent.index()].extension.clone();
        if let Some((code, behind)) = FeatureCode::dialled(&self.plan.feature_codes, dialled) {
            self.on_feature_code((call, agent), (code, behind, dialled), now);
        } else if let Some(reached) = self.directory.extension(dialled) {
            self.calls.is_by(call, extension);
            self.on_extension_dialled((call, agent), (reached, dialled), now);
        } else if self.directory.number(dialled).is_some() {
            // An agent tries one of our numbers: handled like a caller, but the agent is occupied and gets no offer.
            self.occupy(agent, now);
            self.calls.is_tried_by(call, agent);
            let caller = Caller { shown: extension, ..Caller::default() };
            let dialled = Dialled {
                text: dialled.to_owned(),
                place: self.directory.number(dialled),
                is_agents_line: false,
            };
            self.on_number_dialled((call, contact), None, caller, dialled, now);
        } else {
            self.calls.is_by(call, extension);
            self.agent_call_dialled(call, agent, (AgentCall::Outside, dialled), now);
            match self.dependency(dialled) {
                Some(dependency) => self.ring_outside_number(call, Some(agent), dependency, now),
                None => self.call_outside(call, Some(agent), dialled, now),
            }
        }
    }

    pub(crate) fn is_feature(&self, dialled: &str) -> bool {
        FeatureCode::dialled(&self.plan.feature_codes, dialled).is_some()
    }

    fn on_feature_code(
        &mut self,
        (call, agent): (CallId, AgentId),
        (code, behind, dialled): (FeatureCode, &str, &str),
        now: Moment,
    ) {
        if let Some(audio) = self.feature_code((call, agent), (code, behind, dialled), now) {
            self.announce_and_end(call, audio, now);
        }
    }

    /// Carries out a feature code that an agent has dialled in this call. What confirms it; `None`: the call has joined a talk.
    pub(crate) fn feature_code(
        &mut self,
        (call, agent): (CallId, AgentId),
        (code, behind, dialled): (FeatureCode, &str, &str),
        now: Moment,
    ) -> Option<Audio> {
        self.agent_call_dialled(call, agent, (AgentCall::FeatureCode, dialled), now);
        let command = code.command(&self.plan, agent, behind);
        let done = match (command, code.observing()) {
            (Ok(Some(command)), _) => self.obey(Asker::Phone(agent), command, now),
            (Ok(None), Some(how)) => self.on_dialled_into_talk((call, agent), how, behind, now),
            (Ok(None), None) => self.on_dialled_to_speak((call, agent), behind, now),
            (Err(why), _) => Err(why),
        };
        if done.is_ok() && code.stays() {
            self.agent_call_settled(call, AgentCallOutcome::Done, now);
            if code == FeatureCode::TakeOver {
                // What is refused changes nothing: the supervisor stays in the talk.
                let _ = self.obey(Asker::Phone(agent), Command::TakeOver(agent), now);
            }
            return None;
        }
        let outcome = if done.is_ok() { AgentCallOutcome::Done } else { AgentCallOutcome::NotPossible };
        self.agent_call_settled(call, outcome, now);
        let codes = &self.plan.feature_codes;
        let (prompts, tone) = match &done {
            Ok(Done::TurnAt(minute)) => (codes.prompts_of(&Spoken::TurnAt(*minute)), Tone::Confirm),
            Ok(Done::Now | Done::Afterwards | Done::Queued(_)) => {
                (code.confirmation(codes).into_iter().collect(), Tone::Confirm)
            }
            Err(why) => (FeatureCode::refused(codes, why).into_iter().collect(), Tone::Refuse),
        };
        let prompts: Vec<_> = prompts.into_iter().map(prompt_id).collect();
        Some(if prompts.is_empty() { Audio::Tone(tone) } else { Audio::Prompts(prompts) })
    }

    fn on_extension_dialled(
        &mut self,
        (call, agent): (CallId, AgentId),
        (reached, dialled): (Extension, &str),
        now: Moment,
    ) {
        let what = match (self.reached_by(reached), reached) {
            (Some(colleague), _) | (None, Extension::Agent(colleague)) => AgentCall::Colleague(colleague),
            (None, Extension::Seat(seat)) => AgentCall::FreeSeat(seat),
        };
        self.agent_call_dialled(call, agent, (what, dialled), now);
        match self.reached_by(reached) {
            Some(colleague) => self.call_colleague(call, agent, colleague, now),
            None => self.refuse_call(call, 480, now),
        }
    }

    fn call_colleague(&mut self, call: CallId, agent: AgentId, colleague: AgentId, now: Moment) {
        let targets = self.agent_targets(colleague, call, &self.plan.agents[agent.index()].display);
        if targets.is_empty() || colleague == agent {
            self.refuse_call(call, 480, now);
        } else if self.is_occupied(colleague) {
            self.refuse_call(call, 486, now);
        } else {
            self.occupy(agent, now);
            self.occupy(colleague, now);
            let own = Purpose::Own { caller: Some(agent), callee: Some(colleague), outside: None };
            self.calls.is_for(call, own);
            self.ring_direct(call, targets, now);
        }
    }

    /// Rings an outside number if the dial-out rules allow it.
    pub(crate) fn call_outside(&mut self, call: CallId, agent: Option<AgentId>, number: &str, now: Moment) {
        let Some(outside) = self.outside(number) else {
            self.refuse_call(call, 403, now);
            return;
        };
        self.ring_outside_number(call, agent, outside, now);
    }

    fn ring_outside_number(&mut self, call: CallId, agent: Option<AgentId>, outside: Outside, now: Moment) {
        let Some(target) = self.trunks.target(&outside, &self.plan) else {
            self.refuse_call(call, 503, now);
            return;
        };
        if let Some(agent) = agent {
            self.occupy(agent, now);
        }
        self.calls.is_for(call, Purpose::Own { caller: agent, callee: None, outside: Some(outside) });
        self.ring_direct(call, vec![target], now);
    }

    fn ring_direct(&mut self, call: CallId, targets: Vec<Target>, now: Moment) {
        let rung = self.switchboard.ring(&mut self.stack, call, Ringing::Direct, targets, now);
        self.ports_were_taken();
        if rung.is_err() {
            // The next address of the trunk would need a port too.
            self.direct_over(call, retry_later(), now);
        } else {
            self.consultation_opened(call, now);
        }
    }

    /// A direct call was not answered: tries the next address of the trunk, or refuses the caller's leg.
    pub(crate) fn direct_failed(&mut self, call: CallId, status: u16, now: Moment) {
        let Some(Purpose::Own { caller, callee, outside }) = self.calls.purpose(call).cloned() else {
            return;
        };
        let next = outside.filter(|_| matches!(status, 408 | 503)).map(Outside::next);
        let target = next.as_ref().and_then(|next| self.trunks.target(next, &self.plan));
        if let Some(target) = target {
            self.calls.is_for(call, Purpose::Own { caller, callee, outside: next });
            self.ring_direct(call, vec![target], now);
            return;
        }
        self.direct_over(call, Reply::new(passed_on(status)), now);
    }

    /// A direct call can't be put through: refuses the caller's leg.
    fn direct_over(&mut self, call: CallId, reply: Reply, now: Moment) {
        if let Some(Purpose::Own { caller, callee, outside: _ }) = self.calls.purpose(call).cloned() {
            self.agent_call_over(caller, callee, now);
        }
        self.forget_call(call, now);
        self.agent_call_settled(call, AgentCallOutcome::Refused(reply.status), now);
        self.switchboard.refuse(&mut self.stack, call, reply, now);
    }

    fn refuse_call(&mut self, call: CallId, status: u16, now: Moment) {
        self.forget_call(call, now);
        self.agent_call_settled(call, AgentCallOutcome::Refused(status), now);
        self.switchboard.refuse(&mut self.stack, call, Reply::new(status), now);
    }
}

impl Outside {
    fn next(self) -> Self {
        Self { tried: self.tried + 1, ..self }
    }
}

/// Status to pass on to the A leg. Redirections and authentication challenges are between us and the trunk.
const fn passed_on(status: u16) -> u16 {
    match status {
        401 | 407 => 403,
        400 | 403 | 404 | 408 | 410 | 480 | 484 | 486 | 488 | 503 | 600..=699 => status,
        500..=599 => 503,
        _ => 480,
    }
}
