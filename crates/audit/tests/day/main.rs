//! An audit of simulated days: it agrees with what turno wrote, and finds what somebody changed.

mod chain;
mod queue_log;
mod stage;

use core::time::Duration;

use turno_audit::{Audit, Difference};

use crate::stage::Site;

/// Hours of bad luck, a quarter of an hour apart: from 21:00 of one day to the next morning.
const HOURS: u32 = 32;

const FIRST_DAY: Duration = Duration::ZERO;
const SECOND_DAY: Duration = Duration::from_secs(4 * 3600);

fn lines(audit: &Audit) -> String {
    audit.found.differences.iter().map(|it| format!("{it}\n")).collect()
}

#[test]
fn each_simulated_day_agrees_with_its_facts() {
    let site = Site::new("agrees", HOURS);
    for (later, is_over) in [(FIRST_DAY, true), (SECOND_DAY, false)] {
        let audit = site.audit(later).expect("it can be done");
        assert!(audit.found.agrees(), "{} facts: {}", site.facts.len(), lines(&audit));
        assert!(audit.found.rows > 100 && audit.found.figures > 5_000, "{:?}", audit.found);
        assert!(audit.kept_days > 0, "checkpoints were compared");
        assert_eq!((audit.is_over, audit.found.unknown_rows), (is_over, 0));
    }
}

/// The first difference of a place.
fn of_place<'a>(audit: &'a Audit, place: &str) -> Option<&'a Difference> {
    audit.found.differences.iter().find(|difference| difference.place == place)
}

#[test]
fn a_row_that_was_changed_by_hand_is_named_in_every_table() {
    // Wound: a service level that was made nice in the database before the report went out.
    let site = Site::new("by-hand", HOURS);
    let tables = [
        ("contact", "talk_us"),
        ("visit", "in_target"),
        ("talk", "talk_us"),
        ("offer", "rang_us"),
        ("agent_state", "booked_until_us"),
        ("callback", "dials"),
        ("interval_queue", "answered_in_target"),
        ("interval_agent", "available_us"),
        ("interval_aux", "spent_us"),
    ];
    let whole = std::fs::read(site.folder.join("history.db")).expect("it is there");
    for (table, column) in tables {
        let later = [FIRST_DAY, SECOND_DAY].into_iter().find(|later| site.has_rows(table, *later));
        let later = later.unwrap_or_else(|| panic!("{table} has no row on any day"));
        let one = format!("rowid = (SELECT min(rowid) FROM {table} WHERE {})", site.of_day(table, later));
        let changed =
            site.by_hand(&format!("UPDATE {table} SET {column} = coalesce({column}, 0) + 7 WHERE {one}"));
        assert_eq!(changed, 1);
        let audit = site.audit(later).expect("it can be done");
        let found = of_place(&audit, table).unwrap_or_else(|| panic!("{table}: {}", lines(&audit)));
        assert_eq!(found.column, column, "{found}");
        assert_eq!(site.by_hand(&format!("DELETE FROM {table} WHERE {one}")), 1);
        let audit = site.audit(later).expect("it can be done");
        let found = of_place(&audit, table).unwrap_or_else(|| panic!("{table}: {}", lines(&audit)));
        assert!(found.column.is_empty() && found.stands == "the row is missing", "{found}");
        site.puts_back(&whole);
    }
    assert!(site.audit(FIRST_DAY).expect("it can be done").found.agrees());
}

