//! Verifies a recording: that nothing was altered, left out, reordered or cut off.

use core::fmt;

use crate::chain::Link;
use crate::key::{FileKey, KeyRefused, SiteKeys};
use crate::part::{Part, Record, beside};

/// How far a record's right place is looked for, in records.
const PLACES_MAX: u64 = 100_000;

/// What is wrong with a recording. Parts count from 1, records from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// There is no part at all.
    Missing,
    /// A part is missing.
    PartMissing(u32),
    /// A part is no recording of ours, or its head was altered.
    HeadAltered(u32),
    /// A part's key can't be used.
    Key(u32, KeyRefused),
    /// A record was altered.
    Altered(u32, u64),
    /// A record stands at a place that is not its own.
    Reordered(u32, u64),
    /// Records before this one are missing.
    LeftOut(u32, u64),
    /// A part ends too early.
    Truncated(u32),
    /// A part does not continue the one before: one of them is of another recording, or of another time.
    Unchained(u32),
    /// All parts are whole, and the journal has another hash.
    NotAsInJournal,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("missing: there is no file"),
            Self::PartMissing(part) => write!(f, "missing: part {part}"),
            Self::HeadAltered(part) => write!(f, "altered: the head of part {part}"),
            Self::Key(part, why) => write!(f, "part {part} can't be opened: {why}"),
            Self::Altered(part, record) => write!(f, "altered: part {part}, record {record}"),
            Self::Reordered(part, record) => write!(f, "reordered: part {part}, record {record}"),
            Self::LeftOut(part, record) => write!(f, "missing: records before part {part}, record {record}"),
            Self::Truncated(part) => write!(f, "truncated: part {part} ends too early"),
            Self::Unchained(part) => write!(f, "altered: part {part} does not continue the one before"),
            Self::NotAsInJournal => f.write_str("altered: the journal has another hash"),
        }
    }
}

/// Verifies the parts of one recording, given as the bytes of their files in order. `last` is the hash of the fact
/// `RecordingEnded`; without it the recording is still running, or the journal no longer has the fact, and its end is
/// not judged.
pub fn verify(parts: &[&[u8]], keys: &SiteKeys, last: Option<Link>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut before: Option<(u32, Vec<Link>)> = None;
    let mut wanted = 1;
    if parts.is_empty() {
        return vec![Finding::Missing];
    }
    for (place, bytes) in (0..).zip(parts) {
        let Ok(part) = Part::read(bytes) else {
            findings.push(Finding::HeadAltered(wanted));
            (before, wanted) = (None, wanted + 1);
            continue;
        };
        let number = part.head.part;
        findings.extend((wanted..number.min(wanted + 100)).map(Finding::PartMissing));
        let is_next = number == wanted;
        wanted = number.saturating_add(1);
        findings.extend(records_of(&part, keys));
        let continues = part.head.link_before().map(Link);
        match &before {
            Some((of, links)) if is_next && !continues.is_some_and(|link| links.contains(&link)) => {
                // What the later part saw is no longer there.
                findings.push(if findings.is_empty() {
                    Finding::Truncated(*of)
                } else {
                    Finding::Unchained(number)
                });
            }
            None if place == 0 && number == 1 && continues.is_some() => {
                findings.push(Finding::Unchained(number));
            }
            Some(_) | None => {}
        }
        before = Some((number, part.links()));
        if place + 1 == parts.len() {
            findings.extend(end_of(&part, last, findings.is_empty()));
        }
    }
    findings
}

/// What is wrong with the end of the last part.
fn end_of(part: &Part<'_>, last: Option<Link>, is_whole: bool) -> Option<Finding> {
    let last = last?;
    if !part.is_closed() {
        return Some(Finding::Truncated(part.head.part));
    }
    (is_whole && part.last_link() != last).then_some(Finding::NotAsInJournal)
}

/// What is wrong with the records of a part.
fn records_of(part: &Part<'_>, keys: &SiteKeys) -> Vec<Finding> {
    let number = part.head.part;
    let key = match keys.unwrap(&part.head.key) {
        Ok(key) => key,
        Err(why) => return vec![Finding::Key(number, why)],
    };
    let opens = |record: &Record<'_>, at: u64| {
        key.open(at, &beside(part.head_link, record.code), record.sealed).is_some()
    };
    let mut findings = Vec::new();
    let mut left_out = 0;
    for (at, record) in (0u64..).zip(&part.records) {
        if opens(record, at + left_out) {
            continue;
        }
        let shown = at + 1;
        findings.push(match right_place(&key, part, record) {
            Some(place) if place > at + left_out => {
                left_out = place - at;
                Finding::LeftOut(number, shown)
            }
            Some(_) => Finding::Reordered(number, shown),
            None => Finding::Altered(number, shown),
        });
    }
    if !part.records.is_empty() && findings.len() == part.records.len() {
        // Each record is sealed with its head.
        return vec![Finding::HeadAltered(number)];
    }
    findings
}

/// The place at which a record opens.
fn right_place(key: &FileKey, part: &Part<'_>, record: &Record<'_>) -> Option<u64> {
    let beside = beside(part.head_link, record.code);
    let near = part.records.len() as u64 * 2 + 64;
    (0..near.min(PLACES_MAX)).find(|place| key.open(*place, &beside, record.sealed).is_some())
}
