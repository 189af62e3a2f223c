//! The names of what a plan has by place: two plans may have the same in other places.

use turno_model::plan::Treatment;
use turno_model::{HoursId, Plan, PromptName, QueueId, SkillId};

use crate::told::Word;

pub(crate) fn skill(plan: &Plan, skill: SkillId) -> Word {
    Word(plan.skills.get(skill.index()).cloned().unwrap_or_default())
}

pub(crate) fn queue(plan: &Plan, queue: QueueId) -> Word {
    Word(plan.queues.get(queue.index()).map(|queue| queue.name.clone()).unwrap_or_default())
}

pub(crate) fn hours(plan: &Plan, hours: HoursId) -> Word {
    Word(plan.hours.get(hours.index()).map(|hours| hours.name.clone()).unwrap_or_default())
}

pub(crate) fn prompt(plan: &Plan, prompt: PromptName) -> Word {
    Word(plan.prompts.get(prompt.index()).map(|prompt| prompt.name.clone()).unwrap_or_default())
}

pub(crate) fn prompts(plan: &Plan, prompts: &[PromptName]) -> Vec<Word> {
    prompts.iter().map(|it| prompt(plan, *it)).collect()
}

pub(crate) fn treatment(plan: &Plan, treatment: Treatment) -> Word {
    match treatment {
        Treatment::Wait => Word("wait".to_owned()),
        Treatment::PromptAndEnd(it) => Word(format!("{} and the end", prompt(plan, it).0)),
    }
}
