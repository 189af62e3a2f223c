//! Tests of conversations as agents and supervisors meet them.

use axum::http::{Method, StatusCode};
use serde_json::json;
use turno_channels::{Body, MessageId};

use super::Client;
use crate::written::{Act, NewChat, Stage, Typist, Written as _};

/// Two conversations: one with agent 1001, one that waits in the other queue.
async fn room(name: &str) -> Client {
    let client = Client::signed_in(name).await;
    let keeping = &client.site.keeping;
    for (session, queue) in [("a", "luae"), ("b", "general")] {
        let chat = NewChat {
            session: session.to_owned(),
            name: Some("persona".to_owned()),
            language: "es".to_owned(),
            queue: Some(queue.to_owned()),
            page: None,
        };
        keeping.open_chat(chat).expect("it opens");
    }
    keeping.bot_says(1, Body::Text { text: "¿En qué le ayudo?".to_owned() });
    keeping.bot_says(2, Body::Text { text: "¿En qué le ayudo?".to_owned() });
    keeping.with_agent(1, "1001");
    keeping.memory().forms.get_mut(&2).expect("it is there").stage = Stage::Waiting;
    client
}

#[tokio::test]
async fn an_agent_reads_the_own_conversations_and_of_those_that_wait_only_that_they_do() {
    let client = room("agent").await;
    let told = client.get("/api/v1/conversations").await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.body);
    let all = told.body["conversations"].as_array().expect("a list");
    assert_eq!((&all[0]["name"], &all[0]["address"]), (&"persona".into(), &"0991234567".into()));
    assert!(all[1]["name"].is_null() && all[1]["address"].is_null() && all[1]["stage"] == "waiting");
    let own = client.get("/api/v1/conversations/1/messages").await;
    assert_eq!(own.body["messages"][0]["body"]["text"], "¿En qué le ayudo?");
    for path in ["/api/v1/conversations/2", "/api/v1/conversations/2/messages", "/api/v1/conversations/9"] {
        assert_eq!(client.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(client.get("/api/v1/conversations/1/messages?most=0").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        client.get("/api/v1/conversations/1/messages?before=9&after=1").await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        client.get("/api/v1/answers").await.body,
        json!([{ "name": "hola", "words": "Buenos días." }])
    );
}

#[tokio::test]
async fn a_reader_sees_none_and_a_supervisor_those_of_the_own_queues() {
    let mut client = room("reader").await;
    for path in [
        "/api/v1/conversations",
        "/api/v1/conversations/1/messages",
        "/api/v1/conversations/live",
        "/api/v1/answers",
    ] {
        assert_eq!(client.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    client.sign_in("some").await;
    assert_eq!(client.get("/api/v1/conversations/1").await.status, StatusCode::OK);
    assert_eq!(client.get("/api/v1/conversations/2").await.status, StatusCode::NOT_FOUND);
    assert_eq!(client.get("/api/v1/conversations").await.body["open"], 1);
    client.sign_in("boss").await;
    assert_eq!(client.get("/api/v1/conversations/2").await.status, StatusCode::OK);
    assert_eq!(client.get("/api/v1/conversations").await.body["open"], 2);
    let reply = client.post("/api/v1/conversations/1/replies", json!({ "client": "a", "text": "x" })).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN, "nobody writes in another's name");
}

#[tokio::test]
async fn an_answer_is_sent_once_a_card_is_the_procedures_own_and_a_draft_stays() {
    let client = room("agent").await;
    let path = "/api/v1/conversations/1/replies";
    let reply = json!({ "client": "r1", "text": "Cuesta 20 dólares." });
    assert_eq!(client.post(path, reply.clone()).await.body["again"], false);
    assert_eq!(client.post(path, reply).await.body["again"], true);
    assert_eq!(client.post(path, json!({ "client": "r2", "card": "luae" })).await.status, StatusCode::OK);
    assert_eq!(
        client
            .post(path, json!({ "client": "r3", "text": "¿Cuál?", "choices": ["Una", "Otra"] }))
            .await
            .status,
        StatusCode::OK
    );
    for (wrong, status) in [
        (json!({ "client": "r4" }), StatusCode::BAD_REQUEST),
        (json!({ "client": "r4", "text": "x", "card": "luae" }), StatusCode::BAD_REQUEST),
        (json!({ "client": "r4", "card": "nothing" }), StatusCode::NOT_FOUND),
        (json!({ "client": "r4", "text": "?", "choices": vec!["x"; 11] }), StatusCode::BAD_REQUEST),
        (json!({ "client": "r4", "text": "x".repeat(4_097) }), StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        assert_eq!(client.post(path, wrong).await.status, status);
    }
    let told = client.get("/api/v1/conversations/1/messages").await;
    let messages = told.body["messages"].as_array().expect("a list");
    assert_eq!(messages.len(), 4);
    assert_eq!((&messages[1]["agent"], &messages[1]["by"]), (&"1001".into(), &"agent".into()));
    let card = messages[2]["body"]["text"].as_str().expect("a card");
    assert!(card.contains("Requisitos:") && card.contains("Fuente:"), "{card}");
    let deeds = "/api/v1/conversations/1/deeds";
    assert_eq!(
        client.post(deeds, json!({ "do": "draft", "text": "Le cuento que" })).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(client.get("/api/v1/conversations/1").await.body["draft"], "Le cuento que");
    assert_eq!(client.post(deeds, json!({ "do": "seen", "up_to": 1 })).await.status, StatusCode::NO_CONTENT);
    assert_eq!(client.site.keeping.memory().seen_by_agent[&1], 1);
}

#[tokio::test]
async fn where_a_conversation_goes_is_done_for_its_agent_and_written_down() {
    let mut client = room("agent").await;
    let deeds = "/api/v1/conversations/1/deeds";
    let until = 1_800_000_060_000_i64;
    for deed in [
        json!({ "do": "park", "until": until }),
        json!({ "do": "to-queue", "queue": "general" }),
        json!({ "do": "call" }),
        json!({ "do": "finish", "code": "108" }),
    ] {
        assert_eq!(client.post(deeds, deed.clone()).await.status, StatusCode::NO_CONTENT, "{deed}");
    }
    for until in [0, 1_799_999_999_000_i64, 1_900_000_000_000] {
        assert_eq!(
            client.post(deeds, json!({ "do": "park", "until": until })).await.status,
            StatusCode::BAD_REQUEST
        );
    }
    assert_eq!(
        client.post("/api/v1/conversations/2/deeds", json!({ "do": "finish" })).await.status,
        StatusCode::NOT_FOUND
    );
    client.sign_in("boss").await;
    assert_eq!(
        client.post(deeds, json!({ "do": "to-agent", "agent": "1002" })).await.status,
        StatusCode::NO_CONTENT
    );
    let acts: Vec<_> = client
        .site
        .keeping
        .memory()
        .acts
        .iter()
        .map(|(_, agent, act)| (agent.clone(), act.clone()))
        .collect();
    assert_eq!(acts.len(), 5);
    assert!(acts.iter().all(|(agent, _)| agent == "1001"));
    assert_eq!(acts[3].1, Act::Finish(Some("108".to_owned())));
    // A supervisor who looks on reads for nobody.
    client.post(deeds, json!({ "do": "seen", "up_to": 1 })).await;
    assert!(client.site.keeping.memory().seen_by_agent.is_empty());
    client.sign_in("operator").await;
    let audit = client.get("/api/v1/audit").await.body.to_string();
    assert!(audit.contains("written to agent") && audit.contains("conversation 1"), "{audit}");
}

#[tokio::test]
async fn nobody_is_sent_a_card_without_a_call() {
    let client = room("agent").await;
    let sent = client.post("/api/v1/desk/card", json!({ "client": "a", "card": "luae" })).await;
    assert_eq!(sent.status, StatusCode::CONFLICT, "{}", sent.body);
    client.site.keeping.typing(turno_channels::ConversationId(1), Typist::Person, true);
    client.site.keeping.seen(turno_channels::ConversationId(1), Typist::Person, MessageId(1));
    assert_eq!(client.get("/api/v1/conversations/1").await.body["is_typing"], true);
    let unsigned = Client::new();
    assert_eq!(
        unsigned.send(Method::GET, "/api/v1/conversations", None, &[]).await.status,
        StatusCode::UNAUTHORIZED
    );
}
