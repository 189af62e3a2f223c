//! What a conversation can be, what can happen to it, and what follows.

use serde::{Deserialize, Serialize};

use crate::time::Millis;

/// How far a conversation is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "stage")]
pub enum Stage {
    /// Nothing was said.
    #[default]
    New,
    /// The bot answers.
    Bot,
    /// It waits in line for an agent, or is about to.
    Waiting {
        /// Its contact; `None`: the engine has not answered yet.
        contact: Option<u64>,
        /// The agent to whom it is offered.
        offered: Option<String>,
        /// When the engine is asked again, which has refused it.
        again: Option<Millis>,
    },
    /// An agent has it.
    With {
        /// Its contact.
        contact: u64,
        /// The agent's extension.
        agent: String,
        /// Whose turn it is.
        silence: Silence,
    },
    /// An agent has laid it aside. It has no contact, so it takes nothing of anybody's capacity.
    Parked {
        /// Until then, or until the person writes.
        until: Millis,
        /// The agent, to whom it returns if free.
        agent: String,
    },
    /// It is over. The next message opens it again.
    Done,
}

/// Who was the last to write, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "of")]
pub enum Silence {
    /// The person waits for the agent.
    Agent {
        /// Since then.
        since: Millis,
    },
    /// The agent waits for the person.
    Person {
        /// Since then.
        since: Millis,
        /// Whether the person was asked.
        asked: bool,
    },
}

/// What the plan says of a channel. Spans are in seconds; `None`: never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Whether a bot answers first.
    pub has_bot: bool,
    /// After so long without a word of the agent, the person goes back to the line, in the old place.
    pub give_back_secs: Option<i64>,
    /// After so long without a word of the person, the person is asked.
    pub ask_secs: Option<i64>,
    /// So long after that, the conversation is closed.
    pub close_secs: i64,
    /// After so long without a word to the bot it is closed.
    pub bot_secs: i64,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The person wrote.
    Message {
        /// When, which may be long before it came.
        wrote: Millis,
    },
    /// The person closes it.
    Left,
    /// The bot hands it to a person.
    HandedOver,
    /// The bot has nothing more to do.
    Resolved,
    /// The engine has queued the contact of this round.
    Queued {
        /// The round.
        round: u32,
        /// The contact.
        contact: u64,
    },
    /// The engine does not take the contact of this round now.
    NotQueued {
        /// The round.
        round: u32,
    },
    /// A contact is offered to an agent.
    Offered {
        /// The contact.
        contact: u64,
        /// The agent.
        agent: String,
    },
    /// The agent did not take it: it waits again.
    NotTaken {
        /// The contact.
        contact: u64,
    },
    /// An agent has taken it.
    Taken {
        /// The contact.
        contact: u64,
        /// The agent.
        agent: String,
    },
    /// The contact has left the room, for whatever reason.
    Ended {
        /// The contact.
        contact: u64,
    },
    /// The room does not know the contact any more, and nobody knows why, as after a restart without a journal.
    Lost {
        /// The contact.
        contact: u64,
    },
    /// An agent does something.
    By(String, Act),
    /// Its time has come (`Conversation::due`).
    Time,
}

/// What an agent does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Writes.
    Reply,
    /// Lays it aside until then.
    Park(Millis),
    /// Takes up what was laid aside.
    Resume,
    /// Is done with it, with this wrap-up code.
    Finish(Option<String>),
    /// Gives it to a queue's line.
    ToQueue(String),
    /// Gives it to another agent.
    ToAgent(String),
}

/// What is to be done, in this order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "do")]
pub enum Effect {
    /// The bot reads what the person wrote.
    AskBot,
    /// The engine queues a contact.
    Enqueue {
        /// The round, by which a repeated order is known.
        round: u32,
        /// The queue; `None`: that of the channel.
        queue: Option<String>,
        /// The clock of the first message.
        since: Millis,
        /// Who gets it if free.
        prefer: Option<String>,
        /// Whether it waits for that agent first, if they work.
        is_theirs: bool,
    },
    /// The person leaves the line.
    Withdraw {
        /// The contact.
        contact: u64,
    },
    /// The agent's part is over.
    Finish {
        /// The contact.
        contact: u64,
        /// The agent.
        agent: String,
        /// The wrap-up code.
        code: Option<String>,
    },
    /// The person is asked whether they are still there.
    AskPerson,
    /// The person is told that it is closed, as they did not write.
    TellClosed,
    /// The person is told that another agent will go on.
    TellGivenBack,
    /// The person is told that nobody could take it.
    TellNobody,
}

/// An agent can't do that now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotNow {
    /// It is with somebody else, or with nobody.
    NotYours,
    /// It is not laid aside.
    NotParked,
}
