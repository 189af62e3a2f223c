//! Agents of each skill: idle ones in the order of the rules, the others by id.

mod choosing;

use std::collections::BTreeSet;

use smallvec::SmallVec;
use turno_model::plan::QueuePlan;
use turno_model::{AgentId, AgentState, AuxReason, Channel, Channels, Plan, QueueId, Rule, SkillId};

use crate::beside::Beside;
use crate::lines::LineId;
use crate::reach::Reach;
use crate::selection::{IdlePlace, Standing};

/// Skills by which an agent may take the contacts of a line, each with the worst level that may. The first is the queue's own.
type Doors = SmallVec<[(SkillId, u8); 1]>;

/// Agents who came by another queue's skill rank behind every level of the own one.
const LEVELS: u8 = 16;

/// The idle agents of the same doors under a rule; lines with the same doors and rule share a pool.
#[derive(Debug)]
struct Pool {
    doors: Doors,
    rule: Rule,
    idle: BTreeSet<IdlePlace>,
    /// By channel: agents with contacts and capacity for one more of this channel.
    beside: [BTreeSet<IdlePlace>; Channel::ALL.len()],
}

/// An agent's skills, queues and lines from the plan, and the present rank.
#[derive(Debug, Default)]
struct Post {
    skills: Vec<(SkillId, u8)>,
    queues: Vec<QueueId>,
    lines: Vec<LineId>,
    /// Lines of the agent's queues whose contacts go to better levels only.
    beyond: Vec<LineId>,
    /// Index of each pool, with the agent's level there.
    pools: Vec<(usize, u8)>,
    /// Set while the agent is available.
    standing: Option<Standing>,
    /// Set while the agent has contacts and capacity for more.
    beside: Option<Beside>,
    /// Whether any of the queues has callers.
    has_callers: bool,
}

/// The agents of one skill.
#[derive(Clone, Debug, Default)]
struct Crew {
    staffed: usize,
    /// Logged in, but not available.
    away: BTreeSet<AgentId>,
    /// Those of them whose AUX may be interrupted.
    interruptible: BTreeSet<AgentId>,
}

/// Who could get a contact, indexed for every decision.
#[derive(Debug)]
pub(crate) struct Staffing {
    pools: Vec<Pool>,
    pool_of_line: Vec<usize>,
    posts: Vec<Post>,
    crews: Vec<Crew>,
    /// Which of the plan's AUX reasons may be interrupted.
    may_interrupt: Vec<bool>,
    /// While no more agents than this are free for callers, conversations go to those who have some.
    keep_for_calls: usize,
}

impl Staffing {
    /// Everyone logged out, and one line for each queue.
    pub(crate) fn new(plan: &Plan) -> Self {
        let mut staffing = Self {
            pools: Vec::new(),
            pool_of_line: Vec::new(),
            posts: plan.agents.iter().map(|agent| post(&agent.skills, plan)).collect(),
            crews: vec![Crew::default(); plan.skills.len()],
            may_interrupt: plan.aux_reasons.iter().map(|reason| reason.is_interruptible).collect(),
            keep_for_calls: usize::try_from(plan.room.keep_for_calls).unwrap_or(usize::MAX),
        };
        for queue in (0..u32::try_from(plan.queues.len()).unwrap_or(u32::MAX)).map(QueueId) {
            staffing.add_line(plan, queue, &Reach::default());
        }
        staffing
    }

    /// One more line, of a queue, whose contacts have this reach.
    pub(crate) fn add_line(&mut self, plan: &Plan, queue: QueueId, reach: &Reach) {
        let line = LineId::at(self.pool_of_line.len());
        let doors = doors(plan, queue, reach);
        let rule = plan.queues[queue.index()].rule;
        let known = self.pools.iter().position(|pool| pool.doors == doors && pool.rule == rule);
        let pool = known.unwrap_or_else(|| {
            let pool = Pool { doors, rule, idle: BTreeSet::new(), beside: Default::default() };
            self.pools.push(pool);
            self.join_pool(self.pools.len() - 1);
            self.pools.len() - 1
        });
        self.pool_of_line.push(pool);
        let skill = plan.queues[queue.index()].skill;
        for post in &mut self.posts {
            if post.pools.iter().any(|(at, _)| *at == pool) {
                post.lines.push(line);
            } else if reach.kept_for().is_none() && post.skills.iter().any(|(has, _)| *has == skill) {
                post.beyond.push(line);
            }
        }
    }

