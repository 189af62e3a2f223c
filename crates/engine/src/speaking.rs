//! Prompts in the language of a caller.

use turno_calls::CallId;
use turno_media_plan::{Audio, PromptId};
use turno_model::PromptName;
use turno_model::plan::{AnnouncementPlan, CallbackPlan};

use crate::engine::Engine;
use crate::prompts::prompt_id;

impl Engine {
    /// Prompts as the caller of this call hears them: in the language that the caller chose, where they exist in it.
    pub(crate) fn spoken(
        &self,
        call: CallId,
        prompts: impl IntoIterator<Item = PromptName>,
    ) -> Vec<PromptId> {
        let language = self.contacts.language_of(call);
        let to_caller = |prompt| language.map_or(prompt, |language| self.plan.prompt_in(language, prompt));
        prompts.into_iter().map(|prompt| prompt_id(to_caller(prompt))).collect()
    }

    /// The same as audio.
    pub(crate) fn speech(&self, call: CallId, prompts: impl IntoIterator<Item = PromptName>) -> Audio {
        Audio::Prompts(self.spoken(call, prompts))
    }

    /// Announcements with their sentences in the language that the caller chose; `None`: as the queue has them.
    pub(crate) fn announced_to(&self, call: CallId, plan: &AnnouncementPlan) -> Option<AnnouncementPlan> {
        Some(plan.in_voice(self.plan.voice(self.contacts.language_of(call)?)?))
    }

    /// Callbacks with their sentences in the language that the caller chose.
    pub(crate) fn callback_to(&self, call: CallId, plan: &CallbackPlan) -> CallbackPlan {
        let voice = self.contacts.language_of(call).and_then(|language| self.plan.voice(language));
        voice.map_or_else(|| plan.clone(), |voice| plan.in_voice(voice))
    }
}
