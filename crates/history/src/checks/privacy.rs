//! What any database must do with the data of people: keep it no longer than it should, export it, forget it.

use core::time::Duration;

use crate::checks::{MORNING, Opens, dump, facts, filled, rows};
use crate::keeping::Kept;
use crate::person::{Reason, export, forget, hash_of};
use crate::value::Value;

const DAY: Duration = Duration::from_hours(24);

fn kept(contacts: u32, numbers: u32, states: u32, intervals: u32) -> Kept {
    Kept {
        contacts: DAY * contacts,
        numbers: DAY * numbers,
        states: DAY * states,
        intervals: DAY * intervals,
    }
}

/// Each class goes when its time is over, and nothing before.
pub fn each_class_is_kept_for_its_time(opens: Opens<'_>) {
    let mut history = filled(opens);
    let whole = dump(history.store());
    let classes = kept(3, 1, 4, 5);
    let mut after = |days: u32| {
        let now = MORNING + DAY * days + Duration::from_secs(3_600);
        while history.delete_old(classes, now).expect("it is deleted") > 0 {}
        let count = |history: &mut crate::History, text: &str| {
            rows(history.store(), text).first().and_then(|row| row[0].int()).expect("a number")
        };
        [
            count(&mut history, "SELECT count(*) FROM contact"),
            count(&mut history, "SELECT count(caller) FROM contact"),
            count(&mut history, "SELECT count(number) FROM callback"),
            count(&mut history, "SELECT count(*) FROM agent_state WHERE ended_us IS NOT NULL"),
            count(&mut history, "SELECT count(*) FROM interval_queue"),
        ]
    };
    let states = facts().iter().filter(|(_, fact)| fact.agent().is_some()).count();
    assert!(states > 0);
    let first = after(0);
    assert_eq!(first[..3], [3, 3, 1], "nothing is old");
    assert_eq!(after(1), [3, 0, 0, first[3], first[4]], "contacts stay without numbers");
    assert_eq!(after(3), [0, 0, 0, first[3], first[4]]);
    assert_eq!(after(4), [0, 0, 0, 0, first[4]]);
    assert_eq!(after(5), [0, 0, 0, 0, 0]);
    for table in ["visit", "talk", "offer", "wrap_up", "survey", "callback", "recording", "interval_agent"] {
        assert_eq!(rows(history.store(), &format!("SELECT * FROM {table}")).len(), 0, "{table}");
    }
    assert!(!whole.is_empty());
}

/// A person's data is exported and forgotten by number, and nobody else's; both leave a line without the number.
pub fn one_persons_data(opens: Opens<'_>) {
    let mut history = filled(opens);
    let reason = |seconds| Reason {
        who: "ana".to_owned(),
        why: "request 17".to_owned(),
        at: MORNING + Duration::from_secs(seconds),
    };
    let mut all = Vec::new();
    let exported = history.store().transaction(&mut |sql| {
        all = export(sql, "0991234567", &reason(500))?;
        Ok(())
    });
    exported.expect("it is read");
    let counts: Vec<(&str, usize)> = all.iter().map(|table| (table.table, table.rows.len())).collect();
    let expected = [
        ("contact", 2),
        ("visit", 1),
        ("talk", 1),
        ("offer", 1),
        ("wrap_up", 1),
        ("survey", 1),
        ("callback", 0),
        ("recording", 1),
    ];
    assert_eq!(counts, expected);
    let mut forgotten = 0;
    let done = history.store().transaction(&mut |sql| {
        forgotten = forget(sql, "0991234567", &reason(600))?;
        Ok(())
    });
    done.expect("it is written");
    assert_eq!(forgotten, 2);
    let left = rows(history.store(), "SELECT caller FROM contact ORDER BY contact");
    assert_eq!(left, [[Value::Null], [Value::from("0987654321")], [Value::Null]]);
    let text = dump(history.store()).join("\n");
    assert!(!text.contains("0991234567"), "the number is still there:\n{text}");
    let audit = rows(
        history.store(),
        "SELECT what, who, why, number_hash, row_count FROM history_audit ORDER BY at_us",
    );
    let line = |what: &str, count: i64| {
        vec![what.into(), "ana".into(), "request 17".into(), hash_of("0991234567").into(), Value::Int(count)]
    };
    assert_eq!(audit, [line("export", 8), line("forget", 2)]);
}