#[test]
fn a_row_that_was_invented_is_found_and_so_is_its_figure_in_every_count() {
    let site = Site::new("invented", HOURS);
    let day = site.day(FIRST_DAY);
    site.by_hand(&format!(
        "INSERT INTO contact (contact, day, arrived_us, is_open, is_partial) VALUES (4711, '{day}', 1, 0, 0)"
    ));
    site.by_hand(&format!(
        "UPDATE interval_queue SET answered = answered + 5 WHERE rowid = (SELECT min(rowid) FROM interval_queue \
         WHERE day = '{day}' AND answered > 0)"
    ));
    site.by_hand(&format!("INSERT INTO survey (contact, day, answer_1) VALUES (4711, '{day}', 5)"));
    site.by_hand(&format!("INSERT INTO recording (recording, contact, day) VALUES (9, 4711, '{day}')"));
    site.by_hand(&format!("INSERT INTO wrap_up VALUES (4711, 'a001', 1, '{day}', '12')"));
    let audit = site.audit(FIRST_DAY).expect("it can be done");
    for table in ["wrap_up", "survey", "recording"] {
        assert!(of_place(&audit, table).is_some(), "{table}: {}", lines(&audit));
    }
    let found = of_place(&audit, "contact").expect("the contact is found");
    assert_eq!((found.key.as_str(), found.stands.as_str()), ("contact 4711", "there is a row"));
    for place in [
        "interval_queue",
        "interval_queue, counted plainly",
        "history by the ledger's half hours",
        "report of queues",
    ] {
        let found = of_place(&audit, place).unwrap_or_else(|| panic!("{place}: {}", lines(&audit)));
        assert!(["answered", "offered"].contains(&found.column.as_str()), "{found}");
    }
}

#[test]
fn a_number_is_never_shown_whole_and_may_be_empty_only_for_a_reason() {
    let site = Site::new("numbers", HOURS);
    let day = site.day(FIRST_DAY);
    let one =
        format!("contact = (SELECT max(contact) FROM contact WHERE day = '{day}' AND length(caller) > 6)");
    let [caller] =
        site.texts(&format!("SELECT caller FROM contact WHERE {one}"))[..].to_vec().try_into().expect("one");
    site.by_hand(&format!("UPDATE contact SET caller = NULL WHERE {one}"));
    let audit = site.audit(FIRST_DAY).expect("it can be done");
    let found = of_place(&audit, "contact").expect("it was emptied without a reason");
    assert_eq!((found.column.as_str(), found.stands.as_str()), ("caller", "nothing"));
    assert!(
        !lines(&audit).contains(&caller) && found.facts.ends_with(&caller[caller.len() - 2..]),
        "{found}"
    );
    site.forgets(&caller);
    let audit = site.audit(FIRST_DAY).expect("it can be done");
    assert!(audit.found.agrees() && audit.found.emptied > 0, "{}", lines(&audit));
}

#[test]
fn a_day_whose_facts_are_gone_is_not_called_right() {
    // Bad input.
    let site = Site::new("gone", HOURS);
    let whole = std::fs::read(site.file(2)).expect("it is there");
    std::fs::remove_file(site.file(2)).expect("it is there");
    let cannot = site.audit(FIRST_DAY).expect_err("facts are missing").to_string();
    assert!(cannot.contains("700 facts are missing in the journal"), "{cannot}");
    std::fs::write(site.file(2), &whole).expect("it is back");
    std::fs::remove_file(site.file(1)).expect("it is there");
    let cannot = site.audit(FIRST_DAY).expect_err("facts are missing").to_string();
    assert!(cannot.contains("the facts of this day are gone, or some of them"), "{cannot}");
    for number in 2..=site.files() {
        std::fs::remove_file(site.file(number)).expect("it is there");
    }
    let cannot = site.audit(FIRST_DAY).expect_err("there are none").to_string();
    assert_eq!(cannot, "there are no facts in the journal's folder");
}

#[test]
fn a_day_after_the_oldest_facts_is_counted_without_what_was_open_then() {
    let site = Site::new("oldest", HOURS);
    std::fs::remove_file(site.file(1)).expect("it is there");
    let audit = site.audit(SECOND_DAY).expect("it can be done");
    assert!(audit.found.agrees(), "{}", lines(&audit));
    assert!(audit.found.rows > 100, "{:?}", audit.found);
}
