//! Which call carries which contact: the only table that maps contact ids to call ids.
//!
//! A contact has its own id and outlives its calls: it may have none, one, or several in turn. Calls between colleagues
//! have an entry and an id of the same series, so that facts can refer to them.

use core::time::Duration;
use std::collections::VecDeque;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use turno_acd::Offer;
use turno_calls::CallId;
use turno_ground::{Change, Changeset, Dated, DecodeError, Lookup, Moment, RowChange, Timed, Tracked};
use turno_model::{AgentId, Channel, ContactId, Language};

use crate::carrier::{Carrier, Reach};

/// Longest life of a contact without a call. After that, a contact that everybody has forgotten ends.
const ALONE_SPAN_MAX: Duration = Duration::from_secs(30 * 24 * 3_600);

/// How long an ended call is remembered, for the last figures of its media streams, which arrive a moment later.
const ENDED_CALL_SPAN: Duration = Duration::from_secs(60);

/// Cap on ended calls that are remembered.
const ENDED_CALLS_MAX: usize = 8_192;

/// Deadlines of a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum ContactDeadline {
    /// When a contact without a call has lived for longer than allowed.
    Forgotten,
}

/// A procedure whose card a caller heard.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct HeardCard {
    /// The procedure.
    pub(crate) procedure: CompactString,
    /// The wrap-up code of contacts about it.
    pub(crate) code: Option<CompactString>,
    /// When the first card began.
    pub(crate) since: Moment,
}

/// The engine's record of one contact.
#[derive(Debug, Serialize, Deserialize)]
struct EngineContact {
    /// The channel it came by.
    channel: Channel,
    /// The call that carries it now.
    call: Option<CallId>,
    /// How the person is reached.
    reach: Reach,
    /// Whether the caller has heard that talks are recorded.
    knows_of_recording: bool,
    /// The language that the caller chose; `None`: that of the plan.
    language: Option<Language>,
    /// The sender's own name for a contact without a call.
    #[serde(default)]
    key: Option<CompactString>,
    /// The procedure whose card the caller heard last.
    #[serde(default)]
    about: Option<HeardCard>,
    /// The pending offer. It is not written: after a restart the room offers again.
    #[serde(skip)]
    offer: Option<Offer>,
}

impl EngineContact {
    const fn new(channel: Channel) -> Self {
        Self {
            channel,
            call: None,
            reach: Reach::Here,
            knows_of_recording: false,
            language: None,
            key: None,
            about: None,
            offer: None,
        }
    }
}

/// Every contact under way, and the call that carries it.
#[derive(Debug)]
pub(crate) struct Contacts {
    table: Timed<Tracked<ContactId, Dated<ContactDeadline, EngineContact>>>,
    of_call: Lookup<CallId, ContactId>,
    /// Contacts of calls that ended recently.
    of_ended: Lookup<CallId, ContactId>,
    ended: VecDeque<(CallId, Moment)>,
    /// Contacts that their senders have named.
    of_key: Lookup<CompactString, ContactId>,
    next: u64,
}

impl Contacts {
    /// No contact. `seed` seeds the hash tables; ids begin at `first`.
    pub(crate) fn new(seed: u64, first: u64) -> Self {
        Self {
            table: Timed::<Tracked<_, _>>::new(seed),
            of_call: Lookup::new(seed),
            of_ended: Lookup::new(seed),
            ended: VecDeque::new(),
            of_key: Lookup::new(seed),
            next: first,
        }
    }

    /// The next id, also for a contact that ends in the step in which it begins.
    pub(crate) const fn number(&mut self) -> ContactId {
        self.next += 1;
        ContactId(self.next - 1)
    }

    /// Creates the contact of a new call.
    pub(crate) fn begin_with(&mut self, call: CallId) -> ContactId {
        let contact = self.number();
        self.table.insert(contact, EngineContact::new(Channel::Voice));
        self.carry(contact, call);
        contact
    }

    /// Creates a contact without a call; `key` is its sender's own name for it.
    pub(crate) fn begin_alone(
        &mut self,
        channel: Channel,
        key: Option<CompactString>,
        now: Moment,
    ) -> ContactId {
        let contact = self.number();
        if let Some(key) = &key {
            self.of_key.insert(key.clone(), contact);
        }
        self.table.insert(contact, EngineContact { key, ..EngineContact::new(channel) });
        self.table.set(contact, ContactDeadline::Forgotten, now + ALONE_SPAN_MAX);
        contact
    }

    /// Gives a contact its call.
    fn carry(&mut self, contact: ContactId, call: CallId) {
        let Some(mut entry) = self.table.entry(contact) else { return };
        entry.cancel(ContactDeadline::Forgotten);
        let before = entry.call.replace(call);
        debug_assert!(before.is_none(), "{contact:?} has {before:?}");
        self.of_call.insert(call, contact);
    }

    /// The person hangs up, and is called back.
    pub(crate) fn is_called_back(&mut self, contact: ContactId) {
        if let Some(entry) = self.table.get_mut(contact) {
            entry.reach = Reach::ByCallback;
        }
    }

    /// The person was called back by this call, which had a number of its own.
    pub(crate) fn takes_call(&mut self, contact: ContactId, call: CallId) {
        if let Some(number) = self.of_call.remove(&call) {
            self.table.remove(number);
        }
        if let Some(entry) = self.table.get_mut(contact) {
            entry.reach = Reach::Here;
        }
        self.carry(contact, call);
    }

    /// A call ended. Its contact stays without a call until the room reports its end.
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

