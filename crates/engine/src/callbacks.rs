//! Every callback that is asked for, waits or is dialled: its number, its stage and its dials.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_ground::{Change, Changeset, Dated, DecodeError, Lookup, Moment, RowChange, Timed, Tracked};
use turno_model::{CallbackOffer, ContactId};

use crate::callback_stage::{CallbackEvent, CallbackStage};

/// How long a caller may think before a dialogue ends.
const SILENCE_SPAN: Duration = Duration::from_secs(45);

/// Deadlines of a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum CallbackDeadline {
    /// When the caller has pressed no key for so long that the dialogue ends.
    Silence,
    /// When the person's phone has rung for long enough.
    RungTooLong,
    /// When the time in which the person can be reached is over.
    Over,
    /// When it should have been clear who has answered the dial ahead.
    Unjudged,
}

/// The record of one callback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Callback {
    /// The number as it is dialled.
    pub(crate) number: String,
    pub(crate) stage: CallbackStage,
    /// Why it was offered.
    pub(crate) why: CallbackOffer,
    /// How often the person was dialled.
    pub(crate) attempts: u8,
}

/// All callbacks, by contact.
#[derive(Debug)]
pub(crate) struct Callbacks {
    table: Timed<Tracked<ContactId, Dated<CallbackDeadline, Callback>>>,
    /// The callback of each number that waits or is dialled: one for each number.
    of_number: Lookup<String, ContactId>,
}

impl Callbacks {
    /// No callback. `seed` seeds the hash tables.
    pub(crate) fn new(seed: u64) -> Self {
        Self { table: Timed::<Tracked<_, _>>::new(seed), of_number: Lookup::new(seed) }
    }

    /// A dialogue with a caller begins.
    pub(crate) fn begin(
        &mut self,
        contact: ContactId,
        why: CallbackOffer,
        (number, stage): (String, CallbackStage),
        now: Moment,
    ) {
        self.table.insert(contact, Callback { number, stage, why, attempts: 0 });
        self.table.set(contact, CallbackDeadline::Silence, now + SILENCE_SPAN);
    }

    /// Applies an event. False if it does not fit the stage; then nothing has changed.
    pub(crate) fn turn(&mut self, contact: ContactId, event: CallbackEvent) -> bool {
        let Some(after) = self.get(contact).and_then(|callback| callback.stage.after(event)) else {
            return false;
        };
        if let Some(callback) = self.table.get_mut(contact) {
            callback.stage = after;
        }
        true
    }

    /// The caller keyed in another number.
    pub(crate) fn has_number(&mut self, contact: ContactId, number: String) {
        if let Some(callback) = self.table.get_mut(contact) {
            callback.number = number;
        }
    }

    /// The caller may think for longer.
    pub(crate) fn listens(&mut self, contact: ContactId, now: Moment) {
        self.table.set(contact, CallbackDeadline::Silence, now + SILENCE_SPAN);
    }

    /// The caller confirmed: the number has its one callback, which ends at `over` if nobody is reached.
    pub(crate) fn is_promised(&mut self, contact: ContactId, over: Moment) {
        let Some(callback) = self.get(contact).cloned() else { return };
        self.turn(contact, CallbackEvent::Confirmed);
        self.table.cancel(contact, CallbackDeadline::Silence);
        self.table.set(contact, CallbackDeadline::Over, over);
        self.of_number.insert(callback.number, contact);
    }

    /// The person is dialled once more, until `at`. Returns which dial it is.
    pub(crate) fn dials(&mut self, contact: ContactId, at: Moment) -> u8 {
        self.table.set(contact, CallbackDeadline::RungTooLong, at);
        let Some(callback) = self.table.get_mut(contact) else { return 0 };
        callback.attempts = callback.attempts.saturating_add(1);
        callback.attempts
    }

    /// The dial that was counted last did not leave: it is no try.
    pub(crate) fn takes_dial_back(&mut self, contact: ContactId) {
        if let Some(callback) = self.table.get_mut(contact) {
            callback.attempts = callback.attempts.saturating_sub(1);
        }
    }

    /// Nobody was reached: the callback waits again.
    pub(crate) fn waits(&mut self, contact: ContactId) {
        self.table.cancel(contact, CallbackDeadline::RungTooLong);
        self.table.cancel(contact, CallbackDeadline::Unjudged);
        self.turn(contact, CallbackEvent::NotReached);
    }

