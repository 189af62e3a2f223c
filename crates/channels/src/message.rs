//! One thing that was said.

use serde::{Deserialize, Serialize};

use crate::body::Body;
use crate::time::Millis;

/// The number of a conversation. It is never given again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ConversationId(pub i64);

/// The number of a message: messages of all conversations are counted together, so a later one has a greater number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MessageId(pub i64);

/// Who said it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "by")]
pub enum Author {
    /// The person on the other side.
    Citizen,
    /// The bot.
    Bot,
    /// An agent.
    Agent {
        /// The extension.
        agent: String,
    },
    /// turno itself: an acknowledgement, a place in line.
    Turno,
}

/// How far a message of ours has got. A step back is never made: a platform tells its statuses in any order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delivery {
    /// It waits to be sent.
    Waiting,
    /// It is being sent: after a kill nobody knows whether it has left.
    Leaving,
    /// The channel has taken it.
    Sent,
    /// It is at the person's device.
    Delivered,
    /// The person has seen it.
    Seen,
    /// It will never arrive.
    Failed,
}

impl Delivery {
    /// What holds when `other` is reported: a failure counts until something better is known, and nothing undoes `Seen`.
    #[must_use]
    pub fn then(self, other: Self) -> Self {
        match (self, other) {
            (Self::Failed, better @ (Self::Delivered | Self::Seen)) => better,
            (Self::Delivered | Self::Seen, Self::Failed) => self,
            (_, Self::Failed) => Self::Failed,
            _ => self.max(other),
        }
    }
}

/// One thing that was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its number.
    pub id: MessageId,
    /// Its conversation.
    pub conversation: ConversationId,
    /// Who said it.
    pub author: Author,
    /// When it was written, as its channel says; turno's own clock for what turno's people write.
    pub at: Millis,
    /// What it says.
    pub body: Body,
    /// How far it has got; a person's own message is `Delivered`, and `Seen` when an agent has seen it.
    pub delivery: Delivery,
    /// Why it failed, for an agent.
    pub failure: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::Delivery::{Delivered, Failed, Leaving, Seen, Sent, Waiting};

    #[test]
    fn statuses_in_any_order_end_at_the_furthest() {
        for reports in [[Sent, Delivered, Seen], [Seen, Sent, Delivered], [Delivered, Seen, Sent]] {
            assert_eq!(reports.into_iter().fold(Leaving, super::Delivery::then), Seen);
        }
        assert_eq!(Waiting.then(Failed), Failed);
        assert_eq!(Failed.then(Sent), Failed, "a late 'sent' does not undo a failure");
        assert_eq!(Failed.then(Delivered), Delivered);
        assert_eq!(Seen.then(Failed), Seen);
    }
}
