//! Tests of the search for procedures.

use axum::http::StatusCode;
use serde_json::json;
use turno_channels::Body;
use turno_channels::bot::{Settings, is_question, verdict};
use turno_knowledge::Library;

use super::Client;
use crate::site::{Added, Verdicts};
use crate::written::{NewChat, Said, What, Written as _};

/// The first site's procedures.
pub(super) fn library() -> Library {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sip-config/quito/procedures");
    Library::read(std::path::Path::new(folder), &|_| true).expect("procedures")
}

/// What the bot of the first site makes of questions.
pub(super) fn verdicts(questions: &[String], added: Option<&Added>) -> Verdicts {
    let (mut library, mut row) = (library(), String::new());
    if let Some(Added { words, procedure }) = added {
        (library, row) = library.with_words(words, procedure.as_deref())?;
    }
    let settings = Settings::default();
    let judge = |text: &String| {
        let answer = library.answer(text, 5, jiff::civil::date(2026, 11, 30));
        is_question(text, &settings).then(|| verdict(&answer, &settings))
    };
    Ok((questions.iter().map(judge).collect(), row))
}

#[tokio::test]
async fn a_supervisor_sees_what_the_bot_does_not_understand_and_tries_a_word_before_it_is_added() {
    let mut client = Client::signed_in("boss").await;
    let keeping = &client.site.keeping;
    for (session, queue) in [("a", "luae"), ("b", "general")] {
        let (session, queue) = (session.to_owned(), Some(queue.to_owned()));
        let chat = NewChat { session, name: None, language: "es".to_owned(), queue, page: None };
        keeping.open_chat(chat).expect("it opens");
    }
    let said = ["hola", "xilófono barato", "quiero un xilófono", "permiso para abrir una tienda"];
    for (place, text) in said.iter().enumerate() {
        let what = What::Body(Body::Text { text: (*text).to_owned() });
        let session = if place == 2 { "b" } else { "a" };
        keeping.say(session, Said { client: place.to_string(), what }).expect("it is kept");
    }
    let told = client.get("/api/v1/questions").await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.body);
    assert_eq!((&told.body["asked"], &told.body["not_understood"]), (&3.into(), &2.into()), "{}", told.body);
    assert_eq!(told.body["groups"][0]["many"], 2, "{}", told.body);
    assert_eq!(told.body["groups"][0]["questions"][0]["text"], "quiero un xilófono");

    let tried =
        client.post("/api/v1/questions/try", json!({ "words": ["xilófono"], "procedure": "luae" })).await;
    assert_eq!(tried.status, StatusCode::OK, "{}", tried.body);
    assert_eq!((&tried.body["newly"], &tried.body["lost"]), (&1.into(), &0.into()), "{}", tried.body);
    assert_eq!(tried.body["row"], "luae = [\"xilófono\"]");
    assert_eq!(tried.body["changed"][0]["before"]["verdict"], "unsure");
    assert_eq!(client.get("/api/v1/questions").await.body["not_understood"], 2, "nothing is changed");
    for wrong in [
        json!({ "words": ["xilófono"] }),
        json!({ "words": ["a\"b"], "procedure": "luae" }),
        json!({ "words": ["x"], "procedure": "lua" }),
        json!({}),
    ] {
        let refused = client.post("/api/v1/questions/try", wrong.clone()).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    client.sign_in("operator").await;
    let audit = client.get("/api/v1/audit").await;
    let rows = audit.body["rows"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["deed"] == "try words" && row["outcome"] == "done");
    let row = row.unwrap_or_else(|| panic!("{}", audit.body));
    assert_eq!((&row["target"], &row["why"]), (&"luae".into(), &"xilófono".into()));
}

#[tokio::test]
async fn questions_are_for_supervisors_and_of_their_queues() {
    let mut client = Client::new();
    for name in ["reader", "agent"] {
        client.sign_in(name).await;
        assert_eq!(client.get("/api/v1/questions").await.status, StatusCode::FORBIDDEN, "{name}");
        let tried = client.post("/api/v1/questions/try", json!({ "words": ["a", "b"] })).await;
        assert_eq!(tried.status, StatusCode::FORBIDDEN, "{name}");
    }
    let chat = NewChat {
        session: "b".to_owned(),
        name: None,
        language: "es".to_owned(),
        queue: Some("general".to_owned()),
        page: None,
    };
    client.site.keeping.open_chat(chat).expect("it opens");
    let what = What::Body(Body::Text { text: "xilófono".to_owned() });
    client.site.keeping.say("b", Said { client: "1".to_owned(), what }).expect("it is kept");
    client.sign_in("some").await;
    assert_eq!(client.get("/api/v1/questions").await.body["asked"], 0, "of another queue");
    client.sign_in("boss").await;
    assert_eq!(client.get("/api/v1/questions").await.body["asked"], 1);
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
