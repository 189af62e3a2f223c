//! Tests of tables with deadlines: what they mark as changed, and what they fire.

use serde::{Deserialize, Serialize};

use super::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
enum Name {
    Soon,
    Late,
}

type Table = Timed<Tracked<u64, Dated<Name, &'static str>>>;

fn secs(secs: u64) -> Moment {
    Moment::from_secs(secs)
}

/// The entries written, each with its deadline `Soon`.
fn written(table: &mut Table) -> Vec<(u64, Option<Option<Moment>>)> {
    let mut all = Vec::new();
    table.write_down(|key, change| {
        all.push((key, if let Change::Is(dated) = change { Some(dated.at(Name::Soon)) } else { None }));
        true
    });
    all
}

#[test]
fn to_set_to_cancel_and_to_fire_is_to_note() {
    // Wound: a cancelled deadline was not marked as changed, so it was back after a crash.
    let mut table = Table::new(1);
    table.insert(7, "one");
    assert_eq!(written(&mut table), [(7, Some(None))]);
    table.set(7, Name::Soon, secs(3));
    assert_eq!(written(&mut table), [(7, Some(Some(secs(3))))]);
    table.cancel(7, Name::Soon);
    assert_eq!(written(&mut table), [(7, Some(None))]);
    table.set(7, Name::Soon, secs(4));
    let _ = written(&mut table);
    assert_eq!(table.pop_due(secs(5)), Some((secs(4), Name::Soon, 7)));
    assert_eq!(written(&mut table), [(7, Some(None))], "what has fired does not fire again after a crash");
    table.cancel(7, Name::Late);
    assert!(written(&mut table).is_empty(), "what was not there is not cancelled");
}

#[test]
fn what_is_removed_takes_its_deadlines_with_it() {
    let mut table = Table::new(1);
    table.insert(7, "one");
    table.set(7, Name::Soon, secs(3));
    table.set(7, Name::Late, secs(4));
    assert_eq!(table.living(), 2);
    assert_eq!(table.remove(7), Some("one"));
    assert_eq!((table.next_deadline(), table.living()), (None, 0));
    table.insert(7, "another");
    assert_eq!(table.next_deadline(), None, "who comes after has none of them");
    table.set(8, Name::Soon, secs(1));
    assert_eq!(table.next_deadline(), None, "what is not there is never due");
    table.set(7, Name::Soon, secs(9));
    assert_eq!(table.insert(7, "a third"), Some("another"));
    assert_eq!((table.next_deadline(), table.living()), (None, 0));
}

#[test]
fn what_is_due_comes_in_order_of_time_then_of_name_then_of_key() {
    let mut table = Table::new(1);
    for key in [9, 7, 8] {
        table.insert(key, "one");
        table.set(key, Name::Late, secs(2));
    }
    table.set(9, Name::Soon, secs(2));
    table.set(8, Name::Late, secs(1));
    table.set(7, Name::Soon, secs(3));
    table.set(7, Name::Soon, secs(2));
    let due: Vec<_> =
        core::iter::from_fn(|| table.pop_due(secs(2))).map(|(_, name, key)| (name, key)).collect();
    let late = [(Name::Late, 7), (Name::Late, 9)];
    assert_eq!(due, [&[(Name::Late, 8), (Name::Soon, 7), (Name::Soon, 9)], &late[..]].concat());
    assert_eq!((table.next_deadline(), table.living()), (None, 0));
}

#[test]
fn deadlines_set_again_for_ever_do_not_pile_up() {
    let mut table = Table::new(1);
    for key in 0..10 {
        table.insert(key, "one");
    }
    for step in 0..100_000 {
        table.set(step % 10, Name::Soon, Moment::from_micros(step));
        let _ = table.next_deadline();
    }
    assert!(table.agenda.len() < 200, "{} entries for 10 keys", table.agenda.len());
}

#[test]
fn what_was_written_is_due_again_after_a_restart() {
    let mut row: Timed<TrackedRow<Dated<Name, u32>>> = Timed::<TrackedRow<_>>::new([1, 2].into_iter());
    row.entry(1).expect("there").set(Name::Late, secs(5));
    row[1] = 3;
    let mut forms = Vec::new();
    row.write_down(|place, dated| forms.push((place, dated.clone())));
    assert_eq!(forms.len(), 1);
    let mut again: Timed<TrackedRow<Dated<Name, u32>>> = Timed::<TrackedRow<_>>::new([1, 2].into_iter());
    for (place, dated) in forms {
        again.restore(place, dated);
    }
    assert_eq!((again[1], again.next_deadline()), (3, Some(secs(5))));
}

/// A thing that sets its deadlines itself.
#[derive(Clone, Default)]
struct Call {
    due: Due<Name>,
}

impl HasDue for Call {
    type Name = Name;

    fn due(&self) -> &Due<Name> {
        &self.due
    }

    fn due_mut(&mut self) -> &mut Due<Name> {
        &mut self.due
    }
}

type Calls = Timed<Tracked<u64, Box<Call>>>;

fn ringing(at: Moment) -> Box<Call> {
    let mut call = Call::default();
    call.due.set(Name::Soon, at);
    Box::new(call)
}

#[test]
fn what_an_entry_sets_itself_is_taken_up_when_its_change_is_over() {
    let mut calls: Calls = Calls::new(1);
    calls.insert(7, ringing(secs(3)));
    assert_eq!((calls.next_deadline(), calls.living()), (Some(secs(3)), 1));
    calls.change(7, |call| {
        call.due.set(Name::Soon, secs(9));
        call.due.set(Name::Late, secs(4));
    });
    assert_eq!((calls.next_deadline(), calls.living()), (Some(secs(4)), 2));
    calls.change(7, |call| call.due.clear());
    assert_eq!((calls.next_deadline(), calls.living()), (None, 0));
    calls.change(7, |call| call.due.set(Name::Soon, secs(9)));
    assert_eq!(calls.pop_due(secs(9)), Some((secs(9), Name::Soon, 7)));
    assert_eq!(calls.pop_due(secs(9)), None);
    calls.change(7, |call| call.due.set(Name::Soon, secs(9)));
    assert_eq!(calls.next_deadline(), Some(secs(9)), "what has fired may be set again for the same moment");
    assert!(calls.remove(7).is_some());
    assert_eq!((calls.next_deadline(), calls.living()), (None, 0));
}

#[test]
fn what_brings_its_deadlines_with_it_is_due_in_another_table_too() {
    // What an agenda has is not written; a copy that came from a table must not count as known to the next.
    let mut calls: Calls = Calls::new(1);
    calls.insert(7, ringing(secs(3)));
    let mut forms = Vec::new();
    calls.write_down(|key, change| {
        forms.extend(if let Change::Is(call) = change { Some((key, call.clone())) } else { None });
        true
    });
    let mut again: Calls = Calls::new(1);
    for (key, call) in forms {
        again.restore(key, call);
    }
    assert_eq!((again.next_deadline(), again.living()), (Some(secs(3)), 1));
    assert_eq!(again.insert(7, ringing(secs(5))).map(|call| call.due.at(Name::Soon)), Some(Some(secs(3))));
    assert_eq!((again.next_deadline(), again.living()), (Some(secs(5)), 1));
}
