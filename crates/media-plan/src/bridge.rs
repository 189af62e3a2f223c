//! Members of a bridge, their roles, and the table of who hears whom.

use serde::{Deserialize, Serialize};

use crate::audio::Audio;
use crate::stream::StreamId;

/// Id of a bridge; never reused while the engine runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BridgeId(pub u64);

/// Cap on members of a bridge: two sides, one who barges in, three who listen or whisper, a recorder and an announcer.
pub const MEMBERS_MAX: usize = 8;

/// A member of a bridge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its id: the stream of its phone. A recorder or an announcer has an id of the same series that is never opened.
    pub stream: StreamId,
    /// Its role.
    pub role: Role,
}

impl Member {
    /// A member.
    pub const fn new(stream: StreamId, role: Role) -> Self {
        Self { stream, role }
    }
}

/// The party for whom a member talks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Party {
    /// The citizen.
    Caller,
    /// The agent who serves the caller; only this party hears whispers.
    Agent,
    /// Anybody else.
    Other,
}

/// Role of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Talks with all who talk.
    Talk(Party),
    /// Hears those who talk, is heard by nobody.
    Listen,
    /// Hears those who talk, is heard only by the agent.
    Whisper,
    /// Records those who talk, each on its own track.
    Record,
    /// Plays an announcement once, then leaves; [`crate::MediaEvent::PlayedOut`] names it.
    Announce(Announcement),
}

/// An announcement into a bridge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// The audio.
    pub audio: Audio,
    /// Who hears it.
    pub to: Audience,
    /// Whether its listeners still hear the conversation.
    pub manner: Manner,
}

/// Who hears an announcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Audience {
    /// Every member, including recorders.
    Everybody,
    /// Only the members who talk for this party.
    Only(Party),
}

/// What the listeners of an announcement hear besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Manner {
    /// The conversation continues under it.
    OverTalk,
    /// The announcement replaces the conversation.
    InsteadOfTalk,
}

/// Whether a member with the role `listener` hears another one with the role `speaker`. No member hears itself.
///
/// A whisper is neither recorded nor heard by listeners: only the agent hears it.
pub fn hears(listener: &Role, speaker: &Role) -> bool {
    match (listener, speaker) {
        (Role::Announce(_), _) | (_, Role::Listen | Role::Record) => false,
        (Role::Talk(_) | Role::Listen | Role::Whisper | Role::Record, Role::Talk(_)) => true,
        (Role::Talk(party), Role::Whisper) => *party == Party::Agent,
        (Role::Listen | Role::Whisper | Role::Record, Role::Whisper) => false,
        (Role::Talk(party), Role::Announce(said)) => match said.to {
            Audience::Everybody => true,
            Audience::Only(of) => *party == of,
        },
        (Role::Listen | Role::Whisper | Role::Record, Role::Announce(said)) => match said.to {
            Audience::Everybody => true,
            Audience::Only(_) => false,
        },
    }
}

#[cfg(test)]
#[path = "bridge_tests.rs"]
mod tests;
