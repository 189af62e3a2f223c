//! The chain over simulated days: what was changed later is found, and a kill while it is written harms nothing.

use core::time::Duration;
use std::fs;

use turno_audit::chain::{ChainKeeper, Checked, check};
use turno_audit::zone_of;
use turno_ground::Moment;
use turno_history::{History, Kept, SqliteStore};

use crate::stage::{BEGIN, Site};

const HOURS: u32 = 24;
const DAY: Duration = Duration::from_hours(24);
const LATER: Moment = Moment::from_secs(1_795_572_000 + 3 * 86_400);

fn store(site: &Site) -> SqliteStore {
    SqliteStore::new(&site.folder.join("history.db"), Duration::from_secs(1))
}

fn close(site: &Site) {
    let mut keeper = ChainKeeper::new(&site.folder);
    keeper.close_days(&mut store(site), &zone_of(&site.plan), LATER).expect("it is written");
}

fn checked(site: &Site, head: Option<&str>) -> Checked {
    check(&site.folder, Some(&mut store(site)), head).expect("there is a chain")
}

fn chain(site: &Site) -> String {
    fs::read_to_string(site.folder.join("days.chain")).expect("it is there")
}

fn put(site: &Site, text: &str) {
    fs::write(site.folder.join("days.chain"), text).expect("it is written");
}

/// A site whose two days are in the chain, with a stop before the second one's end.
fn chained(name: &str) -> Site {
    let site = Site::new(name, HOURS);
    let mut keeper = ChainKeeper::new(&site.folder);
    let zone = zone_of(&site.plan);
    let last = site.facts.last().expect("some").0;
    keeper.close_days(&mut store(&site), &zone, last).expect("it is written");
    keeper.stop(&zone, last).expect("it is written");
    assert_eq!(keeper.stop(&zone, last).expect("it is read"), None, "the same line is not written twice");
    close(&site);
    close(&site);
    assert_eq!(chain(&site).lines().count(), 3, "{}", chain(&site));
    site
}

#[test]
fn each_day_that_is_over_has_a_line_and_every_line_is_checked() {
    let site = chained("chain-whole");
    let all = checked(&site, None);
    assert_eq!(all.faults, [""; 0]);
    assert_eq!((all.lines, all.days_of_facts, all.lists_of_rows), (3, 3, 6));
    assert!(chain(&site).trim_end().ends_with(&format!("\"hash\":\"{}\"}}", all.head)));
    assert_eq!(checked(&site, Some(&all.head)).faults, [""; 0]);
    let kinds = [
        "\"kind\":\"day\",\"day\":\"2026-11-24\"",
        "\"kind\":\"stop\"",
        "\"kind\":\"day\",\"day\":\"2026-11-25\"",
    ];
    for (line, kind) in chain(&site).lines().zip(kinds) {
        assert!(line.contains(kind), "{line}");
    }
}

#[test]
fn a_line_that_was_changed_removed_moved_or_cut_off_is_found() {
    // Wound: a log that is complete by its own account.
    let site = chained("chain-lines");
    let whole = chain(&site);
    let head = checked(&site, None).head;
    let lines: Vec<&str> = whole.lines().collect();
    let changes = [
        whole.replacen("2026-11-24", "2026-11-23", 1),
        whole.replacen("\"count\":", "\"count\":1", 1),
        format!("{}\n{}\n", lines[1], lines[2]),
        format!("{}\n{}\n", lines[0], lines[2]),
        format!("{}\n{}\n{}\n", lines[0], lines[2], lines[1]),
        format!("{}\n{}\nno line\n", lines[0], lines[1]),
        format!("{}\n{}\n{}\n{}\n", lines[0], lines[1], lines[1], lines[2]),
    ];
    for changed in changes {
        put(&site, &changed);
        assert!(!checked(&site, None).faults.is_empty(), "{changed}");
    }
    put(&site, &format!("{}\n{}\n", lines[0], lines[1]));
    assert_eq!(checked(&site, None).faults, [""; 0], "the end of a chain tells nothing of what came after");
    let cut = checked(&site, Some(&head)).faults;
    assert!(cut.len() == 1 && cut[0].contains("lines were removed or written anew"), "{cut:?}");
}

