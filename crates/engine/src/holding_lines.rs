//! Agents whose telephone stays connected: it is dialled when they want to work, and each call is connected at once.

use turno_calls::{CallId, Target};
use turno_ground::Moment;
use turno_media_plan::Audio;
use turno_model::plan::PhoneLine;
use turno_model::{AgentId, AgentState, AuxReason, Done, Party, PhoneChange, Refusal};
use turno_sip::SessionId;

use crate::call_purpose::Purpose;
use crate::engine::Engine;
use crate::line_stage::{LineEvent, LineStage};

impl Engine {
    /// Logs the agent in.
    ///
    /// # Errors
    /// None at present.
    pub(crate) fn on_log_in(&mut self, agent: AgentId, now: Moment) -> Result<Done, Refusal> {
        let effect = self.room.log_in(agent, now)?;
        self.line_wanted(agent, now);
        Ok(effect.into())
    }

    /// Makes the agent ready.
    ///
    /// # Errors
    /// If the agent is logged out.
    pub(crate) fn on_ready(&mut self, agent: AgentId, now: Moment) -> Result<Done, Refusal> {
        let effect = self.room.ready(agent, now)?;
        self.line_wanted(agent, now);
        Ok(effect.into())
    }

    /// An agent has logged in, or wants to be ready: dials the telephone if the agent has a held line and it is not there.
    fn line_wanted(&mut self, agent: AgentId, now: Moment) {
        let is_missing = self.holds_line(agent) && self.held_lines.stage(agent).is_none();
        let would_work = self.room.state(agent) == AgentState::Aux(AuxReason::Unreachable)
            && self.room.is_ready_but_for_the_phone(agent);
        if !is_missing || !would_work || !self.service.takes_calls() {
            return;
        }
        let targets: Vec<Target> = self.dial_targets(agent).into_iter().collect();
        if targets.is_empty() {
            return;
        }
        let rung = self.switchboard.call_out(&mut self.stack, targets, now);
        self.ports_were_taken();
        let Ok(call) = rung else { return };
        self.calls.begin(call);
        let number = self.contacts.begin_with(call);
        self.calls.is_for(call, Purpose::Line(agent));
        self.held_lines.turn(agent, LineEvent::Wanted(call));
        self.phone_step(Some(agent), None, PhoneChange::LineDialled, now);
        for place in 0..self.switchboard.ringing(call).len() {
            let session = self.switchboard.ringing(call)[place];
            self.leg_opened(number, Party::Agent(agent), session, now);
        }
    }

    /// The agent is on the line.
    pub(crate) fn line_opened(&mut self, call: CallId, agent: AgentId, now: Moment) {
        let Some(session) = self.switchboard.a_leg(call) else { return };
        if self.held_lines.stage(agent) != Some(LineStage::Dials(call)) {
            self.end_call(call, now);
            return;
        }
        self.held_lines.turn(agent, LineEvent::Taken(session));
        self.switchboard.keep_line(session);
        self.switchboard.play(call, Audio::Silence);
        self.phone_step(Some(agent), None, PhoneChange::LineOpened, now);
        self.room.set_reachable(agent, self.is_there(agent), now);
    }

    /// A line was taken for a call: the call in which it was idle is gone.
    pub(crate) fn line_in_use(&mut self, (call, before): (CallId, CallId), session: SessionId, now: Moment) {
        self.forget_call(before, now);
        if let (Some(agent), Some(contact)) = (self.held_lines.of_leg(session), self.contact_rung_for(call)) {
            self.leg_opened(contact, Party::Agent(agent), session, now);
        }
    }

    /// A line is idle again.
    pub(crate) fn line_is_free(&mut self, call: CallId, session: SessionId) {
        if self.switchboard.a_leg(call) != Some(session) {
            // It has been taken or has ended in the same step.
            return;
        }
        self.calls.begin(call);
        self.contacts.begin_with(call);
        let purpose = self.held_lines.of_leg(session).map_or(Purpose::Announcement, Purpose::Line);
        self.calls.is_for(call, purpose);
    }

    /// Ends, at the end of a step, a line that is gone, was not taken, or belongs to nobody who works. True if there was one.
    pub(crate) fn lines_follow(&mut self, now: Moment) -> bool {
        if self.held_lines.is_empty() {
            return false;
        }
        if let Some(agent) = self.held_lines.poll_wanted() {
            self.line_wanted(agent, now);
            return true;
        }
        let ends = self.held_lines.all().into_iter().find_map(|(agent, stage)| {
            let (event, change) = self.end_of_line(agent, stage)?;
            Some((agent, stage, event, change))
        });
        let Some((agent, stage, event, change)) = ends else { return false };
        self.held_lines.turn(agent, event);
        self.phone_step(Some(agent), None, change, now);
        match (stage, event) {
            (LineStage::Dials(call), LineEvent::Released) => self.end_call(call, now),
            (LineStage::Open(session), LineEvent::Released) => {
                self.switchboard.keep_line_no_more(session);
                if let Some(call) = self.switchboard.call_of(session) {
                    self.end_call(call, now);
                }
            }
            (LineStage::Dials(_) | LineStage::Open(_), _) => {}
        }
        self.room.set_reachable(agent, self.is_there(agent), now);
        true
    }

    /// Whether the plan keeps this agent's telephone connected.
    pub(crate) fn holds_line(&self, agent: AgentId) -> bool {
        self.rung_outside(agent).is_some_and(|phone| phone.line == PhoneLine::Held)
    }

    /// What ends a line now, if something does.
    fn end_of_line(&self, agent: AgentId, stage: LineStage) -> Option<(LineEvent, PhoneChange)> {
        let works = self.room.state(agent) != AgentState::LoggedOut && self.holds_line(agent);
        let is_released = !works || self.only_lines_are_left() || self.held_lines.leads_elsewhere(agent);
        match stage {
            LineStage::Dials(call) if self.calls.get(call).is_none() => {
                Some((LineEvent::Refused, PhoneChange::LineRefused))
            }
            LineStage::Dials(_) => is_released.then_some((LineEvent::Released, PhoneChange::LineReleased)),
            LineStage::Open(session) => match self.switchboard.call_of(session) {
                None => Some((LineEvent::Gone, PhoneChange::LineLost)),
                Some(call) => {
                    let is_idle = matches!(self.calls.purpose(call), Some(Purpose::Line(_)));
                    (is_idle && is_released).then_some((LineEvent::Released, PhoneChange::LineReleased))
                }
            },
        }
    }

    /// Whether turno drains, and nobody is on the phone any more.
    fn only_lines_are_left(&self) -> bool {
        self.service.is_draining()
            && self.switchboard.calls().all(|call| matches!(self.calls.purpose(call), Some(Purpose::Line(_))))
    }
}
