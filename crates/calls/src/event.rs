//! Events of calls, from the switchboard to its owner.

use turno_media_plan::{Answerer, StreamFailure, StreamId, StreamReport, Want};
use turno_sip::{ReferId, Replaces, SessionId};

use crate::call::{CallId, Ringing};

/// A side of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The A leg.
    A,
    /// The B leg.
    B,
}

/// How a leg ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// The person hung up.
    HungUp,
    /// The peer was lost: no ACK, no response in the dialog, no session refresh, or no RTP.
    Lost,
    /// We have no media port for it: the failure is ours.
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

/// An event of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum CallEvent {
    /// A key was pressed outside a menu.
    Digit {
        /// The call.
        call: CallId,
        /// The side that pressed it.
        side: Side,
        /// The key.
        digit: char,
    },
    /// The menu has ended: with a key, or with `None` for silence.
    MenuKey {
        /// The call.
        call: CallId,
        /// The key.
        digit: Option<char>,
    },
    /// It is clear by the sound who has answered at the A leg, as was asked.
    Judged {
        /// The call.
        call: CallId,
        /// Who it is.
        who: Answerer,
    },
    /// The prompts or tone played to the A leg have ended.
    PlayedOut {
        /// The call.
        call: CallId,
    },
    /// A ringing leg answered: its media is joined, the A leg is answered, and the other ringing legs are stopped.
    Answered {
        /// The call.
        call: CallId,
        /// Purpose of the ringing.
        ringing: Ringing,
    },
    /// A held line was taken out of the call in which it was idle; that call is gone.
    LineTaken {
        /// The call.
        call: CallId,
        /// The call that is gone.
        before: CallId,
        /// The leg.
        session: SessionId,
    },
    /// A held line is idle again, in a new call.
    SetFree {
        /// The new call.
        call: CallId,
        /// The leg.
        session: SessionId,
    },
    /// An outside phone was picked up: the person is asked to press a key.
    PickedUp {
        /// The call.
        call: CallId,
        /// The mark of the target.
        whom: u32,
    },
    /// The person has pressed the key: [`CallEvent::Answered`] follows.
    Confirmed {
        /// The call.
        call: CallId,
        /// The mark of the target.
        whom: u32,
    },
    /// A phone rejected the SDP profile of our offer and is rung again with the other one.
    RungAgain {
        /// The call.
        call: CallId,
        /// The dialog.
        session: SessionId,
    },
    /// A phone that was rung again has accepted the other SDP profile.
    Understood {
        /// The call.
        call: CallId,
        /// The phone's Contact.
        uri: String,
        /// Whether that is RTP/SAVP; otherwise it is RTP/AVP with keys.
        is_secure: bool,
    },
    /// Nobody answered: every target refused or was unreachable.
    RingFailed {
        /// The call.
        call: CallId,
        /// Purpose of the ringing.
        ringing: Ringing,
        /// The most telling final status: 486 and 603 go before 480, and 480 before 408 and 503.
        status: u16,
    },
    /// The A leg is gone, and the whole call with it.
    ALegGone {
        /// The call.
        call: CallId,
        /// How.
        gone: Gone,
    },
    /// The B leg is gone; the A leg is still there.
    BLegGone {
        /// The call.
        call: CallId,
        /// How.
        gone: Gone,
    },
    /// One side put the other on hold; the other hears music.
    Held {
        /// The call.
        call: CallId,
        /// The side that holds.
        side: Side,
    },
    /// The hold ended.
    Resumed {
        /// The call.
        call: CallId,
        /// The side that resumed.
        side: Side,
    },
    /// A leg requests a transfer: answer with `refuse_transfer`, `ring` for a transfer, `finish_transfer` or `merge`.
    TransferAsked {
        /// The call.
        call: CallId,
        /// The side that requests it.
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
    /// A guest's leg is gone; the call goes on.
    GuestGone {
        /// The call.
        call: CallId,
        /// The leg of the guest.
        session: SessionId,
        /// How.
        gone: Gone,
    },
    /// An announcement into the bridge has ended.
    Announced {
        /// The call.
        call: CallId,
        /// Id of the announcement.
        announcer: StreamId,
    },
    /// Final media statistics of a leg of this call, which may have ended already.
    MediaReported {
        /// The call.
        call: CallId,
        /// Whether the leg came in; otherwise we rang it.
        came_in: bool,
        /// The statistics.
        report: StreamReport,
    },
    /// A media port could not be opened. Its leg was released. Legs that rang for a queue's offer, or for a call of ours
    /// without an A leg, were stopped, without another event.
    PortFailed {
        /// The call of the leg; `None` for a port that was bound in advance.
        call: Option<CallId>,
        /// The port. If another program holds it, it is not used again.
        port: u16,
        /// Why.
        failure: StreamFailure,
    },
    /// The last ports were opened from the reserve of file descriptors.
    PortsScarce(Want),
    /// No port has failed for a while: ports are given out unbound again.
    PortsWell,
}
