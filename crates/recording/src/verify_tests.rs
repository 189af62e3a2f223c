//! Files that were altered in every way are told from those that were not.

use core::time::Duration;

use proptest::prelude::*;
use turno_ground::Moment;
use turno_model::{ContactId, RecordingId};

use crate::chain::Link;
use crate::head::{About, Form, Head};
use crate::key::{Fresh, SiteKeys};
use crate::opened::Opened;
use crate::part::{Closing, Part, Parties};
use crate::verify::{Finding, verify};
use crate::writer::Writer;

fn keys() -> SiteKeys {
    SiteKeys::parse(&"5a".repeat(32)).expect("a key")
}

fn about() -> About {
    About {
        recording: RecordingId(9),
        contact: ContactId(4),
        agent: "ana".to_owned(),
        queue: "taxes".to_owned(),
        class: "standard".to_owned(),
        began: Moment::from_secs(1_000),
    }
}

/// A part with this many records of sound; `is_closed`: no kill ended it.
fn part(number: u32, before: Option<Link>, sounds: u64, is_closed: bool) -> Vec<u8> {
    let fresh = Fresh { key: [number as u8; 32], nonce: [1; 12] };
    let head = Head {
        about: about(),
        part: number,
        form: Form::Wav,
        key: keys().wrap(&fresh),
        before: Head::before_text(before.map(|link| link.0)),
        gap: Duration::ZERO,
    };
    let mut bytes = Vec::new();
    let mut writer = Writer::begin(&mut bytes, &head, &fresh).expect("memory");
    writer.parties(&Parties { caller: "0991234567".to_owned() }).expect("memory");
    for sound in 0..sounds {
        let frame = [[0, 4].as_slice(), &[sound as u8; 4], &[0, 2], &[9; 2]].concat();
        writer.sound(sound + 100 * (u64::from(number) - 1), &frame).expect("memory");
    }
    if is_closed {
        writer.close(&Closing::default()).expect("memory");
    }
    bytes
}

fn link_of(bytes: &[u8]) -> Link {
    Part::read(bytes).expect("a part").last_link()
}

/// The places of the records of a part.
fn records(bytes: &[u8]) -> Vec<core::ops::Range<usize>> {
    let part = Part::read(bytes).expect("a part");
    let mut at =
        bytes.len() - part.records.iter().map(|record| record.bytes.len()).sum::<usize>() - part.torn;
    part.records
        .iter()
        .map(|record| {
            at += record.bytes.len();
            at - record.bytes.len()..at
        })
        .collect()
}

/// Two parts: a kill ended the first one, in the midst of a record.
fn two() -> ([Vec<u8>; 2], Link) {
    let mut first = part(1, None, 5, false);
    let seen = link_of(&first);
    first.extend([2, 0, 0, 1, 0, 7, 7]);
    let second = part(2, Some(seen), 3, true);
    let last = link_of(&second);
    ([first, second], last)
}

fn judged(parts: &[Vec<u8>], last: Link) -> Vec<Finding> {
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    verify(&parts, &keys(), Some(last))
}

#[test]
fn a_recording_that_a_kill_interrupted_is_whole_and_its_gap_is_silence() {
    let (parts, last) = two();
    assert_eq!(judged(&parts, last), []);
    let read: Vec<Part<'_>> = parts.iter().map(|part| Part::read(part).expect("a part")).collect();
    let opened = Opened::read(&read, &keys()).expect("the key is there");
    assert_eq!((opened.caller.as_str(), opened.frames.len()), ("0991234567", 103));
    assert_eq!(opened.frames[4].sides[0], [4; 4]);
    assert!(opened.frames[5..100].iter().all(|frame| frame.sides[0].is_empty()));
    assert_eq!(opened.frames[102].sides[1], [9; 2]);
}

