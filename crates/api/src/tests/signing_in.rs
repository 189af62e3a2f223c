//! Signing in, sessions, tokens and users.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::tests::{Client, PASSWORD};

#[tokio::test]
async fn nobody_sees_anything_without_signing_in() {
    let client = Client::new();
    for path in ["/api/v1/room", "/api/v1/session", "/api/v1/users", "/api/v1/events", "/api/v1/audit"] {
        let heard = client.get(path).await;
        assert_eq!(heard.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(heard.headers["content-type"], "application/problem+json");
        assert_eq!(heard.body["kind"], "not-signed-in");
    }
}

#[tokio::test]
async fn the_cookie_is_for_this_host_and_no_script_and_a_change_needs_the_pages_word() {
    let client = Client::signed_in("boss").await;
    let body = json!({ "name": "boss", "password": PASSWORD });
    let heard = client.post("/api/v1/session", body).await;
    let cookie = heard.headers["set-cookie"].to_str().expect("text");
    assert!(cookie.starts_with("__Host-turno=turno_s_"), "{cookie}");
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Strict", "; Secure", "; Max-Age=43200"] {
        assert!(cookie.contains(part), "{cookie}: {part}");
    }
    assert_eq!(client.get("/api/v1/session").await.body["role"], "supervisor");
    let without = Client { csrf: None, ..client };
    let heard = without.order(json!({ "do": "ready", "agent": "1001" })).await;
    assert_eq!((heard.status, heard.body["kind"].as_str()), (StatusCode::FORBIDDEN, Some("not-from-page")));
    assert!(without.site.orders.lock().expect("no panic").is_empty());
}

#[tokio::test]
async fn who_guesses_waits_and_a_typed_password_is_not_in_the_log() {
    let mut client = Client::new();
    let wrong = |name: &str| json!({ "name": name, "password": "not the right one at all" });
    for _ in 0..5 {
        let heard = client.post("/api/v1/session", wrong("boss")).await;
        assert_eq!(
            (heard.status, heard.body["kind"].as_str()),
            (StatusCode::UNAUTHORIZED, Some("wrong-password"))
        );
    }
    let heard = client.post("/api/v1/session", wrong("boss")).await;
    assert_eq!(heard.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(heard.headers["retry-after"], "2");
    client.site.later(2);
    client.post("/api/v1/session", wrong("four quiet mountain llamas")).await;
    client.site.later(400);
    client.sign_in("operator").await;
    let log = client.get("/api/v1/audit?most=50").await.body;
    assert!(!log.to_string().contains("llamas"), "{log}");
    assert_eq!(
        log["rows"].as_array().map(Vec::len),
        Some(3),
        "what is repeated is noted once a minute: {log}"
    );
    assert_eq!(log["rows"][0]["deed"], "sign in");
    assert_eq!(log["rows"][1]["who"], "a name that nobody has");
}

#[tokio::test]
async fn a_session_ends_by_signing_out_and_by_idleness() {
    let client = Client::signed_in("boss").await;
    let heard = client.send(Method::DELETE, "/api/v1/session", None, &[]).await;
    assert_eq!(heard.status, StatusCode::NO_CONTENT);
    assert_eq!(client.get("/api/v1/room").await.status, StatusCode::UNAUTHORIZED);
    let client = Client::signed_in("boss").await;
    client.site.later(2 * 3_600 + 1);
    assert_eq!(client.get("/api/v1/room").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_token_acts_within_its_scope_and_is_ended() {
    let client = Client::signed_in("boss").await;
    let ask = |role: &str| json!({ "name": "wall", "scope": { "role": role }, "days": 30 });
    let heard = client.post("/api/v1/tokens", ask("operator")).await;
    assert_eq!((heard.status, heard.body["kind"].as_str()), (StatusCode::FORBIDDEN, Some("denied")));
    let heard = client.post("/api/v1/tokens", ask("reader")).await;
    assert_eq!(heard.status, StatusCode::CREATED);
    let bearer = format!("Bearer {}", heard.body["token"].as_str().expect("a token"));
    let wall = Client { cookie: None, csrf: None, ..client };
    let by = [("authorization", bearer.as_str())];
    assert_eq!(wall.send(Method::GET, "/api/v1/room", None, &by).await.status, StatusCode::OK);
    let order = json!({ "order": { "do": "ready", "agent": "1001" } });
    let heard = wall.send(Method::POST, "/api/v1/orders", Some(order), &by).await;
    assert_eq!(heard.status, StatusCode::FORBIDDEN);
    let heard = wall.send(Method::POST, "/api/v1/tokens", Some(ask("reader")), &by).await;
    assert_eq!(heard.status, StatusCode::FORBIDDEN, "a token makes no tokens");
    let mut boss = Client { cookie: None, ..wall };
    boss.sign_in("boss").await;
    assert_eq!(boss.get("/api/v1/tokens").await.body[0]["name"], "wall");
    let heard = boss.send(Method::DELETE, "/api/v1/tokens/boss/wall", None, &[]).await;
    assert_eq!(heard.status, StatusCode::NO_CONTENT);
    let wall = Client { cookie: None, csrf: None, ..boss };
    assert_eq!(wall.send(Method::GET, "/api/v1/room", None, &by).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_operator_adds_a_user_who_then_signs_in_and_is_barred() {
    let mut client = Client::signed_in("operator").await;
    let scope = json!({ "role": "supervisor", "queues": ["nowhere"] });
    let add = |scope| json!({ "name": "ana", "scope": scope, "password": PASSWORD });
    assert_eq!(
        client.post("/api/v1/users", add(scope)).await.status,
        StatusCode::BAD_REQUEST,
        "no such queue"
    );
    let scope = json!({ "role": "supervisor" });
    assert_eq!(client.post("/api/v1/users", add(scope.clone())).await.status, StatusCode::CREATED);
    assert_eq!(client.post("/api/v1/users", add(scope.clone())).await.status, StatusCode::CONFLICT);
    client.sign_in("ana").await;
    assert_eq!(client.post("/api/v1/users", add(scope.clone())).await.status, StatusCode::FORBIDDEN);
    let ana = (client.cookie.clone(), client.csrf.clone());
    client.sign_in("operator").await;
    let barred = json!({ "scope": scope, "active": false });
    let heard = client.send(Method::PUT, "/api/v1/users/ana", Some(barred), &[]).await;
    assert_eq!(heard.status, StatusCode::NO_CONTENT);
    let last = json!({ "scope": { "role": "reader" }, "active": true });
    let heard = client.send(Method::PUT, "/api/v1/users/operator", Some(last), &[]).await;
    assert_eq!(heard.status, StatusCode::CONFLICT, "the last operator stays");
    (client.cookie, client.csrf) = ana;
    assert_eq!(client.get("/api/v1/room").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_user_changes_the_own_password_with_the_old_one() {
    let mut client = Client::signed_in("agent").await;
    let new = "eight loud river otters";
    let change = |old: &str| json!({ "old": old, "new": new });
    let put = |body| client.send(Method::PUT, "/api/v1/session/password", Some(body), &[]);
    assert_eq!(put(change("wrong, as it happens")).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(put(change(PASSWORD)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(client.get("/api/v1/session").await.status, StatusCode::UNAUTHORIZED, "signed out everywhere");
    (client.cookie, client.csrf) = (None, None);
    let heard = client.post("/api/v1/session", json!({ "name": "agent", "password": new })).await;
    assert_eq!(heard.status, StatusCode::OK);
}
