//! Agents on an ordinary telephone number.

use turno_ground::Pii;

use crate::id::PromptName;

/// What holds for all agents on an ordinary telephone.
#[derive(Clone, Debug, Default)]
pub struct PhonesPlan {
    /// The number of the site at which agents log in and dial feature codes by keys; `None`: there is none.
    pub agents_line: Option<String>,
    /// What an agent who picks up hears, again and again; `None`: a tone.
    pub press_one: Option<PromptName>,
}

/// The ordinary telephone of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsidePhone {
    /// The number as it is dialled over the trunk of `[dial_out]`.
    pub number: Pii<String>,
    /// Whether the agent must press 1 before a call counts as answered.
    pub press_one: bool,
    /// When it is dialled.
    pub line: PhoneLine,
}

/// When the ordinary telephone of an agent is dialled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PhoneLine {
    /// For each call.
    #[default]
    EachCall,
    /// When the agent becomes ready; then it stays connected (Avaya: nailed-up).
    Held,
}