#[test]
fn what_is_missing_altered_reordered_or_cut_off_is_named() {
    let whole = part(1, None, 4, true);
    let last = link_of(&whole);
    let places = records(&whole);
    let cut = |from: usize, to: usize| [&whole[..from], &whole[to..]].concat();
    let one = |bytes: Vec<u8>| judged(&[bytes], last);
    assert_eq!(one(whole.clone()), []);
    assert_eq!(judged(&[], last), [Finding::Missing]);

    let mut altered = whole.clone();
    altered[places[2].start + 9] ^= 1;
    assert_eq!(one(altered), [Finding::Altered(1, 3)]);

    let (two, three) = (places[1].clone(), places[2].clone());
    let swapped = [&whole[..two.start], &whole[three.clone()], &whole[two], &whole[three.end..]].concat();
    assert_eq!(one(swapped)[0], Finding::LeftOut(1, 2), "the third stands where the second was");
    assert_eq!(one(cut(places[2].start, places[2].end)), [Finding::LeftOut(1, 3)]);
    let doubled = [&whole[..places[2].end], &whole[places[2].clone()], &whole[places[2].end..]].concat();
    assert_eq!(one(doubled)[0], Finding::Reordered(1, 4));
    assert_eq!(one(cut(places[4].start, whole.len())), [Finding::Truncated(1)]);
    assert_eq!(one(cut(places[5].start, whole.len())), [Finding::Truncated(1)], "only the closing record");

    let head = String::from_utf8_lossy(&whole[..places[0].start]).replace("ana", "eva");
    let renamed = [head.as_bytes(), &whole[places[0].start..]].concat();
    assert_eq!(one(renamed), [Finding::HeadAltered(1)]);
    assert_eq!(one(b"RIFF".to_vec()), [Finding::HeadAltered(1)]);
    let other = part(1, None, 4, true);
    assert_eq!(judged(&[other], Link([3; 32])), [Finding::NotAsInJournal]);
}

#[test]
fn parts_that_are_missing_or_exchanged_are_named() {
    let ([first, second], last) = two();
    assert_eq!(judged(core::slice::from_ref(&second), last), [Finding::PartMissing(1)]);
    assert_eq!(judged(core::slice::from_ref(&first), last), [Finding::Truncated(1)]);
    let cut = first[..records(&first)[4].start].to_vec();
    assert_eq!(judged(&[cut, second.clone()], last), [Finding::Truncated(1)]);
    let exchanged = part(2, Some(Link([1; 32])), 3, true);
    assert!(!judged(&[first, exchanged], last).is_empty());
    let other = SiteKeys::parse(&"77".repeat(32)).expect("a key");
    assert!(matches!(verify(&[&second], &other, Some(last)).as_slice(), [.., Finding::Key(2, _)]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// As a fuzzer: nothing that is done to the bytes of a file passes, or panics.
    #[test]
    fn no_change_of_a_file_passes(
        changes in prop::collection::vec((0..4u8, any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1..=255u8), 1..4),
        of_second in any::<bool>(),
    ) {
        let (mut parts, last) = two();
        // The torn record at the end of the first part is nothing that was promised.
        let torn = 7;
        let before = parts.clone();
        for (what, from, to, byte) in changes {
            let part = &mut parts[usize::from(of_second)];
            let length = part.len() - if of_second { 0 } else { torn.min(part.len()) };
            if length < 2 { continue; }
            let (from, to) = (from.index(length), to.index(length));
            let (from, to) = (from.min(to), from.max(to));
            match what {
                0 => part[from] ^= byte,
                1 => drop(part.drain(from..to)),
                2 => part.insert(from, byte),
                _ => {
                    let copied = part[from..to].to_vec();
                    let at = to.min(part.len());
                    part.splice(at..at, copied);
                }
            }
        }
        prop_assume!(parts.iter().zip(&before).any(|(now, was)| {
            let end = was.len() - 7;
            now.get(..end) != was.get(..end) || (now != was && of_second)
        }));
        prop_assert!(!judged(&parts, last).is_empty());
        let read: Vec<Part<'_>> = parts.iter().filter_map(|part| Part::read(part).ok()).collect();
        let _ = Opened::read(&read, &keys()).map(|opened| opened.samples());
    }
}
