//! Conversations and messages as the API tells them.

use serde::Serialize;
use turno_channels::{Author, Delivery};
use utoipa::ToSchema;

use crate::written::Kept;
use crate::written::body_form::BodyForm;

/// How far a conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Nothing was said yet, or the bot answers.
    Bot,
    /// It waits in line for an agent, or is offered to one.
    Waiting,
    /// An agent has it.
    Agent,
    /// Laid aside until a moment or the next message.
    Parked,
    /// Done; the next message opens it again, or begins another.
    Done,
}

/// A web chat as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChatForm {
    /// The conversation's number.
    pub conversation: i64,
    /// How far it is.
    pub stage: Stage,
    /// `es` or `en`.
    pub language: String,
    /// As the person calls themselves.
    pub name: Option<String>,
    /// The place in line, 1 for the next one.
    pub place: Option<u32>,
    /// The wait that was told, in seconds from now.
    pub wait: Option<u32>,
    /// What the person is told that the agent is called; never an extension.
    pub agent_name: Option<String>,
    /// Whether somebody is typing an answer.
    pub is_typing: bool,
    /// The number of the last message.
    pub last: i64,
    /// Up to which message the person's words were seen.
    pub seen: i64,
    /// The rating that was given.
    pub rating: Option<u8>,
    /// Whether a rating is asked for.
    pub asks_rating: bool,
    /// Whether the person may send files, and of how many bytes at most; 0: none.
    pub file_bytes_max: u64,
}

/// A conversation as agents see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ConversationForm {
    /// Its number.
    pub conversation: i64,
    /// It grows with each change of the conversation or of its messages.
    pub version: u64,
    /// `chat`, `whatsapp` or `email`.
    pub channel: String,
    /// How far it is.
    pub stage: Stage,
    /// Its queue by its name in the plan.
    pub queue: Option<String>,
    /// The extension of the agent who has it, has parked it, or to whom it is offered.
    pub agent: Option<String>,
    /// Whether it is offered and not yet taken.
    pub is_offered: bool,
    /// The open contact in the room.
    pub contact: Option<u64>,
    /// The person's name, as the person or the platform says.
    pub name: Option<String>,
    /// The person's number or mail address. Who may not see numbers gets `null`.
    pub address: Option<String>,
    /// What a mail is about.
    pub subject: Option<String>,
    /// The language in which to answer.
    pub language: Option<String>,
    /// When its first message came; all moments are milliseconds since 1970 (UTC).
    pub began: i64,
    /// Since when the person has waited for an answer; `null`: nobody waits.
    pub waits_since: Option<i64>,
    /// When the last message was written.
    pub last_at: i64,
    /// The number of the last message.
    pub last: i64,
    /// The first words of the last message that has some, at most 120 characters.
    pub last_words: Option<String>,
    /// Whose that was: `citizen`, `bot`, `agent` or `turno`.
    pub last_by: Option<String>,
    /// How many messages of the person the agent has not seen.
    pub unread: u32,
    /// Up to which message the person has seen the answers.
    pub seen_by_person: i64,
    /// Whether the person is typing.
    pub is_typing: bool,
    /// What its agent has typed and not sent.
    pub draft: Option<String>,
    /// Until when it is laid aside.
    pub parked_until: Option<i64>,
    /// Until when free words may be sent; `null`: always. Later only what the platform allows.
    pub free_until: Option<i64>,
    /// Procedures that the bot found likely, the best first.
    pub procedures: Vec<Hint>,
    /// Marks, such as the outcome of SPF, DKIM and DMARC.
    pub marks: Vec<String>,
    /// What the person rated.
    pub rating: Option<u8>,
}

/// A procedure that may be meant.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Hint {
    /// Its name towards the API.
    pub id: String,
    /// Its name.
    pub name: String,
    /// From 0 to 1.
    pub score: f64,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MessageForm {
    /// Its number.
    pub id: i64,
    /// `citizen`, `bot`, `agent` or `turno`.
    pub by: &'static str,
    /// The agent's extension; never told to the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// When, in milliseconds since 1970 (UTC).
    pub at: i64,
    /// What it says.
    pub body: BodyForm,
    /// `waiting`, `leaving`, `sent`, `delivered`, `seen` or `failed`.
    pub delivery: &'static str,
    /// Why it failed; never told to the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// The client's own number, if a page wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
}

impl MessageForm {
    /// As agents see it.
    pub fn for_agent(kept: &Kept) -> Self {
        let Kept { message, client } = kept;
        let agent = match &message.author {
            Author::Agent { agent } => Some(agent.clone()),
            Author::Citizen | Author::Bot | Author::Turno => None,
        };
        Self {
            id: message.id.0,
            by: author_word(&message.author),
            agent,
            at: message.at.0,
            body: BodyForm::from(&message.body),
            delivery: delivery_word(message.delivery),
            failure: message.failure.clone(),
            client: client.clone(),
        }
    }

    /// As the person sees it: without extensions, and with numbers of the own page alone.
    pub fn for_person(kept: &Kept) -> Self {
        let whole = Self::for_agent(kept);
        let client = whole.client.filter(|_| whole.by == "citizen");
        Self { agent: None, failure: None, client, ..whole }
    }
}

/// The word of an author.
pub const fn author_word(author: &Author) -> &'static str {
    match author {
        Author::Citizen => "citizen",
        Author::Bot => "bot",
        Author::Agent { .. } => "agent",
        Author::Turno => "turno",
    }
}

const fn delivery_word(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Waiting => "waiting",
        Delivery::Leaving => "leaving",
        Delivery::Sent => "sent",
        Delivery::Delivered => "delivered",
        Delivery::Seen => "seen",
        Delivery::Failed => "failed",
    }
}
