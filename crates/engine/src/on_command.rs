//! Handles commands.

use core::net::{IpAddr, SocketAddr};
use core::time::Duration;

use turno_acd::{BreakAnswer, CannotExtend, NoBreak};
use turno_ground::Moment;
use turno_model::command::WHY_CHARS_MAX;
use turno_model::{AgentId, Asker, Command, Commanded, Done, EndedBy, Fact, Refusal, TrunkId, Why};
use turno_sip::HangUp;

use crate::consult_stage::ConsultEvent;
use crate::engine::Engine;
use crate::output::Output;

impl Engine {
    pub(crate) fn on_command(&mut self, number: u64, by: Asker, (command, why): (Command, Why), now: Moment) {
        let (verb, agent) = (command.verb(), command.agent().copied());
        let (contact, queue) = (command.contact(), command.queue().copied());
        let why: Why = why.map(|why| why.chars().take(WHY_CHARS_MAX).collect());
        let result = self.obey_with((by, why.clone()), command, now);
        if result.is_ok() && by == Asker::Control && verb.is_recorded() {
            self.outbox.record(Fact::Commanded(Commanded { by, why, verb, agent, contact, queue }), now);
        }
        self.outbox.reply(number, result);
    }

    /// Executes a command.
    ///
    /// # Errors
    /// The reason for a refusal; then nothing has changed.
    pub(crate) fn obey(&mut self, by: Asker, command: Command, now: Moment) -> Result<Done, Refusal> {
        self.obey_with((by, None), command, now)
    }

    fn obey_with(&mut self, (by, why): (Asker, Why), command: Command, now: Moment) -> Result<Done, Refusal> {
        if !by.may_ask(&command) {
            return Err(Refusal::NotForAsker);
        }
        let verb = command.verb();
        let plan = command.agent().map(|agent| self.plan.agents.get(agent.index()));
        // A retired agent may end what is under way, but begins nothing.
        if plan.is_some_and(|plan| plan.is_none_or(|agent| agent.is_retired && !verb.is_end())) {
            return Err(Refusal::NoSuchAgent);
        }
        let result = self.carry_out_command((by, why), command, now);
        let is_listed = result.as_ref().err().is_none_or(|why| verb.may_be_refused_for(why));
        debug_assert!(is_listed, "the table of {verb:?} lacks {result:?}");
        result
    }

    fn on_trunk_resolved(&mut self, trunk: TrunkId, addresses: Vec<SocketAddr>, now: Moment) -> Done {
        let (trunks, mut means) = self.trunks();
        trunks.on_resolved(trunk, addresses, &mut means, now);
        Done::Now
    }

    fn carry_out_command(
        &mut self,
        (by, why): (Asker, Why),
        command: Command,
        now: Moment,
    ) -> Result<Done, Refusal> {
        match command {
            Command::LogIn(agent) => self.on_log_in(agent, now),
            Command::LogOut(agent) => self.on_log_out(agent, now),
            Command::Ready(agent) | Command::EndAcw(agent) if self.must_give_code(agent, by) => {
                Err(Refusal::NeedsCode)
            }
            Command::Ready(agent) => self.on_ready(agent, now),
            Command::Aux(_, reason) | Command::AskBreak(_, reason) if !self.has_reason(reason) => {
                Err(Refusal::NoSuchReason)
            }
            Command::Aux(agent, reason) => Ok(self.room.aux(agent, reason, now)?.into()),
            Command::AskBreak(agent, reason) => self.on_ask_break(agent, reason, now),
            Command::EndAcw(agent) => Ok(self.room.end_acw(agent, now)?.into()),
            Command::ExtendAcw(agent) => self.on_extend_acw(agent),
            Command::WrapUp(_, code) if !self.plan.takes_code(&code) => Err(Refusal::NoSuchCode),
            Command::WrapUp(agent, code) => {
                self.room.wrap_up(agent, code, now).map(|_| Done::Now).map_err(|_| Refusal::NothingToWrapUp)
            }
            Command::Help(agent) => self.on_help(agent, now),
            Command::Return(agent) => self.on_return(agent, now),
            Command::Consult(agent, whom) => self.on_consult(agent, &whom, now),
            Command::Conference(agent) => self.consult_goes_on(agent, ConsultEvent::Conference, now),
            Command::Complete(agent) => self.consult_goes_on(agent, ConsultEvent::Complete, now),
            Command::Back(agent) => self.consult_goes_on(agent, ConsultEvent::Back, now),
            Command::Answer(agent) => self.on_answer_order(agent, now),
            Command::Hold(agent) => self.on_hold(agent),
            Command::Resume(agent) => self.on_resume(agent, now),
            Command::HangUp(agent) => self.on_hang_up(agent, now),
            Command::NoMicrophone(agent) => Ok(self.on_microphone(agent, false, now)),
            Command::Microphone(agent) => Ok(self.on_microphone(agent, true, now)),
            Command::Sit(agent, seat) => self.on_sit(agent, seat, now),
            Command::Leave(agent) => self.on_leave(agent, now),
            Command::Enqueue(newcomer) => self.on_newcomer(newcomer, now),
            Command::Take(agent) => self.on_take(agent, now),
            Command::Decline(agent) => self.on_decline(agent, now),
            Command::Finish(agent, contact) => self.on_finish(agent, contact, now),
            Command::Withdraw(contact) => self.on_withdraw(contact, now),
            Command::Observe(observer, contact, how) => self.on_observe(observer, (contact, how, by), now),
            Command::ChangeObserving(observer, how) => self.on_change_observing(observer, (how, by), now),
            Command::StopObserving(observer) => self.on_stop_observing(observer, now),
            Command::TakeOver(observer) => self.on_take_over(observer, now),
            Command::Move(contact, queue) => self.on_move(contact, queue, now),
            Command::Prioritise(contact, priority) => {
                self.room.prioritise(contact, priority).then_some(Done::Now).ok_or(Refusal::NotWaiting)
            }
            Command::End(contact, prompt) => self.on_end(contact, prompt, now),
            Command::Pull(contact, agent) => self.on_pull(contact, agent, now),
            Command::SetSkill(agent, queue, order) => {
                self.on_set_skill((agent, queue), order, (by, why), now)
            }
            Command::SetQueue(queue, state) => self.on_set_queue(queue, state, now),
            Command::Announce(queue, prompt) => self.on_announce(queue, prompt),
            Command::Speak(agent, queue) => self.on_speak(agent, (queue, by, why), now),
            Command::EmergencyOn(prompt) => self.on_emergency_on(prompt, by, now),
            Command::EmergencyOff => Ok(self.on_emergency_off(by, now)),
            Command::ListCaller(listing) => self.on_list_caller(listing, (by, why), now),
            Command::UnlistCaller(list, number) => self.on_unlist_caller((list, &number), (by, why), now),
            Command::Record(agent) => self.on_record(agent, by, now),
            Command::PauseRecording(agent) => self.on_pause_recording(agent, by, now),
            Command::ResumeRecording(agent) => self.on_resume_recording(agent, by, now),
            Command::PurgeRecordings => self.on_purge_recordings(),
            Command::TrunkResolved(trunk, addresses) => Ok(self.on_trunk_resolved(trunk, addresses, now)),
            Command::Ban(address, span) => self.on_ban(address, span, now),
            Command::LiftBan(address) => self.gate.lift(address, now),
            Command::Drain => Ok(self.on_drain()),
            Command::Stop => {
                self.stop(now);
                Ok(Done::Now)
            }
        }
    }

