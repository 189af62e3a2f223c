//! Which agents each skill has: idle ones in the order of the rules, the rest by number.

use std::collections::BTreeSet;

use smallvec::SmallVec;
use turno_model::decision::CANDIDATES_MAX;
use turno_model::{AgentId, AgentState, AuxReason, Candidate, PassedOver, Plan, QueueId, Rule, SkillId};

use crate::selection::{IdlePlace, Standing};

/// The idle agents with a skill under a rule; queues of the same skill and rule share one.
#[derive(Debug)]
struct Pool {
    skill: SkillId,
    rule: Rule,
    idle: BTreeSet<IdlePlace>,
}

/// What the plan says of one agent, and where the agent stands now.
#[derive(Debug, Default)]
struct Post {
    skills: Vec<SkillId>,
    queues: Vec<QueueId>,
    /// Pools (by number) with the level there.
    pools: Vec<(usize, u8)>,
    /// Set while the agent is available.
    standing: Option<Standing>,
}

/// One skill's people.
#[derive(Clone, Debug, Default)]
struct Crew {
    staffed: usize,
    /// Logged in and not available.
    away: BTreeSet<AgentId>,
}

/// Who could be given a contact, kept ready for every decision.
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
                    pools.push(Pool { skill: queue.skill, rule: queue.rule, idle: BTreeSet::new() });
                    pools.len() - 1
                })
            })
            .collect();
        let posts = plan.agents.iter().map(|agent| post(&agent.skills, plan, &pools)).collect();
        Self { pools, pool_of_queue, posts, crews: vec![Crew::default(); plan.skills.len()] }
    }

    /// An agent's state has changed.
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

    /// The queues that an agent serves, in the plan's order.
    pub(crate) fn queues(&self, agent: AgentId) -> &[QueueId] {
        &self.posts[agent.index()].queues
    }

    /// Whether anybody who serves this queue is logged in.
    pub(crate) fn is_staffed(&self, queue: QueueId) -> bool {
        let pool = &self.pools[self.pool_of_queue[queue.index()]];
        self.crews[pool.skill.index()].staffed > 0
    }

    /// How many agents are free for this queue.
    pub(crate) fn idle(&self, queue: QueueId) -> usize {
        self.pools[self.pool_of_queue[queue.index()]].idle.len()
    }

    /// From when an available agent's most-idle clock counts, and the occupancy.
    pub(crate) fn standing(&self, agent: AgentId) -> Option<Standing> {
        self.posts[agent.index()].standing
    }

    /// The agent for this queue by its rule; one who has just missed the contact only if there is no other.
    pub(crate) fn choose(&self, queue: QueueId, tried: &[AgentId]) -> Option<IdlePlace> {
        let pool = &self.pools[self.pool_of_queue[queue.index()]];
        let fresh = pool.idle.iter().find(|place| !tried.contains(&place.agent()));
        fresh.or_else(|| pool.idle.first()).copied()
    }

    /// Who else has the skill and why they were not chosen, idle ones first, and how many more there are.
    pub(crate) fn passed_over(
        &self,
        winner: IdlePlace,
        queue: QueueId,
        state_of: impl Fn(AgentId) -> AgentState,
    ) -> (SmallVec<[(Candidate, PassedOver); 4]>, u32) {
        let pool = &self.pools[self.pool_of_queue[queue.index()]];
        let away = &self.crews[pool.skill.index()].away;
        let idle = pool.idle.iter().filter(|place| **place != winner).map(|place| {
            let why = if *place < winner { PassedOver::TriedBefore } else { place.lost_to(&winner) };
            (Candidate::Agent(place.agent()), why)
        });
        let busy = away.iter().map(|&agent| (Candidate::Agent(agent), why_away(state_of(agent))));
        let named: SmallVec<[(Candidate, PassedOver); 4]> = idle.chain(busy).take(CANDIDATES_MAX).collect();
        let others = pool.idle.len() - 1 + away.len() - named.len();
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
