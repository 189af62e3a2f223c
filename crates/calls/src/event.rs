//! What became of calls: the switchboard's answers to its owner.

use turno_media_plan::{StreamFailure, StreamId, StreamReport, Want};
use turno_sip::{ReferId, Replaces, SessionId};

use crate::call::{CallId, Ringing};

/// Which leg of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The leg that came in.
    A,
    /// The leg it talks to.
    B,
}

/// How a leg went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// The person hung up.
    HungUp,
    /// The peer was lost: no ACK, no answer to a request in the dialog, no session refresh, no RTP.
    Lost,
    /// We have no port for its voice: nobody's act but ours.
    NoVoice,
}

/// A REFER that waits for a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferAsked {
    /// The leg that asks.
    pub session: SessionId,
    /// Which REFER on that leg.
    pub refer: ReferId,
    /// The Refer-To URI, without the embedded Replaces.
    pub target: String,
    /// The dialog to take over (attended transfer).
    pub replaces: Option<Replaces>,
}

/// Something that happened to a call.
#[derive(Clone, Debug, PartialEq)]
pub enum CallEvent {
    /// A key was pressed, outside a menu.
    Digit {
        /// The call.
        call: CallId,
        /// By whom.
        side: Side,
        /// The key.
        digit: char,
    },
    /// The menu came to its end: a listed key, or `None` for silence or another key.
    MenuChosen {
        /// The call.
        call: CallId,
        /// The key.
        digit: Option<char>,
    },
    /// The prompts or tone played to the A leg have ended.
    PlayedOut {
        /// The call.
        call: CallId,
    },
    /// A ringing leg answered; media is joined, the A leg is answered, the others were stopped.
    Answered {
        /// The call.
        call: CallId,
        /// What the ringing was for.
        ringing: Ringing,
    },
    /// A phone that refused how our offer described the media is rung with another description.
    RungAgain {
        /// The call.
        call: CallId,
        /// The dialog.
        session: SessionId,
    },
    /// A phone that was rung again has taken the other description.
    Understood {
        /// The call.
        call: CallId,
        /// The phone's Contact.
        uri: String,
        /// Whether it is RTP/SAVP, rather than RTP/AVP with keys.
        is_secure: bool,
    },
    /// Nobody answered: every target refused or could not be reached.
    RingFailed {
        /// The call.
        call: CallId,
        /// What the ringing was for.
        ringing: Ringing,
        /// The most telling final status: 486 or 603 over 480, over 408 and 503.
        status: u16,
    },
    /// The A leg is gone and with it the whole call.
    NearGone {
        /// The call.
        call: CallId,
        /// How.
        gone: Gone,
    },
    /// The B leg is gone; the A leg is still there.
    FarGone {
        /// The call.
        call: CallId,
        /// How.
        gone: Gone,
    },
    /// The peer of this side put the other on hold, who hears music.
    Held {
        /// The call.
        call: CallId,
        /// Who held.
        side: Side,
    },
    /// The hold ended.
    Resumed {
        /// The call.
        call: CallId,
        /// Who resumed.
        side: Side,
    },
    /// A leg asks to be transferred: answer with `refuse_transfer`, `ring` for a transfer, `finish_transfer` or `merge`.
    TransferAsked {
        /// The call.
        call: CallId,
        /// Who asks.
        side: Side,
        /// The REFER.
        asked: TransferAsked,
    },
    /// A guest pressed a key.
    GuestDigit {
        /// The call.
        call: CallId,
        /// The guest's leg.
        session: SessionId,
        /// The key.
        digit: char,
    },
    /// A guest has left; the call goes on.
    GuestGone {
        /// The call.
        call: CallId,
        /// The leg that was the guest's.
        session: SessionId,
        /// How.
        gone: Gone,
    },
    /// An announcement into the bridge has ended.
    Announced {
        /// The call.
        call: CallId,
        /// Which announcement.
        announcer: StreamId,
    },
    /// Last media figures of a leg of this call, which may be over already.
    MediaReported {
        /// The call.
        call: CallId,
        /// Whether the leg came in, rather than being rung.
        came_in: bool,
        /// The figures.
        report: StreamReport,
    },
    /// A media port could not be opened. The leg that was to have it was let go; legs that rang for an offer were stopped,
    /// without another event.
    PortFailed {
        /// The call whose leg it was; `None`: nobody's yet.
        call: Option<CallId>,
        /// The port. If another program has it, it is not used again.
        port: u16,
        /// Why.
        failure: StreamFailure,
    },
    /// The last ports were opened with what is laid by for that.
    PortsScarce(Want),
    /// Ports are given out again without care: none has failed for a while.
    PortsWell,
}
