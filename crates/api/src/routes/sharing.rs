//! Agents who serve several queues are counted once: what queues need together is shared among them.
//!
//! Queues that share agents are a group. If nobody served two of them they would need the sum of what each needs alone; if everybody
//! served all of them, what Erlang C says for their contacts together. The group needs what lies between, by the proportion in which
//! its agents serve more than one of its queues; each queue has its share of that by what it would need alone.

use serde::Serialize;
use turno_model::Plan;
use turno_planner::{Load, expected};
use utoipa::ToSchema;

/// The share of callers that should be answered within the wait target.
const SHARE: f64 = 0.8;

/// More agents than any room has.
const AGENTS_MAX: u32 = 2_000;

/// What a queue may expect in the next hour.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Expected {
    /// The queue.
    pub(crate) queue: String,
    /// Contacts, as the mean of those weeks that have figures.
    pub(crate) contacts: f64,
    /// Their handling time (talk, hold, after-call work), in seconds.
    pub(crate) handling: f64,
    /// Agents for four of five answers within the wait target (Erlang C): this queue's share, where agents serve several queues.
    pub(crate) agents: u32,
    /// The agents that it would need if nobody served another queue.
    pub(crate) alone: u32,
    /// How many weeks have figures.
    pub(crate) weeks: u64,
}

/// Shares the agents of queues among them.
pub(crate) fn share(found: &mut [Expected], plan: &Plan) {
    let served = served(found, plan);
    for group in groups(found.len(), &served) {
        if group.len() < 2 {
            continue;
        }
        let alone: u32 = group.iter().map(|place| found[*place].alone).sum();
        let together = together(found, &group, plan).min(alone);
        let both = overlap(&group, &served);
        let between = f64::from(alone) - both * f64::from(alone - together);
        let mut left = (together..=alone).find(|many| f64::from(*many) >= between - 1e-9).unwrap_or(alone);
        let mut rest = alone;
        for place in group {
            let own = found[place].alone;
            // What is left goes to what is left: the shares add up to what the group needs.
            let part = if rest == 0 { 0 } else { (left * own).div_ceil(rest).min(left) };
            (left, rest) = (left - part, rest - own);
            found[place].agents = part;
        }
    }
}

/// For each agent of the plan, the places of the queues that the agent serves.
fn served(found: &[Expected], plan: &Plan) -> Vec<Vec<usize>> {
    let skill = |one: &Expected| plan.queues.iter().find(|it| it.name == one.queue).map(|it| it.skill);
    let skills: Vec<_> = found.iter().map(skill).collect();
    let agents = plan.agents.iter().filter(|agent| !agent.is_retired);
    let served = agents.map(|agent| {
        let has = |skill| agent.skills.iter().any(|&(own, _)| Some(own) == skill);
        (0..skills.len()).filter(|place| has(skills[*place])).collect()
    });
    served.collect()
}

/// The queues that share agents with one another, each in one group.
fn groups(queues: usize, served: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut group: Vec<usize> = (0..queues).collect();
    for own in served {
        let Some(first) = own.first().map(|place| group[*place]) else { continue };
        for place in own {
            let other = group[*place];
            group.iter_mut().filter(|it| **it == other).for_each(|it| *it = first);
        }
    }
    let of = |name| (0..queues).filter(|place| group[*place] == name).collect::<Vec<usize>>();
    (0..queues).map(of).filter(|group| !group.is_empty()).collect()
}

/// From 0, nobody serves two queues of the group, to 1, everybody serves all.
fn overlap(group: &[usize], served: &[Vec<usize>]) -> f64 {
    let several = |own: &Vec<usize>| own.iter().filter(|place| group.contains(place)).count();
    let counts: Vec<usize> = served.iter().map(several).filter(|count| *count > 0).collect();
    let (agents, served): (usize, usize) = (counts.len(), counts.iter().sum());
    let most = agents * (group.len() - 1);
    if most == 0 { 0.0 } else { ratio(served - agents, most) }
}

