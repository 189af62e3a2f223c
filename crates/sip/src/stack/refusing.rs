//! Refusals that leave no memory behind (RFC 3261, 8.2.7).

use turno_ground::Flow;

use crate::message::header::Name;
use crate::message::received::Message;
use crate::stack::Stack;
use crate::stack::event::ServerKey;
use crate::stack::session::{Phase, Session};
use crate::stack::shedding::retry_after;
use crate::transaction::key::Key;

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
