//! What any database must do, as functions for the tests of each.
//!
//! With the feature `checks` alone, so that no program carries it.

pub mod absences;
pub mod privacy;
pub mod speed;

use core::time::Duration;
use std::sync::Arc;

use turno_ground::{Moment, Pii};
use turno_model::plan::AgentPlan;
use turno_model::{
    AgentId, AgentState, AuxReason, CallbackChange, CallbackOffer, Channel, ContactId, ContactOutcome,
    Decision, EndedBy, Fact, Gap, Hours, OfferId, OfferOutcome, Plan, Position, QueueId, RecordedWhy,
    RecordingChange, RecordingId, RecordingOutcome, Rule, SkillId, Survey, SurveyChange, SurveyEnd,
    TurnedAway, sample,
};

use crate::failure::Failure;
use crate::history::History;
use crate::names::Names;
use crate::schema;
use crate::store::{Sql, Store};
use crate::value::Value;
use crate::views::VIEW_NAMES;

/// Opens the database that a check uses; each call is a new connection.
pub type Opens<'a> = &'a dyn Fn() -> Box<dyn Store + Send>;

/// 09:29:00 in Quito on 24 November 2026: half past nine is near.
pub const MORNING: Moment = Moment::from_secs(1_795_530_540);

const RUN: Moment = Moment::from_secs(1_795_500_000);

/// The queue `taxes` with agent 1001, in Quito.
pub fn plan() -> Arc<Plan> {
    let mut hours = Hours::always("office");
    hours.zone = jiff::tz::TimeZone::get("America/Guayaquil").expect("a zone");
    let agent = |extension: &str| AgentPlan { ..sample::agent(extension, &[(0, 1)]) };
    Arc::new(Plan {
        site: "Quito".to_owned(),
        skills: vec!["taxes".to_owned()],
        queues: vec![sample::queue("taxes", SkillId(0))],
        agents: vec![agent("1001"), agent("1002")],
        hours: vec![hours],
        ..sample::plan()
    })
}

/// A position in the only run of these checks.
pub const fn place(number: usize) -> Position {
    Position { run: RUN, number: number as u64 }
}

pub(crate) fn changed(from: AgentState, to: AgentState) -> Fact {
    Fact::AgentChanged { agent: AgentId(0), from, to }
}

fn arrived(contact: u64, from: &str) -> Fact {
    Fact::ContactArrived {
        contact: ContactId(contact),
        channel: Channel::Voice,
        from: Pii(from.into()),
        dialled: "1800510510".into(),
        trunk: None,
    }
}

fn offered(contact: ContactId, agent: AgentId) -> Fact {
    let decision = Decision {
        contact,
        queue: QueueId(0),
        winner: agent,
        rule: Rule::UcdMia,
        waited: Duration::from_secs(10),
        idle: Duration::from_secs(40),
        passed_over: Default::default(),
        others: 0,
    };
    let (offer, queue, delay) = (OfferId(contact.0), QueueId(0), Duration::ZERO);
    Fact::Offered { offer, contact, agent, queue, delay, decision: Box::new(decision) }
}

