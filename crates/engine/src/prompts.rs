//! Ids of prompts in the media plane.

use turno_media_plan::PromptId;
use turno_model::PromptName;

/// The media plane's id of a prompt is its plan index.
pub(crate) fn prompt_id(prompt: PromptName) -> PromptId {
    PromptId(u16::try_from(prompt.0).unwrap_or(u16::MAX))
}
