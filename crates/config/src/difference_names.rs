//! What a plan has by place, in names: two plans may have the same in other places.

use turno_model::plan::{
    AgentPlan, Entry, FeatureCodes, MenuChoice, MenuPlan, NumberPlan, StepAction, StepPlan, StepWhen,
    Treatment,
};
use turno_model::{Hours, HoursId, Plan, PromptName, QueueId, SkillId, TrunkId};

use crate::duration_text;
use crate::told::{Pairs, Said};

pub(crate) fn skill(plan: &Plan, skill: SkillId) -> Said {
    Said(plan.skills.get(skill.index()).cloned().unwrap_or_default())
}

pub(crate) fn queue(plan: &Plan, queue: QueueId) -> Said {
    Said(plan.queues.get(queue.index()).map(|queue| queue.name.clone()).unwrap_or_default())
}

pub(crate) fn hours(plan: &Plan, hours: HoursId) -> Said {
    Said(plan.hours.get(hours.index()).map(|hours| hours.name.clone()).unwrap_or_default())
}

pub(crate) fn trunk(plan: &Plan, trunk: TrunkId) -> Option<Said> {
    plan.trunks.get(trunk.index()).map(|trunk| Said(trunk.name.clone()))
}

pub(crate) fn prompt(plan: &Plan, prompt: PromptName) -> Said {
    Said(plan.prompts.get(prompt.index()).map(|prompt| prompt.name.clone()).unwrap_or_default())
}

pub(crate) fn prompts(plan: &Plan, prompts: &[PromptName]) -> Vec<Said> {
    prompts.iter().map(|it| prompt(plan, *it)).collect()
}

/// What is said after the code of this place.
pub(crate) fn spoken(plan: &Plan, codes: &FeatureCodes, at: usize) -> Said {
    let said = codes.prompts.get(at).copied().flatten();
    said.map_or_else(|| Said("a tone".to_owned()), |it| prompt(plan, it))
}

pub(crate) fn treatment(plan: &Plan, treatment: Treatment) -> Said {
    match treatment {
        Treatment::Wait => Said("wait".to_owned()),
        Treatment::PromptAndEnd(it) => Said(format!("{} and the end", prompt(plan, it).0)),
    }
}

pub(crate) fn steps(plan: &Plan, steps: &[StepPlan]) -> Vec<Said> {
    steps.iter().map(|step| Said(format!("{}: {}", when(step.when), action(plan, &step.action)))).collect()
}

fn when(when: StepWhen) -> String {
    match when {
        StepWhen::Waited(after) => format!("after {}", duration_text::write(after)),
        StepWhen::ToldOver(over) => format!("told over {}", duration_text::write(over)),
        StepWhen::LongerThan(than) => format!("longer than {than}"),
        StepWhen::Nobody => "nobody".to_owned(),
        StepWhen::Closed => "closed".to_owned(),
    }
}

fn action(plan: &Plan, action: &StepAction) -> String {
    match action {
        StepAction::LevelMax(Some(level)) => format!("up to level {level}"),
        StepAction::LevelMax(None) => "every level".to_owned(),
        StepAction::Also(to) => format!("also {}", queue(plan, *to).0),
        StepAction::Raise(by) => format!("priority raised by {by}"),
        StepAction::MoveTo(to) => format!("move to {}", queue(plan, *to).0),
        StepAction::SendTo(number) => format!("send to {number}"),
        StepAction::OfferCallback => "offer a callback".to_owned(),
        StepAction::Interrupt(most) => format!("interrupt {most}"),
        StepAction::Voicemail => "offer voicemail".to_owned(),
        StepAction::PromptAndEnd(it) => format!("{} and the end", prompt(plan, *it).0),
    }
}

pub(crate) fn entry(plan: &Plan, number: &NumberPlan) -> Said {
    match number.entry {
        Entry::Menu(menu) => {
            let menu = plan.menus.get(menu.index()).map(|menu| menu.name.clone()).unwrap_or_default();
            Said(format!("menu {menu}"))
        }
        Entry::Queue(to) => Said(format!("queue {}", queue(plan, to).0)),
        Entry::Agent(agent, to) => {
            let extension = plan.agents.get(agent.index()).map(|agent| agent.extension.as_str());
            let extension = extension.unwrap_or_default();
            Said(format!("agent {extension}, then queue {}", queue(plan, to).0))
        }
    }
}

pub(crate) fn skills(plan: &Plan, agent: &AgentPlan) -> Pairs {
    Pairs(agent.skills.iter().map(|(it, level)| (skill(plan, *it).0, level.to_string())).collect())
}

pub(crate) fn phone(agent: &AgentPlan) -> Said {
    Said(if agent.own_seat.is_some() { "own" } else { "none" }.to_owned())
}

pub(crate) fn choices(plan: &Plan, menu: &MenuPlan) -> Pairs {
    Pairs(menu.choices.iter().map(|(digit, to)| (digit.to_string(), choice(plan, to))).collect())
}

fn choice(plan: &Plan, choice: &MenuChoice) -> String {
    match choice {
        MenuChoice::Queue(to) => queue(plan, *to).0,
        MenuChoice::Menu(to) => {
            let menu = plan.menus.get(to.index()).map(|menu| menu.name.as_str()).unwrap_or_default();
            format!("menu {menu}")
        }
        MenuChoice::Read(read) => {
            let read: Vec<String> = prompts(plan, read).into_iter().map(|said| said.0).collect();
            format!("reads {}", read.join(" "))
        }
        MenuChoice::Back => "back".to_owned(),
        MenuChoice::Repeat => "repeat".to_owned(),
        MenuChoice::Language(language) => format!("language {}", language.code()),
        MenuChoice::Send => "send".to_owned(),
    }
}

/// A menu's card, and whether it can be heard.
pub(crate) fn card(plan: &Plan, menu: &MenuPlan) -> Option<Said> {
    let card = menu.card.as_ref()?;
    let sound = card.sound.map_or_else(|| "no sound".to_owned(), |it| prompt(plan, it).0);
    Some(Said(format!("{}: {sound}", card.procedure)))
}

/// The open spans of a day, from Monday, as the plan has them.
pub(crate) fn open_spans(hours: &Hours, day: usize) -> Said {
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let spans = hours.weekly.get(day).into_iter().flatten();
    let words: Vec<String> = spans.map(|&(from, to)| format!("{}-{}", clock(from), clock(to))).collect();
    Said(if words.is_empty() { "closed".to_owned() } else { words.join(", ") })
}

pub(crate) fn dates(hours: &Hours) -> Vec<Said> {
    hours.holidays.iter().map(|day| Said(day.to_string())).collect()
}
