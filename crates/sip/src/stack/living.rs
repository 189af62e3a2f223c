//! What a stack has to look after now.

use crate::stack::Stack;

impl Stack {
    /// How many sessions and subscriptions there are, and how many deadlines they have.
    pub(crate) fn living(&self) -> (usize, usize) {
        let (sessions, deadlines) = self.sessions.living();
        (sessions, deadlines + self.subscriptions.len())
    }
}
