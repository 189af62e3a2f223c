//! The choice among the agents who are free for a contact.
//!
//! Conversations spread over the room would leave few agents for callers, since no call fits beside them. So while few agents are
//! free for callers, a conversation goes to an agent who is not: to one who has conversations already, or serves no queue with
//! callers. It never waits for that: if there is no such agent, one who is free for callers gets it.

use smallvec::SmallVec;
use turno_model::decision::CANDIDATES_MAX;
use turno_model::{AgentId, AgentState, AuxReason, Candidate, Channel, PassedOver, QueueId, Rule};

use super::{Pool, Staffing};
use crate::lines::LineId;
use crate::selection::IdlePlace;

impl Staffing {
    /// The agent for a contact of this line and channel: an idle one, else one with the fewest contacts; among equals
    /// by the queue's rule. While agents are kept for callers, those who are not free for them come first. An agent who has
    /// missed this contact is chosen only if there is no other.
    pub(crate) fn choose(&self, line: LineId, channel: Channel, tried: &[AgentId]) -> Option<IdlePlace> {
        let pool = self.pool(line);
        let beside = &pool.beside[channel.index()];
        let first = |fits: &dyn Fn(AgentId) -> bool| {
            let fits = |place: &&IdlePlace| fits(place.agent());
            pool.idle.iter().find(fits).or_else(|| beside.iter().find(fits)).copied()
        };
        let is_fresh = |agent: AgentId| !tried.contains(&agent);
        let any = || first(&is_fresh).or_else(|| first(&|_| true));
        if !self.keeps_callers_agents(pool, channel) {
            return any();
        }
        let is_spared = |agent: AgentId| !self.is_for_callers(agent);
        first(&|agent| is_fresh(agent) && is_spared(agent))
            .or_else(|| first(&is_fresh))
            .or_else(|| first(&is_spared))
            .or_else(any)
    }

    /// The other agents of the line and of the queue's skill, and why they were not chosen, idle ones first; and the number of
    /// further ones.
    pub(crate) fn passed_over(
        &self,
        (winner, rule): (IdlePlace, Rule),
        (queue, line, channel): (QueueId, LineId, Channel),
        state_of: impl Fn(AgentId) -> AgentState,
    ) -> (SmallVec<[(Candidate, PassedOver); 4]>, u32) {
        let pool = self.pool(line);
        let away = &self.crews[self.skill_of(line).index()].away;
        let beside = &pool.beside[channel.index()];
        let keeps = self.keeps_callers_agents(pool, channel) && !self.is_for_callers(winner.agent());
        let why = |place: &IdlePlace| {
            let why = if rule == Rule::LastAgent {
                PassedOver::NotLastAgent
            } else if keeps && self.is_for_callers(place.agent()) {
                PassedOver::KeptForCalls
            } else if *place < winner {
                PassedOver::TriedBefore
            } else {
                place.lost_to(&winner)
            };
            (Candidate::Agent(place.agent()), why)
        };
        let is_other = |place: &&IdlePlace| **place != winner;
        let mut named: SmallVec<[(Candidate, PassedOver); 4]> =
            pool.idle.iter().filter(is_other).map(why).take(CANDIDATES_MAX).collect();
        if !beside.is_empty() {
            named.extend(beside.iter().filter(is_other).map(why).take(CANDIDATES_MAX - named.len()));
        }
        let beyond = self.idle_beyond(queue, line);
        named.extend(beyond.iter().copied().take(CANDIDATES_MAX - named.len()));
        let has_room = |agent: AgentId| {
            self.posts[agent.index()].beside.is_some_and(|beside| beside.channels.has(channel))
        };
        let busy = away.iter().filter(|agent| beside.is_empty() || !has_room(**agent));
        let busy = busy.map(|&agent| (Candidate::Agent(agent), why_away(state_of(agent))));
        named.extend(busy.take(CANDIDATES_MAX - named.len()));
        let known = pool.idle.len() + beyond.len() + away.len() + self.guests_beside(queue, line, channel);
        let others = known - 1 - named.len();
        (named, u32::try_from(others).unwrap_or(u32::MAX))
    }

    /// The idle agents of a queue whose level the contacts of this line may not go to yet.
    fn idle_beyond(&self, queue: QueueId, line: LineId) -> SmallVec<[(Candidate, PassedOver); 4]> {
        let own = self.pool_of_line[line.index()];
        let all = self.pool_of_line[LineId::of(queue).index()];
        if own == all {
            return SmallVec::new();
        }
        let is_beyond =
            |agent: &AgentId| self.posts[agent.index()].pools.iter().all(|(pool, _)| *pool != own);
        let agents = self.pools[all].idle.iter().map(IdlePlace::agent).filter(is_beyond);
        agents.map(|agent| (Candidate::Agent(agent), PassedOver::BeyondLevel)).collect()
    }

    /// Number of agents with contacts who may take one more from this line, and lack the skill of its queue.
    fn guests_beside(&self, queue: QueueId, line: LineId, channel: Channel) -> usize {
        if self.pool_of_line[line.index()] == self.pool_of_line[LineId::of(queue).index()] {
            return 0;
        }
        let skill = self.skill_of(line);
        let lacks = |agent: AgentId| self.posts[agent.index()].skills.iter().all(|(has, _)| *has != skill);
        let beside = &self.pool(line).beside[channel.index()];
        beside.iter().filter(|place| lacks(place.agent())).count()
    }

    /// Whether those who are free for callers are too few for a contact of this channel to take one of them.
    fn keeps_callers_agents(&self, pool: &Pool, channel: Channel) -> bool {
        if !channel.is_conversation() || self.keep_for_calls == 0 {
            return false;
        }
        let free = pool.idle.iter().chain(&pool.beside[Channel::Voice.index()]);
        let free = free.filter(|place| self.posts[place.agent().index()].has_callers);
        free.take(self.keep_for_calls + 1).count() <= self.keep_for_calls
    }

    /// Whether an agent who is free could get a call.
    fn is_for_callers(&self, agent: AgentId) -> bool {
        let post = &self.posts[agent.index()];
        let takes_calls =
            post.standing.is_some() || post.beside.is_some_and(|it| it.channels.has(Channel::Voice));
        post.has_callers && takes_calls
    }
}

fn why_away(state: AgentState) -> PassedOver {
    match state {
        AgentState::Ringing
        | AgentState::Talking
        | AgentState::Holding
        | AgentState::Acw
        | AgentState::OtherCall => PassedOver::Occupied,
        AgentState::Aux(AuxReason::Rona) => PassedOver::CoolingDown,
        AgentState::Aux(AuxReason::Unreachable) => PassedOver::Unreachable,
        AgentState::Aux(
            AuxReason::Planned(_) | AuxReason::LoggedIn | AuxReason::Incompatible | AuxReason::Microphone,
        ) => PassedOver::NotReady,
        AgentState::Available | AgentState::LoggedOut => unreachable!("{state:?} is not away"),
    }
}
