//! An agent consults somebody about the present talk: a private word, a talk of three, and the caller left to them.

use compact_str::CompactString;
use turno_calls::{CallId, Gone, GuestRole, Side, Target};
use turno_ground::Moment;
use turno_media_plan::Tone;
use turno_model::{
    AgentId, Asker, ConsultEnd, Consulted, ContactId, Done, Party, PassingChange, QueueId, Refusal,
    TransferKind,
};
use turno_sip::HangUp;

use crate::call_purpose::{CallStage, PendingTransfer, Purpose};
use crate::calls::CallDeadline;
use crate::consult_stage::{ConsultEvent, ConsultMove, ConsultStage};
use crate::consultations::Consultation;
use crate::engine::Engine;

/// Who is to be consulted, and how they are reached.
struct Reached {
    whom: Consulted,
    to: String,
    targets: Vec<Target>,
}

impl Engine {
    /// Rings somebody whom the agent consults; the caller hears music from now on.
    ///
    /// # Errors
    /// [`Refusal::NoTalk`], [`Refusal::PassedOn`], [`Refusal::AlreadyConsulting`], [`Refusal::NobodyToConsult`],
    /// [`Refusal::NoPort`].
    pub(crate) fn on_consult(&mut self, agent: AgentId, whom: &str, now: Moment) -> Result<Done, Refusal> {
        let (contact, call, queue) = self.talk_at(agent).ok_or(Refusal::NoTalk)?;
        if self.calls.is_passed_on(call) {
            return Err(Refusal::PassedOn);
        }
        if self.consultations.get(agent).is_some() {
            return Err(Refusal::AlreadyConsulting);
        }
        let reached = self.reached_for_a_word((call, agent), whom, queue).ok_or(Refusal::NobodyToConsult)?;
        let Reached { whom, to, targets } = reached;
        let rung =
            self.switchboard.call_out(&mut self.stack, targets, now).map_err(|_no_port| Refusal::NoPort)?;
        self.ports_were_taken();
        self.calls.begin(rung);
        self.contacts.begin_with(rung);
        self.calls.is_for(rung, Purpose::Consulting(agent));
        let party = if let Consulted::Agent(colleague) = whom {
            self.occupy(colleague, now);
            Party::Agent(colleague)
        } else {
            Party::Outside
        };
        // A recall that still rings is for the agent, who is back.
        self.calls.cancel(call, CallDeadline::RecallAgain);
        self.switchboard.stop_ringing(&mut self.stack, call, now);
        self.room.hold_for_a_word(contact, now);
        if let Some(leg) = self.switchboard.b_leg(call) {
            // Who held the caller by an order is to be heard by who is consulted.
            self.switchboard.unpark(leg);
        }
        self.switchboard.step_aside(call);
        let stage = ConsultStage::Rings(rung);
        let has_paused = self.pause_for_a_word(agent, now);
        self.consultations.begin(agent, Consultation { contact, whom: whom.clone(), to, stage, has_paused });
        self.passing((contact, agent), PassingChange::Consults(whom), now);
        self.legs_rung(contact, rung, party, now);
        Ok(Done::Now)
    }

    /// Something happens in the consultation of an agent.
    ///
    /// # Errors
    /// [`Refusal::NotConsulting`], [`Refusal::NotAnswered`].
    pub(crate) fn consult_goes_on(
        &mut self,
        agent: AgentId,
        event: ConsultEvent,
        now: Moment,
    ) -> Result<Done, Refusal> {
        let stage = self.consultations.get(agent).ok_or(Refusal::NotConsulting)?.stage;
        match stage.after(event) {
            ConsultMove::Stays => {}
            ConsultMove::NotYet => return Err(Refusal::NotAnswered),
            ConsultMove::To(stage) => self.consult_is_in(agent, stage, now),
            ConsultMove::Over(end) => self.consult_over(agent, end, now),
            ConsultMove::GivenBack => {
                let talk = self.consultations.get(agent).and_then(|it| self.talk_of(it.contact));
                self.consult_over(agent, ConsultEnd::TalkOver, now);
                if let Some(call) = talk
                    && let Some(&Purpose::Contact(CallStage::Connected(queue, _))) = self.calls.purpose(call)
                    && let Some(contact) = self.contacts.of(call)
                {
                    self.given_back(call, (contact, queue), now);
                }
            }
        }
        Ok(Done::Now)
    }

    /// The phone of who is consulted answered: its leg joins the agent's.
    pub(crate) fn consulted_answered(&mut self, rung: CallId, agent: AgentId, now: Moment) {
        let talk = self.consultations.get(agent).and_then(|it| self.talk_of(it.contact));
        let session = self.switchboard.a_leg(rung);
        let role = GuestRole::Talk;
        let comes_in = talk.is_some_and(|talk| {
            self.switchboard.admit(&mut self.stack, rung, (talk, Side::B), role, now).is_ok()
        });
        let event = match session.filter(|_| comes_in) {
            Some(session) => {
                self.forget_call(rung, now);
                ConsultEvent::Answered(session)
            }
            // The bridge is full.
            None => ConsultEvent::NotReached(486),
        };
        // Without a consultation nobody would have been rung.
        let _ = self.consult_goes_on(agent, event, now);
    }

    /// Ends, at the end of a step, a consultation whose talk is over or whose other party is gone. True if there was one.
    pub(crate) fn consultations_end(&mut self, now: Moment) -> bool {
        if self.consultations.is_empty() {
            return false;
        }
        let lost = self.consultations.iter().find(|(agent, it)| !self.consults_on(*agent, it));
        let Some(agent) = lost.map(|(agent, _)| agent) else { return false };
        let _ = self.consult_goes_on(agent, ConsultEvent::TalkOver, now);
        true
    }

