//! Checks contacts that are kept for the agent who served their callers last.

use core::cmp::Reverse;
use core::time::Duration;

use turno_ground::Moment;
use turno_model::{AgentId, AgentState as S, CallerKnown, Channel, ContactId, Decision};

use super::Oracle;
use super::caller::{At, Caller, need};

impl Oracle {
    /// Reads what is known of a caller.
    pub(super) fn reads_known(&mut self, id: ContactId, known: &CallerKnown, now: Moment) {
        match known {
            CallerKnown::ServedBy { agent } => drop(self.served_by.insert(id, *agent)),
            CallerKnown::KeptFor { agent, span } => self.on_kept(id, (*agent, *span), now),
            CallerKnown::KeptNoMore { agent } => self.on_kept_no_more(id, *agent, now),
            CallerKnown::PulledTo { agent, span } => self.on_pulled(id, (*agent, *span), now),
            CallerKnown::DirectFor { agent, span } => self.on_direct(id, (*agent, *span), now),
            CallerKnown::PulledNoMore { agent } | CallerKnown::DirectNoMore { agent } => {
                self.on_pulled_no_more(id, *agent, now);
            }
            CallerKnown::Claims { .. } | CallerKnown::Diverted { .. } | CallerKnown::Listed { .. } => {}
        }
    }

    /// Whether a contact that enters a queue must be kept. Somebody who has asked for AUX or to leave may be waited for or not.
    pub(super) fn is_to_be_kept(&self, id: ContactId, caller: &Caller) -> bool {
        // After a talk or a call of their own an agent may go to AUX, which no fact tells if the phone was gone meanwhile.
        let talks = |agent| matches!(self.state(agent), S::Ringing | S::Talking | S::Holding);
        let is_sure = |agent: AgentId| talks(agent) && !self.turns.asked.contains(&agent);
        self.keeper(id, caller).is_some_and(is_sure)
    }

    fn keeper(&self, id: ContactId, caller: &Caller) -> Option<AgentId> {
        let plan = &self.plan.queues[caller.queue.index()];
        let agent = *self.served_by.get(&id)?;
        let has_work =
            matches!(self.state(agent), S::Ringing | S::Talking | S::Holding | S::Acw | S::OtherCall);
        let is_busy = has_work && !self.takes(agent, Channel::Voice);
        let level_max = plan.level_max.unwrap_or(u8::MAX);
        let may = self.level(agent, caller.queue).is_some_and(|level| level <= level_max);
        let is_there = caller.channel == Channel::Voice && !caller.is_called_back;
        let is_first = !caller.was_kept && !caller.missed_by.contains(&agent);
        (!plan.last_agent_wait.is_zero() && is_busy && may && is_there && is_first).then_some(agent)
    }

    /// A contact is kept for an agent.
    pub(super) fn on_kept(&mut self, id: ContactId, (agent, span): (AgentId, Duration), now: Moment) {
        let caller = &self.callers[&id];
        assert_eq!(caller.at, At::Line, "{id:?} is kept in line");
        assert_eq!(
            self.keeper(id, caller),
            Some(agent),
            "{id:?} is kept for the agent of last time, who is busy"
        );
        assert_eq!(span, self.plan.queues[caller.queue.index()].last_agent_wait);
        let caller = self.callers.get_mut(&id).expect("it is there");
        (caller.kept_for, caller.was_kept, caller.is_to_be_kept) = (Some((agent, now + span)), true, false);
    }

    /// It is kept no more.
    pub(super) fn on_kept_no_more(&mut self, id: ContactId, agent: AgentId, now: Moment) {
        let delay_max = self.delay_max;
        let caller = self.callers.get_mut(&id).expect("it is there");
        let (keeper, until) = caller.kept_for.take().expect("it was kept");
        assert_eq!(keeper, agent, "{id:?} is kept for one agent");
        assert!(now <= until + delay_max, "{id:?} is kept for {:?} too long", now.since(until));
        caller.let_go_at = Some(now);
        caller.in_line_since = now;
    }

    /// The order in which an agent takes callers: one who is kept for the agent stands as if it had come earlier.
    pub(super) fn need_of(&self, id: ContactId, caller: &Caller) -> (Reverse<u8>, Moment, ContactId) {
        let (priority, since, id) = need(id, caller);
        let span = self.plan.queues[caller.queue.index()].last_agent_wait;
        let since = if caller.kept_for.is_some() { since - span } else { since };
        (priority, since, id)
    }

    /// A contact that was let go for its agent, who alone is free, overtakes only those whom it may.
    pub(super) fn judge_turn(&self, decision: &Decision) {
        let winner = &self.callers[&decision.contact];
        let (priority, since, id) = need(decision.contact, winner);
        let own = (priority, since - self.plan.queues[winner.queue.index()].last_agent_wait, id);
        for (id, caller) in &self.callers {
            let waits =
                caller.at == At::Line && !self.paused.contains(&caller.queue) && *id != decision.contact;
            if waits && self.level_for(decision.winner, caller).is_some() && caller.channel == Channel::Voice
            {
                assert!(own < self.need_of(*id, caller), "{:?} overtakes {id:?}", decision.contact);
            }
        }
    }
}
