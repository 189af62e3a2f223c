//! A list of callers' numbers in the plan.

use turno_ground::Pii;

use crate::caller_list::ListEffect;
use crate::id::PromptName;

/// Most lists of a plan.
pub const CALLER_LISTS_MAX: usize = 16;

/// Most patterns that are no whole numbers, over all lists: each is compared with the number of every call.
pub const LISTED_PATTERNS_MAX: usize = 64;

/// A list of callers' numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerListPlan {
    /// The name in the plan and for commands.
    pub name: String,
    /// Numbers and patterns as in `allow` of `[dial_out]`. More numbers come and go by commands.
    pub numbers: Vec<Pii<String>>,
    /// What it does for its callers.
    pub effect: ListEffect,
    /// What callers hear who are not served; `None`: the call is refused at once.
    pub prompt: Option<PromptName>,
}
