//! Judges each offer: whether it is the one that the rules require.

use turno_ground::Moment;
use turno_model::{AgentId, AgentState as S, AuxReason, Candidate, Decision, PassedOver, Rule};

use super::Oracle;
use super::caller::{At, Caller, need};

impl Oracle {
    /// Checks that an offer is the one that the rules require.
    pub(super) fn judge(&self, decision: &Decision, now: Moment) {
        let caller = &self.callers[&decision.contact];
        assert_eq!(caller.at, At::Line, "only a contact in line is offered");
        assert_eq!(caller.kept_for, None, "a contact that is kept is let go before it is offered");
        assert_eq!(now.since(caller.entered), decision.waited);
        assert_eq!(now.since(self.idle_since(decision.winner)), decision.idle);
        assert!(self.takes(decision.winner, caller.channel), "the winner is free, or has room");
        assert!(self.level_for(decision.winner, caller).is_some(), "the winner has a skill and level for it");
        assert!(!self.paused.contains(&caller.queue), "{:?} is paused", caller.queue);
        self.nobody_is_pulled_to(decision.winner);
        let free: Vec<AgentId> = self
            .agents()
            .filter(|agent| self.takes(*agent, caller.channel) && self.level_for(*agent, caller).is_some())
            .collect();
        if decision.rule == Rule::GreatestNeed {
            assert_eq!(free, [decision.winner], "nobody else could have taken it");
            self.judge_need(decision);
        } else {
            self.judge_agent(decision, caller, &free, now);
        }
    }

    fn judge_need(&self, decision: &Decision) {
        let mut line: Vec<_> = self
            .callers
            .iter()
            .filter(|(_, caller)| {
                caller.at == At::Line
                    && !self.paused.contains(&caller.queue)
                    && self.level_for(decision.winner, caller).is_some()
                    && self.takes(decision.winner, caller.channel)
            })
            .map(|(id, caller)| (self.need_of(*id, caller), caller.channel))
            .collect();
        line.sort_unstable();
        let was_silent = !self.callers[&decision.contact].channel.rings();
        if self.may_lack_ports && was_silent && line[0].0.2 != decision.contact {
            line.retain(|(_, channel)| !channel.rings());
        }
        assert_eq!(line[0].0.2, decision.contact, "greatest need first");
        // The room names only those who wait for anybody.
        line.retain(|((_, _, id), _)| self.callers[id].kept_for.is_none());
        let is_beyond = |why: PassedOver| why == PassedOver::BeyondLevel;
        let named = decision.passed_over.iter().filter(|(_, why)| !is_beyond(*why)).count();
        let passed_over = named + decision.others as usize;
        let without_calls = line.iter().filter(|(_, channel)| !channel.rings()).count();
        let is_told = passed_over == line.len() - 1
            || self.may_lack_ports && was_silent && passed_over == without_calls - 1;
        assert!(is_told, "{passed_over} were passed over, and {} waited beside", line.len() - 1);
        let winner = &self.callers[&decision.contact];
        for &(candidate, why) in &decision.passed_over {
            let Candidate::Contact(id, queue) = candidate else { panic!("contacts were compared") };
            let other = &self.callers[&id];
            assert_eq!((other.queue, other.at), (queue, At::Line));
            if is_beyond(why) {
                let may = self.level_for(decision.winner, other);
                assert_eq!(may, None, "{id:?} may go to {:?}", decision.winner);
                assert!(need(id, other) < need(decision.contact, winner), "{id:?} has waited longer");
                continue;
            }
            let expected = match (other.priority < winner.priority, other.since < winner.since) {
                (true, _) => PassedOver::LowerPriority,
                (false, true) => PassedOver::LaterDeadline,
                (false, false) => PassedOver::ShorterWait,
            };
            assert_eq!(why, expected);
        }
    }

    fn judge_agent(&self, decision: &Decision, caller: &Caller, free: &[AgentId], now: Moment) {
        let missed = |agent: &AgentId| caller.missed_by.contains(agent);
        let load = |agent: &AgentId| self.in_hand(*agent).len();
        let keeps = self.keeps_callers_agents(caller);
        let kept = |agent: &AgentId| keeps && self.is_for_callers(*agent);
        let best = free
            .iter()
            .min_by_key(|agent| (missed(agent), kept(agent), load(agent), self.rank(**agent, caller)));
        let last = self.served_by.get(&decision.contact);
        let last =
            last.filter(|last| free.contains(last) && self.state(**last) == S::Available && !missed(last));
        let rule = if last.is_some() { Rule::LastAgent } else { self.plan.queues[caller.queue.index()].rule };
        assert_eq!(decision.rule, rule, "{last:?} served the caller last, of {free:?}");
        assert_eq!(last.or(best), Some(&decision.winner), "the rule's own choice among {free:?}");
        if caller.let_go_at == Some(now) && last.is_some() && free.len() == 1 {
            self.judge_turn(decision);
        }
        let staffed = self.agents().filter(|agent| {
            let is_of_queue = self.level(*agent, caller.queue).is_some();
            self.state(*agent).is_staffed() && is_of_queue || free.contains(agent)
        });
        assert_eq!(decision.passed_over.len() + decision.others as usize, staffed.count() - 1);
        for &(candidate, why) in &decision.passed_over {
            let Candidate::Agent(agent) = candidate else { panic!("agents were compared") };
            let is_right = match self.state(agent) {
                _ if last.is_none() && kept(&agent) && !kept(&decision.winner) && free.contains(&agent) => {
                    why == PassedOver::KeptForCalls
                }
                S::Available if !free.contains(&agent) => {
                    why == PassedOver::BeyondLevel && self.level(agent, caller.queue).is_some()
                }
                S::Available | S::Talking | S::Holding if free.contains(&agent) && last.is_some() => {
                    why == PassedOver::NotLastAgent
                }
                S::Available => matches!(
                    why,
                    PassedOver::LessIdle
                        | PassedOver::WorseLevel
                        | PassedOver::MoreOccupied
                        | PassedOver::TriedBefore
                ),
                S::Talking | S::Holding if free.contains(&agent) => matches!(
                    why,
                    PassedOver::MoreInHand
                        | PassedOver::LessIdle
                        | PassedOver::WorseLevel
                        | PassedOver::MoreOccupied
                        | PassedOver::TriedBefore
                ),
                S::Aux(AuxReason::Rona) => why == PassedOver::CoolingDown,
                S::Aux(AuxReason::Unreachable) => why == PassedOver::Unreachable,
                S::Aux(_) => why == PassedOver::NotReady,
                _ => why == PassedOver::Occupied,
            };
            assert!(is_right, "{agent:?} is {:?}: {why:?}", self.state(agent));
        }
    }
}