    /// Somebody answered the dial ahead. False if nobody was dialled.
    pub(crate) fn is_picked_up(&mut self, contact: ContactId) -> bool {
        self.table.cancel(contact, CallbackDeadline::RungTooLong);
        self.turn(contact, CallbackEvent::PickedUp)
    }

    /// It is clear at this moment at the latest who has answered.
    pub(crate) fn is_judged_until(&mut self, contact: ContactId, at: Moment) {
        self.table.set(contact, CallbackDeadline::Unjudged, at);
    }

    /// Nobody listens any more who has answered: those who have are persons at once.
    pub(crate) fn judge_no_more(&mut self, now: Moment) {
        for contact in self.table.keys() {
            if matches!(self.get(contact).map(|callback| &callback.stage), Some(CallbackStage::Greeted(_))) {
                self.is_judged_until(contact, now);
            }
        }
    }

    /// The person who was dialled ahead stands in line: the time for dials is over.
    pub(crate) fn stands(&mut self, contact: ContactId) -> bool {
        self.table.cancel(contact, CallbackDeadline::Over);
        self.table.cancel(contact, CallbackDeadline::Unjudged);
        let stands = self.turn(contact, CallbackEvent::Stands);
        let number = self.get(contact).filter(|_| stands).map(|callback| callback.number.clone());
        if let Some(number) = number.filter(|number| self.of_number.get(number) == Some(&contact)) {
            // Somebody else with this number, such as a colleague, may ask for a callback now.
            self.of_number.remove(&number);
        }
        stands
    }

    /// Whether the person was dialled ahead, and waits on the phone.
    pub(crate) fn is_in_line(&self, contact: ContactId) -> bool {
        !self.is_empty() && self.get(contact).is_some_and(|callback| callback.stage == CallbackStage::InLine)
    }

    /// Tries again later to end a callback that is being dialled.
    pub(crate) fn over_at(&mut self, contact: ContactId, at: Moment) {
        self.table.set(contact, CallbackDeadline::Over, at);
    }

    /// A callback or its dialogue has ended.
    pub(crate) fn end(&mut self, contact: ContactId) {
        if self.is_empty() {
            return;
        }
        if let Some(callback) = self.table.remove(contact)
            && self.of_number.get(&callback.number) == Some(&contact)
        {
            self.of_number.remove(&callback.number);
        }
    }

    /// The callback of a contact.
    pub(crate) fn get(&self, contact: ContactId) -> Option<&Callback> {
        self.table.get(&contact).map(|callback| &**callback)
    }

    /// When a deadline of a callback is due.
    pub(crate) fn at(&self, contact: ContactId, name: CallbackDeadline) -> Option<Moment> {
        self.table.at(contact, name)
    }

    /// Whether a caller is asked how to be called back.
    pub(crate) fn asks(&self, contact: ContactId) -> bool {
        self.get(contact).is_some_and(|callback| callback.stage.is_dialogue())
    }

    /// The contact that waits for a callback to this number.
    pub(crate) fn of_number(&self, number: &str) -> Option<ContactId> {
        if self.is_empty() { None } else { self.of_number.get(number).copied() }
    }

    pub(crate) fn next_deadline(&mut self) -> Option<Moment> {
        self.table.next_deadline()
    }

    /// Takes one due deadline.
    pub(crate) fn pop_due(&mut self, now: Moment) -> Option<(CallbackDeadline, ContactId)> {
        self.table.pop_due(now).map(|(_, deadline, contact)| (deadline, contact))
    }

    /// Every callback. Scans the whole table.
    pub(crate) fn keys(&self) -> Vec<ContactId> {
        self.table.keys()
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Writes the changed records into the changeset.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.table.write_down(|contact, change| match change {
            Change::Is(callback) => {
                changes.keep(table, contact.0, callback);
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

    /// Restores one callback from its row.
    ///
    /// # Errors
    /// [`DecodeError`] if the row is not a callback.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        let contact = ContactId(line.key);
        let callback: Dated<CallbackDeadline, Callback> = line.read()?;
        if !callback.stage.is_dialogue() && callback.stage != CallbackStage::InLine {
            self.of_number.insert(callback.number.clone(), contact);
        }
        self.table.restore(contact, callback);
        Ok(())
    }
}