    /// All agents whom the doors of a new pool let in, with their present ranks.
    fn join_pool(&mut self, at: usize) {
        let pool = &mut self.pools[at];
        for (id, post) in (0..).map(AgentId).zip(&mut self.posts) {
            let Some(level) = level_at(&pool.doors, &post.skills) else { continue };
            post.pools.push((at, level));
            if let Some(standing) = post.standing {
                pool.idle.insert(IdlePlace::new(pool.rule, level, standing, id));
            }
            for beside in post.beside.iter() {
                for channel in beside.channels.iter() {
                    pool.beside[channel.index()].insert(beside.place(pool.rule, level, id));
                }
            }
        }
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
        let may_interrupt = |state| match state {
            AgentState::Aux(AuxReason::Planned(reason)) => {
                self.may_interrupt.get(usize::from(reason)).copied().unwrap_or(false)
            }
            AgentState::LoggedOut
            | AgentState::Available
            | AgentState::Ringing
            | AgentState::Talking
            | AgentState::Holding
            | AgentState::Acw
            | AgentState::Aux(_)
            | AgentState::OtherCall => false,
        };
        let (was_interruptible, is_interruptible) = (may_interrupt(from), may_interrupt(to));
        for (skill, _) in &post.skills {
            let crew = &mut self.crews[skill.index()];
            if was_interruptible {
                crew.interruptible.remove(&agent);
            }
            if is_interruptible {
                crew.interruptible.insert(agent);
            }
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

    /// The lines whose contacts an agent may take.
    pub(crate) fn lines(&self, agent: AgentId) -> &[LineId] {
        &self.posts[agent.index()].lines
    }

    /// The lines of the agent's queues whose contacts may not come to the agent's level yet.
    pub(crate) fn beyond(&self, agent: AgentId) -> &[LineId] {
        &self.posts[agent.index()].beyond
    }

    /// Whether any agent who serves this queue is logged in.
    pub(crate) fn is_staffed(&self, queue: QueueId) -> bool {
        self.crews[self.skill_of(LineId::of(queue)).index()].staffed > 0
    }

    /// Agents in an AUX that may be interrupted, who may take the contacts of this line; some perhaps twice.
    pub(crate) fn interruptible(&self, line: LineId) -> impl Iterator<Item = AgentId> {
        let pool = self.pool_of_line[line.index()];
        let doors = self.pools[pool].doors.iter();
        let agents = doors.flat_map(|(skill, _)| self.crews[skill.index()].interruptible.iter().copied());
        agents.filter(move |agent| self.posts[agent.index()].pools.iter().any(|(at, _)| *at == pool))
    }

    /// Number of agents who are idle, or have capacity, for a contact of this line and channel.
    pub(crate) fn free(&self, line: LineId, channel: Channel) -> usize {
        let pool = self.pool(line);
        pool.idle.len() + pool.beside[channel.index()].len()
    }

    /// Channels for which any agent of this line is free.
    pub(crate) fn channels_free(&self, line: LineId) -> Channels {
        let pool = self.pool(line);
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

    /// The place of this agent among the idle ones of a line.
    pub(crate) fn idle_place(&self, line: LineId, agent: AgentId) -> Option<IdlePlace> {
        let pool_of_line = self.pool_of_line[line.index()];
        let post = self.posts.get(agent.index())?;
        let (_, level) = post.pools.iter().find(|(pool, _)| *pool == pool_of_line)?;
        post.standing.map(|standing| IdlePlace::new(self.pools[pool_of_line].rule, *level, standing, agent))
    }

    fn pool(&self, line: LineId) -> &Pool {
        &self.pools[self.pool_of_line[line.index()]]
    }

    /// The skill of a line's queue.
    fn skill_of(&self, line: LineId) -> SkillId {
        self.pool(line).doors[0].0
    }
}

fn post(skills: &[(SkillId, u8)], plan: &Plan) -> Post {
    let queues = (0..).map(QueueId).zip(&plan.queues);
    let serves = |queue: &QueuePlan| skills.iter().any(|(skill, _)| *skill == queue.skill);
    let queues: Vec<QueueId> = queues.filter(|(_, queue)| serves(queue)).map(|(id, _)| id).collect();
    Post {
        skills: skills.to_vec(),
        has_callers: queues.iter().any(|queue| plan.has_callers(*queue)),
        queues,
        ..Post::default()
    }
}

/// The skills by which agents may take a contact of this queue and reach.
fn doors(plan: &Plan, queue: QueueId, reach: &Reach) -> Doors {
    if reach.kept_for().is_some() {
        // No agent has a level of 0: nobody sees this line.
        return core::iter::once((plan.queues[queue.index()].skill, 0)).collect();
    }
    let own = (plan.queues[queue.index()].skill, reach.level_max().unwrap_or(u8::MAX));
    let also = reach.also().iter().map(|other| {
        let other = &plan.queues[other.index()];
        (other.skill, other.level_max.unwrap_or(u8::MAX))
    });
    core::iter::once(own).chain(also).collect()
}

/// The level with which an agent of these skills comes through the first of the doors that is open for them.
fn level_at(doors: &Doors, skills: &[(SkillId, u8)]) -> Option<u8> {
    doors.iter().enumerate().find_map(|(at, (skill, worst))| {
        let (_, level) = skills.iter().find(|(has, level)| has == skill && level <= worst)?;
        Some(if at == 0 { *level } else { level.saturating_add(LEVELS) })
    })
}

fn is_away(state: AgentState) -> bool {
    state.is_staffed() && state != AgentState::Available
}
