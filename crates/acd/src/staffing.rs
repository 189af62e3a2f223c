//! Agents of each skill: idle ones in the order of the rules, the others by id.

use std::collections::BTreeSet;

use smallvec::SmallVec;
use turno_model::decision::CANDIDATES_MAX;
use turno_model::{
    AgentId, AgentState, AuxReason, Candidate, Channel, Channels, PassedOver, Plan, QueueId, Rule, SkillId,
};

use crate::beside::Beside;
use crate::selection::{IdlePlace, Standing};

/// The idle agents of a skill under a rule; queues with the same skill and rule share a pool.
#[derive(Debug)]
struct Pool {
    skill: SkillId,
    rule: Rule,
    idle: BTreeSet<IdlePlace>,
    /// By channel: agents with contacts and capacity for one more of this channel.
    beside: [BTreeSet<IdlePlace>; Channel::ALL.len()],
}

/// An agent's skills and queues from the plan, and the present rank.
#[derive(Debug, Default)]
struct Post {
    skills: Vec<SkillId>,
    queues: Vec<QueueId>,
    /// Index of each pool, with the agent's level there.
    pools: Vec<(usize, u8)>,
    /// Set while the agent is available.
    standing: Option<Standing>,
    /// Set while the agent has contacts and capacity for more.
    beside: Option<Beside>,
}

/// The agents of one skill.
#[derive(Clone, Debug, Default)]
struct Crew {
    staffed: usize,
    /// Logged in, but not available.
    away: BTreeSet<AgentId>,
}

/// Who could get a contact, indexed for every decision.
#[derive(Debug)]
pub(crate) struct Staffing {
    pools: Vec<Pool>,
    pool_of_queue: Vec<usize>,
    posts: Vec<Post>,
    crews: Vec<Crew>,
}

impl Staffing {
    /// Everyone logged out.
    pub(crate) fn new(plan: &Plan) -> Self {
        let mut pools: Vec<Pool> = Vec::new();
        let pool_of_queue = plan
            .queues
            .iter()
            .map(|queue| {
                let known =
                    pools.iter().position(|pool| (pool.skill, pool.rule) == (queue.skill, queue.rule));
                known.unwrap_or_else(|| {
                    pools.push(Pool {
                        skill: queue.skill,
                        rule: queue.rule,
                        idle: BTreeSet::new(),
                        beside: Default::default(),
                    });
                    pools.len() - 1
                })
            })
            .collect();
        let posts = plan.agents.iter().map(|agent| post(&agent.skills, plan, &pools)).collect();
        Self { pools, pool_of_queue, posts, crews: vec![Crew::default(); plan.skills.len()] }
    }

    /// Updates the indexes after an agent's state has changed.
    pub(crate) fn turn(&mut self, agent: AgentId, from: AgentState, to: AgentState, standing: Standing) {
        let post = &mut self.posts[agent.index()];
        if let Some(standing) = post.standing.take() {
            for &(pool, level) in &post.pools {
                let pool = &mut self.pools[pool];
                pool.idle.remove(&IdlePlace::new(pool.rule, level, standing, agent));
            }
        }
        if to == AgentState::Available {
            post.standing = Some(standing);
            for &(pool, level) in &post.pools {
                let pool = &mut self.pools[pool];
                pool.idle.insert(IdlePlace::new(pool.rule, level, standing, agent));
            }
        }
        let (was_away, is_away) = (is_away(from), is_away(to));
        for skill in &post.skills {
            let crew = &mut self.crews[skill.index()];
            if is_away && !was_away {
                crew.away.insert(agent);
            } else if was_away && !is_away {
                crew.away.remove(&agent);
            }
            match (from.is_staffed(), to.is_staffed()) {
                (false, true) => crew.staffed += 1,
                (true, false) => crew.staffed -= 1,
                (true, true) | (false, false) => {}
            }
        }
    }

    /// Updates the indexes after an agent's capacity beside contacts has changed.
    pub(crate) fn stands_beside(&mut self, agent: AgentId, beside: Option<Beside>) {
        let post = &mut self.posts[agent.index()];
        let before = core::mem::replace(&mut post.beside, beside);
        for &(pool, level) in &post.pools {
            let pool = &mut self.pools[pool];
            for old in before.iter() {
                let place = old.place(pool.rule, level, agent);
                for channel in old.channels.iter() {
                    pool.beside[channel.index()].remove(&place);
                }
            }
            for new in beside.iter() {
                let place = new.place(pool.rule, level, agent);
                for channel in new.channels.iter() {
                    pool.beside[channel.index()].insert(place);
                }
            }
        }
    }

    /// The agent's capacity beside the present contacts.
    pub(crate) fn beside(&self, agent: AgentId) -> Option<Beside> {
        self.posts[agent.index()].beside
    }

