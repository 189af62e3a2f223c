//! One leg: a SIP session, its negotiation and its stream.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use turno_media_plan::StreamId;
use turno_media_plan::sdp::Negotiation;
use turno_sip::OutInvite;

use crate::call::CallId;
use crate::sound::Sound;

/// How far a leg has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum LegState {
    /// It came in and has no media yet.
    Incoming,
    /// It came in and hears early media.
    Early,
    /// It came in without an offer: our 200 carried one, the ACK must bring the answer.
    AwaitsAnswer,
    /// It goes out and has no final answer.
    Calling,
    /// Answered.
    Talking,
}

/// Whether the peer has put us on hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum HoldState {
    /// It listens and talks.
    Active,
    /// It holds us.
    Holding,
}

/// A leg.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Leg {
    pub(crate) call: CallId,
    pub(crate) stream: StreamId,
    pub(crate) port: u16,
    /// Whether it came in, rather than being rung.
    pub(crate) came_in: bool,
    pub(crate) state: LegState,
    pub(crate) hold: HoldState,
    pub(crate) negotiation: Negotiation,
    /// The offer of an incoming INVITE until it is answered.
    pub(crate) offer: Option<Bytes>,
    /// Nothing: what was agreed is the negotiation's alone. An earlier turno wrote its answer here.
    pub(crate) answer: Option<Bytes>,
    pub(crate) sound: Sound,
}

impl Leg {
    /// Whether offer and answer were complete once.
    pub(crate) fn has_agreed(&self) -> bool {
        self.negotiation.agreed().is_some()
    }

    /// Whether the A leg has a final answer from us.
    pub(crate) const fn is_answered(&self) -> bool {
        match self.state {
            LegState::AwaitsAnswer | LegState::Talking => true,
            LegState::Incoming | LegState::Early | LegState::Calling => false,
        }
    }
}

/// What a ringing leg may be rung with once more, or is.
#[derive(Debug)]
pub(crate) enum Otherwise {
    /// The INVITE without its SDP.
    Possible(Box<OutInvite>),
    /// This is the second try at this URI; whether it says RTP/SAVP.
    Tried(String, bool),
}
