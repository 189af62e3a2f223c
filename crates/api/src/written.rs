//! What the API needs of the keeper of conversations: web chat, WhatsApp and e-mail.
//!
//! Who may do what is decided by the routes. An implementation holds that an agent acts on a conversation that is with that
//! agent, and that the same client's number is taken once.

pub(crate) mod body_form;
pub(crate) mod forms;

use tokio::sync::watch;
use turno_channels::{Body, ConversationId, FileHere, FileId, Message, MessageId, Millis, Taken};

pub use body_form::{BodyForm, ChoiceForm};
pub use forms::{ChatForm, ConversationForm, Hint, MessageForm, Stage, author_word};

/// The conversations of a site. All methods block, so they are called off the runtime's threads. The moments of what is said
/// are those of turno's own clock, which the keeper has.
pub trait Written: Send + Sync + 'static {
    /// Opens a web chat, or returns the one that this session has already.
    ///
    /// # Errors
    /// [`NotDone`].
    fn open_chat(&self, chat: NewChat) -> Result<ConversationId, NotDone>;

    /// The conversation of a session by its public name; `None`: nobody knows it, or it is no longer kept.
    fn chat(&self, session: &str) -> Option<ChatForm>;

    /// Takes what the person of a session says. When this returns it survives a kill -9. The same [`Said::client`] of the same
    /// session is taken once, whatever it says the second time.
    ///
    /// # Errors
    /// [`NotDone`].
    fn say(&self, session: &str, said: Said) -> Result<Taken, NotDone>;

    /// Somebody is typing, or has stopped. It is told to the other side, forgotten after a few seconds, and written nowhere.
    fn typing(&self, conversation: ConversationId, by: Typist, is_typing: bool);

    /// One side has seen the other's messages up to this one. An earlier one than before changes nothing.
    fn seen(&self, conversation: ConversationId, by: Typist, up_to: MessageId);

    /// The person rates what was done, 1 to 5; the last rating counts.
    ///
    /// # Errors
    /// [`NotDone`].
    fn rate(&self, conversation: ConversationId, stars: u8, words: Option<&str>) -> Result<(), NotDone>;

    /// The person closes the conversation: what waits in line leaves it, what is with an agent is theirs to finish.
    ///
    /// # Errors
    /// [`NotDone`].
    fn leave(&self, conversation: ConversationId) -> Result<(), NotDone>;

    /// Messages of a conversation after this one, the oldest first, at most so many.
    fn messages(&self, conversation: ConversationId, after: MessageId, most: usize) -> Vec<Kept>;

    /// The last messages of a conversation before this one (`None`: the very last), the oldest first, at most so many.
    fn messages_before(
        &self,
        conversation: ConversationId,
        before: Option<MessageId>,
        most: usize,
    ) -> Vec<Kept>;

    /// A file that a message of this conversation has.
    ///
    /// # Errors
    /// Why it can't be read, for the log.
    fn file(&self, conversation: ConversationId, file: &FileId) -> Result<Option<FileHere>, String>;

    /// A number that grows with each change of any conversation.
    fn changes(&self) -> watch::Receiver<u64>;

    /// A number that grows with each change of this conversation, also of what is written nowhere.
    fn changes_of(&self, conversation: ConversationId) -> watch::Receiver<u64>;

    /// All conversations that are not done, in the order of their numbers.
    fn conversations(&self) -> Vec<ConversationForm>;

    /// One conversation, also one that is done, while it is kept.
    fn conversation(&self, conversation: ConversationId) -> Option<ConversationForm>;

    /// An agent answers. The same [`Said::client`] of the same conversation is taken once.
    ///
    /// # Errors
    /// [`NotDone`].
    fn reply(&self, conversation: ConversationId, agent: &str, said: Said) -> Result<Taken, NotDone>;

    /// What an agent has typed and not sent; empty: nothing.
    ///
    /// # Errors
    /// [`NotDone`].
    fn draft(&self, conversation: ConversationId, agent: &str, text: &str) -> Result<(), NotDone>;

    /// An agent does something with a conversation in hand.
    ///
    /// # Errors
    /// [`NotDone`].
    fn act(&self, conversation: ConversationId, agent: &str, act: Act) -> Result<(), NotDone>;

    /// The newest words of people to the bot, at most so many, the oldest first.
    fn asked(&self, most: usize) -> Vec<Asked>;

    /// Writes to a person who is, or was, on the telephone with this agent, by the channel that reaches the number.
    ///
    /// # Errors
    /// [`NotDone`]: above all that no channel reaches a number.
    fn write_to_caller(&self, to: ToCaller) -> Result<Taken, NotDone>;
}

/// A web chat that begins.
#[derive(Clone, PartialEq, Eq)]
pub struct NewChat {
    /// The public name of its session: it is the SHA-256 of the secret in hexadecimal, so it opens nothing by itself.
    pub session: String,
    /// As the person calls themselves.
    pub name: Option<String>,
    /// The language in which to answer: `es` or `en`.
    pub language: String,
    /// The queue by its name; `None`: that of the channel.
    pub queue: Option<String>,
    /// The page from which the person writes, as the browser says.
    pub page: Option<String>,
}

/// Something that a person or an agent says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The client's own number of it, 1 to 64 characters: the same again is the same message.
    pub client: String,
    /// What it says.
    pub what: What,
}

/// What is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Words, a choice, a card.
    Body(Body),
    /// A file. The keeper finds its type by its first bytes (`kind` is empty), and refuses one that the plan does not take.
    File {
        /// It.
        file: FileHere,
        /// Words with it.
        caption: Option<String>,
    },
}

/// Words of a person to the bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The conversation's number.
    pub conversation: i64,
    /// `chat` or `whatsapp`.
    pub channel: String,
    /// The queue by its name in the plan.
    pub queue: Option<String>,
    /// When, in milliseconds since 1970 (UTC).
    pub at: i64,
    /// The words.
    pub text: String,
}

/// Who is typing, or has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typist<'a> {
    /// The person on the other side.
    Person,
    /// An agent.
    Agent(&'a str),
}

/// A message as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// It.
    pub message: Message,
    /// The client's own number of it, if a page of turno wrote it.
    pub client: Option<String>,
}

/// What an agent does with a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Lays it aside until this moment, or until the person writes.
    Park(Millis),
    /// Takes it up again.
    Resume,
    /// It is done, with this wrap-up code.
    Finish(Option<String>),
    /// It goes to a queue's line, by its name.
    ToQueue(String),
    /// It goes to another agent, by the extension.
    ToAgent(String),
    /// The agent calls the person, at the number of the conversation or at this one.
    Call(Option<String>),
}

/// What is written to a person on the telephone.
#[derive(Clone, PartialEq, Eq)]
pub struct ToCaller {
    /// The agent's extension.
    pub agent: String,
    /// The contact of the call.
    pub contact: u64,
    /// The caller's number, as it came.
    pub number: String,
    /// What.
    pub said: Said,
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotDone {
    /// There is no such conversation, queue or agent.
    NoSuch,
    /// The conversation is not with this agent.
    NotYours,
    /// Not in the present state, in words for people.
    Refused(String),
    /// Not now, for the log: it may be tried again.
    Later(String),
}