    /// Takes no new calls from now on.
    fn on_drain(&mut self) -> Done {
        self.service.drain();
        Done::Now
    }

    /// Whether an agent who asks must give a wrap-up code first. A supervisor may let the agent go on.
    fn must_give_code(&self, agent: AgentId, by: Asker) -> bool {
        match by {
            Asker::Phone(_) | Asker::Shell => self.room.owes_code(agent),
            Asker::Control => false,
        }
    }

    fn on_ban(&mut self, address: IpAddr, span: Duration, now: Moment) -> Result<Done, Refusal> {
        let (gate, peers) = self.gate();
        gate.ban(address, span, &peers, now)
    }

    /// Makes timed after-call work longer, once.
    fn on_extend_acw(&mut self, agent: AgentId) -> Result<Done, Refusal> {
        match self.room.extend_acw(agent) {
            Ok(()) => Ok(Done::Now),
            Err(CannotExtend::Already) => Err(Refusal::AlreadyExtended),
            Err(CannotExtend::NotNow(illegal)) => Err(illegal.into()),
        }
    }

    /// Asks for a break; the turn is answered by the clock of the break's hours.
    fn on_ask_break(&mut self, agent: AgentId, reason: u8, now: Moment) -> Result<Done, Refusal> {
        match self.room.ask_break(agent, reason, now) {
            Ok(BreakAnswer::Goes(effect)) => Ok(effect.into()),
            Ok(BreakAnswer::Promised(at)) => {
                let hours =
                    self.plan.turns(reason).and_then(|turns| self.plan.hours.get(turns.hours.index()));
                Ok(Done::TurnAt(hours.map_or(0, |hours| hours.day_and_minute(self.wall.at(at)).1)))
            }
            Err(NoBreak::NotNow(illegal)) => Err(illegal.into()),
            Err(NoBreak::OutsideHours) => Err(Refusal::NoBreakNow),
            Err(NoBreak::Full) => Err(Refusal::NoTurnLeft),
        }
    }

    /// Whether the plan has this AUX reason. A removed reason keeps its index but has no digit.
    fn has_reason(&self, reason: u8) -> bool {
        self.plan.aux_reasons.get(usize::from(reason)).is_some_and(|reason| reason.digit <= 9)
    }

    /// Ends every call with BYE or a final response, recorded as ended by the system.
    fn stop(&mut self, now: Moment) {
        if !self.service.stop() {
            return;
        }
        self.switchboard.keep_no_lines();
        let calls: Vec<_> = self.switchboard.calls().collect();
        let is_idle = calls.is_empty();
        for call in calls {
            self.close_books(call, EndedBy::System, now);
            self.switchboard.hang_up(&mut self.stack, call, HangUp { status: 503, reason: None }, now);
        }
        let (trunks, mut means) = self.trunks();
        let is_leaving = trunks.leave(&mut means, now);
        if is_idle && !is_leaving {
            self.stopped();
        } else {
            self.service.waits_for_answers(now);
        }
    }

    /// Once the last call of a drain has ended, waits until its BYE is answered: after an exit nobody would retransmit
    /// it.
    pub(crate) fn begin_last_words(&mut self, now: Moment) {
        if self.service.is_draining() && self.switchboard.calls().next().is_none() {
            self.service.begin_last_words(now);
            let (trunks, mut means) = self.trunks();
            trunks.leave(&mut means, now);
        }
    }

    /// Ends the service if the last messages of a drain or stop are answered.
    pub(crate) fn end_if_done(&mut self) {
        let is_ending = self.service.is_ending();
        let is_closed = self.recordings.is_empty();
        if is_ending && is_closed && self.stack.counters().sessions == 0 && !self.trunks.is_leaving() {
            self.stopped();
        }
    }

    pub(crate) fn stopped(&mut self) {
        if self.service.end() {
            self.outbox.push(Output::Stopped);
        }
    }
}
