//! Tests of what the tables mark as changed.

use super::*;

fn written(table: &mut Tracked<u64, &'static str>) -> Vec<(u64, Option<&'static str>)> {
    let mut all = Vec::new();
    table.write_down(|key, change| {
        all.push((key, if let Change::Is(value) = change { Some(*value) } else { None }));
        true
    });
    all
}

#[test]
fn what_changes_is_written_once_and_what_is_gone_is_said_to_be() {
    let mut table = Tracked::new(1);
    table.insert(7, "one");
    *table.get_mut(&7).expect("there") = "two";
    assert_eq!(written(&mut table), [(7, Some("two"))]);
    assert!(table.get(&7).is_some() && table.is_unchanged(), "reading changes nothing");
    table.remove(&7);
    assert_eq!(written(&mut table), [(7, None)]);
    assert!(written(&mut table).is_empty());
}

#[test]
fn what_came_and_went_between_two_writings_was_never_there() {
    // Entries of strangers are never written: their calls are refused in the step in which they arrive.
    let mut table = Tracked::new(1);
    table.insert(7, "one");
    table.remove(&7);
    assert!(written(&mut table).is_empty());
}

#[test]
fn what_takes_the_place_of_another_is_written_alone() {
    // A key is either written or deleted in one step, not both.
    let mut table = Tracked::new(1);
    table.insert(7, "one");
    let _ = written(&mut table);
    table.insert(7, "two");
    assert_eq!(written(&mut table), [(7, Some("two"))]);
    table.remove(&7);
    table.insert(7, "three");
    assert_eq!(written(&mut table), [(7, Some("three"))]);
}

#[test]
fn what_is_not_to_be_written_any_more_is_taken_back() {
    let mut table = Tracked::new(1);
    table.insert(7, "one");
    let _ = written(&mut table);
    table.note(&7);
    let mut all = Vec::new();
    table.write_down(|key, change| {
        all.push((key, matches!(change, Change::Gone)));
        false
    });
    assert_eq!(all, [(7, false), (7, true)]);
}

#[test]
fn whoever_comes_behind_the_others_is_written_down() {
    // Wound: an agent added by a reload was unknown after a restart.
    let mut row = TrackedRow::new(["ana"].into_iter());
    row.push("luis");
    let mut written = Vec::new();
    row.write_down(|place, name| written.push((place, *name)));
    assert_eq!(written, [(1, "luis")]);
}
