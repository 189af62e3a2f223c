//! One leg: a SIP session, its SDP negotiation and its media stream.

use std::net::IpAddr;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use turno_media_plan::sdp::{Negotiation, OpusPlace, has_opus};
use turno_media_plan::{MediaCommand, SrtpPolicy, StreamId, WebState, WebTerms};
use turno_sip::OutInvite;

use crate::call::CallId;
use crate::confirmation::Confirmation;
use crate::sound::Sound;

/// State of a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum LegState {
    /// Incoming, without media yet.
    Incoming,
    /// Incoming, hears early media.
    Early,
    /// Incoming, without an offer: our 200 carried one, and the ACK must bring the answer.
    AwaitsAnswer,
    /// Outgoing, without a final response.
    Calling,
    /// Answered.
    Talking,
    /// Outgoing and picked up: rings on until the person has pressed a key.
    Confirms,
}

/// Whether the peer has put us on hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum HoldState {
    /// The peer listens and talks.
    Active,
    /// The peer holds us.
    Holding,
    /// The peer listens and talks, but turno keeps it out of the call, by an order.
    Parked,
}

/// Our end of a new leg.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LegEnd {
    /// Our end of its flow.
    pub(crate) local: IpAddr,
    /// Its SRTP policy.
    pub(crate) srtp: SrtpPolicy,
    /// Whether the peer is a browser.
    pub(crate) is_web: bool,
    /// Where Opus stands, if the leg may have it.
    pub(crate) opus: Option<OpusPlace>,
}

/// A leg.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Leg {
    pub(crate) call: CallId,
    pub(crate) stream: StreamId,
    /// Its own RTP port; 0 for a browser, which shares one with all others.
    pub(crate) port: u16,
    /// Whether the leg came in; otherwise we rang it.
    pub(crate) came_in: bool,
    pub(crate) state: LegState,
    pub(crate) hold: HoldState,
    pub(crate) negotiation: Negotiation,
    /// The offer of an incoming INVITE until it is answered.
    pub(crate) offer: Option<Bytes>,
    /// Always `None`: the negotiation keeps what was agreed. An earlier version of turno wrote its answer here.
    pub(crate) answer: Option<Bytes>,
    pub(crate) sound: Sound,
    /// What the person who picks up must do before the leg counts as answered.
    #[serde(default)]
    pub(crate) confirmation: Option<Confirmation>,
    /// Whether it stays connected when its call ends.
    #[serde(default)]
    pub(crate) is_line: bool,
    /// What the media plane has said of a browser's stream, which outlives a crash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) web: Option<Box<WebState>>,
}

impl Leg {
    /// Whether the other side is on hold because of this leg.
    pub(crate) fn holds(&self) -> bool {
        self.hold != HoldState::Active
    }

    /// Whether it has one of the ports that are kept for phones that we ring.
    pub(crate) const fn has_kept_port(&self) -> bool {
        !self.came_in && self.port > 0
    }

    /// Whether offer and answer were exchanged.
    pub(crate) fn has_agreed(&self) -> bool {
        self.negotiation.agreed().is_some()
    }

    /// Where Opus stands in what another leg is told, so that the peer there sends what this one takes as it is.
    pub(crate) fn opus_for_partner(&self) -> OpusPlace {
        let has_opus = match self.negotiation.agreed() {
            Some(agreed) => agreed.encoding.opus.is_some(),
            None => self.negotiation.opus().is_some() && self.offer.as_deref().is_some_and(has_opus),
        };
        if has_opus { OpusPlace::First } else { OpusPlace::Last }
    }

    /// What was agreed with a browser, with what the journal has of its stream.
    pub(crate) fn security(&self) -> Option<MediaCommand> {
        let terms = WebTerms { kept: self.web.clone(), ..self.negotiation.web_terms()? };
        Some(MediaCommand::Secure { stream: self.stream, terms: Box::new(terms) })
    }

    /// The same after a restart: without keys in the journal, a handshake may have been cut off.
    pub(crate) fn security_after_a_restart(&self) -> Option<MediaCommand> {
        let MediaCommand::Secure { stream, mut terms } = self.security()? else { return None };
        terms.was_begun = terms.kept.is_none();
        Some(MediaCommand::Secure { stream, terms })
    }

    /// Whether we sent the A leg a final response.
    pub(crate) const fn is_answered(&self) -> bool {
        match self.state {
            LegState::AwaitsAnswer | LegState::Talking | LegState::Confirms => true,
            LegState::Incoming | LegState::Early | LegState::Calling => false,
        }
    }
}

/// The second attempt to ring a leg with another SDP profile.
#[derive(Debug)]
pub(crate) enum SecondTry {
    /// Possible: the INVITE without its SDP.
    Possible(Box<OutInvite>),
    /// Done: this leg is the second attempt at this URI; true if it offers RTP/SAVP.
    Tried(String, bool),
}
