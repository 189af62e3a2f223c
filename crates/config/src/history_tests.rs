//! Tests of [history] in a plan.

use core::time::Duration;

use turno_model::plan::{HistoryPlan, HistoryStore};

use crate::tests::{Folder, QUEUE};

#[test]
fn a_plan_names_its_database_and_never_its_password() {
    let folder = Folder::new("history");
    folder.put("queues.toml", QUEUE);
    let (plan, _) = folder.load().expect("a plan");
    assert_eq!(plan.history, HistoryPlan::default(), "the keys' defaults are the model's");
    folder.put("password", "correct horse\n");
    let right = "[history]\nstore = \"postgres\"\nurl = \"postgres://turno@127.0.0.1:5432/turno\"\n\
                 password_file = \"password\"\nnumbers_days = 30\n";
    folder.put("history.toml", right);
    let history = folder.load().expect("a plan").0.history;
    assert_eq!(history.store, Some(HistoryStore::Postgres));
    assert_eq!(history.password.reveal(), "correct horse");
    assert_eq!(history.numbers, Duration::from_hours(24 * 30));
    assert!(!format!("{history:?}").contains("correct"));
    // Bad input.
    for (keys, words) in [
        ("store = \"postgres\"", "`url`"),
        ("store = \"mysql\"", "mysql"),
        ("url = \"mysql://db\"", "no place of PostgreSQL"),
        ("url = \"postgres://turno:secret@db/turno\"", "there is a password in `url`"),
        ("url = \"postgres://db/turno?user=turno&password=secret\"", "there is a password in `url`"),
        ("store = \"postgres\"\nurl = \"postgres://turno@db:5432/turno\"", "unencrypted"),
        ("password_file = \"nowhere\"", "can't be read"),
        ("numbers_days = 0", "numbers_days"),
    ] {
        folder.put("history.toml", &format!("[history]\n{keys}\n"));
        let refused = folder.load().expect_err("a wrong plan").to_string();
        assert!(refused.contains(words), "{keys}: {refused}");
        assert!(!refused.contains("secret"), "a password is shown: {refused}");
    }
}
