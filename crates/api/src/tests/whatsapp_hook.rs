//! What WhatsApp's platform meets: its question, its webhooks, its retries.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use tower::ServiceExt as _;

use crate::tests::Client;

async fn heard(client: &Client, request: Request<Body>) -> (StatusCode, String) {
    let answer = client.app.clone().oneshot(request).await.expect("infallible");
    let status = answer.status();
    let body = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
    (status, String::from_utf8_lossy(&body).into_owned())
}

fn webhook(signature: &str, bytes: usize) -> Request<Body> {
    let request = Request::builder().method(Method::POST).uri("/channels/whatsapp");
    request.header("x-hub-signature-256", signature).body(Body::from(vec![b' '; bytes])).expect("a request")
}

#[tokio::test]
async fn the_platform_needs_no_session_and_gets_its_challenge_as_text() {
    let client = Client::new();
    let path = "/channels/whatsapp?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=w%20d";
    let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
    assert_eq!(heard(&client, request).await, (StatusCode::OK, "1158201444".to_owned()));
    let request = Request::builder().uri("/channels/whatsapp").body(Body::empty()).expect("a request");
    assert_eq!(heard(&client, request).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_webhook_is_confirmed_only_when_it_is_kept() {
    let client = Client::new();
    for (told, status) in [
        ("200", StatusCode::OK),
        ("400", StatusCode::BAD_REQUEST),
        ("401", StatusCode::UNAUTHORIZED),
        ("503", StatusCode::SERVICE_UNAVAILABLE),
        ("none", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(heard(&client, webhook(told, 1)).await.0, status, "{told}");
    }
}

#[tokio::test]
async fn a_webhook_may_have_three_mebibytes_and_no_more() {
    let client = Client::new();
    assert_eq!(heard(&client, webhook("200", 3 << 20)).await.0, StatusCode::OK);
    assert_eq!(heard(&client, webhook("200", (3 << 20) + 1)).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(heard(&client, webhook("200", 10 << 20)).await.0, StatusCode::PAYLOAD_TOO_LARGE);
}
