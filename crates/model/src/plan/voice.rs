//! Other languages than the plan's own, which callers choose in menus.

use crate::id::PromptName;
use crate::language::Language;
use crate::plan::{AnnouncementPlan, CallbackPlan, Plan};

/// A language that callers may choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voice {
    /// The language.
    pub language: Language,
    /// Its recorded parts, in the order of [`crate::speech::recordings`]; empty: sentences with numbers stay as the queue
    /// has them.
    pub recordings: Vec<PromptName>,
}

impl Plan {
    /// A prompt in another language: `es/welcome` in English is `en/welcome`. It stays as it is if the plan does not have
    /// that, and if it is a part of a sentence, since sentences have other parts in other languages.
    pub fn prompt_in(&self, language: Language, prompt: PromptName) -> PromptName {
        let rest = self.prompts.get(prompt.index()).and_then(|prompt| spoken_part(&prompt.name));
        let Some(rest) = rest else { return prompt };
        let is_it = |name: &str| {
            name.strip_prefix(language.code()).and_then(|name| name.strip_prefix('/')) == Some(rest)
        };
        let found = self.prompts.iter().position(|prompt| is_it(&prompt.name));
        found.and_then(|at| u32::try_from(at).ok()).map_or(prompt, PromptName)
    }

    /// How sentences with numbers are spoken in this language, if all their parts are recorded.
    pub fn voice(&self, language: Language) -> Option<&Voice> {
        self.voices.iter().find(|voice| voice.language == language && !voice.recordings.is_empty())
    }
}

/// The name of a prompt without the folder of its language; `None` if it is in none, or a part of a sentence.
pub fn spoken_part(name: &str) -> Option<&str> {
    let (folder, rest) = name.split_once('/')?;
    let is_language = Language::ALL.iter().any(|language| language.code() == folder);
    (is_language && !rest.starts_with("say/")).then_some(rest)
}

impl AnnouncementPlan {
    /// The same in another language.
    pub fn in_voice(&self, voice: &Voice) -> Self {
        Self { language: voice.language, recordings: voice.recordings.clone(), ..self.clone() }
    }
}

impl CallbackPlan {
    /// The same in another language.
    pub fn in_voice(&self, voice: &Voice) -> Self {
        Self { language: voice.language, recordings: voice.recordings.clone(), ..self.clone() }
    }
}
