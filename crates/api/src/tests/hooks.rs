//! Webhooks and the plan over the API.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::tests::Client;

#[tokio::test]
async fn an_operator_sees_webhooks_and_sends_given_up_messages_again() {
    let client = Client::signed_in("operator").await;
    let list = client.get("/api/v1/webhooks").await;
    assert_eq!(list.body, json!([{ "name": "crm", "url": "https://crm.example", "waiting": 1, "dead": 3 }]));
    let first = client.get("/api/v1/webhooks/crm/dead?most=2").await;
    assert_eq!((first.body["messages"].as_array().map(Vec::len), &first.body["next"]), (Some(2), &json!(2)));
    let second = client.get("/api/v1/webhooks/crm/dead?most=2&after=2").await;
    assert_eq!((&second.body["messages"][0]["number"], &second.body["next"]), (&json!(3), &json!(null)));
    let one = client.post("/api/v1/webhooks/crm/again", json!({ "number": 2 })).await;
    assert_eq!((one.status, &one.body["messages"]), (StatusCode::OK, &json!(1)), "{}", one.body);
    let all = client.send(Method::POST, "/api/v1/webhooks/crm/again", None, &[]).await;
    assert_eq!(all.body["messages"], 3);
    let log = client.get("/api/v1/audit").await;
    assert_eq!(log.body["rows"][0]["deed"], "send webhook again");
    for bad in [json!({ "number": "x" }), json!({ "which": 1 }), json!([])] {
        assert_eq!(client.post("/api/v1/webhooks/crm/again", bad).await.status, StatusCode::BAD_REQUEST);
    }
    assert_eq!(client.get("/api/v1/webhooks/other/dead").await.status, StatusCode::NOT_FOUND);
    assert_eq!(client.get("/api/v1/webhooks/crm/dead?most=0").await.status, StatusCode::BAD_REQUEST);
    let boss = Client::signed_in("boss").await;
    assert_eq!(boss.get("/api/v1/webhooks").await.status, StatusCode::FORBIDDEN);
    assert_eq!(boss.post("/api/v1/webhooks/crm/again", json!({})).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_a_reload_would_change_is_shown_to_operators_and_changes_nothing() {
    let client = Client::signed_in("operator").await;
    let shown = client.get("/api/v1/plan/differences").await;
    assert_eq!(shown.body, json!({ "differences": ["a line"], "needs_successor": [] }));
    *client.site.refuses.lock().expect("no panic") = Some(turno_model::Refusal::NoSuchAgent);
    let faulty = client.get("/api/v1/plan/differences").await;
    assert_eq!(faulty.status, StatusCode::CONFLICT);
    assert!(faulty.body["detail"].as_str().is_some_and(|why| why.contains("plan.toml:3")), "{}", faulty.body);
    let boss = Client::signed_in("boss").await;
    assert_eq!(boss.get("/api/v1/plan/differences").await.status, StatusCode::FORBIDDEN);
}
