//! Which numbers are on which list of callers: those of the plan, and those that commands added for a time.

use core::ops::RangeInclusive;
use core::time::Duration;
use std::collections::BTreeSet;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use turno_ground::{Change, Changeset, DecodeError, Lookup, Moment, Pii, RowChange, TrackedMap};
use turno_model::{Asker, ListEffect, Plan, Refusal, Why};

use crate::dial_rules::{matches_pattern, site_form};

/// Most numbers that commands may add, over all lists.
const NUMBERS_MAX: usize = 10_000;

/// How long a command may put a number on a list: from a minute to ten years.
const SPANS: RangeInclusive<Duration> = Duration::from_secs(60)..=Duration::from_secs(3_653 * 86_400);

/// A number of a list, and who added it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSeen {
    /// The list's name.
    pub list: String,
    /// What the list does.
    pub effect: ListEffect,
    /// The number, or a pattern of the plan.
    pub number: Pii<CompactString>,
    /// The command that added it; `None`: the plan has it.
    pub added: Option<ListedBy>,
}

/// How a number came to a list by a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedBy {
    /// Who asked.
    pub by: Asker,
    /// The reason that was given.
    pub why: Why,
    /// Since when.
    pub since: Moment,
    /// Until when.
    pub until: Moment,
}

/// A number that a command added.
#[derive(Debug, Serialize, Deserialize)]
struct Listed {
    list: CompactString,
    number: Pii<CompactString>,
    added: ListedBy,
}

/// What the plan says of a list.
#[derive(Debug)]
struct List {
    name: String,
    effect: ListEffect,
}

/// All lists of callers. A call looks its number up in two tables and compares it with the few patterns of the plan.
#[derive(Debug)]
pub(crate) struct CallerLists {
    lists: Vec<List>,
    /// Whole numbers of the plan, with the places of their lists.
    planned: Lookup<String, SmallVec<[usize; 1]>>,
    /// Patterns of the plan, with the place of the list.
    patterns: Vec<(String, usize)>,
    /// Numbers that commands added.
    table: TrackedMap<u64, Listed>,
    of_number: Lookup<CompactString, SmallVec<[u64; 1]>>,
    by_end: BTreeSet<(Moment, u64)>,
    next: u64,
    seed: u64,
}

impl CallerLists {
    /// The lists of the plan. `seed` seeds the hash tables.
    pub(crate) fn new(plan: &Plan, seed: u64) -> Self {
        let mut lists = Self {
            lists: Vec::new(),
            planned: Lookup::new(seed),
            patterns: Vec::new(),
            table: TrackedMap::new(),
            of_number: Lookup::new(seed),
            by_end: BTreeSet::new(),
            next: 0,
            seed,
        };
        lists.read(plan);
        lists
    }

    /// Applies a new plan. Returns the numbers that leave with their lists.
    pub(crate) fn configure(&mut self, plan: &Plan) -> Vec<(CompactString, Pii<CompactString>)> {
        self.read(plan);
        let is_gone = |row: &Listed| self.lists.iter().all(|list| list.name != row.list);
        let gone: Vec<u64> = self.table.iter().filter(|(_, row)| is_gone(row)).map(|(key, _)| *key).collect();
        gone.into_iter().filter_map(|key| self.take(key)).collect()
    }

    fn read(&mut self, plan: &Plan) {
        self.planned = Lookup::new(self.seed);
        self.patterns.clear();
        self.lists.clear();
        for (place, list) in plan.caller_lists.iter().enumerate() {
            self.lists.push(List { name: list.name.clone(), effect: list.effect });
            for Pii(number) in &list.numbers {
                if number.contains(['X', '.']) {
                    self.patterns.push((number.clone(), place));
                    continue;
                }
                let number = site_form(plan, number);
                let mut places = self.planned.remove(&number).unwrap_or_default();
                places.push(place);
                self.planned.insert(number, places);
            }
        }
    }

    /// Whether the plan has lists.
    pub(crate) const fn is_used(&self) -> bool {
        !self.lists.is_empty()
    }

    /// The list that counts for this number, by its place in the plan: one that refuses, else that of the highest priority.
    pub(crate) fn of(&self, number: &str) -> Option<(usize, ListEffect)> {
        let planned = self.planned.get(number).into_iter().flatten().copied();
        let fitting = self.patterns.iter().filter(|(pattern, _)| matches_pattern(pattern, number));
        let added = self.of_number.get(number).into_iter().flatten().filter_map(|key| {
            let row = self.table.get(key)?;
            self.place(&row.list)
        });
        let places = planned.chain(fitting.map(|(_, place)| *place)).chain(added);
        places.map(|place| (place, self.lists[place].effect)).max_by_key(|(_, effect)| rank(*effect))
    }

