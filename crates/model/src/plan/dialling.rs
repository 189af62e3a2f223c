//! Dialling rules for agents: feature codes and outside numbers.

use crate::id::PromptName;
use crate::language::Language;
use crate::speech::{self, Spoken};

/// Codes that an agent dials on the phone.
#[derive(Clone, Debug)]
pub struct FeatureCodes {
    /// Log in (and be ready).
    pub log_in: String,
    /// Log out.
    pub log_out: String,
    /// Ready.
    pub ready: String,
    /// AUX, followed by the reason's digit.
    pub aux: String,
    /// End after-call work.
    pub end_acw: String,
    /// Make after-call work longer, once.
    pub extend_acw: String,
    /// Wrap-up, followed by the code.
    pub wrap_up: String,
    /// Record the present talk.
    pub record: String,
    /// Pause the recording.
    pub pause_recording: String,
    /// Let the recording go on.
    pub resume_recording: String,
    /// Sit down at this phone by extension and PIN.
    pub sit: String,
    /// An agent transfers a caller to it: the survey of the queue begins.
    pub survey: String,
    /// The agent gives the caller back to the queue.
    pub to_front: String,
    /// Listen to an agent's talk, followed by the agent's extension.
    pub listen: String,
    /// Listen and talk to the agent alone, followed by the agent's extension.
    pub whisper: String,
    /// Join an agent's talk, followed by the agent's extension.
    pub barge: String,
    /// Take over an agent's talk, followed by the agent's extension.
    pub take_over: String,
    /// Speak live to all who wait in a queue, followed by a number that leads to it.
    pub speak: String,
    /// Spoken confirmations in the order of the first nine fields, then what is said of a code that is not valid, of one
    /// that can't be carried out now, and to ask for extension and PIN; `None`: a tone.
    pub prompts: [Option<PromptName>; CODE_PROMPTS],
    /// The language of the sentence that tells an agent when their turn for a break comes.
    pub turn_language: Language,
    /// The recorded parts of that language, in the order of [`crate::speech::recordings`]; empty: a tone instead.
    pub turn_recordings: Vec<PromptName>,
}

impl FeatureCodes {
    /// The digits of every code.
    pub fn all(&self) -> [&str; 17] {
        [
            &self.log_in,
            &self.log_out,
            &self.ready,
            &self.aux,
            &self.end_acw,
            &self.extend_acw,
            &self.wrap_up,
            &self.record,
            &self.pause_recording,
            &self.resume_recording,
            &self.survey,
            &self.to_front,
            &self.listen,
            &self.whisper,
            &self.barge,
            &self.take_over,
            &self.speak,
        ]
    }

    /// The prompts of which a sentence consists; none if the plan has no recordings.
    pub fn prompts_of(&self, spoken: &Spoken) -> Vec<PromptName> {
        speech::prompts_of(self.turn_language, &self.turn_recordings, spoken)
    }
}

/// Number of prompts of the feature codes.
pub const CODE_PROMPTS: usize = 13;

/// The numbers that agents may dial outside.
#[derive(Clone, Debug, Default)]
pub struct DialOut {
    /// Patterns: digits, `X` for any digit, a last `.` for any more digits. Empty: nothing.
    pub allow: Vec<String>,
    /// Patterns of numbers that are refused. Of all patterns that match, in both lists, the one with the most digits
    /// before its first `X` or `.` decides; a tie is a refusal.
    pub deny: Vec<String>,
    /// The trunk to use; `None`: no outside calls.
    pub trunk: Option<crate::id::TrunkId>,
}
