//! Queues: which agent is chosen, how long an offer rings, and how long contacts wait.

use core::time::Duration;

use serde::Deserialize;
use serde::Serialize;

use crate::decision::Rule;
use crate::id::PromptName;
use crate::id::SkillId;
use crate::language::Language;
use crate::observing::Observing;
use crate::plan::callback::CallbackPlan;
use crate::plan::recording::QueueRecording;
use crate::plan::step::StepPlan;
use crate::plan::survey::SurveyPlan;
use crate::plan::voicemail::VoicemailPlan;
use crate::speech::{Spoken, prompts_of};

/// What happens to a contact that can't or should not wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Treatment {
    /// Play this prompt, then end the call.
    PromptAndEnd(PromptName),
    /// Keep waiting.
    Wait,
}

/// How after-call work ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AcwPlan {
    /// After this span; zero: no after-call work.
    Timed(Duration),
    /// When the agent ends it.
    Manual,
}

/// A queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuePlan {
    /// The name in the configuration, metrics and reports.
    pub name: String,
    /// The name on agents' phones.
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
    /// How after-call work ends.
    pub acw: AcwPlan,
    /// The handling target: talk and hold time.
    pub handling_target: Duration,
    /// How long before the target the warning is given.
    pub handling_warning: Duration,
    /// Further marks after the target, as percentages of it, rising.
    pub handling_marks: Vec<u16>,
    /// Whether after-call work goes on until the agent has given a wrap-up code.
    pub wrap_up_required: bool,
    /// How an expert helps in a talk of this queue: whispering to the agent, or talking to both.
    pub help_as: Observing,
    /// The wait target, the `y` of a service level.
    pub wait_target: Duration,
    /// A caller who leaves sooner is a short abandon.
    pub short_abandon: Duration,
    /// How many contacts may wait at most.
    pub length_max: u32,
    /// What happens when `length_max` is reached.
    pub when_full: Treatment,
    /// The longest wait; `None`: no limit.
    pub wait_max: Option<Duration>,
    /// What happens when `wait_max` has passed.
    pub when_waited: Treatment,
    /// What happens when nobody with the skill is logged in.
    pub when_nobody: Treatment,
    /// For how long a caller who calls again is offered to the agent who served them last, if that agent is free; `None`: the
    /// rule alone decides.
    pub last_agent: Option<Duration>,
    /// Whether a contact that an agent transfers to this queue stands in line by its first arrival, or by the transfer.
    pub transfer_keeps_wait: bool,
    /// How long such a caller waits for that agent alone, if the agent works and is busy; zero: not at all.
    pub last_agent_wait: Duration,
    /// Agents with a worse skill level than this are not offered its contacts at first; `None`: all are.
    pub level_max: Option<u8>,
    /// What happens while a contact waits, in the order of the plan.
    pub steps: Vec<StepPlan>,
    /// Whether the caller is answered on entry. If not, the music is early media, and the call is answered when the
    /// agent answers.
    pub answer_on_entry: bool,
    /// Prompts played once on entering, before the music; cut when an agent answers.
    pub greeting: Vec<PromptName>,
    /// What waiting callers are told at intervals; `None`: nothing.
    pub announcements: Option<AnnouncementPlan>,
    /// How callers are called back; `None`: they are not.
    pub callback: Option<CallbackPlan>,
    /// What callers are asked after a talk; `None`: nothing.
    pub survey: Option<SurveyPlan>,
    /// How callers leave messages; `None`: they do not.
    pub voicemail: Option<VoicemailPlan>,
    /// Which talks are recorded.
    pub recording: QueueRecording,
    /// The class of retention of its recordings.
    pub recording_class: String,
    /// The prompt that a caller hears once, before anything else of this queue, if it may be recorded.
    pub recording_notice: Option<PromptName>,
}

/// What the callers who wait in a queue are told, between the music.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnouncementPlan {
    /// The language of the recorded parts from which sentences are spoken.
    pub language: Language,
    /// When the first announcement is made, after entering the queue; with zero, at once after the greeting.
    pub first: Duration,
    /// The time from one announcement to the next.
    pub every: Duration,
    /// Whether the place and the wait are left out while they are as told before.
    pub only_changes: bool,
    /// Whether the place in line is told.
    pub tells_place: bool,
    /// Whether the expected wait is told.
    pub tells_wait: bool,
    /// Prompts of which each announcement plays the next one after what it tells.
    pub comfort: Vec<PromptName>,
    /// The recorded parts of the language, in the order of [`crate::speech::recordings`]; empty if neither place nor
    /// wait is told.
    pub recordings: Vec<PromptName>,
}

impl AnnouncementPlan {
    /// The prompts of which a sentence consists.
    pub fn prompts(&self, spoken: &Spoken) -> Vec<PromptName> {
        prompts_of(self.language, &self.recordings, spoken)
    }
}
