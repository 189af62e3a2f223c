//! The OpenAPI document: kept as a file, and complete.

use std::path::Path;

use axum::http::{Method, StatusCode};

use crate::openapi::document;
use crate::tests::Client;

#[test]
fn the_document_is_as_it_is_kept() {
    let mut text = serde_json::to_string_pretty(&document()).expect("it is written");
    text.push('\n');
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    if std::env::var_os("TURNO_BLESS").is_some() {
        std::fs::write(&file, &text).expect("written");
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == text, "openapi.json is not what the functions say; TURNO_BLESS=1 writes it anew");
}

#[tokio::test]
async fn every_documented_path_is_answered_and_every_route_is_documented() {
    let client = Client::signed_in("operator").await;
    let document = document();
    let paths = document["paths"].as_object().expect("paths");
    for (path, methods) in paths {
        let path = path.replace("{contact}", "7").replace(['{', '}'], "");
        for method in methods.as_object().expect("methods").keys() {
            let method: Method = method.to_uppercase().parse().expect("a method");
            if path.ends_with("/events")
                || path.ends_with("/live")
                || (method == Method::DELETE && path.ends_with("/session"))
            {
                continue;
            }
            let heard = client.send(method.clone(), &path, None, &[]).await;
            let is_there = heard.status != StatusCode::METHOD_NOT_ALLOWED
                && heard.body["detail"]
                    .as_str()
                    .is_none_or(|detail| !detail.contains("nothing at this address"));
            assert!(is_there, "{method} {path}: {}", heard.status);
        }
    }
    let routes = include_str!("../router.rs");
    let named = routes.lines().filter_map(|line| line.trim().strip_prefix(".route(\"")?.split('"').next());
    let missing: Vec<&str> = named.filter(|path| !paths.contains_key(*path)).collect();
    assert!(missing.is_empty(), "not documented: {missing:?}");
}
