//! What carries a contact, chosen in one place by its channel and by whether it has a call.

use turno_calls::CallId;
use turno_model::Channel;

/// What carries a contact now: where it is offered, and who takes an offer back and ends it.
///
/// A further carrier, such as the machine of chats and messages, is one more variant here. The compiler then names each
/// place that has to say what it does there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// A call of the switchboard's: phones ring, and voices are joined.
    Call(CallId),
    /// Nothing: agents take the contact, decline it and are done with it by commands.
    Nothing,
}

impl Carrier {
    /// What carries a contact of this channel that has this call, or none.
    pub(crate) const fn of(channel: Channel, call: Option<CallId>) -> Self {
        match (call, channel) {
            // Also somebody who wanted to be called back, and now is.
            (Some(call), _) => Self::Call(call),
            // Who speaks is without a call for the rest of the step in which it has ended.
            (None, Channel::Voice | Channel::Callback) => Self::Nothing,
            (None, Channel::Chat | Channel::WhatsApp | Channel::Email) => Self::Nothing,
        }
    }
}
