//! How the media plane names the plan's prompts.

use turno_media_plan::PromptId;
use turno_model::PromptName;

/// The media plane's name of a prompt is its place in the plan.
pub(crate) fn prompt_id(prompt: PromptName) -> PromptId {
    PromptId(u16::try_from(prompt.0).unwrap_or(u16::MAX))
}
