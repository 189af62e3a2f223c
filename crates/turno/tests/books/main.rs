//! `turno audit` and `turno export` as a person uses them.

mod stage;

use std::fs;
use std::process::Command;

use turno_audit::chain::ChainKeeper;
use turno_ground::Moment;
use turno_history::SqliteStore;

use crate::stage::{Folder, MORNING, printed, said};

const DAY: &str = "2026-11-24";

#[test]
fn an_audit_says_what_it_compared_and_what_differs() {
    let folder = Folder::new("audit");
    let audit = folder.turno(&["audit", DAY]);
    let text = said(&audit);
    assert_eq!(audit.status.code(), Some(0), "{text}");
    assert!(text.contains("15 facts") && text.contains("Everything agrees."), "{text}");
    folder.by_hand("UPDATE interval_queue SET answered_in_target = 0, answered = 9");
    let audit = folder.turno(&["audit", DAY]);
    let text = said(&audit);
    assert_eq!(audit.status.code(), Some(1), "{text}");
    assert!(text.contains("answered: 9; by the facts 1") && text.contains("differences."), "{text}");
    fs::remove_file(folder.0.join("0000000001.facts")).expect("it is there");
    let audit = folder.turno(&["audit", DAY]);
    assert_eq!(audit.status.code(), Some(2), "{}", said(&audit));
    assert!(said(&audit).contains("there are no facts in the journal's folder"), "{}", said(&audit));
    fs::remove_file(folder.0.join("history.db")).expect("it is there");
    assert_eq!(folder.turno(&["audit", DAY]).status.code(), Some(2));
    assert_eq!(folder.turno(&["audit", "tomorrow"]).status.code(), Some(2), "that is no day");
}

#[test]
fn the_chain_is_checked_and_its_head_is_printed() {
    let folder = Folder::new("chain");
    let none = folder.turno(&["audit", "--chain"]);
    assert_eq!(none.status.code(), Some(2), "{}", said(&none));
    let mut keeper = ChainKeeper::new(&folder.0);
    let mut store = SqliteStore::new(&folder.0.join("history.db"), core::time::Duration::ZERO);
    let later = Moment::from_micros(MORNING.as_micros() + 2 * 86_400_000_000);
    let zone = jiff::tz::TimeZone::UTC;
    let head = keeper.close_days(&mut store, &zone, later).expect("it is written").expect("a line");
    let checked = folder.turno(&["audit", "--chain", "--head", &head.hash]);
    let text = said(&checked);
    assert_eq!(checked.status.code(), Some(0), "{text}");
    assert!(text.contains(&format!("head  {}", head.hash)) && text.contains("The chain is whole."), "{text}");
    folder.by_hand("UPDATE contact SET waited_us = 1 WHERE contact = 1");
    let checked = folder.turno(&["audit", "--chain"]);
    assert_eq!(checked.status.code(), Some(1), "{}", said(&checked));
    assert!(said(&checked).contains("contacts of 2026-11-24: the rows of the history are not as they were"));
    assert_eq!(folder.turno(&["audit", "--chain", "--head", "00"]).status.code(), Some(1));
}

#[test]
fn contacts_and_states_are_rows_of_csv_that_no_spreadsheet_computes() {
    let folder = Folder::new("csv");
    let to = folder.0.join("contacts.csv");
    let written = folder.turno(&[
        "export",
        "contacts",
        "--from",
        DAY,
        "--until",
        DAY,
        "--to",
        &to.display().to_string(),
    ]);
    assert!(written.status.success(), "{}", said(&written));
    let text = fs::read_to_string(&to).expect("it is there");
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert!(lines[0].starts_with("contact,channel,caller,dialled,trunk,day,arrived,"), "{text}");
    assert!(
        lines[1].starts_with("1,voice,'+593991234567,1800510510,,2026-11-24,2026-11-24T14:29:10+00:00,"),
        "{text}"
    );
    assert!(lines[2].contains("2,voice,'=cmd|' /C calc'!A0,"), "{text}");
    assert_eq!(lines.len(), 4, "{text}");
    assert!(!folder.0.join("contacts.csv.unfinished").exists());
    let states = printed(&folder.turno(&["export", "agent-states", DAY]));
    assert_eq!(states.lines().count(), 7, "{states}");
    assert!(
        states.contains(",talking,,2026-11-24T14:30:22+00:00,") || states.contains("talking"),
        "{states}"
    );
    let nothing = folder.turno(&["export", "contacts", "2026-11-23"]);
    assert_eq!(nothing.status.code(), Some(6), "{}", said(&nothing));
}

#[test]
fn the_rows_of_a_day_have_the_names_of_cms() {
    let folder = Folder::new("cms");
    let cell = |text: &str, name: &str| {
        let mut lines = text.lines();
        let place = lines.next().expect("a head").split(',').position(|head| head == name);
        let row = lines.next().expect("a row");
        row.split(',').nth(place.unwrap_or_else(|| panic!("no {name} in {text}"))).expect("a cell").to_owned()
    };
    let split = printed(&folder.turno(&["export", "cms", DAY, "--by", "day"]));
    for (name, value) in [
        ("ROW_DATE", DAY),
        ("INTRVL", "1440"),
        ("CALLSOFFERED", "2"),
        ("ACDCALLS", "1"),
        ("ABNCALLS", "1"),
        ("ACDTIME", "60"),
        ("ANSTIME", "12"),
        ("ABNTIME", "7"),
        ("ACWTIME", "8"),
        ("I_STAFFTIME", "599"),
    ] {
        assert_eq!(cell(&split, name), value, "{name}: {split}");
    }
    let agent = printed(&folder.turno(&["export", "cms", DAY, "--of", "agent"]));
    assert_eq!(agent.lines().count(), 3, "{agent}");
    let values = ["STARTTIME", "INTRVL", "I_STAFFTIME", "I_AUXTIME"].map(|name| cell(&agent, name));
    assert_eq!(values, ["1400", "30", "59", "1"], "{agent}");
}

#[test]
fn the_queue_log_of_a_day_is_read_by_python() {
    let folder = Folder::new("queue-log");
    let to = folder.0.join("queue_log");
    let written = folder.turno(&["export", "queue-log", DAY, "--to", &to.display().to_string()]);
    assert!(written.status.success(), "{}", said(&written));
    let text = fs::read_to_string(&to).expect("it is there");
    let events: Vec<&str> = text.lines().filter_map(|line| line.split('|').nth(4)).collect();
    assert_eq!(events.first(), Some(&"QUEUESTART"), "{text}");
    for event in ["AGENTLOGIN", "ENTERQUEUE", "CONNECT", "COMPLETECALLER", "ABANDON", "AGENTLOGOFF"] {
        assert!(events.contains(&event), "{event}: {text}");
    }
    assert!(text.lines().any(|line| line.ends_with("|COMPLETECALLER|12|60|1")), "{text}");
    // A reader of its own: the fields by their places, as tools for the log take them.
    let question =
        "import csv, sys; rows = list(csv.reader(open(sys.argv[1]), delimiter='|', quoting=csv.QUOTE_NONE))
waits = [int(row[5]) for row in rows if row[4] == 'CONNECT']
left = [int(row[7]) for row in rows if row[4] == 'ABANDON']
print(waits, left, all(int(row[0]) > 1795000000 for row in rows))";
    let answer =
        Command::new("python3").arg("-c").arg(question).arg(&to).output().expect("python3 is installed");
    assert_eq!(said(&answer).trim(), "[12] [7] True");
}
