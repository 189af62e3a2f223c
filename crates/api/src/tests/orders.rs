//! Orders, and what each role sees of the room.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use turno_model::command::verb::Verb;
use turno_model::{Refusal, Spoken};

use crate::order::Order;
use crate::tests::Client;

#[tokio::test]
async fn an_order_reaches_turno_with_who_and_why_and_is_in_the_log() {
    let mut client = Client::signed_in("boss").await;
    let extension = client.site.plan.agents[1].extension.clone();
    let heard = client.order(json!({ "do": "ready", "agent": extension })).await;
    assert_eq!((heard.status, &heard.body), (StatusCode::OK, &json!({ "done": "now" })));
    let orders = client.site.orders.lock().expect("no panic").clone();
    let expected = ("boss".to_owned(), Spoken::Ready(extension.as_str().into()), Some("a test".to_owned()));
    assert_eq!(orders, [expected]);
    client.sign_in("operator").await;
    let log = client.get("/api/v1/audit").await.body;
    let row = &log["rows"][1];
    assert_eq!(
        (&row["who"], &row["deed"], &row["why"]),
        (&json!("boss"), &json!("act ready"), &json!("a test"))
    );
}

#[tokio::test]
async fn an_agent_acts_for_the_own_person_alone_and_the_refusal_is_in_the_log() {
    let mut client = Client::signed_in("agent").await;
    let [own, other] = [0, 1].map(|place| client.site.plan.agents[place].extension.clone());
    let ready = |agent: &str| json!({ "do": "ready", "agent": agent });
    assert_eq!(client.order(ready(&own)).await.status, StatusCode::OK);
    let heard = client.order(ready(&other)).await;
    assert_eq!((heard.status, heard.body["kind"].as_str()), (StatusCode::FORBIDDEN, Some("denied")));
    assert_eq!(client.order(json!({ "do": "stop" })).await.status, StatusCode::FORBIDDEN);
    assert_eq!(client.site.orders.lock().expect("no panic").len(), 1);
    client.sign_in("operator").await;
    let log = client.get("/api/v1/audit?most=3").await.body;
    assert_eq!((&log["rows"][1]["deed"], &log["rows"][1]["outcome"]), (&json!("act stop"), &json!("denied")));
}

#[tokio::test]
async fn what_turno_refuses_is_a_conflict_with_a_sentence_in_the_clients_language() {
    let client = Client::signed_in("boss").await;
    *client.site.refuses.lock().expect("no panic") = Some(Refusal::AgentBusy);
    let order = json!({ "order": { "do": "leave", "agent": client.site.plan.agents[0].extension } });
    let sentence = |heard: crate::tests::Heard| {
        assert_eq!((heard.status, heard.body["reason"].as_str()), (StatusCode::CONFLICT, Some("agent-busy")));
        heard.body["detail"].as_str().expect("a sentence").to_owned()
    };
    let spanish = [("accept-language", "es-EC, en;q=0.5")];
    let spanish = client.send(Method::POST, "/api/v1/orders", Some(order.clone()), &spanish).await;
    let english = client.post("/api/v1/orders", order).await;
    assert_ne!(sentence(spanish), sentence(english));
}

#[tokio::test]
async fn an_order_that_is_sent_twice_with_one_key_is_done_once() {
    let client = Client::signed_in("boss").await;
    let order = |agent: usize| json!({ "order": { "do": "ready", "agent": client.site.plan.agents[agent].extension } });
    let with = |key: &'static str, order| {
        let request =
            client.request(Method::POST, "/api/v1/orders", Some(order), &[("idempotency-key", key)]);
        let app = client.app.clone();
        async move { tower::ServiceExt::oneshot(app, request).await.expect("never fails").status() }
    };
    let (one, two) = tokio::join!(with("a", order(0)), with("a", order(0)));
    assert_eq!((one, two), (StatusCode::OK, StatusCode::OK));
    assert_eq!(client.site.orders.lock().expect("no panic").len(), 1);
    assert_eq!(with("a", order(1)).await, StatusCode::CONFLICT, "another order under the same key");
    assert_eq!(with("b", order(1)).await, StatusCode::OK);
    assert_eq!(with("", order(1)).await, StatusCode::BAD_REQUEST);
    assert_eq!(client.site.orders.lock().expect("no panic").len(), 2);
}

#[tokio::test]
async fn an_order_whose_client_hangs_up_is_done_and_written_down_all_the_same() {
    let mut client = Client::signed_in("boss").await;
    let order = json!({ "order": { "do": "ready", "agent": client.site.plan.agents[0].extension } });
    let keyed = [("idempotency-key", "a")];
    let request = client.request(Method::POST, "/api/v1/orders", Some(order.clone()), &keyed);
    let mut call = Box::pin(tower::ServiceExt::oneshot(client.app.clone(), request));
    // One look begins the order, and does not wait for its answer.
    core::future::poll_fn(|context| {
        assert!(core::future::Future::poll(call.as_mut(), context).is_pending(), "it has only begun");
        core::task::Poll::Ready(())
    })
    .await;
    drop(call);
    while client.site.orders.lock().expect("no panic").is_empty() {
        tokio::task::yield_now().await;
    }
    let again = client.send(Method::POST, "/api/v1/orders", Some(order), &keyed).await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(client.site.orders.lock().expect("no panic").len(), 1, "the key holds");
    client.sign_in("operator").await;
    let log = client.get("/api/v1/audit").await.body;
    assert!(log.to_string().contains("act ready"), "{log}");
}

