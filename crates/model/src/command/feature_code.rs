//! Feature codes: from what an agent dials to a command.

use compact_str::CompactString;

use crate::command::Command;
use crate::command::refusal::Refusal;
use crate::command::verb::Verb;
use crate::id::{AgentId, PromptName};
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
}

impl FeatureCode {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::LogIn, Self::LogOut, Self::Ready, Self::Aux, Self::EndAcw, Self::WrapUp];

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
        behind(Self::WrapUp).filter(|rest| !rest.is_empty()).map(|rest| (Self::WrapUp, rest))
    }

    /// The agent's command with this code; `behind` are the digits after it.
    ///
    /// # Errors
    /// [`Refusal::NoSuchReason`].
    pub fn command(self, plan: &Plan, agent: AgentId, behind: &str) -> Result<Command, Refusal> {
        Ok(match self {
            Self::LogIn => Command::LogIn(agent),
            Self::LogOut => Command::LogOut(agent),
            Self::Ready => Command::Ready(agent),
            Self::Aux => {
                let digit = behind.parse().ok();
                let place = plan.aux_reasons.iter().position(|reason| Some(reason.digit) == digit);
                let place = place.and_then(|place| u8::try_from(place).ok());
                Command::Aux(agent, place.ok_or(Refusal::NoSuchReason)?)
            }
            Self::EndAcw => Command::EndAcw(agent),
            Self::WrapUp => Command::WrapUp(agent, CompactString::from(behind)),
        })
    }

    /// The verb of its command.
    pub const fn verb(self) -> Verb {
        match self {
            Self::LogIn => Verb::LogIn,
            Self::LogOut => Verb::LogOut,
            Self::Ready => Verb::Ready,
            Self::Aux => Verb::Aux,
            Self::EndAcw => Verb::EndAcw,
            Self::WrapUp => Verb::WrapUp,
        }
    }

    /// The confirmation prompt, if the plan has one.
    pub const fn confirmation(self, codes: &FeatureCodes) -> Option<PromptName> {
        codes.prompts[self as usize]
    }

    /// What is spoken where a code is refused: whether it is not valid, or can't be carried out now.
    pub const fn refused(codes: &FeatureCodes, why: &Refusal) -> Option<PromptName> {
        let is_invalid = matches!(why, Refusal::NoSuchReason);
        codes.prompts[Self::ALL.len() + if is_invalid { 0 } else { 1 }]
    }

    /// The digits of the code.
    pub fn digits(self, codes: &FeatureCodes) -> &str {
        match self {
            Self::LogIn => &codes.log_in,
            Self::LogOut => &codes.log_out,
            Self::Ready => &codes.ready,
            Self::Aux => &codes.aux,
            Self::EndAcw => &codes.end_acw,
            Self::WrapUp => &codes.wrap_up,
        }
    }

    /// Whether digits must follow.
    pub const fn has_argument(self) -> bool {
        match self {
            Self::Aux | Self::WrapUp => true,
            Self::LogIn | Self::LogOut | Self::Ready | Self::EndAcw => false,
        }
    }
}
