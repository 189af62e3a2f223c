//! What is known of a caller besides the number.

use core::time::Duration;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use turno_ground::Pii;

use crate::caller_list::ListEffect;
use crate::id::AgentId;

/// What is known of the caller of a contact. Facts contain it and are kept for years: a new variant goes last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallerKnown {
    /// The caller's own equipment names this number in From; the carrier asserts another one (RFC 3325).
    Claims {
        /// The number in From.
        number: Pii<CompactString>,
    },
    /// The call was diverted to us (RFC 5806; RFC 7044). The latest diversion comes first.
    Diverted {
        /// The number that was called, or [`crate::WITHHELD`].
        from: Pii<CompactString>,
        /// Why the call was diverted.
        why: DiversionReason,
    },
    /// This agent served the caller last, lately enough for the queue: they are offered to each other if the agent is free.
    ServedBy {
        /// The agent.
        agent: AgentId,
    },
    /// The number is on this list.
    Listed {
        /// The list's name.
        list: CompactString,
        /// What it does for the caller.
        effect: ListEffect,
    },
    /// The caller waits for the agent who served them last, and for nobody else.
    KeptFor {
        /// The agent, who is busy.
        agent: AgentId,
        /// How long at most.
        span: Duration,
    },
    /// The caller waits for this agent alone no more.
    KeptNoMore {
        /// The agent.
        agent: AgentId,
    },
    /// A supervisor gave the waiting contact to this agent, and nobody else gets it meanwhile.
    PulledTo {
        /// The agent.
        agent: AgentId,
        /// How long at most.
        span: Duration,
    },
    /// The agent did not get it, and everybody may take it again.
    PulledNoMore {
        /// The agent.
        agent: AgentId,
    },
    /// The caller dialled this agent's own number, and waits for nobody else.
    DirectFor {
        /// The agent.
        agent: AgentId,
        /// How long at most.
        span: Duration,
    },
    /// Everybody may take the caller, who dialled this agent's own number.
    DirectNoMore {
        /// The agent.
        agent: AgentId,
    },
}

/// Why a call was diverted (RFC 5806, 9). Facts contain it: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DiversionReason {
    /// Not told, or in a word that is not known.
    Unknown,
    /// The number was busy.
    UserBusy,
    /// Nobody answered.
    NoAnswer,
    /// The phone could not be reached.
    Unavailable,
    /// Every call is diverted.
    Unconditional,
    /// At this time of the day.
    TimeOfDay,
    /// Do not disturb.
    DoNotDisturb,
    /// The called person diverted this call while it rang.
    Deflection,
    /// Follow me.
    FollowMe,
    /// The line is out of service.
    OutOfService,
    /// The called person is away.
    Away,
}

impl DiversionReason {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Unknown,
        Self::UserBusy,
        Self::NoAnswer,
        Self::Unavailable,
        Self::Unconditional,
        Self::TimeOfDay,
        Self::DoNotDisturb,
        Self::Deflection,
        Self::FollowMe,
        Self::OutOfService,
        Self::Away,
    ];

    /// Its word in the Diversion header.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::UserBusy => "user-busy",
            Self::NoAnswer => "no-answer",
            Self::Unavailable => "unavailable",
            Self::Unconditional => "unconditional",
            Self::TimeOfDay => "time-of-day",
            Self::DoNotDisturb => "do-not-disturb",
            Self::Deflection => "deflection",
            Self::FollowMe => "follow-me",
            Self::OutOfService => "out-of-service",
            Self::Away => "away",
        }
    }

    /// The reason with this word; [`Self::Unknown`] for any other word.
    pub fn of(word: &str) -> Self {
        Self::ALL.into_iter().find(|reason| reason.word() == word).unwrap_or(Self::Unknown)
    }
}
