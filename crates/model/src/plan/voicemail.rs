//! The voicemail of a queue: how callers leave messages, and what agents hear before one.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::id::PromptName;
use crate::language::Language;
use crate::speech::{Spoken, prompts_of};

/// How the callers of a queue leave messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoicemailPlan {
    /// The key for it while waiting.
    pub key: char,
    /// Prompts before the tone; if there are none, that of [`VoicemailPrompt::Greeting`].
    pub greeting: Vec<PromptName>,
    /// A silence of this length ends a message.
    pub silence: Duration,
    /// Longest message.
    pub longest: Duration,
    /// Most messages of the queue that are not handled.
    pub messages_max: u32,
    /// The language of prompts and sentences.
    pub language: Language,
    /// The recorded parts of the language, in the order of [`crate::speech::recordings`].
    pub recordings: Vec<PromptName>,
    /// The prompts, in the order of [`VoicemailPrompt::ALL`].
    pub prompts: Vec<PromptName>,
}

impl VoicemailPlan {
    /// The prompts of which a sentence consists.
    pub fn said(&self, spoken: &Spoken) -> Vec<PromptName> {
        prompts_of(self.language, &self.recordings, spoken)
    }

    /// The prompt of this kind.
    pub fn prompt(&self, which: VoicemailPrompt) -> Option<PromptName> {
        self.prompts.get(which as usize).copied()
    }

    /// What a caller hears before the tone.
    pub fn welcome(&self) -> Vec<PromptName> {
        if self.greeting.is_empty() {
            self.prompt(VoicemailPrompt::Greeting).into_iter().collect()
        } else {
            self.greeting.clone()
        }
    }
}

/// What callers and agents hear of voicemail, besides sentences with numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoicemailPrompt {
    /// Speak after the tone; the pound sign ends the message, the star goes on waiting.
    Greeting,
    /// 1 sends the message, 2 records it again, the star deletes it and goes on waiting.
    Menu,
    /// Nothing was heard; go on waiting.
    Nothing,
    /// The message has been received; the call ends.
    Sent,
    /// No message can be taken now; go on waiting.
    NotPossible,
    /// There are too many messages already; go on waiting.
    Full,
    /// The queue is closed, and no message was left; the call ends.
    Goodbye,
    /// Before the digits of the caller's number, to the agent.
    From,
    /// The number is not known, to the agent.
    Unknown,
    /// 1 plays the message again, 3 ends it, to the agent.
    Keys,
    /// The message can't be played, to the agent.
    Lost,
}

impl VoicemailPrompt {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Greeting,
        Self::Menu,
        Self::Nothing,
        Self::Sent,
        Self::NotPossible,
        Self::Full,
        Self::Goodbye,
        Self::From,
        Self::Unknown,
        Self::Keys,
        Self::Lost,
    ];

    /// The name of its recording in the folder of a language.
    pub const fn recording(self) -> &'static str {
        match self {
            Self::Greeting => "voicemail/greeting",
            Self::Menu => "voicemail/menu",
            Self::Nothing => "voicemail/nothing",
            Self::Sent => "voicemail/sent",
            Self::NotPossible => "voicemail/not_possible",
            Self::Full => "voicemail/full",
            Self::Goodbye => "voicemail/goodbye",
            Self::From => "voicemail/from",
            Self::Unknown => "voicemail/unknown",
            Self::Keys => "voicemail/keys",
            Self::Lost => "voicemail/lost",
        }
    }
}
