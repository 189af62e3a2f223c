//! Checks that callers whom agents have passed on are not left with music or silence after everybody else has gone.

use core::time::Duration;

use turno_media_plan::{Member, Role, StreamId};
use turno_model::ContactId;

use crate::passed_on::PassedOn;
use crate::world::World;

/// How long a caller may be with nobody: while a phone rings for the next transfer.
const ALONE_MAX: Duration = Duration::from_secs(100);

impl World {
    /// The call of a contact that was passed on is over, so its caller must learn of the end.
    pub(crate) fn passed_on_is_over(&mut self, contact: ContactId) {
        let Some(PassedOn { caller: (caller, attempt), .. }) = self.passed_on.remove(&contact) else {
            return;
        };
        let client = self.clients.get_mut(&caller).filter(|client| client.attempt == attempt);
        if let Some(client) = client.filter(|client| client.contact == Some(contact)) {
            client.over_since = Some(self.now);
        }
    }

    /// Wound: after a warm transfer the colleague hangs up, and the citizen hears music for ever.
    pub(crate) fn check_left_alone(&mut self) {
        let found: Vec<_> =
            self.passed_on.iter().map(|(contact, it)| (*contact, self.is_alone(it.caller))).collect();
        for (contact, is_alone) in found {
            let Some(it) = self.passed_on.get_mut(&contact) else { continue };
            it.alone_since = if is_alone { it.alone_since.or(Some(self.now)) } else { None };
            let Some(since) = it.alone_since else { continue };
            let longest = ALONE_MAX + self.lateness + self.absences.after(since);
            assert!(
                self.now.since(since) <= longest,
                "the caller of {contact:?} was passed on, and is alone"
            );
        }
    }

    /// Whether the phone of a caller is in a call in which nobody else talks.
    fn is_alone(&self, caller: (u32, u8)) -> bool {
        let Some(stream) = self.stream_of(caller) else { return false };
        let talks = |it: &&Member| matches!(it.role, Role::Talk(_)) && it.stream != stream;
        let mut bridges = self.media.bridges().filter(|members| is_in(members, stream));
        bridges.all(|members| members.iter().filter(talks).count() == 0)
    }
}

fn is_in(members: &[Member], stream: StreamId) -> bool {
    members.iter().any(|member| member.stream == stream)
}
