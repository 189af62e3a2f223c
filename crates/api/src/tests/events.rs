//! The stream of events.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use turno_ground::{Moment, Pii};
use turno_model::{Channel, ContactId, Fact, Position};

use crate::tests::Client;

pub(crate) fn position(number: u64) -> Position {
    Position { run: Moment::from_secs(1_800_000_000), number }
}

pub(crate) fn arrival(number: u64) -> (Position, Moment, Fact) {
    let fact = Fact::ContactArrived {
        contact: ContactId(number),
        channel: Channel::Voice,
        from: Pii("0991234567".into()),
        dialled: "1800".into(),
        trunk: None,
    };
    (position(number), Moment::from_secs(1_800_000_000 + number), fact)
}

/// The first `many` events of a stream.
async fn read(client: &Client, path: &str, headers: &[(&str, &str)], many: usize) -> Vec<(String, String)> {
    let request = client.request(Method::GET, path, None, headers);
    let response = tower::ServiceExt::oneshot(client.app.clone(), request).await.expect("never fails");
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let (mut text, mut body) = (String::new(), Body::into_data_stream(response.into_body()));
    let mut next = async || {
        core::future::poll_fn(|context| {
            futures_core::Stream::poll_next(core::pin::Pin::new(&mut body), context)
        })
        .await
    };
    while text.matches("\n\n").count() < many {
        let bytes = next().await.expect("it goes on").expect("no fault");
        text += core::str::from_utf8(&bytes).expect("text");
    }
    let field = |event: &str, name: &str| {
        event.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned()
    };
    text.split("\n\n").take(many).map(|event| (field(event, "event:"), field(event, "id:"))).collect()
}

#[tokio::test]
async fn a_client_gets_each_event_once_from_its_cursor_on() {
    let client = Client::signed_in("boss").await;
    client.site.facts.lock().expect("no panic").extend((1..=5).map(arrival));
    client.site.newest.send_replace(position(5));
    let all = read(&client, "/api/v1/events?after=oldest", &[], 6).await;
    assert_eq!(all[0].0, "names");
    let ids: Vec<&str> = all[1..].iter().map(|event| event.1.as_str()).collect();
    assert_eq!(ids[0], "1800000000000000-1");
    let rest = read(&client, "/api/v1/events", &[("last-event-id", ids[2])], 3).await;
    assert_eq!(rest[1..].iter().map(|event| event.1.as_str()).collect::<Vec<_>>(), ids[3..]);
}

#[tokio::test]
async fn a_cursor_that_is_none_or_of_another_site_is_refused() {
    let client = Client::signed_in("boss").await;
    for cursor in ["nothing", "1-x", "9999999999999999-1"] {
        let heard = client.get(&format!("/api/v1/events?after={cursor}")).await;
        assert_eq!(heard.status, StatusCode::BAD_REQUEST, "{cursor}");
    }
    assert_eq!(client.get("/api/v1/events?since=1").await.status, StatusCode::BAD_REQUEST);
    let reader = Client::signed_in("reader").await;
    assert_eq!(reader.get("/api/v1/events").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn too_many_readers_are_told_to_come_again_and_who_leaves_makes_room() {
    let client = Client::signed_in("boss").await;
    let open = async || {
        let request = client.request(Method::GET, "/api/v1/events", None, &[]);
        tower::ServiceExt::oneshot(client.app.clone(), request).await.expect("never fails")
    };
    let mut held = Vec::new();
    for _ in 0..64 {
        let response = open().await;
        assert_eq!(response.status(), StatusCode::OK);
        held.push(response);
    }
    assert_eq!(open().await.status(), StatusCode::SERVICE_UNAVAILABLE);
    held.pop();
    let site = Arc::clone(&client.site);
    // The reader that left notices it at the next event at the latest.
    site.newest.send_replace(position(1));
    for _ in 0..1_000 {
        if open().await.status() == StatusCode::OK {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("who left did not make room");
}
