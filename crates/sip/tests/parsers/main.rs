//! Compares three parsers on the same messages: ours, sipx-sip and rsip. A table lists the differences and their
//! reasons.
//!
//! `cases` makes the messages: those of RFC 4475, the output of our own writer, messages that the grammar allows, and
//! the same with one thing wrong or unusual. `readers` asks each parser whether it accepts a message, and what it reads
//! in it. `differences` lists every difference with its reason. The test fails for a difference that is not listed, and
//! for a listed one that no longer occurs. docs/PARSERS.md has the same table.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cases;
mod differences;
mod readers;

use std::collections::BTreeSet;

use cases::Case;
use differences::{DIFFERENCES, OURS_ALONE, Other, THEIRS_ALONE};
use readers::{Reading, ours, rsip, sipx};

/// Differences found: the case's name, the other parser, and the field.
type Found = BTreeSet<(String, Other, &'static str)>;

fn compare(case: &Case, other: Other, mine: &Reading, theirs: &Reading, found: &mut Found) {
    match (mine, theirs) {
        (Ok(mine), Ok(theirs)) => {
            for (field, value) in mine {
                if theirs.get(field) != Some(value) {
                    found.insert((case.name.clone(), other, field));
                }
            }
        }
        (Ok(_), Err(_)) => {
            found.insert((case.name.clone(), other, OURS_ALONE));
        }
        (Err(_), Ok(_)) => {
            found.insert((case.name.clone(), other, THEIRS_ALONE));
        }
        (Err(_), Err(_)) => {}
    }
}

fn found() -> (Found, BTreeSet<String>) {
    let mut found = Found::new();
    let mut names = BTreeSet::new();
    for case in cases::all() {
        let mine = ours(&case.bytes);
        for (other, read) in [(Other::Sipx, sipx(&case.bytes)), (Other::Rsip, rsip(&case.bytes))] {
            if std::env::var_os("TURNO_SHOW").is_some() && differs(&mine, &read) {
                let text = String::from_utf8_lossy(&case.bytes).into_owned();
                println!("=== {} {other:?}\nours   {mine:?}\ntheirs {read:?}\n{text}", case.name);
            }
            compare(&case, other, &mine, &read, &mut found);
        }
        names.insert(case.name);
    }
    (found, names)
}

fn differs(mine: &Reading, theirs: &Reading) -> bool {
    match (mine, theirs) {
        (Ok(mine), Ok(theirs)) => mine != theirs,
        (Err(_), Err(_)) => false,
        (Ok(_), Err(_)) | (Err(_), Ok(_)) => true,
    }
}

#[test]
fn every_difference_between_three_parsers_has_its_reason() {
    // RFC 3261 and RFC 4475, as three authors understand them.
    let (found, names) = found();
    let mut faults = Vec::new();
    let mut listed = Found::new();
    for difference in DIFFERENCES {
        for name in difference.cases {
            for field in difference.fields {
                let key = ((*name).to_owned(), difference.other, *field);
                if names.contains(*name) && !found.contains(&key) {
                    faults.push(format!("no longer so: {key:?}, listed as: {}", difference.reason));
                }
                assert!(listed.insert(key), "listed twice: {name} {:?} {field}", difference.other);
            }
        }
    }
    for key in found.difference(&listed) {
        faults.push(format!("not listed: {key:?}"));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_table_for_people_is_the_table_of_the_test() {
    // The page in docs must not become outdated.
    let table = differences::table();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/PARSERS.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (before, after) = page.split_once("<!-- table -->\n").unwrap();
    if std::env::var_os("TURNO_BLESS").is_some() {
        std::fs::write(path, format!("{before}<!-- table -->\n{table}")).unwrap();
        return;
    }
    assert_eq!(after, table, "TURNO_BLESS=1 writes it anew");
}
