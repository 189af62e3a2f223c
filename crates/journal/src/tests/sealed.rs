//! Tests of rows with secrets: a copy of the files does not open them, and rows of an earlier turno are still read.

use bytes::Bytes;
use proptest::prelude::*;
use turno_ground::Moment;
use turno_model::{Row, RowKey, Step, Table};

use std::sync::Arc;

use super::NUMBER;
use crate::fold::Fold;
use crate::form::Content;
use crate::reader::read;
use crate::seal::{NoKeys, SealKeys, Unopened, has_secrets, is_sealed};
use crate::writer::Writer;

/// A row with a key of SRTP in it.
const SECRET: &[u8] = b"\x92\xabinline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj";

fn keys(byte: &str) -> SealKeys {
    SealKeys::parse(&byte.repeat(32)).expect("a key")
}

fn name(table: Table, key: u64) -> RowKey {
    RowKey { table, key }
}

fn writer(keys: &SealKeys, salt: u8) -> Writer {
    let mut writer = Writer::new(0);
    writer.seal_with(Arc::new(keys.sealer([salt; 16])));
    writer.begin(Content::Segment, NUMBER, Moment::from_secs(1));
    writer
}

fn step(name: RowKey) -> Step {
    Step { kept: vec![Row { name, form: Bytes::from_static(SECRET) }], ..Step::default() }
}

fn has(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// The rows of a file, folded.
fn folded(bytes: &[u8]) -> Fold {
    let mut fold = Fold::new();
    read(bytes, NUMBER).frames.iter().for_each(|frame| fold.take(&frame.entry));
    fold
}

#[test]
fn the_bytes_of_a_journal_show_no_secret_and_the_key_opens_every_row() {
    // Wound: anybody with a backup of the state folder heard the calls that were under way.
    let site = keys("5a");
    let mut written = writer(&site, 1);
    for table in Table::ALL {
        written.step(&step(name(table, 7))).expect("a short step");
    }
    let sealed = || Table::ALL.into_iter().filter(|table| has_secrets(*table)).count();
    assert_eq!(sealed(), 4);
    let fold = folded(written.bytes());
    let mut opener = site.opener();
    for (name, form) in fold.images() {
        assert_eq!(is_sealed(form), has_secrets(name.table), "{name:?}");
        assert!(!has_secrets(name.table) || !has(form, &SECRET[2..]), "{name:?}");
        let opened = opener.row(*name, form).expect("the site's own");
        assert_eq!(opened.as_deref().unwrap_or(form), SECRET);
    }
    assert_eq!(keys("5b").opener().row(name(Table::Leg, 7), &fold.images()[&name(Table::Leg, 7)]).ok(), None);
}

#[test]
fn a_checkpoint_keeps_what_is_sealed_and_seals_what_an_earlier_turno_wrote_in_the_clear() {
    let site = keys("5a");
    let mut earlier = Writer::new(0);
    earlier.begin(Content::Segment, NUMBER, Moment::from_secs(1));
    earlier.step(&step(name(Table::Leg, 1))).expect("a short step");
    assert!(has(earlier.bytes(), SECRET), "so it was");
    let mut fold = folded(earlier.bytes());
    let mut present = writer(&site, 1);
    present.step(&step(name(Table::Session, 2))).expect("a short step");
    read(present.bytes(), NUMBER).frames.iter().for_each(|frame| fold.take(&frame.entry));
    let before = fold.images()[&name(Table::Session, 2)].clone();

    let mut checkpoint = writer(&site, 2);
    fold.write(&mut checkpoint, Moment::from_secs(2)).expect("a short ledger");
    assert!(!has(checkpoint.bytes(), &SECRET[2..]));
    let again = folded(checkpoint.bytes());
    assert_eq!(again.images()[&name(Table::Session, 2)], before, "sealed once");
    let mut opener = site.opener();
    for (name, form) in again.images() {
        assert_eq!(opener.row(*name, form).expect("the site's own").expect("it is sealed"), SECRET);
    }
}

#[test]
fn a_row_that_was_moved_or_altered_opens_nothing_and_a_lost_key_is_named() {
    let (site, at) = (keys("5a"), name(Table::Leg, 7));
    let mut form = Vec::new();
    site.sealer([3; 16]).row(at, SECRET, &mut form);
    assert_eq!(site.opener().row(name(Table::Leg, 8), &form), Err(Unopened::Altered));
    assert_eq!(site.opener().row(name(Table::Session, 7), &form), Err(Unopened::Altered));
    let other = keys("bb").opener().row(at, &form).expect_err("another key");
    assert!(matches!(other, Unopened::Unknown(_)) && other.to_string().contains("not in the key file"));
    for cut in [1, 2, 20, form.len() - 1] {
        assert_eq!(site.opener().row(at, &form[..cut]), Err(Unopened::Altered), "{cut}");
    }
    for bit in (0..form.len() * 8).step_by(7) {
        let mut altered = form.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        let opened = site.opener().row(at, &altered);
        assert!(!is_sealed(&altered) || opened.is_err(), "bit {bit}");
    }
}

#[test]
fn no_nonce_comes_twice_and_a_new_key_in_front_still_opens_old_rows() {
    let (old, new) = ("5a".repeat(32), "bb".repeat(32));
    let sealer = keys("5a").sealer([3; 16]);
    let mut forms = Vec::new();
    for _ in 0..3 {
        let mut form = Vec::new();
        sealer.row(name(Table::Leg, 7), SECRET, &mut form);
        assert!(!forms.contains(&form), "the same row twice is not the same text");
        forms.push(form);
    }
    let both = SealKeys::parse(&format!("# since June\n{new}\n\n{old}\n")).expect("two keys");
    let mut opener = both.opener();
    for form in &forms {
        assert_eq!(opener.row(name(Table::Leg, 7), form).expect("the old key").as_deref(), Some(SECRET));
    }
    let mut form = Vec::new();
    both.sealer([4; 16]).row(name(Table::Leg, 7), SECRET, &mut form);
    assert!(keys("5a").opener().row(name(Table::Leg, 7), &form).is_err(), "new rows have the new key");
}

#[test]
fn a_key_file_that_is_none_is_refused_and_no_key_is_shown() {
    for text in ["", "\n# none\n", "secret", &"ab".repeat(31), &format!("{}\n", "ab".repeat(32)).repeat(65)] {
        assert_eq!(SealKeys::parse(text), Err(NoKeys));
    }
    let site = keys("ab");
    assert_eq!(SealKeys::parse(&site.to_text()), Ok(site.clone()));
    assert!(!format!("{site:?} {:?}", site.sealer([1; 16])).contains("abab"));
}

#[test]
fn the_form_of_sealed_rows_has_not_changed() {
    let mut form = Vec::new();
    keys("5a").sealer([3; 16]).row(name(Table::Leg, 7), SECRET, &mut form);
    let hex: String = form.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, include_str!("sealed.golden").trim());
}

proptest! {
    #[test]
    fn whatever_stands_there_is_opened_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
        let site = keys("5a");
        let mut sealed = vec![0xc1, 1];
        sealed.extend(bytes);
        prop_assert!(site.opener().row(name(Table::Leg, 7), &sealed).is_err());
    }
}