    /// Puts a number on a list until the end of the span, which is returned.
    ///
    /// # Errors
    /// [`Refusal::NoSuchList`], [`Refusal::ListSpan`], [`Refusal::ListsFull`].
    pub(crate) fn add(
        &mut self,
        (list, number): (&CompactString, &Pii<CompactString>),
        span: Duration,
        (by, why): (Asker, Why),
        now: Moment,
    ) -> Result<Moment, Refusal> {
        self.place(list).ok_or(Refusal::NoSuchList)?;
        if !SPANS.contains(&span) {
            return Err(Refusal::ListSpan);
        }
        let before = self.key(list, number);
        if before.is_none() && self.table.len() >= NUMBERS_MAX {
            return Err(Refusal::ListsFull);
        }
        if let Some(before) = before {
            self.take(before);
        }
        self.next += 1;
        let until = now + span;
        let added = ListedBy { by, why, since: now, until };
        self.enter(self.next, until, number);
        self.table.insert(self.next, Listed { list: list.clone(), number: number.clone(), added });
        Ok(until)
    }

    /// Takes a number that a command added from a list.
    ///
    /// # Errors
    /// [`Refusal::NoSuchList`], [`Refusal::NotListed`].
    pub(crate) fn remove(
        &mut self,
        list: &CompactString,
        number: &Pii<CompactString>,
    ) -> Result<(), Refusal> {
        self.place(list).ok_or(Refusal::NoSuchList)?;
        let key = self.key(list, number).ok_or(Refusal::NotListed)?;
        self.take(key);
        Ok(())
    }

    /// Takes one number whose time is over.
    pub(crate) fn pop_due(&mut self, now: Moment) -> Option<(CompactString, Pii<CompactString>)> {
        let (_, key) = self.by_end.first().copied().filter(|(at, _)| *at <= now)?;
        self.take(key)
    }

    /// When the first number's time is over.
    pub(crate) fn next_deadline(&self) -> Option<Moment> {
        self.by_end.first().map(|(at, _)| *at)
    }

    /// How many numbers commands added.
    pub(crate) fn added(&self) -> usize {
        self.table.len()
    }

    /// Every number: those of the plan, then those that commands added, the oldest first.
    pub(crate) fn list(&self, plan: &Plan) -> Vec<ListedSeen> {
        let planned = plan.caller_lists.iter().flat_map(|list| {
            list.numbers.iter().map(|Pii(number)| ListedSeen {
                list: list.name.clone(),
                effect: list.effect,
                number: Pii(CompactString::from(number)),
                added: None,
            })
        });
        let added = self.table.values().filter_map(|row| {
            Some(ListedSeen {
                list: row.list.to_string(),
                effect: self.lists[self.place(&row.list)?].effect,
                number: row.number.clone(),
                added: Some(row.added.clone()),
            })
        });
        planned.chain(added).collect()
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.lists.iter().position(|list| list.name == name)
    }

    fn key(&self, list: &str, number: &Pii<CompactString>) -> Option<u64> {
        let keys = self.of_number.get(&number.0)?;
        keys.iter().copied().find(|key| self.table.get(key).is_some_and(|row| row.list == list))
    }

    fn enter(&mut self, key: u64, until: Moment, number: &Pii<CompactString>) {
        let mut keys = self.of_number.remove(&number.0).unwrap_or_default();
        keys.push(key);
        self.of_number.insert(number.0.clone(), keys);
        self.by_end.insert((until, key));
    }

    fn take(&mut self, key: u64) -> Option<(CompactString, Pii<CompactString>)> {
        let row = self.table.remove(&key)?;
        self.by_end.remove(&(row.added.until, key));
        if let Some(mut keys) = self.of_number.remove(&row.number.0) {
            keys.retain(|other| *other != key);
            if !keys.is_empty() {
                self.of_number.insert(row.number.0.clone(), keys);
            }
        }
        Some((row.list, row.number))
    }

    /// Writes the changed rows into the changeset.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.table.write_down(|key, change| match change {
            Change::Is(row) => {
                changes.keep(table, key, row);
                true
            }
            Change::Gone => {
                changes.delete(table, key);
                false
            }
        });
    }

    /// Marks every row as changed, so that the next [`Self::write_down`] writes all.
    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Restores one number from its row.
    ///
    /// # Errors
    /// [`DecodeError`] if the row can't be read.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        let row: Listed = line.read()?;
        self.next = self.next.max(line.key);
        self.enter(line.key, row.added.until, &row.number);
        self.table.restore(line.key, row);
        Ok(())
    }
}

/// The order of effects: the greatest counts.
const fn rank(effect: ListEffect) -> u16 {
    match effect {
        ListEffect::Prefer(priority) => priority as u16,
        ListEffect::Refuse => u16::MAX,
    }
}

#[cfg(test)]
#[path = "caller_lists_tests.rs"]
mod tests;
