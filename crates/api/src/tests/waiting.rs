//! Who is to be called back and who takes a break, as each role sees it.

use axum::http::StatusCode;
use serde_json::json;
use turno_control::{Answer, BreakRow, CallbackRow};
use turno_ground::{Moment, Pii};
use turno_model::{Act, AgentId, AgentState, AuxReason, Channel, ContactId, Fact, QueueId, Refusal};
use turno_trace::Numbers;

use crate::tests::Client;

const START: u64 = 1_800_000_000;

const fn micros(after: u64) -> u64 {
    (START + after) * 1_000_000
}

/// One for each queue: the first is due now, the second in ten minutes.
pub(crate) fn callbacks(numbers: Numbers) -> Answer {
    let row = |contact, queue: &str, number: &str, due| CallbackRow {
        contact,
        queue: queue.to_owned(),
        number: match numbers {
            Numbers::Full => number.to_owned(),
            Numbers::Short => format!("{:?}", Pii(number)),
        },
        why: "long-wait".to_owned(),
        step: "waits".to_owned(),
        dials: 1,
        since: micros(0),
        due: Some(due),
        until: Some(micros(7_200)),
    };
    Answer::Callbacks(vec![
        row(8, "general", "0991234567", micros(600)),
        row(7, "luae", "0997654321", micros(0)),
    ])
}

pub(crate) fn breaks() -> Answer {
    let row = |agent: &str, stand: &str, at| BreakRow {
        agent: agent.to_owned(),
        reason: "lunch".to_owned(),
        stand: stand.to_owned(),
        at,
    };
    let (agents, later) = (super::plan().agents, Some(micros(1_800)));
    Answer::Breaks(vec![
        row(&agents[0].extension, "promised", later),
        row(&agents[1].extension, "away", Some(micros(0))),
    ])
}

#[tokio::test]
async fn callbacks_are_told_in_the_order_of_their_time_and_numbers_to_those_who_may_see_them() {
    let mut client = Client::signed_in("boss").await;
    let heard = client.get("/api/v1/callbacks").await;
    assert_eq!(heard.status, StatusCode::OK, "{}", heard.body);
    let (first, second) = (&heard.body[0], &heard.body[1]);
    assert_eq!((first["contact"].as_u64(), second["contact"].as_u64()), (Some(7), Some(8)));
    assert_eq!((&first["stage"], &second["stage"]), (&"waits".into(), &"later".into()));
    assert_eq!(first["number"], "0997654321");
    for name in ["reader", "agent"] {
        client.sign_in(name).await;
        let heard = client.get("/api/v1/callbacks").await;
        assert_eq!(heard.body.as_array().map(Vec::len), Some(2), "{name}: {}", heard.body);
        assert!(!heard.body.to_string().contains("099"), "{name}: {}", heard.body);
    }
    client.sign_in("some").await;
    let heard = client.get("/api/v1/callbacks").await;
    assert_eq!(heard.body.as_array().map(Vec::len), Some(1), "{}", heard.body);
    assert_eq!(heard.body[0]["queue"], "luae");
}

#[tokio::test]
async fn an_agent_calls_back_now_or_ends_it_in_the_queues_that_the_agent_serves() {
    let mut client = Client::signed_in("agent").await;
    let agent = super::plan().agents[0].extension.clone();
    let called = client.post("/api/v1/callbacks/7/deeds", json!({ "do": "call" })).await;
    assert_eq!(called.status, StatusCode::NO_CONTENT, "{}", called.body);
    let ended = client.post("/api/v1/callbacks/8/deeds", json!({ "do": "done" })).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.body);
    let orders: Vec<_> = client.site.orders.lock().expect("no panic").iter().map(|it| it.1.clone()).collect();
    let pulled = Act::Pull(ContactId(7), Some(agent.as_str().into()));
    assert_eq!(orders, [pulled, Act::Withdraw(ContactId(8))]);
    let other = client.post("/api/v1/callbacks/99/deeds", json!({ "do": "done" })).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    let wrong = client.post("/api/v1/callbacks/7/deeds", json!({ "do": "dance" })).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    *client.site.refuses.lock().expect("no panic") = Some(Refusal::NotWaiting);
    let refused = client.post("/api/v1/callbacks/7/deeds", json!({ "do": "call" })).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    client.sign_in("operator").await;
    let audit = client.get("/api/v1/audit").await;
    for (deed, target, outcome) in [
        ("callback call", "contact 7", "done"),
        ("callback done", "contact 8", "done"),
        ("callback call", "contact 7", "refused"),
    ] {
        let rows = audit.body["rows"].as_array().expect("rows");
        let is_row = |row: &&serde_json::Value| {
            row["deed"] == deed && row["target"] == target && row["outcome"] == outcome
        };
        assert!(rows.iter().any(|row| is_row(&row)), "{deed} {outcome}: {}", audit.body);
    }
}

#[tokio::test]
async fn nobody_else_touches_a_callback() {
    let mut client = Client::signed_in("reader").await;
    let done = json!({ "do": "done" });
    assert_eq!(client.post("/api/v1/callbacks/7/deeds", done.clone()).await.status, StatusCode::FORBIDDEN);
    client.sign_in("some").await;
    let other = client.post("/api/v1/callbacks/8/deeds", done.clone()).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND, "of another queue");
    let call = client.post("/api/v1/callbacks/7/deeds", json!({ "do": "call" })).await;
    assert_eq!(call.status, StatusCode::FORBIDDEN, "a user without an extension has no phone");
    assert!(client.site.orders.lock().expect("no panic").is_empty());
    assert_eq!(client.post("/api/v1/callbacks/7/deeds", done).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_callback_that_a_program_asked_for_waits_beside_the_others() {
    let client = Client::signed_in("boss").await;
    let (contact, queue) = (ContactId(9), QueueId(0));
    let arrived = Fact::ContactArrived {
        contact,
        channel: Channel::Callback,
        from: Pii("0981111111".into()),
        dialled: "".into(),
        trunk: None,
    };
    let at = Moment::from_secs(START);
    let queued = Fact::Queued { contact, queue, priority: 0, position: 1 };
    client.site.lived.lock().expect("no panic").extend([(at, arrived), (at, queued)]);
    let heard = client.get("/api/v1/callbacks").await;
    let found = heard.body.as_array().and_then(|all| all.iter().find(|one| one["contact"] == 9));
    let found = found.expect("it is listed");
    assert_eq!((&found["why"], &found["stage"]), (&"order".into(), &"waits".into()));
    assert_eq!(found["number"], "0981111111");
}

#[tokio::test]
async fn who_is_away_and_who_is_next_stand_apart() {
    let client = Client::signed_in("reader").await;
    let away = AgentState::Aux(AuxReason::Planned(0));
    let agent = AgentId(1);
    let at = Moment::from_secs(START);
    let gone = Fact::AgentChanged { agent, from: AgentState::LoggedOut, to: away };
    client.site.lived.lock().expect("no panic").push((at, gone));
    let heard = client.get("/api/v1/breaks").await;
    assert_eq!(heard.status, StatusCode::OK, "{}", heard.body);
    let plan = super::plan();
    assert_eq!(heard.body["away"][0]["agent"], plan.agents[1].extension.as_str());
    assert_eq!(heard.body["away"][0]["reason"], "lunch");
    assert_eq!(heard.body["away"].as_array().map(Vec::len), Some(1));
    assert_eq!(heard.body["next"][0]["agent"], plan.agents[0].extension.as_str());
    assert_eq!(heard.body["next"][0]["stand"], "promised");
    assert_eq!(heard.body["next"].as_array().map(Vec::len), Some(1), "who is away is not next");
}
