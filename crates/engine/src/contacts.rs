//! Which call carries which contact: the one table between the distributor's numbers and the switchboard's.
//!
//! A contact has a number of its own and outlives its calls: it may have none, one, or several in turn. Whatever else is
//! told by a contact's number, such as a call between colleagues, has its number of the same row and stands here too.

use core::time::Duration;
use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use turno_acd::Offer;
use turno_calls::CallId;
use turno_ground::{Change, Changeset, Dated, DecodeError, Lookup, Moment, RowChange, Timed, Tracked};
use turno_model::{Channel, ContactId};

use crate::carrier::Carrier;

/// How long a contact may be under way without a call; one that everybody has forgotten ends after that.
const ALONE_SPAN_MAX: Duration = Duration::from_secs(30 * 24 * 3_600);

/// How long a call that is over is remembered for the last figures of its streams, which come a moment later.
const ENDED_CALL_SPAN: Duration = Duration::from_secs(60);

/// How many calls that are over are remembered at most.
const ENDED_CALLS_MAX: usize = 8_192;

/// What a deadline of a contact is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum ContactDeadline {
    /// When a contact without a call has been under way for longer than any.
    Forgotten,
}

/// What the engine keeps of one contact.
#[derive(Debug, Serialize, Deserialize)]
struct EngineContact {
    /// By which way it came.
    channel: Channel,
    /// The call that carries it now.
    call: Option<CallId>,
    /// The offer that is out; after a restart the room gives it anew.
    #[serde(skip)]
    offer: Option<Offer>,
}

impl EngineContact {
    const fn new(channel: Channel) -> Self {
        Self { channel, call: None, offer: None }
    }
}

/// Every contact under way, with the call that carries it.
#[derive(Debug)]
pub(crate) struct Contacts {
    table: Timed<Tracked<ContactId, Dated<ContactDeadline, EngineContact>>>,
    of_call: Lookup<CallId, ContactId>,
    /// Of calls that are over, the last of them.
    of_ended: Lookup<CallId, ContactId>,
    ended: VecDeque<(CallId, Moment)>,
    next: u64,
}

impl Contacts {
    /// No contact. `seed` guards the tables; numbers begin at `first`.
    pub(crate) fn new(seed: u64, first: u64) -> Self {
        Self {
            table: Timed::<Tracked<_, _>>::new(seed),
            of_call: Lookup::new(seed),
            of_ended: Lookup::new(seed),
            ended: VecDeque::new(),
            next: first,
        }
    }

    /// The next number, for something that is over as soon as it is told.
    pub(crate) const fn number(&mut self) -> ContactId {
        self.next += 1;
        ContactId(self.next - 1)
    }

    /// A call has begun, and a contact with it.
    pub(crate) fn begin_with(&mut self, call: CallId) -> ContactId {
        let contact = self.number();
        self.table.insert(contact, EngineContact::new(Channel::Voice));
        self.carry(contact, call);
        contact
    }

    /// A contact has come without a call.
    pub(crate) fn begin_alone(&mut self, channel: Channel, now: Moment) -> ContactId {
        let contact = self.number();
        self.table.insert(contact, EngineContact::new(channel));
        self.table.set(contact, ContactDeadline::Forgotten, now + ALONE_SPAN_MAX);
        contact
    }

    /// A contact that has no call now gets one.
    fn carry(&mut self, contact: ContactId, call: CallId) {
        let Some(mut entry) = self.table.entry(contact) else { return };
        entry.cancel(ContactDeadline::Forgotten);
        let before = entry.call.replace(call);
        debug_assert!(before.is_none(), "{contact:?} has {before:?}");
        self.of_call.insert(call, contact);
    }

    /// A call is over; its contact goes on alone, until the room has told its end.
    pub(crate) fn part(&mut self, call: CallId, now: Moment) -> Option<ContactId> {
        let contact = self.of_call.remove(&call)?;
        if let Some(mut entry) = self.table.entry(contact) {
            entry.call = None;
            entry.set(ContactDeadline::Forgotten, now + ALONE_SPAN_MAX);
        }
        self.forget_ended(now);
        self.ended.push_back((call, now));
        self.of_ended.insert(call, contact);
        Some(contact)
    }