    fn consult_is_in(&mut self, agent: AgentId, stage: ConsultStage, now: Moment) {
        let Some(it) = self.consultations.get(agent).cloned() else { return };
        self.consultations.goes_to(agent, stage);
        let Some(call) = self.talk_of(it.contact) else { return };
        let change = if stage.is_aside() {
            self.switchboard.word_begins(call);
            PassingChange::ConsultBegan(it.whom)
        } else {
            self.caller_is_back(agent, (it.contact, call), it.has_paused, now);
            self.consultations.has_paused(agent, false);
            PassingChange::Conferenced(it.whom)
        };
        self.passing((it.contact, agent), change, now);
    }

    fn consult_over(&mut self, agent: AgentId, end: ConsultEnd, now: Moment) {
        let Some(it) = self.consultations.end(agent) else { return };
        let (contact, colleague) = (it.contact, it.colleague());
        self.passing((contact, agent), PassingChange::ConsultEnded(it.whom.clone(), end), now);
        if end == ConsultEnd::Completed
            && let Some((session, call)) = it.stage.guest().zip(self.talk_of(contact))
        {
            // The guest becomes the B leg; the agent's leg is released if it is still there.
            self.switchboard.take_over(&mut self.stack, session, now);
            let pending = PendingTransfer { to: it.to, callee: colleague, kind: TransferKind::Attended };
            self.calls.pass_on(call, pending);
            self.agent_has_moved(call);
            self.transferred(call, now);
            return;
        }
        match it.stage {
            ConsultStage::Rings(rung) => self.end_call(rung, now),
            ConsultStage::Aside(session) | ConsultStage::Conference(session) => {
                self.switchboard.dismiss(&mut self.stack, session, HangUp { status: 480, reason: None }, now);
            }
        }
        self.agent_call_over(colleague, None, now);
        if let Some((_, call, _)) = self.talk_at(agent).filter(|(own, ..)| *own == contact) {
            self.caller_is_back(agent, (contact, call), it.has_paused, now);
            if matches!(end, ConsultEnd::NotReached { .. }) {
                self.switchboard.tone(call, Side::B, Tone::Refuse);
            }
        }
    }

    /// The caller hears and is heard again.
    fn caller_is_back(
        &mut self,
        agent: AgentId,
        (contact, call): (ContactId, CallId),
        has_paused: bool,
        now: Moment,
    ) {
        if !self.switchboard.is_aside(call) {
            return;
        }
        self.switchboard.come_together(call);
        let is_held = self.switchboard.is_held_by_b_leg(call);
        self.room.resume_after_a_word(contact, is_held, now);
        if has_paused {
            // If a full bridge has no place for the recorder, it stays paused.
            let _ = self.on_resume_recording(agent, Asker::Phone(agent), now);
        }
    }

    /// Who is meant: a dependency by its name or extension, a colleague, the best free agent of a queue, or a number outside.
    fn reached_for_a_word(
        &self,
        (call, agent): (CallId, AgentId),
        whom: &str,
        queue: QueueId,
    ) -> Option<Reached> {
        let named = self.plan.dependencies.iter().find(|it| it.name == whom || it.extension == whom);
        if let Some(dependency) = named {
            let target = self.trunks.target(&self.dependency(&dependency.extension)?, &self.plan)?;
            let whom = Consulted::Dependency(CompactString::from(&dependency.name));
            return Some(Reached { whom, to: dependency.extension.clone(), targets: vec![target] });
        }
        let of_queue = self.plan.queues.iter().position(|it| it.name == whom);
        let colleague = match (self.directory.extension(whom), of_queue) {
            (Some(reached), _) => Some(self.reached_by(reached)?),
            (None, Some(at)) => {
                let asked = u32::try_from(at).map_or(queue, QueueId);
                let has_phone =
                    |it: AgentId| self.seating.seat_of(it).is_some() || self.rung_outside(it).is_some();
                let is_possible = |it: AgentId| it != agent && has_phone(it);
                Some(self.room.free_colleague(asked, is_possible)?)
            }
            (None, None) => None,
        };
        if let Some(colleague) = colleague {
            let targets = self.agent_targets(colleague, call, "CONSULT");
            let is_possible = colleague != agent && !self.is_occupied(colleague) && !targets.is_empty();
            let to = self.plan.agents[colleague.index()].extension.clone();
            return is_possible.then_some(Reached { whom: Consulted::Agent(colleague), to, targets });
        }
        let outside = self.outside(whom)?;
        let target = self.trunks.target(&outside, &self.plan)?;
        Some(Reached { whom: Consulted::Outside, to: outside.number, targets: vec![target] })
    }

    /// What is said aside is not recorded. Whether a recording was paused.
    fn pause_for_a_word(&mut self, agent: AgentId, now: Moment) -> bool {
        self.is_being_recorded(agent) && self.on_pause_recording(agent, Asker::Phone(agent), now).is_ok()
    }

    /// Whether an agent whose leg is gone has left the caller to who is consulted: by hanging up, or while all three talked, and
    /// only to somebody who is still there.
    pub(crate) fn completes_by_leaving(&self, agent: AgentId, gone: Gone) -> bool {
        let Some(stage) = self.consultations.get(agent).map(|it| it.stage) else { return false };
        let is_there = stage.guest().is_none_or(|leg| self.switchboard.guest_at(leg).is_some());
        is_there && (gone == Gone::HungUp || matches!(stage, ConsultStage::Conference(_)))
    }
}
