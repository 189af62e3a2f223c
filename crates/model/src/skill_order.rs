//! What a command makes of a skill of an agent.

use core::time::Duration;

use serde::{Deserialize, Serialize};

/// What a command makes of an agent's skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkillOrder {
    /// The skill from now on.
    pub to: SkillTo,
    /// For how long; `None`: to the end of the site's day.
    pub span: Option<Duration>,
}

/// An agent's skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SkillTo {
    /// This level, from 1, the best, to 16.
    Level(u8),
    /// The agent does not have it.
    None,
    /// As the plan says.
    Plan,
}
