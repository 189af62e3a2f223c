//! What the agents' desk is told.

use core::time::Duration;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use turno_ground::{Moment, Pii};
use turno_model::{AgentId, AgentState, AuxReason, Channel, ContactId, Fact, QueueId, WITHHELD};

use crate::tests::Client;
use crate::tests::past::Kept;

/// The room's clock begins here.
const BEGIN: u64 = 1_800_000_000;

/// The agent of extension 1001 logs in, works for a minute, and talks to a caller; a message waits in the other queue.
fn live(client: &Client, contact: u64, from: &str) {
    let at = |seconds: u64| Moment::from_secs(BEGIN + seconds);
    let (agent, queue) = (AgentId(0), QueueId(0));
    let arrived = |contact: u64, channel, from: &str| Fact::ContactArrived {
        contact: ContactId(contact),
        channel,
        from: Pii(from.into()),
        dialled: "1800".into(),
        trunk: None,
    };
    let queued =
        |contact, queue| Fact::Queued { contact: ContactId(contact), queue, priority: 0, position: 1 };
    let turn = |from, to| Fact::AgentChanged { agent, from, to };
    let logged_in = AgentState::Aux(AuxReason::LoggedIn);
    let facts = [
        (at(0), turn(AgentState::LoggedOut, logged_in)),
        (at(10), turn(logged_in, AgentState::Available)),
        (at(20), arrived(90, Channel::Voicemail, "0981112233")),
        (at(20), queued(90, QueueId(1))),
        (at(60), arrived(contact, Channel::Voice, from)),
        (at(60), queued(contact, queue)),
        (at(70), turn(AgentState::Available, AgentState::Ringing)),
        (at(75), turn(AgentState::Ringing, AgentState::Talking)),
        (
            at(75),
            Fact::Connected { contact: ContactId(contact), agent, queue, waited: Duration::from_secs(15) },
        ),
    ];
    client.site.lived.lock().expect("no panic").extend(facts);
    client.site.later(100);
}

#[tokio::test]
async fn a_page_gets_the_names_of_the_plan_and_lists_only_for_who_leads() {
    let agent = Client::signed_in("agent").await;
    let heard = agent.get("/api/v1/site").await;
    assert_eq!(heard.status, StatusCode::OK, "{}", heard.body);
    let names = |body: &Value, key: &str| -> Vec<Value> {
        body[key].as_array().into_iter().flatten().map(|it| it["name"].clone()).collect()
    };
    assert_eq!(names(&heard.body, "queues"), [json!("luae"), json!("general")]);
    assert_eq!(names(&heard.body, "aux_reasons"), [json!("lunch")]);
    assert_eq!(heard.body["agents"][0]["queues"], json!(["luae", "general"]));
    assert_eq!(heard.body["codes"]["ready"], "*13");
    assert!(heard.body["queues"][0]["handling_target"].as_f64().is_some_and(|seconds| seconds > 0.0));
    let some = Client::signed_in("some").await.get("/api/v1/site").await;
    assert_eq!(names(&some.body, "queues"), [json!("luae")], "a supervisor of some queues");
    assert_eq!(some.body["agents"][1]["queues"], json!(["luae"]));
    assert_eq!(Client::new().get("/api/v1/site").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_agent_sees_the_number_of_the_own_contact_and_own_figures() {
    let client = Client::signed_in("agent").await;
    live(&client, 7, "0991234567");
    let desk = client.get("/api/v1/desk").await;
    assert_eq!(desk.status, StatusCode::OK, "{}", desk.body);
    let contact = &desk.body["contact"];
    assert_eq!((&contact["number"], &contact["queue"]), (&json!("0991234567"), &json!("luae")));
    assert_eq!((&contact["waited"], &contact["handling"]), (&json!(15.0), &json!(25.0)));
    assert_eq!((&desk.body["today"]["answered"], &desk.body["today"]["aht"]), (&json!(1), &json!(25.0)));
    assert_eq!(desk.body["times"][0], json!({ "state": "available", "reason": null, "seconds": 60.0 }));
    let message = json!([{ "queue": "general", "channel": "voicemail", "count": 1, "oldest": (BEGIN + 20) * 1_000_000 }]);
    assert_eq!(desk.body["waiting"], message);
    let boss = Client::signed_in("boss").await;
    assert_eq!(boss.get("/api/v1/desk").await.status, StatusCode::NOT_FOUND, "is no agent");
}

#[tokio::test]
async fn a_withheld_number_is_told_to_nobody() {
    let client = Client::signed_in("agent").await;
    live(&client, 7, WITHHELD);
    let desk = client.get("/api/v1/desk").await;
    assert_eq!(desk.body["contact"]["number"], Value::Null, "{}", desk.body);
    let _kept = Kept::in_(&client, "withheld");
    assert_eq!(client.get("/api/v1/desk/earlier").await.body, json!({ "known": false, "contacts": [] }));
}

#[tokio::test]
async fn earlier_contacts_of_the_citizen_are_there_and_without_a_history_none() {
    let client = Client::signed_in("agent").await;
    live(&client, 3, "0991234567");
    let none = client.get("/api/v1/desk/earlier").await;
    assert_eq!((none.status, &none.body["known"]), (StatusCode::OK, &json!(false)));
    let _kept = Kept::in_(&client, "earlier");
    let earlier = client.get("/api/v1/desk/earlier").await.body;
    let of = |place: usize| (&earlier["contacts"][place]["contact"], &earlier["contacts"][place]["queue"]);
    assert_eq!(of(0), (&json!(2), &json!("general")), "the latest first, without the present one: {earlier}");
    assert_eq!(of(1), (&json!(1), &json!("luae")));
}

#[tokio::test]
async fn an_agent_is_told_why_the_own_call_came_and_of_no_other() {
    let client = Client::signed_in("agent").await;
    assert_eq!(client.get("/api/v1/contacts/7/why").await.status, StatusCode::FORBIDDEN, "before it rings");
    live(&client, 7, "0991234567");
    let why = client.send(Method::GET, "/api/v1/contacts/7/why", None, &[("accept-language", "es")]).await;
    assert_eq!((why.status, &why.body["contact"]), (StatusCode::OK, &json!(7)), "{}", why.body);
    assert_eq!(client.get("/api/v1/contacts/90/why").await.status, StatusCode::FORBIDDEN);
    let own = client.site.plan.agents[0].extension.clone();
    let other = client.site.plan.agents[1].extension.clone();
    assert_eq!(client.get(&format!("/api/v1/agents/{own}/why-not")).await.status, StatusCode::OK);
    assert_eq!(client.get(&format!("/api/v1/agents/{other}/why-not")).await.status, StatusCode::FORBIDDEN);
}
