//! One call with one peer, whichever side began it: its phases, and what it keeps.

use std::net::SocketAddr;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use turno_ground::{Due, Flow, HasDue, Moment, Secret};

use crate::dialog::Dialog;
use crate::dialog::id::Fork;
use crate::dialog::reliable::Reliable;
use crate::dialog::sequence::WentBack;
use crate::dialog::session_timer::{SessionTimer, TimerAnswer};
use crate::message::header::Name;
use crate::message::method::Method;
use crate::message::received::Message;
use crate::message::write::{Extra, Request};
use crate::stack::client::{ClientOwner, Purpose, Tries};
use crate::stack::deadline::SessionDeadline;
use crate::stack::event::{ClientKey, EndedBy, ServerKey, SessionEvent, SessionId};
use crate::stack::layer::Layer;
use crate::stack::occupancy::Occupant;
use crate::stack::referral::Referral;
use crate::stack::way;
use crate::stack::write;
use crate::transaction::key::Key;

/// A call with one peer.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) phase: Phase,
    pub(crate) dialog: Dialog,
    /// Where the dialog is found.
    pub(crate) key: Key,
    /// The flow last used with the peer.
    pub(crate) flow: Flow,
    pub(crate) contact_user: String,
    /// Our Contact on that flow.
    pub(crate) contact: String,
    pub(crate) peer: Peer,
    pub(crate) exchange: Exchange,
    /// Our next offer, while it can't go out.
    pub(crate) waiting_offer: Option<Bytes>,
    /// What we last said of our media, for a refresh by re-INVITE.
    pub(crate) local_sdp: Option<Bytes>,
    /// What the peer last said of its media.
    pub(crate) remote_sdp: Option<Bytes>,
    /// Our 2xx without ACK.
    pub(crate) unacked: Option<Unacked>,
    pub(crate) timer: Option<SessionTimer>,
    #[serde(with = "crate::stack::forms::user_alone")]
    pub(crate) credentials: Option<(String, Secret)>,
    pub(crate) referrals: SmallVec<[Referral; 1]>,
    /// Whether the peer has asked us to call somebody before.
    pub(crate) was_referred: bool,
    /// Whether we asked the peer to call somebody.
    pub(crate) is_referring: bool,
    /// Whether the INVITE that began it was ours, and so the Call-ID.
    pub(crate) is_caller: bool,
    /// Where we opened the stream to, and so may open it again.
    pub(crate) opened_to: Option<SocketAddr>,
    /// A stream that it has left while a response of ours still goes by it.
    pub(crate) left: Option<Flow>,
    pub(crate) due: Due<SessionDeadline>,
}

impl HasDue for Session {
    type Name = SessionDeadline;

    fn due(&self) -> &Due<SessionDeadline> {
        &self.due
    }

    fn due_mut(&mut self) -> &mut Due<SessionDeadline> {
        &mut self.due
    }
}

/// What the peer can do, by its own account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Peer {
    /// It takes UPDATE.
    pub(crate) allows_update: bool,
    /// It wants provisionals confirmed.
    pub(crate) requires_100rel: bool,
    /// It answers, or takes a call back from hold, when it is told to.
    #[serde(default)]
    pub(crate) allows_talk: bool,
}

/// Where a session stands.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Phase {
    /// The peer's INVITE has no final response.
    Ringing(Box<Incoming>),
    /// Our INVITE has no final response.
    Calling(Outgoing),
    /// Our INVITE has no final response, and we no longer want one.
    Cancelling(Outgoing, GivenUp),
    /// The peer's 2xx offered; its ACK waits for our answer.
    Answering(ClientKey),
    /// We accepted; the ACK has not come.
    Unconfirmed(Unconfirmed),
    /// A call.
    Confirmed,
    /// Our BYE has no final response.
    Leaving,
    /// To be forgotten.
    Over,
}

