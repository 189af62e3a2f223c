//! What a webhook tells, as values.

use serde_json::Value;

use super::clean::person_name;
use crate::address::Address;
use crate::joint::{Incoming, Report};
use crate::message::MessageId;
use crate::time::Millis;

/// Something that a webhook tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Our number that it is about, by the platform's name for it; `None`: the account.
    pub number: Option<String>,
    /// What it is.
    pub what: What,
}

/// What a webhook tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A person has written.
    Message(Box<Incoming>),
    /// Something about a message that is known.
    Report(Report),
    /// The platform's name for a message of ours, told by our own number for it.
    Named {
        /// Our number.
        message: MessageId,
        /// The platform's name.
        external: String,
    },
    /// A person has another number or name now.
    Moved {
        /// Until now.
        from: Address,
        /// From now on.
        to: Address,
    },
    /// Something for the log and the metrics.
    Notice(Notice),
}

/// Something for the log and the metrics. It has no person's words and no number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it is about.
    pub kind: NoticeKind,
    /// What it says, in few words.
    pub words: String,
}

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeKind {
    /// The account: restricted, disabled, reviewed.
    Account,
    /// A template: approved, rejected, paused.
    Template,
    /// A call, which comes over SIP.
    Call,
    /// A group: turno talks with one person at a time.
    Group,
    /// What was written with the business's own app, or another program.
    Echo,
    /// What a person wants to get.
    Preference,
    /// A person's device has changed.
    Identity,
    /// The platform reports an error of its own.
    Error,
    /// It lacks what every one of its kind has.
    Malformed,
    /// Nothing that turno knows.
    Unknown,
}

impl NoticeKind {
    /// All kinds.
    pub const ALL: [Self; 10] = [
        Self::Account,
        Self::Template,
        Self::Call,
        Self::Group,
        Self::Echo,
        Self::Preference,
        Self::Identity,
        Self::Error,
        Self::Malformed,
        Self::Unknown,
    ];

    /// Its name in metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Template => "template",
            Self::Call => "call",
            Self::Group => "group",
            Self::Echo => "echo",
            Self::Preference => "preference",
            Self::Identity => "identity",
            Self::Error => "error",
            Self::Malformed => "malformed",
            Self::Unknown => "unknown",
        }
    }
}

/// A notice with words that may come from outside.
pub(crate) fn notice(kind: NoticeKind, words: &str) -> What {
    What::Notice(Notice { kind, words: person_name(words).unwrap_or_default() })
}

/// A moment that the platform tells as seconds, as text or number. One that lies ahead of us is now.
pub(crate) fn moment(value: &Value, now: Millis) -> Millis {
    let secs = value.as_str().map_or_else(|| value.as_i64(), |text| text.parse().ok());
    let told = secs.filter(|&secs: &i64| secs > 0).map(|secs| Millis(secs.saturating_mul(1_000)));
    told.filter(|told| *told <= now.plus_secs(60)).unwrap_or(now)
}
