//! What carries a contact, decided in one place from its channel and its call.

use serde::{Deserialize, Serialize};
use turno_calls::CallId;
use turno_model::Channel;

/// How the person of a contact is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Reach {
    /// By the call or the messages that carry the contact.
    Here,
    /// The person hung up, keeps the place and is called back.
    ByCallback,
}

/// What carries a contact now. It decides how the contact is offered, how an offer is withdrawn, and how the contact
/// ends.
///
/// A new carrier, such as one for chats and messages, is one more variant here. The compiler then names each place that
/// must handle it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// A call of the switchboard: phones ring, and audio is bridged.
    Call(CallId),
    /// A call that is still to be made: an agent who takes the contact is rung and held, then the person is dialled.
    Callback,
    /// A message that nobody hears yet: the agent who takes it is rung.
    Message,
    /// Nothing: agents accept, decline and finish the contact by command.
    Nothing,
}

impl Carrier {
    /// The carrier of a contact with this channel and, if any, this call.
    pub(crate) const fn of(channel: Channel, call: Option<CallId>, reach: Reach) -> Self {
        match (call, channel) {
            // Even while the goodbye plays in the call by which the person came.
            (Some(_) | None, _) if matches!(reach, Reach::ByCallback) => Self::Callback,
            (Some(call), _) => Self::Call(call),
            // A voice contact has no call for the rest of the step in which its call ended.
            (None, Channel::Voicemail) => Self::Message,
            (None, Channel::Voice | Channel::Callback) => Self::Nothing,
            (None, Channel::Chat | Channel::WhatsApp | Channel::Email) => Self::Nothing,
        }
    }
}
