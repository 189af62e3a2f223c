//! Whom to ring, and how.

use turno_ground::Flow;
use turno_media_plan::SrtpPolicy;
use turno_sip::{OutInvite, SessionId};

use crate::confirmation::Confirmation;

/// One target: the INVITE without its SDP.
#[derive(Clone, Debug)]
pub struct Target {
    /// The INVITE; its `sdp` is filled in here.
    pub invite: OutInvite,
    /// The SRTP policy of the leg.
    pub srtp: SrtpPolicy,
    /// Whether the phone is known to accept only RTP/SAVP, where the policy leaves encryption to it.
    pub insists: bool,
    /// What the person who picks up must do before the leg counts as answered.
    pub confirmation: Option<Confirmation>,
    /// Targets to try, one after the other, if this one can't be reached.
    pub others: Vec<Self>,
    /// Whether it is reached by a trunk, which is offered no Opus.
    pub is_trunk: bool,
    /// The held line of the target, which is connected in place of ringing.
    pub line: Option<SessionId>,
}

impl Target {
    /// A target without a known SDP profile.
    pub const fn new(invite: OutInvite, srtp: SrtpPolicy) -> Self {
        Self {
            invite,
            srtp,
            insists: false,
            confirmation: None,
            others: Vec::new(),
            is_trunk: false,
            line: None,
        }
    }

    pub(crate) const fn flow(&self) -> Flow {
        self.invite.flow
    }
}