fn ratio(part: usize, whole: usize) -> f64 {
    let float = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    float(part) / float(whole)
}

/// What the contacts of the group need if everybody serves all of it, within the shortest of its wait targets.
fn together(found: &[Expected], group: &[usize], plan: &Plan) -> u32 {
    let all = || group.iter().map(|place| &found[*place]);
    let contacts: f64 = all().map(|one| one.contacts).sum();
    let work: f64 = all().map(|one| one.contacts * one.handling).sum();
    let target = |one: &Expected| {
        plan.queues.iter().find(|it| it.name == one.queue).map_or(0.0, |it| it.wait_target.as_secs_f64())
    };
    let threshold = all().map(target).fold(f64::INFINITY, f64::min);
    if contacts <= 0.0 { 0 } else { needed(contacts / 3_600.0, work / contacts, threshold) }
}

/// The fewest agents who answer enough callers in time.
pub(crate) fn needed(calls: f64, handling: f64, threshold: f64) -> u32 {
    let is_enough = |agents: u32| {
        let load = Load { calls, handling, agents, threshold, patience: None };
        expected(&load).is_some_and(|expected| expected.in_time >= SHARE)
    };
    if calls <= 0.0 {
        return 0;
    }
    (1..AGENTS_MAX).find(|agents| is_enough(*agents)).unwrap_or(AGENTS_MAX)
}

#[cfg(test)]
mod tests {
    use turno_model::SkillId;
    use turno_model::sample::{agent, plan, queue};

    use super::*;

    /// Two queues of 60 contacts of 4 min an hour, and agents with these skills.
    fn shared(skills: &[&[(u32, u8)]]) -> Vec<Expected> {
        let queues = vec![queue("one", SkillId(0)), queue("two", SkillId(1))];
        let agents = skills.iter().map(|skills| agent("1001", skills)).collect();
        let plan = Plan { queues, agents, ..plan() };
        let one = |queue: &str, place: usize| {
            let target = plan.queues[place].wait_target.as_secs_f64();
            let alone = needed(60.0 / 3_600.0, 240.0, target);
            let queue = queue.to_owned();
            Expected { queue, contacts: 60.0, handling: 240.0, agents: alone, alone, weeks: 4 }
        };
        let mut found = vec![one("one", 0), one("two", 1)];
        share(&mut found, &plan);
        found
    }

    fn sum(found: &[Expected]) -> u32 {
        found.iter().map(|one| one.agents).sum()
    }

    #[test]
    fn agents_of_the_next_hour_are_those_of_erlangs_table() {
        // 90 calls of 4 min an hour are 6 erlangs: 8 agents answer 80 % within 20 s, 7 do not.
        assert_eq!(needed(90.0 / 3_600.0, 240.0, 20.0), 9);
        assert_eq!(needed(0.0, 240.0, 20.0), 0);
    }

    #[test]
    fn agents_who_serve_two_queues_are_counted_once() {
        let apart = shared(&[&[(0, 1)], &[(1, 1)]]);
        assert_eq!(sum(&apart), apart[0].alone + apart[1].alone, "nobody serves both");
        let both = shared(&[&[(0, 1), (1, 1)], &[(0, 1), (1, 1)]]);
        let pool = needed(120.0 / 3_600.0, 240.0, 20.0_f64.max(0.0));
        assert!(sum(&both) < sum(&apart), "{both:?}");
        assert!(sum(&both) <= pool, "everybody serves both: {both:?}");
        let some = shared(&[&[(0, 1), (1, 1)], &[(0, 1)], &[(1, 1)]]);
        assert!((sum(&both)..=sum(&apart)).contains(&sum(&some)), "{some:?}");
        assert!(both[0].agents.abs_diff(both[1].agents) <= 1, "equal queues have equal shares: {both:?}");
    }
}
