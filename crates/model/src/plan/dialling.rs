//! What agents dial: feature codes, and numbers outside.

use crate::id::PromptName;
/// Codes that an agent dials from the phone.
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
    /// Wrap-up, followed by the code.
    pub wrap_up: String,
    /// Spoken confirmations in the order of the fields above, then the refusal; `None`: a tone.
    pub prompts: [Option<PromptName>; 7],
}

/// Numbers that agents may dial outside.
#[derive(Clone, Debug, Default)]
pub struct DialOut {
    /// Patterns: digits, `X` for any digit, a last `.` for any more digits. Empty: nothing.
    pub allow: Vec<String>,
    /// Patterns of the same kind that must not be dialled all the same: of all that fit, the one with the most digits
    /// before its first `X` or `.` decides, and a tie is a refusal.
    pub deny: Vec<String>,
    /// The trunk to use, by place in `Plan::trunks`; `None`: nothing can be dialled.
    pub trunk: Option<crate::id::TrunkId>,
}
