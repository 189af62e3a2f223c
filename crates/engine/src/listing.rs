//! Callers on lists: what commands change, and what a list means for a call.

use compact_str::CompactString;
use turno_calls::CallId;
use turno_ground::{Moment, Pii};
use turno_model::{
    Asker, CallerKnown, CallerListed, ContactId, Done, Fact, ListChange, ListEffect, Listing, PromptName,
    Refusal, Why,
};

use crate::caller_lists::ListedSeen;
use crate::engine::Engine;

/// How many digits the number of a caller has.
const DIGITS: core::ops::RangeInclusive<usize> = 3..=20;

impl Engine {
    /// Puts a number on a list for a time.
    ///
    /// # Errors
    /// [`Refusal::NoNumber`], [`Refusal::NoSuchList`], [`Refusal::ListSpan`], [`Refusal::ListsFull`].
    pub(crate) fn on_list_caller(
        &mut self,
        Listing { list, number, span }: Listing,
        (by, why): (Asker, Why),
        now: Moment,
    ) -> Result<Done, Refusal> {
        let number = self.listed_number(&number)?;
        let until = self.caller_lists.add((&list, &number), span, (by, why.clone()), now)?;
        let change = ListChange::Added { by, why, until };
        self.outbox.record(Fact::CallerList(CallerListed { list, number, change }), now);
        Ok(Done::Now)
    }

    /// Takes a number from a list.
    ///
    /// # Errors
    /// [`Refusal::NoNumber`], [`Refusal::NoSuchList`], [`Refusal::NotListed`].
    pub(crate) fn on_unlist_caller(
        &mut self,
        (list, number): (CompactString, &Pii<CompactString>),
        (by, why): (Asker, Why),
        now: Moment,
    ) -> Result<Done, Refusal> {
        let number = self.listed_number(number)?;
        self.caller_lists.remove(&list, &number)?;
        let change = ListChange::Removed { by, why };
        self.outbox.record(Fact::CallerList(CallerListed { list, number, change }), now);
        Ok(Done::Now)
    }

    /// Numbers whose time is over leave their lists.
    pub(crate) fn end_listings(&mut self, now: Moment) {
        while let Some((list, number)) = self.caller_lists.pop_due(now) {
            let ended = CallerListed { list, number, change: ListChange::Ended };
            self.outbox.record(Fact::CallerList(ended), now);
        }
    }

    /// The lists are those of the plan: numbers leave with a list that it does not have any more.
    pub(crate) fn lists_follow_plan(&mut self, now: Moment) {
        for (list, number) in self.caller_lists.configure(&self.plan) {
            let gone = CallerListed { list, number, change: ListChange::ListGone };
            self.outbox.record(Fact::CallerList(gone), now);
        }
    }

    /// Whether a list refuses the caller, which is recorded, and the prompt that says so.
    pub(crate) fn refusing_list(
        &mut self,
        (call, contact): (CallId, ContactId),
        now: Moment,
    ) -> Option<Option<PromptName>> {
        let (place, effect) = self.list_of(call)?;
        match effect {
            ListEffect::Refuse => {
                self.tell_list(contact, place, effect, now);
                Some(self.plan.caller_lists[place].prompt)
            }
            ListEffect::Prefer(_) => None,
        }
    }

    /// The priority that a list gives the caller at least, in every queue; it is recorded.
    pub(crate) fn listed_priority(
        &mut self,
        (call, contact): (CallId, ContactId),
        now: Moment,
    ) -> Option<u8> {
        let (place, effect) = self.list_of(call)?;
        match effect {
            ListEffect::Prefer(priority) => {
                self.tell_list(contact, place, effect, now);
                Some(priority)
            }
            // The number was listed after the caller had come in.
            ListEffect::Refuse => None,
        }
    }

    /// Every number on a list of callers.
    pub fn callers_listed(&self) -> Vec<ListedSeen> {
        self.caller_lists.list(&self.plan)
    }

    /// How many numbers commands put on lists.
    pub fn callers_added(&self) -> usize {
        self.caller_lists.added()
    }

    fn list_of(&self, call: CallId) -> Option<(usize, ListEffect)> {
        if !self.caller_lists.is_used() {
            return None;
        }
        self.caller_lists.of(&self.number_of(call)?)
    }

    fn tell_list(&mut self, contact: ContactId, place: usize, effect: ListEffect, now: Moment) {
        let list = CompactString::from(&self.plan.caller_lists[place].name);
        self.outbox.record(Fact::CallerKnown(contact, CallerKnown::Listed { list, effect }), now);
    }

    /// A number in the form in which callers' numbers are compared.
    fn listed_number(&self, number: &Pii<CompactString>) -> Result<Pii<CompactString>, Refusal> {
        let number = self.in_site_form(&number.0);
        let is_number = DIGITS.contains(&number.len()) && number.bytes().all(|digit| digit.is_ascii_digit());
        is_number.then(|| Pii(CompactString::from(number))).ok_or(Refusal::NoNumber)
    }
}
