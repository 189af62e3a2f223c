//! One call: which legs it has and what they are doing.

use smallvec::SmallVec;
use turno_sip::{ReferId, SessionId};

use crate::menu::Menu;
use crate::ring::Ringing;

/// One call: never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u64);

/// A call and its legs.
#[derive(Debug)]
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
