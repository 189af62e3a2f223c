//! `turno ctl skill`: skills of agents that change while turno runs.

use core::time::Duration;

use clap::Args;
use compact_str::CompactString;
use turno_model::{SkillOrder, SkillTo, Spoken};

use crate::ctl::caller::span;

/// An agent's skill and what becomes of it.
#[derive(Args)]
pub(crate) struct SkillAct {
    /// The agent's extension; without it all changed skills are listed.
    agent: Option<CompactString>,
    /// The queue's name in the plan; without it the agent's skills are listed.
    #[arg(requires = "level")]
    queue: Option<CompactString>,
    /// The level from 1 (best) to 16, `none` for no skill, or `plan` for what the plan says.
    #[arg(value_parser = level)]
    level: Option<SkillTo>,
    /// For how long, such as `2h`; without it to the end of the site's day.
    #[arg(long = "for", value_name = "SPAN", value_parser = span, requires = "level")]
    span: Option<Duration>,
}

impl SkillAct {
    /// The command, or a look at the skills of an agent.
    pub(crate) fn spoken(self) -> Result<Spoken, Option<String>> {
        match (self.agent, self.queue, self.level) {
            (Some(agent), Some(queue), Some(to)) => {
                Ok(Spoken::SetSkill(agent, queue, SkillOrder { to, span: self.span }))
            }
            (agent, _, _) => Err(agent.map(String::from)),
        }
    }
}

fn level(text: &str) -> Result<SkillTo, String> {
    match text {
        "none" => Ok(SkillTo::None),
        "plan" => Ok(SkillTo::Plan),
        _ => {
            text.parse().map(SkillTo::Level).map_err(|_| "a level from 1 to 16, `none` or `plan`".to_owned())
        }
    }
}
