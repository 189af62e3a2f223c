//! Callbacks of a queue: when they are offered, which numbers are dialled, how often and for how long.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::id::PromptName;
use crate::language::Language;
use crate::speech::{Spoken, prompts_of};

/// How the callers of a queue are called back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackPlan {
    /// The key that asks for a callback while waiting.
    pub key: char,
    /// The wait after which a callback is offered; `None`: not for that.
    pub after: Option<Duration>,
    /// A callback is offered on entering if the expected wait is longer; `None`: not for that.
    pub told_over: Option<Duration>,
    /// Whether a callback is offered when the line is full, instead of `when_full`.
    pub when_full: bool,
    /// Whether callers may choose a time.
    pub times: bool,
    /// Whether callers may key in another number.
    pub number_keyed: bool,
    /// Patterns of the numbers that are dialled, of the kind of [`crate::plan::DialOut::allow`]; empty: that list.
    pub allow: Vec<String>,
    /// Most dials of one callback.
    pub tries: u8,
    /// The time between two dials.
    pub pause: Duration,
    /// How long the person's phone rings.
    pub ring: Duration,
    /// After this time a callback that has reached nobody is given up.
    pub until: Duration,
    /// Who is rung first.
    pub first: CallbackFirst,
    /// With the person first: how soon an agent must be expected.
    pub ahead: Duration,
    /// With the person first: whether a machine or a silent line that answers is no person, who is then dialled again.
    pub leaves_machines: bool,
    /// The language of prompts and sentences.
    pub language: Language,
    /// The recorded parts of the language, in the order of [`crate::speech::recordings`].
    pub recordings: Vec<PromptName>,
    /// The prompts, in the order of [`CallbackPrompt::ALL`].
    pub prompts: Vec<PromptName>,
}

impl CallbackPlan {
    /// The prompts of which a sentence consists.
    pub fn said(&self, spoken: &Spoken) -> Vec<PromptName> {
        prompts_of(self.language, &self.recordings, spoken)
    }

    /// The prompt of this kind.
    pub fn prompt(&self, which: CallbackPrompt) -> Option<PromptName> {
        self.prompts.get(which as usize).copied()
    }
}

/// Who is rung first when a contact is called back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallbackFirst {
    /// The agent who got the contact, who is held while the person is dialled.
    #[default]
    Agent,
    /// The person, who waits in line once the phone is answered.
    Citizen,
}

/// What a caller hears about a callback, besides sentences with numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackPrompt {
    /// You may be called back: press the key.
    Offer,
    /// We call you at the number, before its digits.
    Number,
    /// 1 confirms.
    Confirm,
    /// 2 is for another number.
    Other,
    /// 3 is for a time.
    Time,
    /// The star goes on waiting.
    Stay,
    /// Key in the number, then the pound sign.
    KeyNumber,
    /// Before the time that 1 chooses.
    First,
    /// Before the time that 2 chooses.
    Second,
    /// Before the time that 3 chooses.
    Third,
    /// The place is kept; the call ends.
    Goodbye,
    /// This number is not called; go on waiting.
    NotPossible,
    /// A callback to this number waits already; the call ends.
    Waits,
    /// The person who was dialled ahead answers: an agent comes in a moment.
    Connecting,
}

impl CallbackPrompt {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Offer,
        Self::Number,
        Self::Confirm,
        Self::Other,
        Self::Time,
        Self::Stay,
        Self::KeyNumber,
        Self::First,
        Self::Second,
        Self::Third,
        Self::Goodbye,
        Self::NotPossible,
        Self::Waits,
        Self::Connecting,
    ];

    /// The name of its recording in the folder of a language.
    pub const fn recording(self) -> &'static str {
        match self {
            Self::Offer => "callback/offer",
            Self::Number => "callback/number",
            Self::Confirm => "callback/confirm",
            Self::Other => "callback/other",
            Self::Time => "callback/time",
            Self::Stay => "callback/stay",
            Self::KeyNumber => "callback/key_number",
            Self::First => "callback/first",
            Self::Second => "callback/second",
            Self::Third => "callback/third",
            Self::Goodbye => "callback/goodbye",
            Self::NotPossible => "callback/not_possible",
            Self::Waits => "callback/waits",
            Self::Connecting => "callback/connecting",
        }
    }
}