/// A peer's INVITE without final response.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Incoming {
    pub(crate) server: ServerKey,
    pub(crate) cseq: u32,
    pub(crate) has_offer: bool,
    pub(crate) reliable: Reliable,
    /// A provisional that waits until the one before it is confirmed.
    pub(crate) next: Option<(u16, Option<Bytes>)>,
    /// A 2xx that waits until the provisional before it is confirmed.
    pub(crate) accepting: Option<(Bytes, Extra)>,
    /// Our last provisional.
    pub(crate) status: u16,
    /// Whether our SDP went in a reliable provisional.
    pub(crate) has_sent_sdp: bool,
    /// Whether offer and answer are complete before the 2xx.
    pub(crate) is_settled: bool,
    pub(crate) timer: TimerAnswer,
}

/// Our INVITE without final response.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Outgoing {
    pub(crate) client: ClientKey,
    pub(crate) has_offer: bool,
    /// Whether CANCEL went out.
    pub(crate) is_cancelled: bool,
    pub(crate) forks: SmallVec<[Fork; 1]>,
    /// Whether offer and answer are complete before the 2xx.
    pub(crate) is_settled: bool,
    /// Whether another offer was answered since: what the 2xx says of media is old then (RFC 6337, 3.1).
    #[serde(default)]
    pub(crate) is_renewed: bool,
}

/// Why we no longer want our INVITE.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum GivenUp {
    /// Our side hung up, for this reason.
    HungUp(Option<String>),
    /// It rang too long.
    TooLong,
}

/// A call without ACK.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Unconfirmed {
    /// Whether our 2xx offered, so that the ACK must answer.
    pub(crate) awaits_answer: bool,
    /// Whether BYE goes out as soon as the ACK is there (RFC 3261, 15), with this Reason.
    pub(crate) leaving: Option<Option<String>>,
}

/// Our 2xx to an INVITE, until its ACK comes.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Unacked {
    pub(crate) cseq: u32,
    pub(crate) bytes: Bytes,
    pub(crate) flow: Flow,
    pub(crate) span: core::time::Duration,
}

/// Where an offer within the call stands (RFC 3264; RFC 6337).
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Exchange {
    /// None is under way.
    Idle,
    /// Ours has no response.
    Ours { client: ClientKey, sdp: Option<Bytes>, is_refresh: bool },
    /// Ours met the peer's and is made again later.
    Later { sdp: Option<Bytes>, is_refresh: bool },
    /// The peer's has no response.
    Theirs {
        server: ServerKey,
        cseq: u32,
        has_sdp: bool,
        is_update: bool,
        target: Option<String>,
        timer: TimerAnswer,
        /// Whether a PRACK carries it.
        #[serde(default)]
        is_prack: bool,
    },
    /// Ours went in a 2xx; the ACK answers.
    InSuccess,
}

/// A request of ours as it was, for what follows from its response.
#[derive(Debug)]
pub(crate) struct SentRequest {
    pub(crate) key: ClientKey,
    pub(crate) owner: ClientOwner,
    pub(crate) request: Bytes,
    pub(crate) flow: Flow,
    pub(crate) tries: Tries,
}

/// Whether a response found what it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It did.
    Yes,
    /// It is a 2xx to an INVITE that nobody wants: ACK and BYE.
    Unwanted,
}

