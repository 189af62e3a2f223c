//! Tests of the search for procedures.

use axum::http::StatusCode;
use turno_knowledge::Library;

use super::Client;

/// The first site's procedures.
pub(super) fn library() -> Library {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sip-config/quito/procedures");
    Library::read(std::path::Path::new(folder), &|_| true).expect("procedures")
}

#[tokio::test]
async fn an_agent_finds_the_procedure_of_a_citizens_words_and_opens_it() {
    let mut client = Client::new();
    client.sign_in("agent").await;
    let found = client.get("/api/v1/procedures?q=permiso%20para%20abrir%20una%20tienda&most=2").await;
    assert_eq!(found.status, StatusCode::OK);
    let first = &found.body["procedures"][0];
    assert_eq!(first["id"], "luae");
    assert_eq!((&first["confirmed"], &first["expired"]), (&false.into(), &false.into()));
    assert!(first["score"].as_f64().is_some_and(|score| score > 0.0 && score <= 1.0));
    assert_eq!(found.body["procedures"].as_array().map(Vec::len), Some(2));
    let opened = client.get("/api/v1/procedures/luae").await;
    assert_eq!(opened.status, StatusCode::OK);
    assert!(opened.body["where"].is_string() && opened.body["source"][0].is_string());
    assert_eq!(client.get("/api/v1/procedures/lua").await.status, StatusCode::NOT_FOUND);
    // Whatever is typed.
    let hostile = client.get("/api/v1/procedures?q=%22%29%20OR%20name%3A*%20NEAR%28%00").await;
    assert_eq!(hostile.status, StatusCode::OK);
}

#[tokio::test]
async fn who_only_looks_at_the_room_does_not_search_and_a_wrong_question_is_told() {
    let mut client = Client::new();
    client.sign_in("reader").await;
    assert_eq!(client.get("/api/v1/procedures?q=luae").await.status, StatusCode::FORBIDDEN);
    client.sign_in("agent").await;
    for wrong in ["", "?q=luae&most=0", "?q=luae&most=51", "?q=luae&x=1"] {
        let answer = client.get(&format!("/api/v1/procedures{wrong}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let long = format!("/api/v1/procedures?q={}", "a".repeat(2_001));
    assert_eq!(client.get(&long).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(client.get("/api/v1/procedures?q=nothing").await.status, StatusCode::NOT_FOUND);
}
