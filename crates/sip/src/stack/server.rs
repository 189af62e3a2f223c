//! A peer's request under way: its machine, whose it is, and what was answered last (RFC 3261, 17.2).

use core::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use turno_ground::Flow;

use crate::message::received::Message;
use crate::stack::event::SessionId;
use crate::transaction::invite_server::{InviteServer, InviteServerEvent};
use crate::transaction::key::Key;
use crate::transaction::plain_server::{PlainServer, PlainServerEvent};
use crate::transaction::{Actions, Timer};

/// A peer's request under way.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Server {
    pub(crate) machine: ServerMachine,
    pub(crate) key: Key,
    /// What it is the same request by, if it opens a dialog or none.
    pub(crate) merged: Option<Key>,
    /// What is answered; nothing from the final response on, since only that is needed for copies.
    #[serde(with = "crate::stack::forms::message_bytes")]
    pub(crate) request: Option<Box<Message>>,
    /// How it came.
    pub(crate) flow: Flow,
    /// The way of its responses.
    pub(crate) way_back: Flow,
    pub(crate) owner: ServerOwner,
    /// Our To tag, if the request has none.
    pub(crate) tag: String,
    /// What was answered last.
    pub(crate) last: Option<Bytes>,
    /// The last wait before it was answered again.
    pub(crate) span: Duration,
}

/// Whose a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ServerOwner {
    /// The stack's owner answers it.
    Application,
    /// A session answers it.
    Session(SessionId),
    /// The stack answers it at once.
    Stack,
}

/// The machine of a peer's request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ServerMachine {
    /// Of an INVITE.
    Invite(InviteServer),
    /// Of any other.
    Plain(PlainServer),
}

/// What may happen to a peer's request, of either kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ServerEvent {
    /// It came again.
    Request,
    /// Its ACK came.
    Ack,
    /// We respond with this status.
    Respond(u16),
    /// A timer ran out.
    Timer(Timer),
}

impl ServerMachine {
    /// Whether it has no final response yet.
    pub(crate) const fn is_open(self) -> bool {
        matches!(
            self,
            Self::Invite(InviteServer::Proceeding)
                | Self::Plain(PlainServer::Trying | PlainServer::Proceeding)
        )
    }

    /// The next state, and what is to be done.
    pub(crate) fn after(self, event: ServerEvent, reliable: bool) -> (Self, Actions) {
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

const fn invite_event(event: ServerEvent) -> Option<InviteServerEvent> {
    match event {
        ServerEvent::Request => Some(InviteServerEvent::Request),
        ServerEvent::Ack => Some(InviteServerEvent::Ack),
        ServerEvent::Respond(..200) => Some(InviteServerEvent::Provisional),
        ServerEvent::Respond(200..300) => Some(InviteServerEvent::Success),
        ServerEvent::Respond(300..) => Some(InviteServerEvent::Refusal),
        ServerEvent::Timer(Timer::G) => Some(InviteServerEvent::TimerG),
        ServerEvent::Timer(Timer::H) => Some(InviteServerEvent::TimerH),
        ServerEvent::Timer(Timer::I) => Some(InviteServerEvent::TimerI),
        ServerEvent::Timer(Timer::L) => Some(InviteServerEvent::TimerL),
        ServerEvent::Timer(
            Timer::A
            | Timer::B
            | Timer::D
            | Timer::E
            | Timer::F
            | Timer::J
            | Timer::K
            | Timer::M
            | Timer::Unanswered,
        ) => None,
    }
}

const fn plain_event(event: ServerEvent) -> Option<PlainServerEvent> {
    match event {
        ServerEvent::Request => Some(PlainServerEvent::Request),
        ServerEvent::Respond(..200) => Some(PlainServerEvent::Provisional),
        ServerEvent::Respond(200..) => Some(PlainServerEvent::Final),
        ServerEvent::Timer(Timer::J) => Some(PlainServerEvent::TimerJ),
        ServerEvent::Timer(Timer::Unanswered) => Some(PlainServerEvent::Unanswered),
        ServerEvent::Ack
        | ServerEvent::Timer(
            Timer::A
            | Timer::B
            | Timer::D
            | Timer::E
            | Timer::F
            | Timer::G
            | Timer::H
            | Timer::I
            | Timer::K
            | Timer::L
            | Timer::M,
        ) => None,
    }
}
