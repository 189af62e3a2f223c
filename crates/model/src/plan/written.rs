//! The written channels of a plan: which queues they have, how long silence lasts, what is kept; and their bot.

use core::time::Duration;

/// The written channels. Queues are named, since their messages outlive a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenPlan {
    /// The queue of web chats; `None`: there are none.
    pub chat: Option<String>,
    /// The queue of WhatsApp.
    pub whatsapp: Option<String>,
    /// The queue of e-mail.
    pub email: Option<String>,
    /// How many days conversations are kept after their end.
    pub keep_days: u32,
    /// For how long a conversation goes on when its person writes again after its end.
    pub reopen: Duration,
    /// After how long without a word of the agent the person goes back to the line.
    pub give_back: Option<Duration>,
    /// After how long without a word of the person the person is asked.
    pub ask: Option<Duration>,
    /// How long after that the conversation is closed.
    pub close: Duration,
    /// The largest file, in MB.
    pub file_mb: u32,
    /// Media types of files that are kept.
    pub file_types: Vec<String>,
    /// The bot.
    pub bot: BotPlan,
}

impl WrittenPlan {
    /// Files that are kept unless the plan says otherwise: pictures, sound, PDF, documents of offices, plain text.
    pub const FILE_TYPES: &[&str] = &[
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "image/heic",
        "audio/*",
        "video/mp4",
        "video/3gpp",
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "text/plain",
    ];

    /// Whether there is any written channel.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.chat.is_some() || self.whatsapp.is_some() || self.email.is_some()
    }
}

impl Default for WrittenPlan {
    fn default() -> Self {
        Self {
            chat: None,
            whatsapp: None,
            email: None,
            keep_days: 365,
            reopen: Duration::from_secs(24 * 3_600),
            give_back: Some(Duration::from_secs(5 * 60)),
            ask: Some(Duration::from_secs(10 * 60)),
            close: Duration::from_secs(5 * 60),
            file_mb: 10,
            file_types: Self::FILE_TYPES.iter().map(|kind| (*kind).to_owned()).collect(),
            bot: BotPlan::default(),
        }
    }
}

/// The bot that answers before an agent does. Scores are hundredths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotPlan {
    /// Whether there is one.
    pub is_on: bool,
    /// What it calls itself.
    pub name: String,
    /// From this score on it answers.
    pub answers_from: u32,
    /// From this score on it asks which of several is meant.
    pub asks_from: u32,
    /// If the second has at least this share of the first one's score, it asks too.
    pub near: u32,
    /// Words that ask for a person, beside the built-in ones.
    pub person_words: Vec<String>,
    /// Words of anger, beside the built-in ones.
    pub angry_words: Vec<String>,
}

impl Default for BotPlan {
    fn default() -> Self {
        Self {
            is_on: false,
            name: "turno".to_owned(),
            answers_from: 30,
            asks_from: 20,
            near: 80,
            person_words: Vec::new(),
            angry_words: Vec::new(),
        }
    }
}
