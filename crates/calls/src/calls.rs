//! Table of the calls, with their ids, deadlines and announcements.

use serde::{Deserialize, Serialize};
use turno_ground::{Change, Changeset, DecodeError, Lookup, Moment, RowChange, Timers, TrackedMap};
use turno_media_plan::{Announcement, StreamId};
use turno_sip::SessionId;

use crate::call::{Call, CallId};
use crate::deadline::Deadline;

/// All calls.
#[derive(Debug)]
pub(crate) struct Calls {
    table: TrackedMap<CallId, Call>,
    /// Announcements into bridges; they have no leg.
    announcers: Lookup<StreamId, CallId>,
    deadlines: Timers<Deadline>,
    next: u64,
}

#[derive(Serialize)]
struct CallWritten<'a> {
    call: &'a Call,
    menu_silence: Option<Moment>,
    rung_too_long: Option<Moment>,
}

#[derive(Deserialize)]
struct CallRead {
    call: Call,
    menu_silence: Option<Moment>,
    rung_too_long: Option<Moment>,
}

impl Calls {
    pub(crate) fn new(seed: u64, first: u64) -> Self {
        Self {
            table: TrackedMap::new(),
            announcers: Lookup::new(seed),
            deadlines: Timers::new(seed),
            next: first,
        }
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
        let call = self.table.remove(&id)?;
        self.deadlines.cancel(&Deadline::MenuSilence(id));
        self.deadlines.cancel(&Deadline::RungTooLong(id));
        for (announcer, _) in &call.announcers {
            self.announcers.remove(announcer);
        }
        Some(call)
    }

    pub(crate) fn get(&self, id: CallId) -> Option<&Call> {
        self.table.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: CallId) -> Option<&mut Call> {
        self.table.get_mut(&id)
    }

    pub(crate) fn contains(&self, id: CallId) -> bool {
        self.table.contains_key(&id)
    }

    /// Marks a call as changed, since its deadlines changed.
    pub(crate) fn note(&mut self, id: CallId) {
        self.table.note(&id);
    }

    /// Every call, in order of arrival.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (CallId, &Call)> {
        self.table.iter().map(|(id, call)| (*id, call))
    }

    /// Whether there is neither a call nor a deadline.
    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_empty() && self.deadlines.is_empty()
    }

    pub(crate) fn set(&mut self, deadline: Deadline, at: Moment) {
        self.deadlines.set(deadline, at);
    }

    pub(crate) fn cancel(&mut self, deadline: Deadline) {
        self.deadlines.cancel(&deadline);
    }

    pub(crate) fn next_deadline(&mut self) -> Option<Moment> {
        self.deadlines.next_deadline()
    }

    /// Takes one due deadline.
    pub(crate) fn due(&mut self, now: Moment) -> Option<Deadline> {
        self.deadlines.pop_due(now).map(|(_, deadline)| deadline)
    }

    /// Adds an announcement to a call's bridge. False if the call is gone.
    pub(crate) fn announces(&mut self, id: CallId, announcer: StreamId, said: Announcement) -> bool {
        let Some(call) = self.table.get_mut(&id) else { return false };
        call.announcers.push((announcer, said));
        self.announcers.insert(announcer, id);
        true
    }

    /// Removes an announcement from its bridge; returns its call.
    pub(crate) fn announces_no_more(&mut self, announcer: StreamId) -> Option<CallId> {
        let id = self.announcers.remove(&announcer)?;
        if let Some(call) = self.table.get_mut(&id) {
            call.announcers.retain(|(name, _)| *name != announcer);
        }
        Some(id)
    }

    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        let deadlines = &self.deadlines;
        self.table.write_down(|id, change| match change {
            Change::Is(call) => {
                let menu_silence = deadlines.at(&Deadline::MenuSilence(id));
                let rung_too_long = deadlines.at(&Deadline::RungTooLong(id));
                changes.keep(table, id.0, &CallWritten { call, menu_silence, rung_too_long });
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
        let read: CallRead = line.read()?;
        if let Some(at) = read.menu_silence {
            self.deadlines.set(Deadline::MenuSilence(id), at);
        }
        if let Some(at) = read.rung_too_long {
            self.deadlines.set(Deadline::RungTooLong(id), at);
        }
        self.next = self.next.max(id.0 + 1);
        for (stream, _) in &read.call.announcers {
            self.announcers.insert(*stream, id);
        }
        self.table.restore(id, read.call);
        Ok(id)
    }
}
