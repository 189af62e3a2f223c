//! What a person must do who picks up a telephone outside.

use serde::{Deserialize, Serialize};
use turno_media_plan::PromptId;

/// What a person who picks up an outside phone must do before the leg counts as answered: press 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// What the person hears, again and again; without any a tone.
    pub prompts: Vec<PromptId>,
    /// The owner's mark of the person, for [`crate::CallEvent::PickedUp`] and [`crate::CallEvent::Confirmed`].
    pub whom: u32,
}
