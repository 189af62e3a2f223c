//! A request of ours under way: its machine, whose it is, and what is kept for its responses (RFC 3261, 17.1).

use core::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use turno_ground::Flow;

use crate::dialog::transfer::ReferId;
use crate::stack::event::{SessionId, SubscriptionId};
use crate::transaction::invite_client::{InviteClient, InviteClientEvent};
use crate::transaction::key::Key;
use crate::transaction::plain_client::{PlainClient, PlainClientEvent};
use crate::transaction::{Actions, Timer};

/// A request of ours under way.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Client {
    pub(crate) machine: ClientMachine,
    pub(crate) key: Key,
    pub(crate) flow: Flow,
    /// The stream that it went by before, which is gone: its peer may come back for it.
    pub(crate) left: Option<Flow>,
    pub(crate) request: Bytes,
    /// The last wait before it was sent again.
    pub(crate) span: Duration,
    pub(crate) owner: ClientOwner,
    /// The ACKs of its 2xx, by the peer's tag: a copy of a 2xx gets a copy of its ACK.
    pub(crate) acks: SmallVec<[Confirmation; 1]>,
    pub(crate) tries: Tries,
}

/// The ACK of one 2xx.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Confirmation {
    /// The tag of the peer that accepted.
    pub(crate) tag: String,
    /// The ACK; `None` while its answer is awaited.
    pub(crate) ack: Option<(Flow, Bytes)>,
}

/// How often a request has been made again, because of what the peer asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tries {
    /// Copies with other headers, or by another stream, so far.
    pub(crate) count: u8,
    /// Whether one of them answered a challenge.
    pub(crate) has_credentials: bool,
}

/// Whose a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ClientOwner {
    /// The stack's owner asked for it.
    Application,
    /// A session needs it.
    Session(SessionId, Purpose),
    /// A NOTIFY of this subscription.
    Subscription(SubscriptionId),
    /// Nobody waits for its outcome.
    Nobody,
}

/// What a session needs a request for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Purpose {
    /// To call.
    Invite,
    /// To change the session, or refresh it.
    Change,
    /// To end it.
    Bye,
    /// To confirm a reliable provisional.
    Prack,
    /// To have the peer call somebody.
    Refer,
    /// To tell how the peer's REFER went.
    Notify(ReferId),
    /// To carry information.
    Info,
    /// To have the phone answer, or take the call back from hold.
    Talk,
}

/// The machine of one of our requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ClientMachine {
    /// Of an INVITE.
    Invite(InviteClient),
    /// Of any other.
    Plain(PlainClient),
}

/// What may happen to one of our requests, of either kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClientEvent {
    /// A response came with this status.
    Response(u16),
    /// A timer ran out.
    Timer(Timer),
    /// The flow is gone.
    TransportFailed,
}

/// What a request's owner is to hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// Nothing.
    Nothing,
    /// The response.
    Response,
    /// That nobody answered.
    Timeout,
    /// That the flow is gone.
    Failure,
}

impl ClientMachine {
    /// The next state, and what is to be done.
    pub(crate) fn after(self, event: ClientEvent, reliable: bool) -> (Self, Actions) {
        match self {
            Self::Invite(state) => {
                let Some(event) = invite_event(event) else { return (self, &[]) };
                let (next, actions) = state.after(event, reliable);
                (Self::Invite(next), actions)
            }
            Self::Plain(state) => {
                let Some(event) = plain_event(event) else { return (self, &[]) };
                let (next, actions) = state.after(event, reliable);
                (Self::Plain(next), actions)
            }
        }
    }
}

const fn invite_event(event: ClientEvent) -> Option<InviteClientEvent> {
    match event {
        ClientEvent::Response(..200) => Some(InviteClientEvent::Provisional),
        ClientEvent::Response(200..300) => Some(InviteClientEvent::Success),
        ClientEvent::Response(300..) => Some(InviteClientEvent::Refusal),
        ClientEvent::TransportFailed => Some(InviteClientEvent::TransportFailed),
        ClientEvent::Timer(Timer::A) => Some(InviteClientEvent::TimerA),
        ClientEvent::Timer(Timer::B) => Some(InviteClientEvent::TimerB),
        ClientEvent::Timer(Timer::D) => Some(InviteClientEvent::TimerD),
        ClientEvent::Timer(Timer::M) => Some(InviteClientEvent::TimerM),
        ClientEvent::Timer(
            Timer::E
            | Timer::F
            | Timer::G
            | Timer::H
            | Timer::I
            | Timer::J
            | Timer::K
            | Timer::L
            | Timer::Unanswered,
        ) => None,
    }
}

const fn plain_event(event: ClientEvent) -> Option<PlainClientEvent> {
    match event {
        ClientEvent::Response(..200) => Some(PlainClientEvent::Provisional),
        ClientEvent::Response(200..) => Some(PlainClientEvent::Final),
        ClientEvent::TransportFailed => Some(PlainClientEvent::TransportFailed),
        ClientEvent::Timer(Timer::E) => Some(PlainClientEvent::TimerE),
        ClientEvent::Timer(Timer::F) => Some(PlainClientEvent::TimerF),
        ClientEvent::Timer(Timer::K) => Some(PlainClientEvent::TimerK),
        ClientEvent::Timer(
            Timer::A
            | Timer::B
            | Timer::D
            | Timer::G
            | Timer::H
            | Timer::I
            | Timer::J
            | Timer::L
            | Timer::M
            | Timer::Unanswered,
        ) => None,
    }
}

impl Client {
    /// Whether no response has come at all.
    pub(crate) const fn is_unheard(&self) -> bool {
        matches!(
            self.machine,
            ClientMachine::Invite(InviteClient::Calling) | ClientMachine::Plain(PlainClient::Trying)
        )
    }

    /// Whether it is the INVITE of a call that rings.
    pub(crate) const fn rings(&self) -> bool {
        matches!(self.machine, ClientMachine::Invite(InviteClient::Proceeding))
    }

    /// Whether it must still arrive, as far as we know, or its answer may be lost for ever. An INVITE that rings has
    /// arrived, and a phone that accepts it repeats its 200.
    pub(crate) const fn is_unanswered(&self) -> bool {
        match self.machine {
            ClientMachine::Invite(InviteClient::Proceeding) => {
                matches!(self.owner, ClientOwner::Session(_, Purpose::Change))
            }
            ClientMachine::Plain(PlainClient::Proceeding) => true,
            ClientMachine::Invite(_) | ClientMachine::Plain(_) => self.is_unheard(),
        }
    }
}