/// Contact 1 waits 30 s, talks 100 s with one hold of 20 s over half past nine, is recorded and surveyed; contact 2 leaves
/// after 4 s with a callback; contact 3 finds the line closed.
pub fn facts() -> Vec<(Moment, Fact)> {
    use AgentState as State;
    let (one, two, agent, queue) = (ContactId(1), ContactId(2), AgentId(0), QueueId(0));
    let aux = State::Aux(AuxReason::LoggedIn);
    let recording = |change| Fact::Recording { contact: one, recording: RecordingId(9), change };
    let survey = |change| Fact::Survey(Survey { contact: one, queue, agent, change });
    let (talked, held) = (Duration::from_secs(80), Duration::from_secs(20));
    let waited = Duration::from_secs(30);
    let asked = CallbackChange::Asked { number: Pii("0987654321".into()), after: Duration::ZERO };
    let told: Vec<(u64, Fact)> = vec![
        (0, changed(State::LoggedOut, aux)),
        (5, changed(aux, State::Available)),
        (10, arrived(1, "0991234567")),
        (10, Fact::Queued { contact: one, queue, priority: 0, position: 1 }),
        (20, offered(one, agent)),
        (20, changed(State::Available, State::Ringing)),
        (40, settled(one, agent, OfferOutcome::Accepted)),
        (40, Fact::Connected { contact: one, agent, queue, waited }),
        (40, changed(State::Ringing, State::Talking)),
        (41, recording(began())),
        (100, Fact::Held { contact: one, agent }),
        (100, changed(State::Talking, State::Holding)),
        (120, Fact::Resumed { contact: one, agent }),
        (120, changed(State::Holding, State::Talking)),
        (140, Fact::Disconnected { contact: one, agent, queue, talked, held }),
        (140, ended(one, ContactOutcome::Answered, waited)),
        (140, changed(State::Talking, State::Acw)),
        (141, survey(SurveyChange::Offered)),
        (145, survey(SurveyChange::Answered { question: 1, key: 5 })),
        (150, survey(SurveyChange::Ended(SurveyEnd::Complete))),
        (151, Fact::WrapUp { contact: one, agent, code: "12".into() }),
        (152, recording(kept())),
        (160, changed(State::Acw, State::Available)),
        (200, arrived(2, "0987654321")),
        (200, Fact::Queued { contact: two, queue, priority: 0, position: 1 }),
        (202, Fact::Callback(two, CallbackChange::Offered(CallbackOffer::Key))),
        (203, Fact::Callback(two, asked)),
        (204, Fact::Callback(two, CallbackChange::GivenUp)),
        (204, ended(two, ContactOutcome::Abandoned, Duration::from_secs(4))),
        (205, arrived(3, "0991234567")),
        (205, Fact::TurnedAway { contact: ContactId(3), reason: TurnedAway::Closed }),
        (300, changed(State::Available, State::LoggedOut)),
    ];
    told.into_iter().map(|(seconds, fact)| (MORNING + Duration::from_secs(seconds), fact)).collect()
}

fn settled(contact: ContactId, agent: AgentId, outcome: OfferOutcome) -> Fact {
    let (offer, queue, rang) = (OfferId(contact.0), QueueId(0), Duration::from_secs(20));
    Fact::OfferSettled { offer, contact, agent, queue, outcome, rang }
}

fn ended(contact: ContactId, outcome: ContactOutcome, waited: Duration) -> Fact {
    Fact::ContactEnded { contact, queue: QueueId(0), outcome, by: EndedBy::Caller, waited }
}

fn began() -> RecordingChange {
    let (agent, queue) = (AgentId(0), QueueId(0));
    RecordingChange::Began { agent, queue, why: RecordedWhy::Queue, class: "standard".into() }
}

fn kept() -> RecordingChange {
    let (length, missing) = (Duration::from_secs(99), Duration::ZERO);
    RecordingChange::Ended { length, missing, outcome: RecordingOutcome::Kept("ab12".into()) }
}

/// The rows of a query.
pub fn rows(store: &mut dyn Store, text: &str) -> Vec<Vec<Value>> {
    let mut found = Vec::new();
    let read = store.transaction(&mut |sql| {
        found = sql.rows(text, &[])?;
        Ok(())
    });
    read.expect("it is read");
    found
}

/// Everything in the tables, as text in a stable order.
pub fn dump(store: &mut dyn Store) -> Vec<String> {
    let mut lines = Vec::new();
    for table in schema::tables() {
        let found = rows(store, &format!("SELECT * FROM {table}"));
        let mut found: Vec<String> = found.iter().map(|row| format!("{table} {row:?}")).collect();
        found.sort();
        lines.extend(found);
    }
    lines
}

/// Opens a history and writes all facts of [`facts`] in one batch.
pub fn filled(opens: Opens<'_>) -> History {
    let mut history = History::new(opens());
    assert_eq!(history.open(), Ok(None), "it was empty");
    let (names, facts) = (Names::new(&plan(), None), facts());
    history.take(&names, &facts, place(facts.len())).expect("it is written");
    history
}

fn assert_row(store: &mut dyn Store, text: &str, expected: &[Value]) {
    assert_eq!(rows(store, text), [expected.to_vec()], "{text}");
}

