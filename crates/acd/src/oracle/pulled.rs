//! Checks contacts that a supervisor gave to an agent.

use core::time::Duration;

use turno_ground::Moment;
use turno_model::{AgentId, AgentState as S, ContactId, Decision, Fact, Rule};

use super::Oracle;
use super::caller::{At, Caller};

impl Oracle {
    /// A contact is given to an agent.
    pub(super) fn on_pulled(&mut self, id: ContactId, (agent, span): (AgentId, Duration), now: Moment) {
        assert_ne!(self.state(agent), S::LoggedOut, "{agent:?} works");
        assert_eq!(span, crate::pulling::PULL_SPAN);
        let caller = self.callers.get_mut(&id).expect("the contact is in the room");
        assert_eq!(caller.at, At::Line, "only who waits is given to an agent");
        assert_eq!((caller.kept_for, caller.pulled_to), (None, None), "{id:?} is kept for one agent");
        (caller.pulled_to, caller.is_direct) = (Some((agent, now + span)), false);
    }

    /// A caller has dialled an agent's own number, and waits for the agent, who works.
    pub(super) fn on_direct(&mut self, id: ContactId, (agent, span): (AgentId, Duration), now: Moment) {
        let works = !matches!(self.state(agent), S::LoggedOut | S::Aux(_));
        assert!(works, "{id:?} waits for {agent:?}, who does not work");
        assert_eq!(span, self.plan.room.direct_wait);
        let others = self.callers.iter().filter(|(other, it)| {
            **other != id
                && it.at == At::Line
                && it.pulled_to.is_some_and(|(to, _)| to == agent)
                && it.is_direct
        });
        let most = usize::try_from(self.plan.room.direct_most).expect("a number");
        assert!(others.count() < most, "{agent:?} has as many direct callers as allowed");
        let caller = self.callers.get_mut(&id).expect("the contact is in the room");
        assert_eq!(caller.at, At::Line, "who dialled an own number waits in line");
        assert_eq!((caller.kept_for, caller.pulled_to), (None, None), "{id:?} is kept for one agent");
        (caller.pulled_to, caller.is_direct, caller.is_to_be_kept) = (Some((agent, now + span)), true, false);
        caller.was_kept = true;
    }

    /// An agent stops working: everybody may take at once who dialled the agent's own number.
    pub(super) fn owner_leaves(&mut self, agent: AgentId, now: Moment) {
        for caller in self.callers.values_mut().filter(|it| it.is_direct && it.at == At::Line) {
            if let Some((_, until)) = caller.pulled_to.as_mut().filter(|(to, _)| *to == agent) {
                *until = now.min(*until);
            }
        }
    }

    /// Everybody may take it again.
    pub(super) fn on_pulled_no_more(&mut self, id: ContactId, agent: AgentId, now: Moment) {
        let delay_max = self.delay_max;
        let caller = self.callers.get_mut(&id).expect("the contact is in the room");
        let (keeper, until) = caller.pulled_to.take().expect("it was given to an agent");
        assert_eq!(keeper, agent, "{id:?} is given to one agent");
        let is_direct = core::mem::take(&mut caller.is_direct);
        let until = if is_direct { now.min(until) } else { until };
        assert!(now <= until + delay_max, "{id:?} waits for {agent:?} {:?} too long", now.since(until));
        caller.in_line_since = now;
        if now < until {
            self.given_up.insert(id, agent);
        }
    }

    /// Checks the offer of a contact to the agent to whom it was given: no rule and no skill is asked.
    pub(super) fn judge_pulled(&mut self, decision: &Decision, now: Moment) {
        let caller = &self.callers[&decision.contact];
        assert_eq!(caller.at, At::Line, "only a contact in line is offered");
        let agent = caller.pulled_to.map(|(agent, _)| agent);
        assert_eq!(agent, Some(decision.winner), "it goes to the agent to whom it was given");
        assert!(self.takes(decision.winner, caller.channel), "{agent:?} is free, or has room");
        assert_eq!(now.since(caller.entered), decision.waited);
        assert_eq!(now.since(self.idle_since(decision.winner)), decision.idle);
        assert!(decision.passed_over.is_empty() && decision.others == 0, "nobody was compared");
        let caller = self.callers.get_mut(&decision.contact).expect("it is there");
        let rule = if caller.is_direct { Rule::Direct } else { Rule::Pulled };
        assert_eq!(decision.rule, rule, "why it went to this agent");
        (caller.pulled_to, caller.is_direct) = (None, false);
    }

    /// Nothing goes to an agent before the contacts that were given to them.
    pub(super) fn nobody_is_pulled_to(&self, agent: AgentId) {
        let first = self.callers.iter().find(|(_, caller)| self.is_due(caller, agent, self.may_lack_ports));
        assert_eq!(first.map(|(id, _)| id), None, "{agent:?} gets another contact first");
    }

    /// A command, a step of its queue, a callback or the voicemail may lead a contact elsewhere in this step.
    pub(super) fn may_lead_on(&mut self, fact: &Fact) {
        if matches!(fact, Fact::Commanded(_) | Fact::Stepped(_) | Fact::Callback(..) | Fact::Voicemail(_)) {
            self.led_on.extend(fact.contact());
        }
    }

    /// A contact that was given to an agent is kept for the whole span, unless it is led elsewhere or the agent leaves.
    pub(super) fn check_given_up(&mut self) {
        let led_on = core::mem::take(&mut self.led_on);
        for (id, agent) in core::mem::take(&mut self.given_up) {
            let is_over = self.state(agent) == S::LoggedOut || !self.callers.contains_key(&id);
            let is_led_on = led_on.contains(&id);
            assert!(
                is_over || is_led_on,
                "{id:?} is kept no more for {agent:?}, who is there, before its time"
            );
        }
    }

    /// No contact waits while the agent to whom it was given is free, and none for an agent who has gone.
    pub(super) fn check_pulled(&self) {
        for (id, caller) in &self.callers {
            let Some((agent, _)) = caller.pulled_to else { continue };
            let waits = self.is_due(caller, agent, self.lacks_ports);
            assert!(!waits, "{id:?} waits, and {agent:?} to whom it was given is free");
            let is_there = caller.at != At::Line || self.state(agent) != S::LoggedOut;
            assert!(is_there, "{id:?} waits for {agent:?}, who has gone");
        }
    }

    fn is_due(&self, caller: &Caller, agent: AgentId, lacks_ports: bool) -> bool {
        let is_given = caller.pulled_to.is_some_and(|(to, _)| to == agent);
        let has_port = !lacks_ports || !caller.channel.rings();
        is_given && caller.at == At::Line && has_port && self.takes(agent, caller.channel)
    }
}
