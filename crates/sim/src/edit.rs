//! Edits of the site's configuration during a scenario.

use turno_ground::{Pii, Secret};
use turno_model::plan::{
    AgentPlan, Entry, MenuChoice, NumberPlan, OutsidePhone, QueuePlan, SeatPlan, StepAction,
};
use turno_model::{AgentId, Plan, QueueId};

use crate::plan_mutation::{self, PlanMutation};

/// One edit. Indexes are those of the site at that moment, modulo its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The agent of this index leaves.
    AgentGoes(usize),
    /// An agent who left comes back, or a new one comes.
    AgentComes,
    /// An agent gets the skill of a queue, at this level, or loses it.
    Skill(usize, usize, Option<u8>),
    /// One setting of the plan changes.
    Setting(PlanMutation),
    /// A new queue comes, a copy of the one at this index, with a number of its own.
    QueueComes(usize),
    /// A queue goes; its numbers lead to another queue.
    QueueGoes(usize),
}

/// A seat with its phone, and its owner: an agent who works there or may come, or nobody.
#[derive(Clone, Debug)]
pub(crate) struct Desk {
    pub(crate) agent: Option<AgentPlan>,
    pub(crate) seat: SeatPlan,
}

/// The desks of the first `agents` agents, of `newcomers` who may come, and the seats without an owner.
pub(crate) fn desks(plan: &Plan, agents: usize, newcomers: usize) -> Vec<Desk> {
    let desk = |agent: &AgentPlan| {
        let seat = plan.seats.get(agent.own_seat?.index())?;
        Some((agent.clone(), seat.clone()))
    };
    let staff = plan.agents[..agents].iter().filter_map(desk);
    let likes = plan.agents.iter().filter_map(desk).collect::<Vec<_>>();
    let new = (0..newcomers).zip(likes.iter().cycle()).map(|(turn, (agent, seat))| {
        let (display, extension) = (format!("Newcomer {turn}"), format!("77{turn:02}"));
        let seat = SeatPlan {
            display: display.clone(),
            extension: extension.clone(),
            password: Secret::new("nuevo"),
            ..seat.clone()
        };
        // No two agents have one telephone.
        let number =
            |phone: OutsidePhone| OutsidePhone { number: Pii(format!("098700{:04}", 90 + turn)), ..phone };
        let (name, outside) = (format!("newcomer{turn}"), agent.outside.clone().map(number));
        (AgentPlan { name, display, extension, outside, ..agent.clone() }, seat)
    });
    let owned = staff.chain(new).map(|(agent, seat)| Desk { agent: Some(agent), seat });
    let is_own = |place: usize| {
        plan.agents.iter().any(|agent| agent.own_seat.is_some_and(|seat| seat.index() == place))
    };
    let free = plan.seats.iter().enumerate().filter(|(place, _)| !is_own(*place));
    owned.chain(free.map(|(_, seat)| Desk { agent: None, seat: seat.clone() })).collect()
}

/// Adds this many seats without an owner.
pub(crate) fn free_seats(plan: &mut Plan, many: usize) {
    let Some(like) = plan.seats.first().cloned() else { return };
    plan.seats.extend((0..many).map(|turn| SeatPlan {
        extension: format!("66{turn:02}"),
        display: format!("Free {turn}"),
        password: Secret::new("libre"),
        ..like.clone()
    }));
}

/// Edits the site. `desks` are those of everybody who works there or may come, in order.
pub(crate) fn apply(edit: Edit, site: &mut Plan, desks: &[Desk]) {
    match edit {
        Edit::AgentGoes(agent) => {
            if site.agents.len() > 1 {
                let gone = site.agents[agent % site.agents.len()].extension.clone();
                site.retain_agents(|agent| agent.extension != gone);
            }
        }
        Edit::AgentComes => {
            let is_there = |agent: &AgentPlan| site.agents.iter().any(|one| one.extension == agent.extension);
            let mut owned = desks.iter().filter_map(|desk| Some((desk.agent.clone()?, desk.seat.clone())));
            if let Some((agent, seat)) = owned.find(|(agent, _)| !is_there(agent)) {
                // In front of the others, so that a reference by index alone would hit another agent.
                site.insert_agent(0, agent, seat);
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
        Edit::Setting(mutation) => plan_mutation::mutate(site, mutation.within(site.queues.len())),
        Edit::QueueComes(like) => queue_comes(site, like),
        Edit::QueueGoes(queue) => queue_goes(site, queue),
    }
}

fn queue_comes(site: &mut Plan, like: usize) {
    let Some(model) = site.queues.get(like % site.queues.len().max(1)) else { return };
    let name = (0..).map(|turn| format!("extra{turn}")).find(|name| !has(site, name)).unwrap_or_default();
    // Every second one is the own number of an agent.
    let (many, agents) = (site.numbers.len(), site.agents.len());
    let owner = u32::try_from(many / 2 % agents.max(1)).ok().filter(|_| many % 2 == 1 && agents > 0);
    let entry = owner.map_or(Entry::Queue(QueueId(0)), |owner| Entry::Agent(AgentId(owner), QueueId(0)));
    let number =
        NumberPlan { number: format!("88{many:03}"), entry, hours: None, closed: None, holiday: None };
    let queue = QueuePlan { display: name.clone(), name, ..model.clone() };
    // In front of the others, so that every index changes.
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
    for queue in &mut site.queues {
        queue.steps.retain(|step| step.action.queue().is_none_or(|to| to.index() != gone));
    }
    renumber(site, |place| match place.index() {
        place if place == gone => QueueId(0),
        place if place > gone => QueueId(u32::try_from(place - 1).unwrap_or(0)),
        _ => place,
    });
}

/// Renumbers every reference to a queue.
fn renumber(site: &mut Plan, to: impl Fn(QueueId) -> QueueId) {
    for step in site.queues.iter_mut().flat_map(|queue| &mut queue.steps) {
        if let StepAction::Also(queue) | StepAction::MoveTo(queue) = &mut step.action {
            *queue = to(*queue);
        }
    }
    for number in &mut site.numbers {
        if let Entry::Queue(queue) | Entry::Agent(_, queue) = &mut number.entry {
            *queue = to(*queue);
        }
    }
    for menu in &mut site.menus {
        menu.otherwise = to(menu.otherwise);
        menu.person = menu.person.map(&to);
        for (_, choice) in &mut menu.choices {
            if let MenuChoice::Queue(queue) = choice {
                *queue = to(*queue);
            }
        }
    }
}