/// The views have what people expect of the small day of [`facts`].
pub fn views_show_a_small_day(opens: Opens<'_>) {
    let mut history = filled(opens);
    let store = history.store();
    let int = |number: i64| Value::Int(number);
    let text = |text: &str| Value::from(text);
    assert_row(
        store,
        "SELECT channel, caller, day, first_queue, first_agent, outcome, ended_by, waited_ms, talk_ms, hold_ms, holds, \
         wrap_up, is_open FROM v_contact WHERE contact = 1",
        &[
            text("voice"),
            text("0991234567"),
            text("2026-11-24"),
            text("taxes"),
            text("1001"),
            text("answered"),
            text("caller"),
            int(30_000),
            int(80_000),
            int(20_000),
            int(1),
            text("12"),
            int(0),
        ],
    );
    assert_row(
        store,
        "SELECT outcome, turned_away, visits FROM v_contact WHERE contact = 3",
        &[text("turned_away"), text("closed"), int(0)],
    );
    assert_row(
        store,
        "SELECT span_ms, outcome, in_target, told_kept FROM v_segment WHERE contact = 1 AND kind = 'queue'",
        &[int(30_000), text("answered"), int(0), Value::Null],
    );
    assert_row(
        store,
        "SELECT span_ms, agent, talk_ms, hold_ms FROM v_segment WHERE contact = 1 AND kind = 'talk'",
        &[int(100_000), text("1001"), int(80_000), int(20_000)],
    );
    assert_row(
        store,
        "SELECT outcome, rang_ms, rule FROM v_offer",
        &[text("accepted"), int(20_000), text("ucd_mia")],
    );
    assert_row(
        store,
        "SELECT answer_1, answer_2, outcome FROM v_survey",
        &[int(5), Value::Null, text("complete")],
    );
    assert_row(
        store,
        "SELECT number, offered_why, outcome FROM v_callback",
        &[text("0987654321"), text("key"), text("given_up")],
    );
    assert_row(
        store,
        "SELECT length_ms, hash, class FROM v_recording",
        &[int(99_000), text("ab12"), text("standard")],
    );
    half_hours(store);
}

/// The talk from 09:29:40 to 09:31:20 is split at half past nine; its contact's figures are in the second half hour.
fn half_hours(store: &mut dyn Store) {
    let int = |number: i64| Value::Int(number);
    let agents = rows(
        store,
        "SELECT staffed_ms, talking_ms, holding_ms, acw_ms, answered, handled FROM v_interval_agent ORDER BY start_us",
    );
    assert_eq!(
        agents,
        [
            [60_000, 20_000, 0, 0, 1, 0].map(int).to_vec(),
            [240_000, 60_000, 20_000, 20_000, 0, 1].map(int).to_vec(),
        ]
    );
    let queues = rows(
        store,
        "SELECT offered, answered, abandoned, abandoned_short, answer_wait_ms, talk_ms, acw_ms, surveys_complete \
         FROM v_interval_queue ORDER BY start_us",
    );
    assert_eq!(
        queues,
        [
            [0, 0, 0, 0, 0, 0, 0, 0].map(int).to_vec(),
            [2, 1, 1, 1, 30_000, 80_000, 20_000, 1].map(int).to_vec(),
        ]
    );
    let reasons = rows(store, "SELECT agent, reason, spent_ms FROM v_interval_aux");
    assert_eq!(reasons, [[Value::from("1001"), Value::from("logged_in"), int(5_000)]]);
    for view in VIEW_NAMES {
        assert!(!rows(store, &format!("SELECT * FROM {view}")).is_empty(), "{view} is empty");
    }
}

/// A database that is opened again after each fact has the same rows as one that took all facts at once.
pub fn every_fact_may_be_the_last(opens: Opens<'_>, other: Opens<'_>) {
    let mut whole = filled(other);
    let names = Names::new(&plan(), None);
    for (number, fact) in facts().into_iter().enumerate() {
        let mut history = History::new(opens());
        history.open().expect("it opens");
        // What was taken and not committed must leave no trace.
        let mut fails = |sql: &mut dyn Sql| {
            sql.script("DELETE FROM contact")?;
            Err(Failure::Gone("a test".to_owned()))
        };
        assert!(history.store().transaction(&mut fails).is_err());
        history.open().expect("it opens again");
        history.take(&names, &[fact], place(number + 1)).expect("it is written");
    }
    let mut again = History::new(opens());
    assert_eq!(again.open(), Ok(Some(place(facts().len()))));
    assert_eq!(dump(again.store()), dump(whole.store()));
}

