//! One call: its legs, and what they are doing.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use turno_media_plan::{Announcement, MEMBERS_MAX, Party, PromptId, Role, StreamId};
use turno_sip::{ReferId, SessionId};

/// Id of a call; never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CallId(pub u64);

/// Purpose of ringing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ringing {
    /// A queue's offer to an agent; the room keeps its deadline.
    Offer,
    /// A call from an agent to a colleague or an outside number.
    Direct,
    /// The agent of a caller on hold is rung again.
    Recall,
    /// A blind transfer.
    Transfer,
    /// A call of ours, without an A leg yet: the leg that answers becomes the A leg.
    Out,
}

/// Prompts that wait for a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Menu {
    /// Played first.
    pub prompts: Vec<PromptId>,
    /// Silence after the prompts before the wait ends.
    pub wait: Duration,
}

/// Role of a guest in a call's bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GuestRole {
    /// Hears both sides, is heard by nobody.
    Listen,
    /// Hears both sides, is heard only by the agent.
    Whisper,
    /// Talks with both sides.
    Talk,
}

/// A third party in a call's bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Guest {
    pub(crate) session: SessionId,
    pub(crate) role: GuestRole,
}

impl GuestRole {
    /// The role in the bridge.
    pub(crate) const fn role(self) -> Role {
        match self {
            Self::Listen => Role::Listen,
            Self::Whisper => Role::Whisper,
            Self::Talk => Role::Talk(Party::Other),
        }
    }
}

/// A call and its legs.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Call {
    /// The leg that came in, or that answered our call; `None` while our call rings.
    pub(crate) a_leg: Option<SessionId>,
    pub(crate) b_leg: Option<SessionId>,
    /// The ringing leg whose early media the A leg hears.
    pub(crate) early: Option<SessionId>,
    /// The agent's leg: whispers go only to it.
    pub(crate) agent: Option<SessionId>,
    /// Observers in the bridge.
    pub(crate) guests: SmallVec<[Guest; 1]>,
    /// The stream of the recording.
    pub(crate) recorder: Option<StreamId>,
    /// Announcements that play into the bridge.
    pub(crate) announcers: Vec<(StreamId, Announcement)>,
    pub(crate) ringing: SmallVec<[SessionId; 2]>,
    pub(crate) ringing_for: Ringing,
    pub(crate) refusal: Option<u16>,
    pub(crate) menu: Option<Menu>,
    pub(crate) transfer: Option<(SessionId, ReferId)>,
    /// Whether the A leg is kept out of the bridge while the B leg talks with a guest.
    #[serde(default)]
    pub(crate) is_aside: bool,
}

impl Call {
    pub(crate) fn new(a_leg: Option<SessionId>) -> Self {
        Self {
            a_leg,
            b_leg: None,
            early: None,
            agent: None,
            guests: SmallVec::new(),
            recorder: None,
            announcers: Vec::new(),
            ringing: SmallVec::new(),
            ringing_for: Ringing::Offer,
            refusal: None,
            menu: None,
            transfer: None,
            is_aside: false,
        }
    }

    /// Whether a leg is a guest's.
    pub(crate) fn is_guest(&self, session: SessionId) -> bool {
        self.guests.iter().any(|guest| guest.session == session)
    }

    /// Whether its bridge has room for one more member. A place is reserved for the B leg even while there is none.
    pub(crate) fn has_room(&self) -> bool {
        let seats = 2 + self.guests.len() + usize::from(self.recorder.is_some()) + self.announcers.len();
        seats < MEMBERS_MAX
    }

    /// Every leg.
    pub(crate) fn legs(&self) -> impl Iterator<Item = SessionId> {
        let guests = self.guests.iter().map(|guest| guest.session);
        self.a_leg.into_iter().chain(self.b_leg).chain(self.ringing.iter().copied()).chain(guests)
    }

    /// The leg connected to `session`.
    pub(crate) fn other(&self, session: SessionId) -> Option<SessionId> {
        if self.a_leg == Some(session) {
            self.b_leg
        } else if self.b_leg == Some(session) {
            self.a_leg
        } else {
            None
        }
    }
}
