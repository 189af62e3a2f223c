//! Every caller who is at a voicemail: how far the caller is, and since when nobody is on the line.

use serde::{Deserialize, Serialize};
use turno_ground::{Change, Changeset, Dated, DecodeError, Moment, RowChange, Timed, Tracked};
use turno_model::{ContactId, EndedBy, MessageEnd, QueueId};

use crate::voicemail_stage::{VoicemailEvent, VoicemailStage};

/// Deadlines of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum VoicemailDeadline {
    /// When a prompt has not been played to its end in time, or the caller has not decided in time.
    Silence,
    /// When the message is as long as allowed.
    TooLong,
}

/// A caller at a voicemail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Visit {
    pub(crate) queue: QueueId,
    /// The caller's number as phones show it.
    pub(crate) caller: String,
    pub(crate) stage: VoicemailStage,
    /// What ended the message.
    pub(crate) end: Option<MessageEnd>,
    /// Who ended the call, once nobody is on the line.
    pub(crate) gone: Option<EndedBy>,
}

/// All callers at voicemails, by contact.
#[derive(Debug)]
pub(crate) struct Voicemails {
    table: Timed<Tracked<ContactId, Dated<VoicemailDeadline, Visit>>>,
}

impl Voicemails {
    /// Nobody. `seed` seeds the hash table.
    pub(crate) fn new(seed: u64) -> Self {
        Self { table: Timed::<Tracked<_, _>>::new(seed) }
    }

    /// A caller comes.
    pub(crate) fn begin(&mut self, contact: ContactId, queue: QueueId, caller: String) {
        let stage = VoicemailStage::Greeted;
        self.table.insert(contact, Visit { queue, caller, stage, end: None, gone: None });
    }

    /// Applies an event. False if it does not fit the stage; then nothing has changed.
    pub(crate) fn turn(&mut self, contact: ContactId, event: VoicemailEvent) -> bool {
        let Some(after) = self.get(contact).and_then(|visit| visit.stage.after(event)) else { return false };
        self.table.cancel(contact, VoicemailDeadline::Silence);
        self.table.cancel(contact, VoicemailDeadline::TooLong);
        if let Some(visit) = self.table.get_mut(contact) {
            visit.stage = after;
        }
        true
    }

    /// The message is over.
    pub(crate) fn has_spoken(&mut self, contact: ContactId, end: MessageEnd) {
        if self.turn(contact, VoicemailEvent::Spoken)
            && let Some(visit) = self.table.get_mut(contact)
        {
            visit.end = Some(end);
        }
    }

    /// Nobody is on the line any more.
    pub(crate) fn is_gone(&mut self, contact: ContactId, by: EndedBy) {
        if let Some(visit) = self.table.get_mut(contact) {
            visit.gone = Some(by);
        }
    }

    /// Sets the only deadline of this name for a visit.
    pub(crate) fn set(&mut self, contact: ContactId, deadline: VoicemailDeadline, at: Moment) {
        self.table.set(contact, deadline, at);
    }

    /// The visit is over.
    pub(crate) fn end(&mut self, contact: ContactId) -> Option<Visit> {
        if self.is_empty() {
            return None;
        }
        self.table.remove(contact)
    }

    /// The visit of a contact.
    pub(crate) fn get(&self, contact: ContactId) -> Option<&Visit> {
        self.table.get(&contact).map(|visit| &**visit)
    }

    /// How many callers are at the voicemail of a queue. Scans the table.
    pub(crate) fn at(&self, queue: QueueId) -> usize {
        let keys = self.table.keys();
        keys.into_iter()
            .filter(|contact| self.get(*contact).is_some_and(|visit| visit.queue == queue))
            .count()
    }

    /// Every contact whose caller is at a voicemail. Scans the table.
    pub(crate) fn keys(&self) -> Vec<ContactId> {
        self.table.keys()
    }

    pub(crate) fn next_deadline(&mut self) -> Option<Moment> {
        self.table.next_deadline()
    }

    /// Takes one due deadline.
    pub(crate) fn pop_due(&mut self, now: Moment) -> Option<(VoicemailDeadline, ContactId)> {
        self.table.pop_due(now).map(|(_, deadline, contact)| (deadline, contact))
    }

    /// Whether nobody is at a voicemail.
    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Writes the changed records into the changeset.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.table.write_down(|contact, change| match change {
            Change::Is(visit) => {
                changes.keep(table, contact.0, visit);
                true
            }
            Change::Gone => {
                changes.delete(table, contact.0);
                false
            }
        });
    }

    /// Marks every record as changed, so that the next [`Self::write_down`] writes all.
    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Restores one visit from its row.
    ///
    /// # Errors
    /// [`DecodeError`] if the row is not a visit.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        self.table.restore(ContactId(line.key), line.read()?);
        Ok(())
    }
}
