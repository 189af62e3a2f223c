//! Who hears whom: the members of a bridge, their roles, and one table.

use serde::{Deserialize, Serialize};

use crate::audio::Audio;
use crate::stream::StreamId;

/// One bridge; never reused in a life of the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BridgeId(pub u64);

/// Most members of a bridge: two who talk, one who barges in, three who listen or whisper, a recorder and an announcer.
pub const MEMBERS_MAX: usize = 8;

/// A member of a bridge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its name: the stream of its phone, or for a recorder and an announcer a number of the same series, which is never
    /// opened.
    pub stream: StreamId,
    /// What it does here.
    pub role: Role,
}

impl Member {
    /// A member.
    pub const fn new(stream: StreamId, role: Role) -> Self {
        Self { stream, role }
    }
}

/// Whom a talking member speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Party {
    /// The citizen.
    Caller,
    /// The agent who serves: a whisper is for this ear alone.
    Agent,
    /// Anybody else.
    Other,
}

/// What a member does in a bridge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Talks with all who talk.
    Talk(Party),
    /// Hears those who talk, and is heard by nobody.
    Listen,
    /// Hears those who talk, and is heard by the agent alone.
    Whisper,
    /// Takes down those who talk, each apart.
    Record,
    /// Says a clip once, and then is gone; [`crate::MediaEvent::PlayedOut`] names it.
    Announce(Announcement),
}

/// What an announcer says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// What is heard.
    pub audio: Audio,
    /// By whom.
    pub to: Audience,
    /// What becomes of the talk meanwhile.
    pub manner: Manner,
}

/// Who hears an announcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Audience {
    /// Every member, recorders as well.
    Everybody,
    /// Only who talks for this party.
    Only(Party),
}

/// What those who hear an announcement hear besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Manner {
    /// The talk goes on under it.
    OverTalk,
    /// Nothing: it stands in for the talk.
    InsteadOfTalk,
}

/// Whether a member in the role `listener` hears another one in the role `speaker`. Nobody hears itself.
///
/// A whisper is not recorded and not heard by those who listen: what is said into the agent's ear stays there.
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