    /// The queues that an agent serves, in the plan's order.
    pub(crate) fn queues(&self, agent: AgentId) -> &[QueueId] {
        &self.posts[agent.index()].queues
    }

    /// Whether any agent who serves this queue is logged in.
    pub(crate) fn is_staffed(&self, queue: QueueId) -> bool {
        let pool = &self.pools[self.pool_of_queue[queue.index()]];
        self.crews[pool.skill.index()].staffed > 0
    }

    /// Number of agents who are idle, or have capacity, for a contact of this queue and channel.
    pub(crate) fn free(&self, queue: QueueId, channel: Channel) -> usize {
        let pool = &self.pools[self.pool_of_queue[queue.index()]];
        pool.idle.len() + pool.beside[channel.index()].len()
    }

    /// Channels for which any agent of this queue is free.
    pub(crate) fn channels_free(&self, queue: QueueId) -> Channels {
        let pool = &self.pools[self.pool_of_queue[queue.index()]];
        if !pool.idle.is_empty() {
            return Channels::ALL;
        }
        let free = Channel::ALL.into_iter().filter(|channel| !pool.beside[channel.index()].is_empty());
        free.fold(Channels::NONE, Channels::with)
    }

    /// Occupancy and most-idle clock of an available agent.
    pub(crate) fn standing(&self, agent: AgentId) -> Option<Standing> {
        self.posts[agent.index()].standing
    }

    /// The agent for a contact of this queue and channel: an idle one, else one with the fewest contacts; among equals
    /// by the queue's rule. An agent who has missed this contact is chosen only if there is no other.
    pub(crate) fn choose(&self, queue: QueueId, channel: Channel, tried: &[AgentId]) -> Option<IdlePlace> {
        let pool = &self.pools[self.pool_of_queue[queue.index()]];
        let beside = &pool.beside[channel.index()];
        let is_fresh = |place: &&IdlePlace| !tried.contains(&place.agent());
        let fresh = pool.idle.iter().find(is_fresh).or_else(|| beside.iter().find(is_fresh));
        fresh.or_else(|| pool.idle.first()).or_else(|| beside.first()).copied()
    }

    /// The other agents of the skill and why they were not chosen, idle ones first, and the number of further ones.
    pub(crate) fn passed_over(
        &self,
        winner: IdlePlace,
        (queue, channel): (QueueId, Channel),
        state_of: impl Fn(AgentId) -> AgentState,
    ) -> (SmallVec<[(Candidate, PassedOver); 4]>, u32) {
        let pool = &self.pools[self.pool_of_queue[queue.index()]];
        let away = &self.crews[pool.skill.index()].away;
        let beside = &pool.beside[channel.index()];
        let why = |place: &IdlePlace| {
            let why = if *place < winner { PassedOver::TriedBefore } else { place.lost_to(&winner) };
            (Candidate::Agent(place.agent()), why)
        };
        let is_other = |place: &&IdlePlace| **place != winner;
        let mut named: SmallVec<[(Candidate, PassedOver); 4]> =
            pool.idle.iter().filter(is_other).map(why).take(CANDIDATES_MAX).collect();
        if !beside.is_empty() {
            named.extend(beside.iter().filter(is_other).map(why).take(CANDIDATES_MAX - named.len()));
        }
        let has_room = |agent: AgentId| {
            self.posts[agent.index()].beside.is_some_and(|beside| beside.channels.has(channel))
        };
        let busy = away.iter().filter(|agent| beside.is_empty() || !has_room(**agent));
        let busy = busy.map(|&agent| (Candidate::Agent(agent), why_away(state_of(agent))));
        named.extend(busy.take(CANDIDATES_MAX - named.len()));
        let others = pool.idle.len() + away.len() - 1 - named.len();
        (named, u32::try_from(others).unwrap_or(u32::MAX))
    }
}

fn post(skills: &[(SkillId, u8)], plan: &Plan, pools: &[Pool]) -> Post {
    let mut post = Post { skills: skills.iter().map(|&(skill, _)| skill).collect(), ..Post::default() };
    for (at, queue) in (0u32..).zip(&plan.queues) {
        if post.skills.contains(&queue.skill) {
            post.queues.push(QueueId(at));
        }
    }
    for (at, pool) in pools.iter().enumerate() {
        if let Some(&(_, level)) = skills.iter().find(|&&(skill, _)| skill == pool.skill) {
            post.pools.push((at, level));
        }
    }
    post
}

fn is_away(state: AgentState) -> bool {
    state.is_staffed() && state != AgentState::Available
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
        AgentState::Aux(AuxReason::Planned(_) | AuxReason::LoggedIn | AuxReason::Incompatible) => {
            PassedOver::NotReady
        }
        AgentState::Available | AgentState::LoggedOut => unreachable!("{state:?} is not away"),
    }
}