#[tokio::test]
async fn who_has_some_of_the_queues_sees_and_touches_those_alone() {
    let client = Client::signed_in("some").await;
    let [own, other] = [0, 1].map(|place| client.site.plan.queues[place].name.clone());
    let room = client.get("/api/v1/room").await.body;
    assert_eq!(room["queues"].as_array().map(Vec::len), Some(1));
    assert_eq!(room["queues"][0]["name"], own.as_str());
    assert_eq!(client.get(&format!("/api/v1/queues/{other}")).await.status, StatusCode::NOT_FOUND);
    let pause = |queue: &str| json!({ "do": "set-queue", "queue": queue, "state": "paused" });
    assert_eq!(client.order(pause(&other)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(client.order(pause(&own)).await.status, StatusCode::OK);
    assert_eq!(client.order(json!({ "do": "emergency-on" })).await.status, StatusCode::FORBIDDEN);
    assert_eq!(client.get("/api/v1/events").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn bad_input_gets_a_sentence_and_changes_nothing() {
    let client = Client::signed_in("operator").await;
    for body in [
        json!({}),
        json!([]),
        json!({ "order": { "do": "fly", "agent": "1001" } }),
        json!({ "order": { "do": "ready" } }),
        json!({ "order": { "do": "ready", "agent": "1001", "more": 1 } }),
        json!({ "order": { "do": "move", "contact": -1, "queue": "luae" } }),
        json!({ "order": { "do": "ban", "address": "nowhere", "seconds": 60 } }),
    ] {
        let heard = client.post("/api/v1/orders", body.clone()).await;
        assert_eq!(
            (heard.status, heard.body["kind"].as_str()),
            (StatusCode::BAD_REQUEST, Some("bad-request")),
            "{body}"
        );
        assert!(heard.body["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
    }
    let heard = client.post("/api/v1/orders", json!({ "why": "x".repeat(20_000) })).await;
    assert_eq!(heard.status, StatusCode::PAYLOAD_TOO_LARGE);
    let heard = client.send(Method::POST, "/api/v1/orders", None, &[]).await;
    assert_eq!(heard.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(client.get("/api/v1/nothing").await.body["kind"], "not-found");
    let heard = client.send(Method::PATCH, "/api/v1/room", None, &[]).await;
    assert_eq!(heard.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(client.site.orders.lock().expect("no panic").is_empty());
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let client = Client::signed_in("reader").await;
    let first = client.get("/api/v1/room").await;
    let tag = first.headers["etag"].to_str().expect("text").to_owned();
    let again = client.send(Method::GET, "/api/v1/room", None, &[("if-none-match", &tag)]).await;
    assert_eq!((again.status, again.body), (StatusCode::NOT_MODIFIED, Value::Null));
    assert_eq!(again.headers["etag"].to_str().ok(), Some(tag.as_str()));
}

/// One order of each kind.
fn each() -> Vec<Value> {
    let mut orders: Vec<Value> = [
        "log-in",
        "log-out",
        "ready",
        "end-acw",
        "extend-acw",
        "help",
        "return",
        "conference",
        "complete",
        "back",
        "answer",
        "hold",
        "resume",
        "hang-up",
        "no-microphone",
        "microphone",
        "leave",
        "take",
        "decline",
        "stop-observing",
        "take-over",
        "record",
        "pause-recording",
        "resume-recording",
    ]
    .map(|word| json!({ "do": word, "agent": "1001" }))
    .into();
    orders.extend(["emergency-off", "purge-recordings", "drain", "stop"].map(|word| json!({ "do": word })));
    orders.extend([
        json!({ "do": "aux", "agent": "1001", "reason": "lunch" }),
        json!({ "do": "ask-break", "agent": "1001", "reason": "lunch" }),
        json!({ "do": "wrap-up", "agent": "1001", "code": "7" }),
        json!({ "do": "consult", "agent": "1001", "whom": "1002" }),
        json!({ "do": "sit", "agent": "1001", "seat": "9" }),
        json!({ "do": "enqueue", "channel": "chat", "queue": "luae", "from": "somebody" }),
        json!({ "do": "finish", "agent": "1001", "contact": 7 }),
        json!({ "do": "withdraw", "contact": 7 }),
        json!({ "do": "observe", "agent": "1001", "contact": 7, "how": "listen" }),
        json!({ "do": "change-observing", "agent": "1001", "how": "barge" }),
        json!({ "do": "move", "contact": 7, "queue": "luae" }),
        json!({ "do": "prioritise", "contact": 7, "priority": 3 }),
        json!({ "do": "end", "contact": 7 }),
        json!({ "do": "pull", "contact": 7, "agent": "1001" }),
        json!({ "do": "set-skill", "agent": "1001", "queue": "luae", "level": 2, "seconds": 60 }),
        json!({ "do": "set-queue", "queue": "luae", "state": "closed" }),
        json!({ "do": "announce", "queue": "luae", "prompt": "es/closed" }),
        json!({ "do": "speak", "agent": "1001", "queue": "luae" }),
        json!({ "do": "emergency-on", "prompt": "es/emergency" }),
        json!({ "do": "list-caller", "list": "blocked", "number": "0991234567", "seconds": 60 }),
        json!({ "do": "unlist-caller", "list": "blocked", "number": "0991234567" }),
        json!({ "do": "ban", "address": "127.0.0.9", "seconds": 60 }),
        json!({ "do": "lift-ban", "address": "127.0.0.9" }),
    ]);
    orders
}

#[test]
fn every_command_of_turno_is_an_order() {
    let orders = each().into_iter().map(|order| serde_json::from_value::<Order>(order).expect("an order"));
    let verbs: Vec<Verb> = orders.map(|order| order.spoken().verb()).collect();
    // Addresses of trunks are resolved by turno alone.
    for verb in Verb::ALL.into_iter().filter(|verb| *verb != Verb::TrunkResolved) {
        assert_eq!(verbs.iter().filter(|it| **it == verb).count(), 1, "{}", verb.word());
    }
}