impl Session {
    /// Whether it is to be forgotten.
    pub(crate) const fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Over)
    }

    /// Whether it is a call that was accepted and goes on.
    pub(crate) const fn is_confirmed(&self) -> bool {
        matches!(self.phase, Phase::Unconfirmed(_) | Phase::Confirmed)
    }

    /// The INVITE that began this session, while it is unanswered.
    pub(crate) fn asked_by(&self) -> Option<ServerKey> {
        match &self.phase {
            Phase::Ringing(incoming) => Some(incoming.server),
            Phase::Calling(_)
            | Phase::Cancelling(..)
            | Phase::Answering(_)
            | Phase::Unconfirmed(_)
            | Phase::Confirmed
            | Phase::Leaving
            | Phase::Over => None,
        }
    }

    /// Whether `tag` is a peer's that this session knows.
    pub(crate) fn knows_tag(&self, tag: &str) -> bool {
        match &self.phase {
            Phase::Calling(outgoing) | Phase::Cancelling(outgoing, _) => {
                outgoing.forks.iter().any(|fork| fork.tag == tag)
            }
            Phase::Ringing(_)
            | Phase::Answering(_)
            | Phase::Unconfirmed(_)
            | Phase::Confirmed
            | Phase::Leaving
            | Phase::Over => self.dialog.remote_tag == tag,
        }
    }

    /// Takes the number of a request within the call (RFC 3261, 12.2.2).
    pub(crate) fn take_number(&mut self, number: u32) -> Result<(), WentBack> {
        match &self.phase {
            // Each of several peers behind our INVITE counts for itself; who accepts begins anew.
            Phase::Calling(outgoing) | Phase::Cancelling(outgoing, _) if outgoing.forks.len() > 1 => Ok(()),
            Phase::Ringing(_)
            | Phase::Calling(_)
            | Phase::Cancelling(..)
            | Phase::Answering(_)
            | Phase::Unconfirmed(_)
            | Phase::Confirmed
            | Phase::Leaving
            | Phase::Over => self.dialog.sequence.take_remote(number),
        }
    }

    /// The way of our next request.
    pub(crate) fn next_flow(&self, layer: &Layer) -> Flow {
        way::of_request(layer, &self.dialog, self.flow)
    }

    /// Sends a request within the dialog; `write` ends it.
    pub(crate) fn send(
        &mut self,
        layer: &mut Layer,
        method: Method,
        purpose: Purpose,
        write: impl FnOnce(Request) -> Bytes,
        now: Moment,
    ) -> ClientKey {
        let cseq = self.dialog.sequence.next_local();
        let flow = self.next_flow(layer);
        let (request, branch) = write::within(layer, &self.dialog, &flow, method, cseq);
        let bytes = write(request);
        layer.begin_client(method, &branch, bytes, flow, ClientOwner::Session(self.id, purpose), now)
    }

    /// Takes what the peer says of itself.
    pub(crate) fn learn(&mut self, message: &Message) {
        if message.has(Name::Allow) {
            self.peer.allows_update = message.lists(Name::Allow, "UPDATE");
        }
        if message.has(Name::AllowEvents) {
            self.peer.allows_talk = message.lists(Name::AllowEvents, "talk");
        }
    }

    /// Takes the peer's new address from a request or response that refreshes it (RFC 3261, 12.2).
    pub(crate) fn refresh_target(&mut self, target: Option<String>) {
        if let Some(target) = target {
            self.dialog.remote_target = target;
        }
    }

    /// Ends the session.
    pub(crate) fn finish(&mut self, layer: &mut Layer, by: EndedBy, reason: Option<String>, now: Moment) {
        self.close(layer, now);
        layer.tell(self.id, SessionEvent::Ended { by, reason });
    }

    /// Leaves nothing under way that only this session could end.
    pub(crate) fn close(&mut self, layer: &mut Layer, now: Moment) {
        match core::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Ringing(incoming) => layer.reply_bare(incoming.server, 487, now),
            Phase::Calling(_)
            | Phase::Cancelling(..)
            | Phase::Answering(_)
            | Phase::Unconfirmed(_)
            | Phase::Confirmed
            | Phase::Leaving
            | Phase::Over => {}
        }
        match core::mem::replace(&mut self.exchange, Exchange::Idle) {
            Exchange::Ours { client, .. } => layer.let_go(client, now),
            Exchange::Theirs { server, .. } => layer.reply_bare(server, 487, now),
            Exchange::Idle | Exchange::Later { .. } | Exchange::InSuccess => {}
        }
        for referral in self.referrals.drain(..) {
            if let Some(server) = referral.unanswered {
                layer.reply_bare(server, 487, now);
            }
        }
        for flow in self.left.take().into_iter().chain([self.flow]) {
            layer.occupancy.vacate(flow, Occupant::Session(self.id));
        }
    }
}
