//! Table of the calls, with their ids and announcements; deadlines are part of a call's row.

use turno_ground::{Change, Changeset, Dated, DecodeError, Lookup, Moment, RowChange, Timed, TrackedMap};
use turno_media_plan::{Announcement, StreamId};
use turno_sip::SessionId;

use crate::call::{Call, CallId};
use crate::deadline::Deadline;

/// All calls.
#[derive(Debug)]
pub(crate) struct Calls {
    table: Timed<TrackedMap<CallId, Dated<Deadline, Call>>>,
    /// Announcements into bridges; they have no leg.
    announcers: Lookup<StreamId, CallId>,
    next: u64,
}

impl Calls {
    pub(crate) fn new(seed: u64, first: u64) -> Self {
        Self { table: Timed::<TrackedMap<_, _>>::new(), announcers: Lookup::new(seed), next: first }
    }

    /// The id of the next call.
    pub(crate) const fn next(&self) -> CallId {
        CallId(self.next)
    }

    /// Uses up an id, for a call that was not accepted.
    pub(crate) const fn skip_number(&mut self) -> CallId {
        self.next += 1;
        CallId(self.next - 1)
    }

    /// Creates a call with this A leg, or with none yet.
    pub(crate) fn begin(&mut self, a_leg: Option<SessionId>) -> CallId {
        let id = self.skip_number();
        self.table.insert(id, Call::new(a_leg));
        id
    }

    /// Removes a call, with its deadlines and announcements.
    pub(crate) fn remove(&mut self, id: CallId) -> Option<Call> {
        let call = self.table.remove(id)?;
        for (announcer, _) in &call.announcers {
            self.announcers.remove(announcer);
        }
        Some(call)
    }

    pub(crate) fn get(&self, id: CallId) -> Option<&Call> {
        self.table.get(&id).map(|call| &**call)
    }

    pub(crate) fn get_mut(&mut self, id: CallId) -> Option<&mut Call> {
        self.table.get_mut(id)
    }

    pub(crate) fn contains(&self, id: CallId) -> bool {
        self.table.contains_key(&id)
    }

    /// Every call, in order of arrival.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (CallId, &Call)> {
        self.table.iter().map(|(id, call)| (*id, &**call))
    }

    /// Whether there is neither a call nor a deadline.
    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_empty() && self.table.living() == 0
    }

    pub(crate) fn set(&mut self, id: CallId, deadline: Deadline, at: Moment) {
        self.table.set(id, deadline, at);
    }

    pub(crate) fn cancel(&mut self, id: CallId, deadline: Deadline) {
        self.table.cancel(id, deadline);
    }

    pub(crate) fn next_deadline(&mut self) -> Option<Moment> {
        self.table.next_deadline()
    }

    /// Takes one due deadline.
    pub(crate) fn due(&mut self, now: Moment) -> Option<(Deadline, CallId)> {
        self.table.pop_due(now).map(|(_, deadline, call)| (deadline, call))
    }

    /// Adds an announcement to a call's bridge. False if the call is gone.
    pub(crate) fn announces(&mut self, id: CallId, announcer: StreamId, said: Announcement) -> bool {
        let Some(call) = self.table.get_mut(id) else { return false };
        call.announcers.push((announcer, said));
        self.announcers.insert(announcer, id);
        true
    }

    /// Removes an announcement from its bridge; returns its call.
    pub(crate) fn announces_no_more(&mut self, announcer: StreamId) -> Option<CallId> {
        let id = self.announcers.remove(&announcer)?;
        if let Some(call) = self.table.get_mut(id) {
            call.announcers.retain(|(name, _)| *name != announcer);
        }
        Some(id)
    }

    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.table.write_down(|id, change| match change {
            Change::Is(call) => {
                changes.keep(table, id.0, call);
                true
            }
            Change::Gone => {
                changes.delete(table, id.0);
                false
            }
        });
    }

    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Restores a call from its row.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<CallId, DecodeError> {
        let id = CallId(line.key);
        let call: Dated<Deadline, Call> = line.read()?;
        self.next = self.next.max(id.0 + 1);
        for (stream, _) in &call.announcers {
            self.announcers.insert(*stream, id);
        }
        self.table.restore(id, call);
        Ok(id)
    }
}