#[test]
fn a_row_or_a_fact_of_a_past_day_that_was_changed_is_found() {
    let site = chained("chain-rows");
    let whole = fs::read(site.folder.join("history.db")).expect("it is there");
    for (table, column, class) in [
        ("contact", "talk_us", "contacts"),
        ("visit", "is_short", "contacts"),
        ("offer", "rang_us", "contacts"),
        ("agent_state", "is_partial", "states"),
        ("interval_queue", "answered_in_target", "intervals"),
        ("interval_agent", "aux_us", "intervals"),
    ] {
        site.by_hand(&format!(
            "UPDATE {table} SET {column} = coalesce({column}, 0) + 7 WHERE rowid = (SELECT min(rowid) FROM {table})"
        ));
        let faults = checked(&site, None).faults;
        assert!(
            faults.len() == 1 && faults[0].contains(&format!("{class} of 2026-11-24")),
            "{table}: {faults:?}"
        );
        site.puts_back(&whole);
    }
    site.by_hand("DELETE FROM interval_queue WHERE rowid = (SELECT min(rowid) FROM interval_queue)");
    assert!(checked(&site, None).faults[0].contains("intervals of 2026-11-24"));
    site.puts_back(&whole);
    fs::remove_file(site.file(2)).expect("it is there");
    let faults = checked(&site, None).faults;
    assert!(faults.iter().any(|fault| fault.contains("and there are")), "{faults:?}");
}

#[test]
fn what_is_deleted_for_a_reason_is_a_line_and_no_fault() {
    let site = chained("chain-kept");
    let callers = site.texts("SELECT caller FROM contact WHERE length(caller) > 6 LIMIT 1");
    site.forgets(&callers[0]);
    let kept = Kept { contacts: DAY, numbers: DAY, states: DAY, intervals: DAY };
    let mut keeper = ChainKeeper::new(&site.folder);
    keeper.deletes(&mut store(&site), kept, LATER).expect("it is written");
    keeper.deletes(&mut store(&site), kept, LATER + DAY / 2).expect("it is read");
    assert!(!chain(&site).contains(&callers[0]), "no number is in the chain");
    let kinds: Vec<usize> = ["\"kind\":\"forgotten\"", "\"kind\":\"kept\"", "request 17"]
        .iter()
        .map(|kind| chain(&site).lines().filter(|line| line.contains(kind)).count())
        .collect();
    assert_eq!(kinds, [1, 3, 1], "{}", chain(&site));
    let mut history = History::new(Box::new(store(&site)));
    history.open().expect("it opens");
    while history.delete_old(kept, LATER).expect("it is deleted") > 0 {}
    let all = checked(&site, None);
    assert_eq!(all.faults, [""; 0]);
    assert!(
        all.notes.iter().any(|note| note.contains("contacts of 2026-11-24 were kept for long enough")),
        "{all:?}"
    );
    fs::remove_file(site.file(1)).expect("it is there");
    let all = checked(&site, None);
    assert!(
        all.faults.is_empty() && all.notes.iter().any(|note| note.contains("no longer in the journal")),
        "{all:?}"
    );
}

#[test]
fn a_kill_at_every_byte_of_a_line_leaves_a_chain_that_is_mended() {
    let site = Site::new("chain-kill", 4);
    close(&site);
    let whole = chain(&site);
    let last = whole.trim_end().rfind('\n').map_or(0, |end| end + 1);
    for cut in (last..whole.len()).step_by(7).chain([whole.len() - 1]) {
        put(&site, &whole[..cut]);
        if cut > last {
            let half = checked_text(&site);
            assert!(half.contains("is half") || half.contains("there is no chain"), "{cut}: {half}");
        }
        close(&site);
        assert_eq!(chain(&site), whole, "cut at {cut}");
    }
}

/// What is said of a chain that may have no line.
fn checked_text(site: &Site) -> String {
    match check(&site.folder, None, None) {
        Ok(checked) => checked.notes.join("\n") + &checked.faults.join("\n"),
        Err(cannot) => cannot.to_string(),
    }
}

#[test]
fn without_facts_there_is_no_chain() {
    // Bad input.
    let site = Site::new("chain-none", 1);
    for number in 1..=site.files() {
        fs::remove_file(site.file(number)).expect("it is there");
    }
    close(&site);
    assert!(checked_text(&site).contains("there is no chain"));
    assert!(site.facts[0].0 >= BEGIN);
}