/// Of two processes on one database, the one that is behind writes nothing, and goes on when it has read again.
pub fn a_process_that_is_overtaken_writes_nothing(opens: Opens<'_>) {
    let (names, facts) = (Names::new(&plan(), None), facts());
    let (mut one, mut other) = (History::new(opens()), History::new(opens()));
    assert_eq!((one.open(), other.open()), (Ok(None), Ok(None)));
    one.take(&names, &facts[..20], place(20)).expect("it is written");
    assert_eq!(other.take(&names, &facts[..10], place(10)), Err(Failure::Overtaken));
    assert_eq!(
        other.take(&names, &facts[..10], place(10)),
        Err(Failure::Overtaken),
        "until it has read again"
    );
    assert_eq!(other.open(), Ok(Some(place(20))));
    other.take(&names, &facts[20..], place(facts.len())).expect("it is written");
    assert_eq!(one.take(&names, &facts[20..], place(facts.len())), Err(Failure::Overtaken));
    let visits = rows(other.store(), "SELECT entered, answered FROM interval_queue WHERE entered > 0");
    assert_eq!(visits, [[Value::Int(2), Value::Int(1)]]);
}

/// Lost facts are noted, and what was open is marked; a contact whose end is lost does not stay open for ever.
pub fn a_gap_is_noted(opens: Opens<'_>) {
    let (names, facts) = (Names::new(&plan(), None), facts());
    let mut history = History::new(opens());
    history.open().expect("it opens");
    history.take(&names, &facts[..10], place(10)).expect("it is written");
    let gap = Gap { after: place(10), until: place(23), facts: Some(13) };
    history.miss(&names, gap).expect("it is written");
    assert_eq!(history.position(), Some(place(23)));
    let mut later = facts[23..].to_vec();
    later.iter_mut().for_each(|(at, _)| *at = *at + Duration::from_hours(25));
    history.take(&names, &later, place(facts.len())).expect("it is written");
    let store = history.store();
    assert_eq!(
        rows(store, "SELECT after_number, until_number, facts FROM gap"),
        [[10, 23, 13].map(Value::Int)]
    );
    assert_row(
        store,
        "SELECT outcome, is_open, is_partial FROM v_contact WHERE contact = 1",
        &[Value::from("unknown"), Value::Int(0), Value::Int(1)],
    );
}

/// An older schema is brought up to date with its rows; a later one, and another program's tables, are left alone.
pub fn schemas_of_other_versions(opens: Opens<'_>) {
    let mut store = opens();
    let old = |sql: &mut dyn Sql| {
        sql.script(&schema::step_to(1))?;
        sql.script("INSERT INTO contact (contact, arrived_us, is_open) VALUES (77, 5, 1)")?;
        schema::set_version(sql, 1)
    };
    store.transaction(&mut { old }).expect("an old schema");
    drop(store);
    let mut history = History::new(opens());
    assert_eq!(history.open(), Ok(None));
    assert_eq!(rows(history.store(), "SELECT contact FROM v_contact"), [[Value::Int(77)]]);
    assert_eq!(rows(history.store(), "SELECT id FROM history_audit").len(), 0);
    let later = |sql: &mut dyn Sql| schema::set_version(sql, 99);
    history.store().transaction(&mut { later }).expect("a later schema");
    let mut again = History::new(opens());
    let refused = again.open().expect_err("it is of a later turno");
    assert_eq!(refused, Failure::Future { found: 99, known: schema::SCHEMA_VERSION });
    assert!(refused.needs_a_person() && refused.to_string().contains("later turno"));
}

/// Another program's tables are left alone.
pub fn another_programs_tables(opens: Opens<'_>) {
    let theirs = |sql: &mut dyn Sql| sql.script("CREATE TABLE theirs (id BIGINT)");
    opens().transaction(&mut { theirs }).expect("a table");
    let refused = History::new(opens()).open().expect_err("it is another program's");
    assert!(matches!(refused, Failure::Foreign(_)) && refused.needs_a_person(), "{refused}");
}
