//! How the site is edited while a bad hour goes on.

use turno_ground::Secret;
use turno_model::plan::{AgentPlan, Entry, NumberPlan, QueuePlan};
use turno_model::{Plan, QueueId};

use crate::bend::{self, Bend};

/// One change of the site. Places are those of the site as it is then, in turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The agent at this place leaves.
    AgentGoes(usize),
    /// An agent who has left comes back, or somebody new comes.
    AgentComes,
    /// An agent gets what a queue asks for, at this level, or loses it.
    Skill(usize, usize, Option<u8>),
    /// Spans, rules and limits are other ones.
    Bent(Bend),
    /// There is a new queue like the one at this place, behind a number of its own.
    QueueComes(usize),
    /// A queue is gone; whoever dials its number comes to another.
    QueueGoes(usize),
}

/// Everybody who works there, from the first on, and so many who may come.
pub(crate) fn desks(plan: &Plan, agents: usize, newcomers: usize) -> Vec<AgentPlan> {
    let staff = plan.agents[..agents].iter();
    let new = (0..newcomers).zip(plan.agents.iter().cycle()).map(|(turn, like)| AgentPlan {
        name: format!("newcomer{turn}"),
        display: format!("Newcomer {turn}"),
        extension: format!("77{turn:02}"),
        password: Secret::new("nuevo"),
        ..like.clone()
    });
    staff.cloned().chain(new).collect()
}

/// Edits the site. `desks` are all who work there or may come, in order.
pub(crate) fn apply(edit: Edit, site: &mut Plan, desks: &[AgentPlan]) {
    match edit {
        Edit::AgentGoes(agent) => {
            if site.agents.len() > 1 {
                site.agents.remove(agent % site.agents.len());
            }
        }
        Edit::AgentComes => {
            let is_there = |desk: &AgentPlan| site.agents.iter().any(|one| one.extension == desk.extension);
            if let Some(desk) = desks.iter().find(|desk| !is_there(desk)).cloned() {
                // Not behind the others: whoever is named by place alone would be somebody else.
                site.agents.insert(0, desk);
            }
        }
        Edit::Skill(agent, queue, level) => {
            let (agents, queues) = (site.agents.len().max(1), site.queues.len().max(1));
            let Some(skill) = site.queues.get(queue % queues).map(|queue| queue.skill) else { return };
            if let Some(agent) = site.agents.get_mut(agent % agents) {
                agent.skills.retain(|&(known, _)| known != skill);
                agent.skills.extend(level.map(|level| (skill, level)));
            }
        }
        Edit::Bent(bend) => bend::bend_one(site, bend.within(site.queues.len())),
        Edit::QueueComes(like) => queue_comes(site, like),
        Edit::QueueGoes(queue) => queue_goes(site, queue),
    }
}

fn queue_comes(site: &mut Plan, like: usize) {
    let Some(model) = site.queues.get(like % site.queues.len().max(1)) else { return };
    let name = (0..).map(|turn| format!("extra{turn}")).find(|name| !has(site, name)).unwrap_or_default();
    let number = NumberPlan {
        number: format!("88{:03}", site.numbers.len()),
        entry: Entry::Queue(QueueId(0)),
        hours: None,
        closed: None,
        holiday: None,
    };
    let queue = QueuePlan { display: name.clone(), name, ..model.clone() };
    // Ahead of the others, so that every place is another one.
    site.queues.insert(0, queue);
    renumber(site, |QueueId(place)| QueueId(place + 1));
    site.numbers.retain(|known| known.number != number.number);
    site.numbers.push(number);
}

fn has(site: &Plan, name: &str) -> bool {
    site.queues.iter().any(|queue| queue.name == name)
}

fn queue_goes(site: &mut Plan, queue: usize) {
    if site.queues.len() < 2 {
        return;
    }
    let gone = queue % site.queues.len();
    site.queues.remove(gone);
    renumber(site, |place| match place.index() {
        place if place == gone => QueueId(0),
        place if place > gone => QueueId(u32::try_from(place - 1).unwrap_or(0)),
        _ => place,
    });
}

/// Every mention of a queue outside of the queues themselves.
fn renumber(site: &mut Plan, to: impl Fn(QueueId) -> QueueId) {
    for number in &mut site.numbers {
        if let Entry::Queue(queue) = &mut number.entry {
            *queue = to(*queue);
        }
    }
    for menu in &mut site.menus {
        menu.otherwise = to(menu.otherwise);
        for (_, queue) in &mut menu.choices {
            *queue = to(*queue);
        }
    }
}
