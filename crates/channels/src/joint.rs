//! What a connector and the keeper of conversations tell each other.
//!
//! A connector gives what has come ([`Post::take`]) and learns when it is safe: only then may it tell the other side that
//! it has it. It asks for what must leave ([`Post::next`]) and says what became of it ([`Post::settle`]).

use crate::address::Address;
use crate::body::{Body, FileHere};
use crate::message::{ConversationId, Delivery, MessageId};
use crate::time::Millis;
use turno_model::Channel;

/// One message that has come from a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// From where.
    pub address: Address,
    /// The channel's own name for it, by which a second copy is known: a wamid, a Message-ID, the chat page's own number.
    pub external: String,
    /// When it was written.
    pub at: Millis,
    /// The person's name, as the person or the platform says.
    pub name: Option<String>,
    /// What it says; `None` if it has files alone.
    pub body: Option<Body>,
    /// Its files.
    pub files: Vec<FileHere>,
    /// The conversation to which it belongs, if the channel knows (a reply to a signed address); else the open one of the address, or a new one.
    pub conversation: Option<ConversationId>,
    /// What it answers, by the channel's name for that message.
    pub replies_to: Option<String>,
    /// What it is about, of a mail.
    pub subject: Option<String>,
    /// The language in which to answer, such as `es`, if it is known.
    pub language: Option<String>,
    /// The queue by the number or mailbox where it came in, by its name; `None`: the channel's own.
    pub queue: Option<String>,
    /// Marks for the agent, such as the outcome of SPF, DKIM and DMARC, in few words.
    pub marks: Vec<String>,
}

/// What became of something that has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Its conversation.
    pub conversation: ConversationId,
    /// Its message, the last if it became several.
    pub message: MessageId,
    /// Whether it was known already.
    pub again: bool,
}

/// Why something was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// Not now, for the log: the sender should bring it again.
    Later(String),
    /// Never, for the sender: too large, an address that is barred.
    Never(String),
}

/// A message that must leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its number, under which it is settled. It stays the same however often it is tried.
    pub message: MessageId,
    /// Its conversation.
    pub conversation: ConversationId,
    /// Whereto.
    pub address: Address,
    /// What it says.
    pub body: Body,
    /// The file of a [`Body::File`].
    pub file: Option<FileHere>,
    /// What the mail is about.
    pub subject: Option<String>,
    /// The channel's names of the conversation's last messages, the newest last, at most 20: for a quote or a thread.
    pub earlier: Vec<String>,
    /// When the person last wrote; a platform may forbid free words long after.
    pub person_wrote: Option<Millis>,
    /// How often it was tried before.
    pub tries: u32,
    /// Whether turno wrote it by itself: a mail says so (RFC 3834).
    pub is_automatic: bool,
}

/// What became of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The channel has taken it, and calls it so.
    Sent {
        /// The channel's name for it.
        external: String,
    },
    /// Not now: it is tried again after this many seconds.
    Later {
        /// Seconds.
        after_secs: u32,
        /// Why, for the log and the agent.
        why: String,
    },
    /// Never.
    Failed {
        /// Why, for the agent.
        why: String,
    },
    /// Nobody knows whether it has left. It is not sent again, and the agent is told.
    Unknown {
        /// Why, for the agent.
        why: String,
    },
}

/// What a channel says later about a message of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The channel's name for the message.
    pub external: String,
    /// When.
    pub at: Millis,
    /// What.
    pub what: Reported,
}

/// What a channel says about a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reported {
    /// It has got this far.
    Reached(Delivery),
    /// It failed, for the agent.
    Failed(String),
    /// What it costs: the platform's category, such as `service`, and whether it is billed. A platform may say it with each
    /// status of the message; it is booked once.
    Priced {
        /// The category.
        category: String,
        /// Whether it is billed.
        is_billed: bool,
    },
    /// The person has taken it back.
    TakenBack,
    /// The person has changed its words.
    Edited(Body),
}

/// The keeper of conversations, as connectors see it. Its methods block for as long as a disk does.
pub trait Post: Send + Sync {
    /// Keeps what has come. When this returns it survives a kill -9; a second copy is known by [`Incoming::external`].
    ///
    /// # Errors
    /// [`NotTaken`].
    fn take(&self, incoming: Incoming) -> Result<Taken, NotTaken>;

    /// Notes what a channel says about a message. One that nobody knows is kept for ten minutes, since reports overtake answers.
    ///
    /// # Errors
    /// [`NotTaken`].
    fn report(&self, report: Report) -> Result<(), NotTaken>;

    /// The next letter of a channel that is due, marked as leaving; `None`: nothing is due. Letters of one address leave in order.
    fn next(&self, channel: Channel) -> Option<Letter>;

    /// Says what became of a letter.
    fn settle(&self, message: MessageId, outcome: Outcome);

    /// Waits until something of this channel may be due, at most this long.
    fn wait(&self, channel: Channel, most: core::time::Duration);

    /// Notes the channel's name for a letter, told by a report that bears our own number: a report may overtake the
    /// channel's answer, and settles a letter of which nobody knew whether it had left. A letter may have several names.
    fn named(&self, message: MessageId, external: &str) {
        let _ = (message, external);
    }

    /// Notes that a person has another address now, such as a new number.
    fn moved(&self, from: &Address, to: &Address) {
        let _ = (from, to);
    }

    /// Files of a channel that are still to be fetched ([`Body::FileElsewhere`](crate::Body::FileElsewhere)), the oldest first, at most 100.
    fn elsewhere(&self, channel: Channel) -> Vec<Elsewhere> {
        let _ = channel;
        Vec::new()
    }

    /// Puts a file that was fetched into its message, in place of the reference.
    ///
    /// # Errors
    /// [`NotTaken`].
    fn fetched(&self, message: MessageId, file: FileHere) -> Result<(), NotTaken> {
        let _ = (message, file);
        Ok(())
    }
}

/// A file that a channel keeps and that is still to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The message that it belongs to.
    pub message: MessageId,
    /// The channel's name for the file.
    pub reference: String,
    /// As its sender called it.
    pub name: Option<String>,
}
