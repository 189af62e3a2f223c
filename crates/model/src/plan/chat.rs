//! The web chat of a plan: which pages may show it, and how much one address or session may ask.

/// The settings of the web chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatPlan {
    /// The origins of the pages that may show the chat in a frame, such as `https://www.example`.
    pub origins: Vec<String>,
    /// What stands above the chat; empty: turno's own words.
    pub title: String,
    /// Sessions that one address may open in an hour.
    pub sessions: u32,
    /// Messages that one session may send in a minute.
    pub messages: u32,
    /// Answers that agents have ready: each has a short name and its words.
    pub answers: Vec<(String, String)>,
}
