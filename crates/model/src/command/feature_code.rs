//! Feature codes: from what an agent dials to a command.

use compact_str::CompactString;

use crate::command::Command;
use crate::command::refusal::Refusal;
use crate::command::verb::Verb;
use crate::id::{AgentId, PromptName};
use crate::observing::Observing;
use crate::plan::{FeatureCodes, Plan};

/// A code of `[feature_codes]`, in the order of the confirmation prompts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeatureCode {
    /// Log in.
    LogIn,
    /// Log out.
    LogOut,
    /// Ready.
    Ready,
    /// AUX, followed by the reason's digit.
    Aux,
    /// End after-call work.
    EndAcw,
    /// Wrap-up, followed by the wrap-up code.
    WrapUp,
    /// Record the present talk.
    Record,
    /// Pause the recording.
    PauseRecording,
    /// Let the recording go on.
    ResumeRecording,
    /// Listen to a talk, followed by its agent's extension.
    Listen,
    /// Listen and talk to the agent alone, followed by the agent's extension.
    Whisper,
    /// Join a talk, followed by its agent's extension.
    Barge,
    /// Take over a talk, followed by its agent's extension.
    TakeOver,
    /// Make after-call work longer.
    ExtendAcw,
    /// Give the caller back to the queue.
    Return,
    /// Speak live to all who wait in a queue, followed by a number that leads to it.
    Speak,
}

