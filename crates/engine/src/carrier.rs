//! What carries a contact, decided in one place from its channel and its call.

use turno_calls::CallId;
use turno_model::Channel;

/// What carries a contact now. It decides how the contact is offered, how an offer is withdrawn, and how the contact
/// ends.
///
/// A new carrier, such as one for chats and messages, is one more variant here. The compiler then names each place that
/// must handle it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// A call of the switchboard: phones ring, and audio is bridged.
    Call(CallId),
    /// Nothing: agents accept, decline and finish the contact by command.
    Nothing,
}

impl Carrier {
    /// The carrier of a contact with this channel and, if any, this call.
    pub(crate) const fn of(channel: Channel, call: Option<CallId>) -> Self {
        match (call, channel) {
            // Also a person who asked for a callback and is now being called.
            (Some(call), _) => Self::Call(call),
            // A voice contact has no call for the rest of the step in which its call ended.
            (None, Channel::Voice | Channel::Callback) => Self::Nothing,
            (None, Channel::Chat | Channel::WhatsApp | Channel::Email) => Self::Nothing,
        }
    }
}
