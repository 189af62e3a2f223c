//! Recent activity of each source, in bounded memory.
//!
//! There are two generations of the table. When the young one is full it becomes the old one, and sources still in use
//! move back. So the most recent sources are known, and a flood of forged sources fills no more than two tables.

use core::time::Duration;

use turno_ground::{Lookup, Moment};

use crate::gate::rate_limit::bucket::Bucket;
use crate::gate::rate_limit::dropped::Dropped;
use crate::gate::rate_limit::source::Source;

/// Cap on the sources in one generation.
const GENERATION_MAX: usize = 8_192;

/// Failures a second after which a source gets no more answers.
const FAILURES_PER_SECOND_MAX: u32 = 5;

/// Limits for one source a second; `None` means no limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) requests: Option<u32>,
    pub(crate) calls: Option<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Record {
    requests: Bucket,
    calls: Bucket,
    failures: Bucket,
    offences: u32,
    offends_since: Moment,
}

/// The records of all sources.
#[derive(Debug)]
pub(crate) struct Sources {
    limits: Limits,
    young: Lookup<Source, Record>,
    old: Lookup<Source, Record>,
}

impl Sources {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, young: Lookup::new(0), old: Lookup::new(0) }
    }

    /// Sets new limits, for sources first seen from now on.
    pub(crate) const fn configure(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Charges a message to the allowances of its source.
    ///
    /// # Errors
    /// The allowance that is used up.
    pub(crate) fn admit(&mut self, source: Source, begins_call: bool, now: Moment) -> Result<(), Dropped> {
        let limits = self.limits;
        let Some(requests) = limits.requests else { return Ok(()) };
        let record = self.record(source, now);
        if !record.failures.has_one(FAILURES_PER_SECOND_MAX, now) {
            return Err(Dropped::Failures);
        }
        if !record.requests.take(requests, now) {
            return Err(Dropped::Requests);
        }
        match limits.calls.filter(|_| begins_call) {
            Some(calls) if !record.calls.take(calls, now) => Err(Dropped::Calls),
            Some(_) | None => Ok(()),
        }
    }

    /// A source failed.
    pub(crate) fn failed(&mut self, source: Source, now: Moment) {
        self.record(source, now).failures.take(FAILURES_PER_SECOND_MAX, now);
    }

    /// Counts an offence; returns the number within `window`.
    pub(crate) fn offend(&mut self, source: Source, window: Duration, now: Moment) -> u32 {
        let record = self.record(source, now);
        if now.since(record.offends_since) > window {
            (record.offences, record.offends_since) = (0, now);
        }
        record.offences += 1;
        record.offences
    }

    /// Forgets the record of a source.
    pub(crate) fn forgive(&mut self, source: Source) {
        self.young.remove(&source);
        self.old.remove(&source);
    }

    /// How many sources are remembered.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }

    fn record(&mut self, source: Source, now: Moment) -> &mut Record {
        if !self.young.contains(&source) {
            if self.young.len() >= GENERATION_MAX {
                self.old = core::mem::replace(&mut self.young, Lookup::new(now.as_micros()));
            }
            let limits = self.limits;
            let fresh = || Record {
                requests: Bucket::full(limits.requests.unwrap_or(0), now),
                calls: Bucket::full(limits.calls.unwrap_or(0), now),
                failures: Bucket::full(FAILURES_PER_SECOND_MAX, now),
                offences: 0,
                offends_since: now,
            };
            let record = self.old.remove(&source).unwrap_or_else(fresh);
            self.young.insert(source, record);
        }
        self.young.get_mut(&source).expect("it was put there just now")
    }
}
