//! The steps of queues, and the levels of agents, in a scenario.

use core::time::Duration;

use turno_ground::Rng;
use turno_model::plan::{StepAction, StepPlan, StepWhen};
use turno_model::{Plan, PromptName, QueueId};

/// Sets these scenarios' dice apart from those of the other actions.
const STEPS: u64 = 0x57e9_5000_0000_0000;

const INTERRUPTED: u64 = 0x1273_5000_0000_0000;

/// When every agent may take every contact at the latest, so that nobody waits in vain.
const RELAXED_AFTER: Duration = Duration::from_secs(30);

/// When a queue with callbacks offers one by a step.
const OFFERED_AFTER: Duration = Duration::from_secs(8);

/// An outside number; a carrier answers it, if the world has one.
const OUTSIDE: &str = "0987654321";

/// In one scenario of three queues have steps: the number to lay them by.
pub(crate) fn luck(seed: u64) -> Option<u64> {
    let mut rng = Rng::new(seed ^ STEPS);
    (rng.below(3) == 0).then(|| rng.number())
}

/// Gives agents levels, and queues steps, by this number.
pub(crate) fn lay_steps(plan: &mut Plan, luck: u64) {
    let mut rng = Rng::new(luck);
    for agent in &mut plan.agents {
        for (_, level) in &mut agent.skills {
            *level = small(&mut rng, 1, 3);
        }
        if agent.skills.len() > 1 && rng.below(3) == 0 {
            let gone = usize::try_from(rng.below(agent.skills.len() as u64)).unwrap_or(0);
            agent.skills.remove(gone);
        }
    }
    let queues = u32::try_from(plan.queues.len()).unwrap_or(0);
    let has_prompts = !plan.prompts.is_empty();
    for (at, queue) in (0u32..).zip(&mut plan.queues) {
        queue.level_max = (rng.below(2) == 0).then(|| small(&mut rng, 1, 2));
        queue.steps = (0..rng.below(4)).map(|_| step((at, queues), has_prompts, &mut rng)).collect();
        if queue.callback.is_some() {
            let when = StepWhen::Waited(OFFERED_AFTER);
            queue.steps.push(StepPlan { when, action: StepAction::OfferCallback });
        }
        queue
            .steps
            .push(StepPlan { when: StepWhen::Waited(RELAXED_AFTER), action: StepAction::LevelMax(None) });
    }
    // Drawn apart: the hours without it are as they would be if there were no such steps.
    let mut rng = Rng::new(luck ^ INTERRUPTED);
    if rng.below(2) == 0 {
        for reason in plan.aux_reasons.iter_mut().filter(|reason| reason.turns.is_none()) {
            reason.is_interruptible = true;
        }
        for queue in &mut plan.queues {
            let when = StepWhen::Waited(Duration::from_secs(rng.below(20) + 1));
            queue.steps.push(StepPlan { when, action: StepAction::Interrupt(small(&mut rng, 1, 3)) });
        }
    }
}

/// A step of the queue at this place among so many. Contacts move on to later queues only: a plan with circles is refused.
fn step((at, queues): (u32, u32), has_prompts: bool, rng: &mut Rng) -> StepPlan {
    let when = match rng.below(8) {
        0 => StepWhen::ToldOver(Duration::from_secs(rng.below(60) + 5)),
        1 => StepWhen::LongerThan(u32::from(small(rng, 0, 4))),
        2 => StepWhen::Nobody,
        3 => StepWhen::Closed,
        _ => StepWhen::Waited(Duration::from_secs(rng.below(25) + 1)),
    };
    let later =
        u32::try_from(rng.below(u64::from(queues.saturating_sub(at + 1)).max(1))).unwrap_or(0) + at + 1;
    let leads_on = later < queues;
    let action = match rng.below(10) {
        0..3 => StepAction::LevelMax(Some(small(rng, 2, 3))),
        3..5 => StepAction::Also(QueueId((at + 1) % queues.max(1))),
        5..7 if leads_on => StepAction::MoveTo(QueueId(later)),
        7 => StepAction::SendTo(OUTSIDE.to_owned()),
        8 if has_prompts => StepAction::PromptAndEnd(PromptName(0)),
        _ => StepAction::Raise(small(rng, 1, 2)),
    };
    StepPlan { when, action }
}

fn small(rng: &mut Rng, from: u8, to: u8) -> u8 {
    from + u8::try_from(rng.below(u64::from(to - from) + 1)).unwrap_or(0)
}
