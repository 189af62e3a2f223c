//! Queues: who is asked, how long, and what happens to those who wait.

use core::time::Duration;

use serde::Deserialize;
use serde::Serialize;

use crate::decision::Rule;
use crate::id::PromptName;
use crate::id::SkillId;
/// What happens to a contact that can't or shouldn't wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Treatment {
    /// Play this prompt, then end.
    PromptAndEnd(PromptName),
    /// Go on waiting.
    Wait,
}

/// How after-call work ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AcwPlan {
    /// By itself after this span; zero: there is none.
    Timed(Duration),
    /// When the agent says so.
    Manual,
}

/// A queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuePlan {
    /// The name in the configuration, metrics and reports.
    pub name: String,
    /// What agents' phones show.
    pub display: String,
    /// The skill that an agent needs.
    pub skill: SkillId,
    /// How an agent is chosen when several are available.
    pub rule: Rule,
    /// 0 is normal, higher is served first.
    pub priority: u8,
    /// How long an offer rings.
    pub ring: Duration,
    /// How long an agent is in AUX after a missed or refused offer.
    pub rona_cool_down: Duration,
    /// Longest hold before the agent is recalled.
    pub hold_max: Duration,
    /// After-call work.
    pub acw: AcwPlan,
    /// The handling target: talk and hold.
    pub handling_target: Duration,
    /// How long before the target the warning is given.
    pub handling_warning: Duration,
    /// The wait target, the `y` of a service level.
    pub wait_target: Duration,
    /// A caller who leaves sooner is a short abandon.
    pub short_abandon: Duration,
    /// Most contacts that may wait.
    pub length_max: u32,
    /// When `length_max` is reached.
    pub when_full: Treatment,
    /// Longest wait.
    pub wait_max: Option<Duration>,
    /// When `wait_max` has passed.
    pub when_waited: Treatment,
    /// When nobody with the skill is logged in.
    pub when_nobody: Treatment,
    /// Answer the caller on entry; otherwise music is early media and the answer is the agent's.
    pub answer_on_entry: bool,
    /// Prompts played once on entering, before the music; cut when an agent answers.
    pub greeting: Vec<PromptName>,
}
