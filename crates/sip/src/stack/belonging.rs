//! Whether a message belongs to a call that stands.

use bytes::Bytes;

use crate::message::received::Message;
use crate::stack::Stack;

impl Stack {
    /// Whether this unread message is a request within the dialog of a session, or a response to a request of ours.
    /// So a source that is shut out can still end its call, and be told that a call has ended.
    pub fn is_of_a_call(&self, bytes: &Bytes) -> bool {
        let Ok(message) = Message::scan(bytes) else { return false };
        if message.is_request() {
            return self.session_of(&message).is_some();
        }
        let via = message.top_via().ok();
        let branch = via.as_ref().and_then(|via| via.branch()).unwrap_or_default();
        self.layer.clients.of_key(self.layer.keys.client(branch, message.method_name())).is_some()
    }
}
