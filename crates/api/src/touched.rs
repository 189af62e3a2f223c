//! Whom and what an order concerns, for the table of rights.

use compact_str::CompactString;
use turno_model::{Plan, Spoken};

/// What an order touches, by the plan's names: the agent and the queues. `of_contact`: the queue of the order's contact.
pub(crate) fn touched<'a>(
    order: &'a Spoken,
    plan: &'a Plan,
    of_contact: Option<&'a str>,
) -> (Option<&'a str>, Vec<&'a str>) {
    let agent = order.agent().map(CompactString::as_str);
    let named = order.queue().map(CompactString::as_str);
    let mut queues: Vec<&str> = named.into_iter().chain(of_contact).collect();
    let skilled =
        agent.and_then(|extension| plan.agent_by_extension(extension)).filter(|_| queues.is_empty());
    if let Some(agent) = skilled {
        let skills = &plan.agents[agent.index()].skills;
        let serves = |skill| skills.iter().any(|&(known, _)| known == skill);
        queues
            .extend(plan.queues.iter().filter(|queue| serves(queue.skill)).map(|queue| queue.name.as_str()));
    }
    (agent, queues)
}
