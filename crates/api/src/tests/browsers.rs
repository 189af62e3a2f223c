//! What browsers and strangers meet on every answer.

use axum::body::Body;
use axum::http::{Method, StatusCode};

use crate::tests::Client;

#[tokio::test]
async fn every_answer_has_the_headers_that_browsers_obey_and_no_other_site_reads_it() {
    let client = Client::signed_in("operator").await;
    for (method, path) in [
        (Method::GET, "/api/v1/room"),
        (Method::GET, "/api/v1/nothing"),
        (Method::GET, "/api/openapi.json"),
        (Method::OPTIONS, "/api/v1/room"),
        (Method::TRACE, "/api/v1/room"),
        (Method::DELETE, "/api/v1/room"),
    ] {
        let heard = client.send(method.clone(), path, None, &[("origin", "https://evil.example")]).await;
        for (name, value) in [
            ("cache-control", "private, no-cache"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ] {
            assert_eq!(heard.headers[name], value, "{method} {path}");
        }
        assert!(!heard.headers.contains_key("access-control-allow-origin"), "{method} {path}");
        assert_eq!(method != Method::GET, heard.status == StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_long_or_no_json_is_refused_and_names_what_is_allowed() {
    let client = Client::signed_in("operator").await;
    let sends = async |kind: &str, body: Vec<u8>| {
        let mut request = client.request(Method::POST, "/api/v1/orders", None, &[("content-type", kind)]);
        *request.body_mut() = Body::from(body);
        tower::ServiceExt::oneshot(client.app.clone(), request).await.expect("never fails").status()
    };
    assert_eq!(sends("application/json", vec![b' '; 17 * 1024]).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(sends("text/plain", b"{}".to_vec()).await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let deep = "[".repeat(8_000).into_bytes();
    for hostile in [
        deep,
        b"{\"order\": {\"do\": \"stop\", \"do\": \"drain\"}}".to_vec(),
        b"\xff\xfe".to_vec(),
        b"null".to_vec(),
    ] {
        assert_eq!(sends("application/json", hostile).await, StatusCode::BAD_REQUEST);
    }
    assert!(client.site.orders.lock().expect("no panic").is_empty());
}