    /// Forgets the calls that ended long ago, and the oldest one where there are too many.
    fn forget_ended(&mut self, now: Moment) {
        while let Some((call, at)) = self.ended.front()
            && (self.ended.len() >= ENDED_CALLS_MAX || *at + ENDED_CALL_SPAN <= now)
        {
            self.of_ended.remove(call);
            self.ended.pop_front();
        }
    }

    /// A contact is over. One that a call still carries, such as a caller who was passed on or hears the last words, is told
    /// by the same number until that call is over too.
    pub(crate) fn end(&mut self, contact: ContactId) {
        if self.table.get(&contact).is_some_and(|entry| entry.call.is_none()) {
            self.table.remove(contact);
        }
    }

    /// The contact that a call carries.
    pub(crate) fn of(&self, call: CallId) -> Option<ContactId> {
        self.of_call.get(&call).copied()
    }

    /// The contact that a call carries, or did until it was over.
    pub(crate) fn told_of(&self, call: CallId) -> Option<ContactId> {
        self.of(call).or_else(|| self.of_ended.get(&call).copied())
    }

    /// What carries a contact now; `None` if it is over.
    pub(crate) fn carrier_of(&self, contact: ContactId) -> Option<Carrier> {
        self.table.get(&contact).map(|entry| Carrier::of(entry.channel, entry.call))
    }

    /// The call that carries a contact now.
    pub(crate) fn call_of(&self, contact: ContactId) -> Option<CallId> {
        self.table.get(&contact)?.call
    }

    /// Whether a contact is under way without a call.
    pub(crate) fn is_alone(&self, contact: ContactId) -> bool {
        self.table.get(&contact).is_some_and(|entry| entry.call.is_none())
    }

    /// Keeps the token of an offer.
    pub(crate) fn put_offer(&mut self, offer: Offer) {
        if let Some(entry) = self.table.get_mut(offer.contact()) {
            entry.offer = Some(offer);
        }
    }

    /// Takes the token of the offer that is out, if there is one.
    pub(crate) fn take_offer(&mut self, contact: ContactId) -> Option<Offer> {
        self.table.get(&contact)?.offer.as_ref()?;
        self.table.get_mut(contact)?.offer.take()
    }

    /// The earliest deadline.
    pub(crate) fn next_deadline(&mut self) -> Option<Moment> {
        self.table.next_deadline()
    }

    /// Takes what is due.
    pub(crate) fn pop_due(&mut self, now: Moment) -> Option<(ContactDeadline, ContactId)> {
        self.table.pop_due(now).map(|(_, deadline, contact)| (deadline, contact))
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_empty() && self.of_call.is_empty()
    }

    /// Whether contacts and calls fit each other, or the sentence that says what does not.
    ///
    /// # Errors
    /// That sentence.
    pub(crate) fn is_whole(
        &self,
        calls: impl Iterator<Item = CallId>,
        waits: impl Fn(ContactId) -> bool,
    ) -> Result<(), String> {
        let mut carried = 0;
        for call in calls {
            carried += 1;
            let contact = self.of(call).ok_or_else(|| format!("{call:?} carries nothing"))?;
            if self.call_of(contact) != Some(call) {
                return Err(format!("{call:?} carries {contact:?}, which does not know it"));
            }
        }
        let mut alone = 0;
        for contact in self.table.keys() {
            if self.is_alone(contact) {
                alone += 1;
                if !waits(contact) {
                    return Err(format!("{contact:?} has no call and is in no queue"));
                }
            }
        }
        let all = self.table.len();
        if carried + alone == all {
            Ok(())
        } else {
            Err(format!("{carried} calls carry {} contacts", all - alone))
        }
    }

    /// Writes down what has changed.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.table.write_down(|contact, change| match change {
            Change::Is(entry) => {
                changes.keep(table, contact.0, entry);
                true
            }
            Change::Gone => {
                changes.delete(table, contact.0);
                false
            }
        });
    }

    /// Makes the next [`Self::write_down`] write everything.
    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Puts back what was written of one contact.
    ///
    /// # Errors
    /// [`DecodeError`] if it is not one of ours.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        let contact = ContactId(line.key);
        let entry: Dated<ContactDeadline, EngineContact> = line.read()?;
        if let Some(call) = entry.call {
            self.of_call.insert(call, contact);
        }
        self.table.restore(contact, entry);
        self.next = self.next.max(line.key + 1);
        Ok(())
    }
}
