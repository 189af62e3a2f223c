//! The emergency announcement of a plan.

use crate::emergency::AfterEmergency;
use crate::id::PromptName;

/// The emergency announcement, which is off until somebody switches it on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EmergencyPlan {
    /// The prompt if none is named when it is switched on.
    pub prompt: Option<PromptName>,
    /// What follows it.
    pub then: AfterEmergency,
}