impl FeatureCode {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::LogIn,
        Self::LogOut,
        Self::Ready,
        Self::Aux,
        Self::EndAcw,
        Self::WrapUp,
        Self::Record,
        Self::PauseRecording,
        Self::ResumeRecording,
        Self::Listen,
        Self::Whisper,
        Self::Barge,
        Self::TakeOver,
        Self::ExtendAcw,
        Self::Return,
        Self::Speak,
    ];

    /// How many of them, the first ones, have a confirmation prompt. The others lead into a talk, which confirms them, or are
    /// confirmed by a tone.
    pub const CONFIRMED: usize = 9;

    /// The code that was dialled, and the digits after it. The longest code wins, so that `*1` and `*14` can both
    /// exist.
    pub fn dialled<'a>(codes: &FeatureCodes, dialled: &'a str) -> Option<(Self, &'a str)> {
        let exact = Self::ALL.into_iter().filter(|code| !code.has_argument());
        if let Some(code) = exact.into_iter().find(|code| code.digits(codes) == dialled) {
            return Some((code, ""));
        }
        let behind = |code: Self| dialled.strip_prefix(code.digits(codes));
        if let Some(digit) = behind(Self::Aux).filter(|rest| rest.parse::<u8>().is_ok()) {
            return Some((Self::Aux, digit));
        }
        let longer = [Self::WrapUp, Self::Listen, Self::Whisper, Self::Barge, Self::TakeOver, Self::Speak];
        longer.into_iter().filter_map(|code| Some((code, behind(code)?))).find(|(_, rest)| !rest.is_empty())
    }

    /// The agent's command with this code; `behind` are the digits after it. `None` for a code that leads into a talk, or
    /// lets the agent speak.
    ///
    /// # Errors
    /// [`Refusal::NoSuchReason`].
    pub fn command(self, plan: &Plan, agent: AgentId, behind: &str) -> Result<Option<Command>, Refusal> {
        Ok(Some(match self {
            Self::LogIn => Command::LogIn(agent),
            Self::LogOut => Command::LogOut(agent),
            Self::Ready => Command::Ready(agent),
            Self::Aux => {
                let digit = behind.parse().ok();
                let place = plan.aux_reasons.iter().position(|reason| Some(reason.digit) == digit);
                let place = place.and_then(|place| u8::try_from(place).ok());
                let place = place.ok_or(Refusal::NoSuchReason)?;
                let in_turns = plan.turns(place).is_some();
                if in_turns { Command::AskBreak(agent, place) } else { Command::Aux(agent, place) }
            }
            Self::EndAcw => Command::EndAcw(agent),
            Self::ExtendAcw => Command::ExtendAcw(agent),
            Self::Return => Command::Return(agent),
            Self::WrapUp => Command::WrapUp(agent, CompactString::from(behind)),
            Self::Record => Command::Record(agent),
            Self::PauseRecording => Command::PauseRecording(agent),
            Self::ResumeRecording => Command::ResumeRecording(agent),
            Self::Listen | Self::Whisper | Self::Barge | Self::TakeOver | Self::Speak => return Ok(None),
        }))
    }

    /// How a supervisor who dials this code joins the talk. Taking over begins by joining.
    pub const fn observing(self) -> Option<Observing> {
        match self {
            Self::Listen => Some(Observing::Listen),
            Self::Whisper => Some(Observing::Whisper),
            Self::Barge | Self::TakeOver => Some(Observing::Barge),
            Self::LogIn | Self::LogOut | Self::Ready | Self::Aux | Self::EndAcw | Self::WrapUp => None,
            Self::Record | Self::PauseRecording | Self::ResumeRecording => None,
            Self::ExtendAcw | Self::Return | Self::Speak => None,
        }
    }

    /// Whether the call with which it is dialled goes on: in a talk, or to speak to a queue.
    pub const fn stays(self) -> bool {
        matches!(self, Self::Speak) || self.observing().is_some()
    }

    /// The verb of its command.
    pub const fn verb(self) -> Verb {
        match self {
            Self::LogIn => Verb::LogIn,
            Self::LogOut => Verb::LogOut,
            Self::Ready => Verb::Ready,
            Self::Aux => Verb::Aux,
            Self::EndAcw => Verb::EndAcw,
            Self::ExtendAcw => Verb::ExtendAcw,
            Self::Return => Verb::Return,
            Self::WrapUp => Verb::WrapUp,
            Self::Listen | Self::Whisper | Self::Barge => Verb::Observe,
            Self::Speak => Verb::Speak,
            Self::TakeOver => Verb::TakeOver,
            Self::Record => Verb::Record,
            Self::PauseRecording => Verb::PauseRecording,
            Self::ResumeRecording => Verb::ResumeRecording,
        }
    }

    /// The confirmation prompt, if the plan has one.
    pub const fn confirmation(self, codes: &FeatureCodes) -> Option<PromptName> {
        let at = self as usize;
        if at < Self::CONFIRMED { codes.prompts[at] } else { None }
    }

    /// What is spoken where a code is refused: whether it is not valid, or can't be carried out now.
    pub const fn refused(codes: &FeatureCodes, why: &Refusal) -> Option<PromptName> {
        let is_invalid = matches!(
            why,
            Refusal::NoSuchReason | Refusal::NoSuchAgent | Refusal::NoSuchCode | Refusal::NoSuchQueue
        );
        codes.prompts[Self::CONFIRMED + if is_invalid { 0 } else { 1 }]
    }

    /// What asks a person who sits down for their extension.
    pub const fn asks_extension(codes: &FeatureCodes) -> Option<PromptName> {
        codes.prompts[Self::CONFIRMED + 2]
    }

    /// What asks a person who sits down for their PIN.
    pub const fn asks_pin(codes: &FeatureCodes) -> Option<PromptName> {
        codes.prompts[Self::CONFIRMED + 3]
    }

    /// The digits of the code.
    pub fn digits(self, codes: &FeatureCodes) -> &str {
        match self {
            Self::LogIn => &codes.log_in,
            Self::LogOut => &codes.log_out,
            Self::Ready => &codes.ready,
            Self::Aux => &codes.aux,
            Self::EndAcw => &codes.end_acw,
            Self::ExtendAcw => &codes.extend_acw,
            Self::Return => &codes.to_front,
            Self::WrapUp => &codes.wrap_up,
            Self::Listen => &codes.listen,
            Self::Whisper => &codes.whisper,
            Self::Barge => &codes.barge,
            Self::TakeOver => &codes.take_over,
            Self::Speak => &codes.speak,
            Self::Record => &codes.record,
            Self::PauseRecording => &codes.pause_recording,
            Self::ResumeRecording => &codes.resume_recording,
        }
    }

    /// Whether digits must follow.
    pub const fn has_argument(self) -> bool {
        match self {
            Self::Aux | Self::WrapUp => true,
            Self::Listen | Self::Whisper | Self::Barge | Self::TakeOver | Self::Speak => true,
            Self::LogIn | Self::LogOut | Self::Ready | Self::EndAcw => false,
            Self::Record | Self::PauseRecording | Self::ResumeRecording => false,
            Self::ExtendAcw | Self::Return => false,
        }
    }
}
