//! One call: which legs it has and what they are doing.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use turno_media_plan::PromptId;
use turno_sip::{ReferId, SessionId};

/// One call: never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CallId(pub u64);

/// What a ringing is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ringing {
    /// A queue's offer to an agent; its deadline is the room's.
    Offer,
    /// A call from an agent to a colleague or an outside number.
    Direct,
    /// The agent is called back to a caller on hold.
    Recall,
    /// A blind transfer.
    Transfer,
}

/// What a menu plays and which keys it knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Menu {
    /// Played first.
    pub prompts: Vec<PromptId>,
    /// Keys that mean something.
    pub keys: Vec<char>,
    /// Silence after the prompts before the default is taken.
    pub wait: Duration,
}

/// A call and its legs.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Call {
    pub(crate) near: SessionId,
    pub(crate) far: Option<SessionId>,
    pub(crate) ringing: SmallVec<[SessionId; 2]>,
    pub(crate) ringing_for: Ringing,
    pub(crate) refusal: Option<u16>,
    pub(crate) menu: Option<Menu>,
    pub(crate) transfer: Option<(SessionId, ReferId)>,
}

impl Call {
    pub(crate) fn new(near: SessionId) -> Self {
        Self {
            near,
            far: None,
            ringing: SmallVec::new(),
            ringing_for: Ringing::Offer,
            refusal: None,
            menu: None,
            transfer: None,
        }
    }

    /// The leg that talks with `session`.
    pub(crate) fn other(&self, session: SessionId) -> Option<SessionId> {
        if session == self.near {
            self.far
        } else if self.far == Some(session) {
            Some(self.near)
        } else {
            None
        }
    }
}
