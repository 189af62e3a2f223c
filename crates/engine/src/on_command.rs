//! What people ask for.

use core::time::Duration;

use turno_ground::Moment;
use turno_model::{Asker, Command, Done, EndedBy, Refusal};
use turno_sip::HangUp;

use crate::deadline::Deadline;
use crate::engine::{Engine, Service};
use crate::output::{Output, Reply};

/// How long the last BYEs may take to be answered before the process ends.
const STOP_SPAN: Duration = Duration::from_millis(500);

/// How long the same may take after a drain, which is in no hurry: a lost BYE is repeated three times meanwhile.
const LAST_WORDS_SPAN: Duration = Duration::from_secs(4);

impl Engine {
    pub(crate) fn on_command(&mut self, number: u64, by: Asker, command: Command, now: Moment) {
        let result = self.obey(by, command, now);
        self.outbox.push_back(Output::Reply(Reply { command: number, result }));
    }

    /// Does what is asked.
    ///
    /// # Errors
    /// Why not, and then nothing has changed.
    pub(crate) fn obey(&mut self, by: Asker, command: Command, now: Moment) -> Result<Done, Refusal> {
        if !by.may_ask(&command) {
            return Err(Refusal::NotForAsker);
        }
        let verb = command.verb();
        let plan = command.agent().map(|agent| self.plan.agents.get(agent.index()));
        // An agent who is gone from the plan ends what is in hand, and begins nothing.
        if plan.is_some_and(|plan| plan.is_none_or(|agent| agent.is_retired && !verb.is_end())) {
            return Err(Refusal::NoSuchAgent);
        }
        let result = self.carry_out_command(command, now);
        let is_listed = result.as_ref().err().is_none_or(|why| verb.may_be_refused_for(why));
        debug_assert!(is_listed, "the table of {verb:?} lacks {result:?}");
        result
    }

    fn carry_out_command(&mut self, command: Command, now: Moment) -> Result<Done, Refusal> {
        match command {
            Command::LogIn(agent) => Ok(self.room.log_in(agent, now)?.into()),
            Command::LogOut(agent) => Ok(self.room.log_out(agent, now)?.into()),
            Command::Ready(agent) => Ok(self.room.ready(agent, now)?.into()),
            Command::Aux(_, reason) if !self.has_reason(reason) => Err(Refusal::NoSuchReason),
            Command::Aux(agent, reason) => Ok(self.room.aux(agent, reason, now)?.into()),
            Command::EndAcw(agent) => Ok(self.room.end_acw(agent, now)?.into()),
            Command::WrapUp(agent, code) => {
                self.room.wrap_up(agent, code, now).map_err(|_| Refusal::NothingToWrapUp)?;
                Ok(Done::Now)
            }
            Command::Enqueue(newcomer) => self.on_newcomer(newcomer, now),
            Command::Take(agent) => self.on_take(agent, now),
            Command::Decline(agent) => self.on_decline(agent, now),
            Command::Finish(agent, contact) => self.on_finish(agent, contact, now),
            Command::Withdraw(contact) => self.on_withdraw(contact, now),
            Command::TrunkResolved(trunk, addresses) => {
                self.on_trunk_resolved(trunk, addresses, now);
                Ok(Done::Now)
            }
            Command::Ban(address, span) => self.ban(address, span, now),
            Command::LiftBan(address) => self.fence.lift(address, now),
            Command::Drain => {
                self.service = Service::Draining;
                Ok(Done::Now)
            }
            Command::Stop => {
                self.stop(now);
                Ok(Done::Now)
            }
        }
    }

    /// Whether agents may be away for the reason at this place: one that is gone from the plan keeps its place and has no
    /// digit.
    fn has_reason(&self, reason: u8) -> bool {
        self.plan.aux_reasons.get(usize::from(reason)).is_some_and(|reason| reason.digit <= 9)
    }

    /// Ends every call politely; the books of each are closed as if the system had hung up.
    fn stop(&mut self, now: Moment) {
        if matches!(self.service, Service::Stopping | Service::Stopped) {
            return;
        }
        self.service = Service::Stopping;
        let calls: Vec<_> = self.switchboard.calls().collect();
        let is_idle = calls.is_empty();
        for call in calls {
            self.close_books(call, EndedBy::System, now);
            self.switchboard.hang_up(&mut self.stack, call, HangUp { status: 503, reason: None }, now);
        }
        let is_leaving = self.leave_carriers(now);
        if is_idle && !is_leaving {
            self.stopped();
        } else {
            self.timers.set(Deadline::StopOver, now + STOP_SPAN);
        }
    }

    /// Ends a drain once nobody talks or waits any more, and has heard so: nobody would repeat a BYE that was lost.
    pub(crate) fn begin_last_words(&mut self, now: Moment) {
        if self.service == Service::Draining && self.switchboard.calls().next().is_none() {
            self.service = Service::LastWords;
            self.timers.set(Deadline::StopOver, now + LAST_WORDS_SPAN);
            self.leave_carriers(now);
        }
    }

    /// Whether the last words of a drain or stop were answered: then there is nothing to wait for.
    pub(crate) fn end_if_done(&mut self) {
        let is_ending = matches!(self.service, Service::LastWords | Service::Stopping);
        if is_ending && self.stack.counters().sessions == 0 && !self.is_leaving_carriers() {
            self.stopped();
        }
    }

    pub(crate) fn stopped(&mut self) {
        if self.service != Service::Stopped {
            self.service = Service::Stopped;
            self.outbox.push_back(Output::Stopped);
        }
    }
}