    /// Forgets calls that ended long ago, and the oldest ones if there are too many.
    fn forget_ended(&mut self, now: Moment) {
        while let Some((call, at)) = self.ended.front()
            && (self.ended.len() >= ENDED_CALLS_MAX || *at + ENDED_CALL_SPAN <= now)
        {
            self.of_ended.remove(call);
            self.ended.pop_front();
        }
    }

    /// A contact ended. While a call still carries it, as with a caller who was transferred or who hears a closing
    /// announcement, the entry stays, and facts keep using this id until the call ends.
    pub(crate) fn end(&mut self, contact: ContactId) {
        let Some(entry) = self.table.get(&contact).filter(|entry| entry.call.is_none()) else { return };
        if let Some(key) = &entry.key {
            self.of_key.remove(key);
        }
        self.table.remove(contact);
    }

    /// The living contact that its sender calls so.
    pub(crate) fn named(&self, key: &CompactString) -> Option<ContactId> {
        self.of_key.get(key).copied()
    }

    /// The contact that a call carries.
    pub(crate) fn of(&self, call: CallId) -> Option<ContactId> {
        self.of_call.get(&call).copied()
    }

    /// The contact that a call carries, or carried until it ended.
    pub(crate) fn told_of(&self, call: CallId) -> Option<ContactId> {
        self.of(call).or_else(|| self.of_ended.get(&call).copied())
    }

    /// The carrier of a contact; `None` if the contact has ended.
    pub(crate) fn carrier_of(&self, contact: ContactId) -> Option<Carrier> {
        self.table.get(&contact).map(|entry| Carrier::of(entry.channel, entry.call, entry.reach))
    }

    /// The call that carries a contact now.
    pub(crate) fn call_of(&self, contact: ContactId) -> Option<CallId> {
        self.table.get(&contact)?.call
    }

    /// Whether a contact exists and has no call.
    pub(crate) fn is_alone(&self, contact: ContactId) -> bool {
        self.table.get(&contact).is_some_and(|entry| entry.call.is_none())
    }

    /// Whether the caller has heard that talks are recorded; from now on it counts as heard.
    pub(crate) fn hears_of_recording(&mut self, contact: ContactId) -> bool {
        let is_new = self.table.get(&contact).is_some_and(|entry| !entry.knows_of_recording);
        if is_new && let Some(entry) = self.table.get_mut(contact) {
            entry.knows_of_recording = true;
        }
        !is_new
    }

    /// The caller of this call chose a language.
    pub(crate) fn speaks(&mut self, call: CallId, language: Language) {
        if let Some(entry) = self.of(call).and_then(|contact| self.table.get_mut(contact)) {
            entry.language = Some(language);
        }
    }

    /// The caller of this call hears the card of a procedure.
    pub(crate) fn is_about(
        &mut self,
        call: CallId,
        (procedure, code): (CompactString, Option<CompactString>),
        now: Moment,
    ) {
        if let Some(entry) = self.of(call).and_then(|contact| self.table.get_mut(contact)) {
            let since = entry.about.as_ref().map_or(now, |heard| heard.since);
            entry.about = Some(HeardCard { procedure, code, since });
        }
    }

    /// What the caller of this call heard.
    pub(crate) fn about(&self, call: CallId) -> Option<&HeardCard> {
        self.table.get(&self.of(call)?)?.about.as_ref()
    }

    /// The language that the caller of this call chose.
    pub(crate) fn language_of(&self, call: CallId) -> Option<Language> {
        self.language(self.of(call)?)
    }

    /// The language that the caller of this contact chose.
    pub(crate) fn language(&self, contact: ContactId) -> Option<Language> {
        self.table.get(&contact)?.language
    }

    /// Stores the token of an offer.
    pub(crate) fn put_offer(&mut self, offer: Offer) {
        if let Some(entry) = self.table.get_mut(offer.contact()) {
            entry.offer = Some(offer);
        }
    }

    /// Takes the token of the pending offer, if there is one.
    pub(crate) fn take_offer(&mut self, contact: ContactId) -> Option<Offer> {
        self.table.get(&contact)?.offer.as_ref()?;
        self.table.get_mut(contact)?.offer.take()
    }

    /// The agent of the pending offer.
    pub(crate) fn offered_to(&self, contact: ContactId) -> Option<AgentId> {
        Some(self.table.get(&contact)?.offer.as_ref()?.agent())
    }

    pub(crate) fn next_deadline(&mut self) -> Option<Moment> {
        self.table.next_deadline()
    }

    /// Takes one due deadline.
    pub(crate) fn pop_due(&mut self, now: Moment) -> Option<(ContactDeadline, ContactId)> {
        self.table.pop_due(now).map(|(_, deadline, contact)| (deadline, contact))
    }

    /// Whether there is no contact.
    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_empty() && self.of_call.is_empty()
    }

    /// Whether contacts and calls agree.
    ///
    /// # Errors
    /// A sentence that says what does not agree.
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

    /// Writes the changed records into the changeset.
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

    /// Marks every record as changed, so that the next [`Self::write_down`] writes all.
    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Restores one contact from its row.
    ///
    /// # Errors
    /// [`DecodeError`] if the row is not a contact record.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        let contact = ContactId(line.key);
        let entry: Dated<ContactDeadline, EngineContact> = line.read()?;
        if let Some(call) = entry.call {
            self.of_call.insert(call, contact);
        }
        if let Some(key) = &entry.key {
            self.of_key.insert(key.clone(), contact);
        }
        self.table.restore(contact, entry);
        self.next = self.next.max(line.key + 1);
        Ok(())
    }
}
