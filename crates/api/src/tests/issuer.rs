//! An issuer that lies, floods or sends elsewhere signs nobody in.

use std::net::SocketAddr;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::oidc::claims_tests::plan;
use crate::oidc::{Issuer, NotProved, OnTheWay};

const NOW: u64 = 1_800_000_000;

fn who() -> OnTheWay {
    OnTheWay { browser: "b".into(), nonce: "the nonce".into(), verifier: "v".repeat(43), until: NOW + 600 }
}

/// Serves an issuer on a port of its own, made by its address.
async fn issuer(make: impl FnOnce(&str) -> Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let at: SocketAddr = listener.local_addr().expect("it is bound");
    let issuer = format!("http://{at}");
    let app = make(&issuer);
    tokio::spawn(async move { axum::serve(listener, app).await });
    issuer
}

fn says(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/auth"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    })
}

const DISCOVERY: &str = "/.well-known/openid-configuration";

async fn sent(at: &str) -> Result<String, NotProved> {
    Issuer::new(plan(at)).expect("a client").place("s", &who(), NOW).await
}

#[tokio::test]
async fn an_issuer_that_says_another_name_floods_or_redirects_is_not_believed() {
    let other = issuer(|_| {
        Router::new().route(DISCOVERY, get(|| async { says("https://evil.example").to_string() }))
    })
    .await;
    let flood = issuer(|_| Router::new().route(DISCOVERY, get(|| async { " ".repeat(1 << 20) }))).await;
    let redirect = issuer(|_| {
        let elsewhere = || async { (StatusCode::FOUND, [(LOCATION, "http://127.0.0.1:1/")]).into_response() };
        Router::new().route(DISCOVERY, get(elsewhere))
    })
    .await;
    for at in [other, flood, redirect, "http://127.0.0.1:1".to_owned()] {
        assert!(matches!(sent(&at).await, Err(NotProved::Unreachable(_))), "{at}");
    }
}

/// An ID token of this issuer that nobody has signed.
fn unsigned(issuer: &str, algorithm: &str) -> String {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let claims = json!({
        "iss": issuer, "aud": "turno", "sub": "7", "iat": NOW, "exp": NOW + 60, "nonce": "the nonce",
        "preferred_username": "ana", "groups": ["turno-operators"],
    });
    format!(
        "{}.{}.{}",
        part(json!({ "alg": algorithm })),
        part(claims),
        if algorithm == "none" { "" } else { "c2lnbmVk" }
    )
}

#[tokio::test]
async fn a_token_that_nobody_signed_signs_nobody_in() {
    // Wound: `alg: none`, or a signature that is not looked at, makes anybody an operator.
    for algorithm in ["none", "RS256", "HS256"] {
        let at = issuer(|at| {
            let (said, token) = (says(at).to_string(), unsigned(at, algorithm));
            let answer =
                json!({ "access_token": "a", "token_type": "Bearer", "id_token": token }).to_string();
            let json = |text: String| ([("content-type", "application/json")], text);
            Router::new()
                .route(DISCOVERY, get(move || async move { json(said) }))
                .route("/keys", get(move || async move { json(json!({ "keys": [] }).to_string()) }))
                .route("/token", post(move || async move { json(answer) }))
        })
        .await;
        let issuer = Issuer::new(plan(&at)).expect("a client");
        let place = issuer.place("the state", &who(), NOW).await.expect("it answers");
        for part in ["state=the+state", "nonce=the+nonce", "code_challenge_method=S256", "client_id=turno"] {
            assert!(place.contains(part), "{part} in {place}");
        }
        let proved = issuer.proves("code".to_owned(), &who(), NOW).await;
        assert!(matches!(proved, Err(NotProved::Untrue(_))), "{algorithm}: {proved:?}");
    }
}
