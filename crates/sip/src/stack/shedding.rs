//! What is refused with 503 while there is more work than time: nothing is remembered of it, and its ACK finds nothing.

use core::time::Duration;

use turno_ground::Flow;

use crate::message::header::Name;
use crate::message::received::Message;
use crate::stack::Stack;
use crate::stack::event::ServerKey;
use crate::stack::session::{Phase, Session};
use crate::transaction::key::Key;

/// Which requests outside dialogs are refused now. Whatever belongs to a dialog or a transaction goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shedding {
    /// New calls.
    pub calls: bool,
    /// Everything else: registrations, OPTIONS and what strangers try.
    pub others: bool,
}

/// When to come back, in seconds: spread, so that those who were refused together don't come back together, and the
/// same for each copy of a request.
pub(crate) fn retry_after(key: Key, (least, most): (Duration, Duration)) -> u64 {
    let (least, most) = (least.as_secs(), most.as_secs());
    least + key.number() % (most.saturating_sub(least) + 1)
}

impl Stack {
    /// 503 without a memory of it.
    pub(crate) fn refuse_for_load(&mut self, request: &Message, key: Key, flow: Flow) {
        let seconds = retry_after(key, self.layer.settings.retry_after);
        let wait = [(Name::RetryAfter, seconds.to_string())];
        self.layer.reply_statelessly(request, flow, 503, "", &wait);
    }
}

impl Session {
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
}
