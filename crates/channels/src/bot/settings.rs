//! From which score on the bot answers, and which words call a person.

/// How the bot decides. The default was measured with the first site's questions (docs/BOT.md).
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// From this score of the first procedure on, it may answer (0 to 1).
    pub answers_from: f64,
    /// From this score on it asks which of several is meant; below it has not understood.
    pub asks_from: f64,
    /// If the second has at least this share of the first one's score, it asks too.
    pub near: f64,
    /// Words and phrases that ask for a person, beside the built-in ones.
    pub person_words: Vec<String>,
    /// Words and phrases of anger, beside the built-in ones.
    pub angry_words: Vec<String>,
    /// What it calls itself.
    pub name: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            answers_from: 0.3,
            asks_from: 0.2,
            near: 0.8,
            person_words: Vec::new(),
            angry_words: Vec::new(),
            name: "turno".to_owned(),
        }
    }
}
