//! The history in PostgreSQL: the same checks as for SQLite, a server that stops and comes back, passwords and certificates.

use turno_ground::Secret;
use turno_history::checks::{self, facts, filled, place, plan};
use turno_history::store::Store;
use turno_history::{Failure, History, Names};
use turno_model::plan::HistoryPlan;

use crate::history::cluster_tests::Cluster;
use crate::history::postgres::PostgresStore;

#[test]
fn it_does_what_any_database_must_do() {
    let Some(cluster) = Cluster::start("checks") else { return };
    checks::views_show_a_small_day(&cluster.opens("day"));
    checks::every_fact_may_be_the_last(&cluster.opens("one"), &cluster.opens("other"));
    checks::a_process_that_is_overtaken_writes_nothing(&cluster.opens("two"));
    checks::a_gap_is_noted(&cluster.opens("missing"));
    checks::schemas_of_other_versions(&cluster.opens("old"));
    checks::another_programs_tables(&cluster.opens("theirs"));
    checks::privacy::each_class_is_kept_for_its_time(&cluster.opens("kept"));
    checks::privacy::one_persons_data(&cluster.opens("person"));
}

#[test]
fn a_server_that_stops_and_comes_back_gets_what_it_missed() {
    // Bad input.
    let Some(cluster) = Cluster::start("back") else { return };
    let (names, facts) = (Names::new(&plan(), None), facts());
    let opens = cluster.opens("history");
    let mut history = History::new(opens());
    assert_eq!(history.open(), Ok(None));
    history.take(&names, &facts[..16], place(16)).expect("it is written");
    cluster.stops();
    for _ in 0..3 {
        let refused = history.take(&names, &facts[16..], place(facts.len())).expect_err("it is gone");
        assert!(matches!(refused, Failure::Gone(_) | Failure::Overtaken), "{refused}");
        let refused = history.open().expect_err("it is gone");
        assert!(matches!(refused, Failure::Gone(_)) && !refused.needs_a_person(), "{refused}");
    }
    cluster.starts();
    assert_eq!(history.open(), Ok(Some(place(16))));
    history.take(&names, &facts[16..], place(facts.len())).expect("it is written");
    let mut whole = filled(&cluster.opens("whole"));
    assert_eq!(checks::dump(history.store()), checks::dump(whole.store()));
}

fn asks(plan: &HistoryPlan) -> Result<(), Failure> {
    let mut store = PostgresStore::new(plan).expect("a place");
    store.transaction(&mut |sql| sql.rows("SELECT 1", &[]).map(drop))
}

#[test]
fn a_wrong_password_and_a_wrong_certificate_are_refused() {
    // Bad input.
    let Some(cluster) = Cluster::start("secrets") else { return };
    let plan = cluster.plan("public");
    assert_eq!(asks(&plan), Ok(()));
    let wrong = HistoryPlan { password: Secret::new("wrong"), ..plan.clone() };
    let refused = asks(&wrong).expect_err("a wrong password");
    assert!(matches!(refused, Failure::Denied(_)), "{refused}");
    assert!(!refused.to_string().contains("wrong"), "the password is in {refused}");
    let checked = HistoryPlan { ca: Some(cluster.authority()), ..plan.clone() };
    assert_eq!(asks(&checked), Ok(()));
    let encrypted = |sql: &mut dyn turno_history::store::Sql| {
        let found = sql.rows("SELECT ssl::int FROM pg_stat_ssl WHERE pid = pg_backend_pid()", &[])?;
        assert_eq!(found, [[turno_history::Value::Int(1)]]);
        Ok(())
    };
    PostgresStore::new(&checked).expect("a place").transaction(&mut { encrypted }).expect("it is encrypted");
    let Some(other) = Cluster::start("other") else { return };
    let refused =
        asks(&HistoryPlan { ca: Some(other.authority()), ..plan.clone() }).expect_err("another authority");
    assert!(matches!(refused, Failure::Gone(_)), "{refused}");
    let missing = HistoryPlan { ca: Some("/nowhere/authority.pem".into()), ..plan };
    assert!(PostgresStore::new(&missing).is_err());
    assert!(PostgresStore::new(&HistoryPlan::default()).is_err() || asks(&HistoryPlan::default()).is_err());
}
