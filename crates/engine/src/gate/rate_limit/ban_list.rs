//! Bans of sources: each ban lasts twice as long as the source's last one. Bans survive a restart, so that an attacker
//! who can make us restart does not lift them.

use core::net::IpAddr;
use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use turno_ground::{Change, Changeset, DecodeError, Moment, RowChange, TrackedMap};

use crate::gate::rate_limit::source::Source;

/// Cap on sources that are banned or remembered. Beyond it, the one that would be forgotten first is removed.
const BANS_MAX: usize = 4_096;

/// Why a source is banned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// It names itself a scanner.
    Scanner,
    /// It sent wrong passwords.
    Passwords,
    /// It tried extensions that do not exist.
    Extensions,
    /// It sent messages that can't be parsed.
    Malformed,
    /// An operator banned it.
    Operator,
}

impl Why {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Scanner, Self::Passwords, Self::Extensions, Self::Malformed, Self::Operator];

    /// Its name in lists and metrics.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Scanner => "scanner",
            Self::Passwords => "passwords",
            Self::Extensions => "extensions",
            Self::Malformed => "malformed",
            Self::Operator => "operator",
        }
    }
}

/// One ban, for display.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BanSeen {
    /// The address, or the network of 64 bits.
    pub source: String,
    /// Why.
    pub why: Why,
    /// When it began.
    pub since: Moment,
    /// When it ends.
    pub until: Moment,
    /// Which ban of this source it is: 1 for the first.
    pub strikes: u32,
    /// Messages dropped by this ban.
    pub dropped: u64,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Ban {
    why: Why,
    since: Moment,
    until: Moment,
    forget_at: Moment,
    strikes: u32,
}

/// All bans.
#[derive(Debug)]
pub(crate) struct BanList {
    span: Duration,
    span_max: Duration,
    bans: TrackedMap<Source, Ban>,
    /// Messages dropped by each ban since the start. Not written, since strangers make it grow.
    dropped: BTreeMap<Source, u64>,
    by_end: BTreeSet<(Moment, Source)>,
}

impl BanList {
    pub(crate) const fn new(span: Duration, span_max: Duration) -> Self {
        Self { span, span_max, bans: TrackedMap::new(), dropped: BTreeMap::new(), by_end: BTreeSet::new() }
    }

    /// Sets the length of new bans; existing bans keep their ends. Lifts the bans of sources that are now exempt.
    pub(crate) fn configure(
        &mut self,
        span: Duration,
        span_max: Duration,
        is_exempt: impl Fn(IpAddr) -> bool,
    ) {
        (self.span, self.span_max) = (span, span_max);
        let exempt: Vec<Source> = self
            .bans
            .iter()
            .map(|(source, _)| *source)
            .filter(|source| is_exempt(source.address()))
            .collect();
        for source in exempt {
            if let Some(ban) = self.take(source) {
                self.by_end.remove(&(ban.forget_at, source));
            }
        }
    }

    /// Bans a source for `span`, or for twice as long as the last time.
    pub(crate) fn ban(&mut self, source: Source, why: Why, span: Option<Duration>, now: Moment) {
        self.forget(now);
        let before = self.take(source);
        if let Some(before) = before {
            self.by_end.remove(&(before.forget_at, source));
        }
        let strikes = before.map_or(0, |before| before.strikes) + 1;
        let grown = self.span.saturating_mul(1 << (strikes - 1).min(24)).min(self.span_max);
        let until = now + span.unwrap_or(grown);
        let forget_at = until + self.span_max;
        if self.bans.len() >= BANS_MAX
            && let Some((_, first)) = self.by_end.pop_first()
        {
            self.take(first);
        }
        self.by_end.insert((forget_at, source));
        self.bans.insert(source, Ban { why, since: now, until, forget_at, strikes });
    }

    /// Whether this source is banned.
    pub(crate) fn holds(&self, source: Source, now: Moment) -> bool {
        !self.bans.is_empty() && self.bans.get(&source).is_some_and(|ban| ban.until > now)
    }

    /// Whether a message of this source is dropped; counts it.
    pub(crate) fn drops(&mut self, source: Source, now: Moment) -> bool {
        let is_banned = self.holds(source, now);
        if is_banned {
            *self.dropped.entry(source).or_default() += 1;
        }
        is_banned
    }

    /// Lifts the ban of a source and forgets its earlier bans. False if it is not banned now.
    pub(crate) fn lift(&mut self, source: Source, now: Moment) -> bool {
        let Some(ban) = self.take(source) else { return false };
        self.by_end.remove(&(ban.forget_at, source));
        ban.until > now
    }

    /// The bans in force, the one that ends last first.
    pub(crate) fn list(&self, now: Moment) -> Vec<BanSeen> {
        let seen = |(source, ban): (&Source, &Ban)| BanSeen {
            source: source.to_string(),
            why: ban.why,
            since: ban.since,
            until: ban.until,
            strikes: ban.strikes,
            dropped: self.dropped.get(source).copied().unwrap_or_default(),
        };
        let mut bans: Vec<BanSeen> = self.bans.iter().filter(|(_, ban)| ban.until > now).map(seen).collect();
        bans.sort_by_key(|ban| core::cmp::Reverse(ban.until));
        bans
    }

    /// Number of sources that are banned or remembered.
    pub(crate) fn len(&self) -> usize {
        self.bans.len()
    }

    fn forget(&mut self, now: Moment) {
        while let Some(&(at, source)) = self.by_end.first() {
            if at > now {
                return;
            }
            self.by_end.pop_first();
            self.take(source);
        }
    }

    fn take(&mut self, source: Source) -> Option<Ban> {
        self.dropped.remove(&source);
        self.bans.remove(&source)
    }

    /// Writes the changed bans into the changeset.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.bans.write_down(|source, change| match change {
            Change::Is(ban) => {
                changes.keep(table, source.number(), &(source, ban));
                true
            }
            Change::Gone => {
                changes.delete(table, source.number());
                false
            }
        });
    }

    /// Marks every ban as changed, so that the next [`Self::write_down`] writes all.
    pub(crate) fn note_all(&mut self) {
        self.bans.note_all();
    }

    /// Restores a ban from its row.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        let (source, ban): (Source, Ban) = line.read()?;
        self.by_end.insert((ban.forget_at, source));
        self.bans.restore(source, ban);
        Ok(())
    }
}
