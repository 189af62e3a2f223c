//! Tests of a webhook's thread: facts in memory, a receiver on a port of its own.
#![expect(clippy::disallowed_types, reason = "a receiver that several connections reach at once")]

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use prometheus::Registry;
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use turno_ground::Secret;
use turno_history::checks::{self, place, plan};
use turno_model::plan::WebhookPlan;
use turno_webhooks::signing::{key, signature};

use super::sending::{Outcome, Sender};
use super::*;
use crate::facts::batch::Batch;
use crate::facts::live::ROOM;
use crate::metrics::facts::FactsMeters;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What a receiver got.
type Got = (HeaderMap, Bytes);

/// What a receiver answers next: a status and a place to go to.
type Answers = Arc<Mutex<VecDeque<(u16, Option<String>)>>>;

/// A program that gets messages.
struct Program {
    at: SocketAddr,
    answers: Answers,
    got: UnboundedReceiver<Got>,
}

impl Program {
    fn listens(runtime: &Runtime) -> Self {
        let (gives, got) = unbounded_channel();
        let answers = Answers::default();
        let state = (Arc::clone(&answers), gives);
        let app = axum::Router::new().route("/turno", post(take)).with_state(state);
        let at = runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let at = listener.local_addr().expect("it is bound");
            tokio::spawn(async move { axum::serve(listener, app).await });
            at
        });
        Self { at, answers, got }
    }

    fn answers(&self, status: u16, place: Option<String>) {
        self.answers.lock().expect("no panic").push_back((status, place));
    }

    /// The next message, with its signature checked.
    fn next(&mut self) -> serde_json::Value {
        let (headers, body) = self.got.blocking_recv().expect("a message");
        let text = |name: &str| headers[name].to_str().expect("text").to_owned();
        let seconds = text("webhook-timestamp").parse().expect("seconds");
        let key = key(SECRET).expect("a secret");
        assert_eq!(text("webhook-signature"), signature(&key, &text("webhook-id"), seconds, &body));
        let event: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(event["id"], text("webhook-id"));
        event
    }
}

async fn take(
    State((answers, gives)): State<(Answers, UnboundedSender<Got>)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let _ = gives.send((headers, body));
    let (status, place) = answers.lock().expect("no panic").pop_front().unwrap_or((204, None));
    let mut response = StatusCode::from_u16(status).expect("a status").into_response();
    if let Some(place) = place {
        response.headers_mut().insert("location", place.parse().expect("a header"));
    }
    response
}

/// A folder, a stream with the facts of a small day, and a runtime.
struct House {
    folder: PathBuf,
    stream: Arc<FactStream>,
    runtime: Runtime,
    meters: WebhookMeters,
    taken: usize,
}

impl House {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("turno-webhook-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir(&folder).expect("a folder");
        let registry = Registry::new();
        let stream = Arc::new(FactStream::new(place(0), None, FactsMeters::new(&registry), ROOM));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let meters = WebhookMeters::new(&registry, &[]);
        Self { folder, stream, runtime: runtime.expect("a runtime"), meters, taken: 0 }
    }

    /// So many facts more happen.
    fn happen(&mut self, many: usize) {
        let facts = checks::facts();
        let facts = facts[self.taken..self.taken + many].to_vec();
        self.stream.take(Batch::new(place(self.taken), Arc::new(facts)));
        self.taken += many;
    }

    fn queue(&self) -> Queue {
        Queue::open(&self.folder.join(FILE)).expect("it opens")
    }

    fn starts(&self, hooks: Vec<WebhookPlan>) -> Running {
        let plan = Plan { webhooks: hooks, ..Plan::clone(&plan()) };
        let in_force = CurrentPlan::new(&Arc::new(plan.clone()));
        let with = (Clock::new(), self.runtime.handle());
        start(&plan, &self.folder, (&self.stream, &in_force), with, &self.meters).expect("threads")
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn hook(at: SocketAddr) -> WebhookPlan {
    WebhookPlan {
        name: "crm".to_owned(),
        url: format!("http://{at}/turno"),
        secret_file: PathBuf::from("hook.key"),
        secret: Secret::new(SECRET),
        events: Vec::new(),
        with_numbers: false,
        is_inner: true,
    }
}

/// Waits until something holds of the queue, which other threads write.
fn until(house: &House, holds: impl Fn(&Queue) -> bool) {
    let queue = house.queue();
    while !holds(&queue) {
        std::thread::yield_now();
    }
}

#[test]
fn a_new_webhook_gets_what_happens_from_now_on_signed_and_once() {
    let mut house = House::new("new");
    house.happen(3);
    let mut receiver = Program::listens(&house.runtime);
    let running = house.starts(vec![hook(receiver.at)]);
    until(&house, |queue| queue.position("crm").expect("read") == Some(place(3)));
    house.happen(20);
    let mut ids: Vec<String> =
        (0..20).map(|_| receiver.next()["id"].as_str().expect("an id").to_owned()).collect();
    let mut due: Vec<String> = (4..=23).map(|number| place(number).to_string()).collect();
    ids.sort();
    due.sort();
    assert_eq!(ids, due);
    until(&house, |queue| queue.figures("crm").expect("read").waiting == 0);
    running.stop();
    let running = house.starts(vec![hook(receiver.at)]);
    house.happen(1);
    assert_eq!(receiver.next()["id"], place(24).to_string(), "nothing twice after a start");
    running.stop();
}

#[test]
fn a_message_that_failed_is_sent_again_under_its_id_also_after_a_stop() {
    let mut house = House::new("again");
    let mut receiver = Program::listens(&house.runtime);
    receiver.answers(503, None);
    let running = house.starts(vec![hook(receiver.at)]);
    until(&house, |queue| queue.position("crm").expect("read").is_some());
    house.happen(1);
    let first = receiver.next();
    until(&house, |queue| queue.next_due("crm").expect("read").is_some_and(|due| due > Clock::new().now()));
    running.stop();
    let queue = rusqlite_now(&house);
    assert_eq!(queue, 1, "it waits in the file");
    let running = house.starts(vec![hook(receiver.at)]);
    assert_eq!(receiver.next(), first);
    running.stop();
}

/// Makes everything that waits due now; how much that was.
fn rusqlite_now(house: &House) -> usize {
    let file = rusqlite::Connection::open(house.folder.join(FILE)).expect("it opens");
    file.execute("UPDATE letter SET due_us = 0", []).expect("written")
}

#[test]
fn a_redirect_is_not_followed_and_an_inner_address_not_asked() {
    // Wound: a webhook lets turno ask machines that only turno reaches.
    let house = House::new("inner");
    let mut inner = Program::listens(&house.runtime);
    let receiver = Program::listens(&house.runtime);
    let letter = turno_webhooks::Letter { place: 1, id: "1".into(), body: "{}".into(), failures: 0 };
    receiver.answers(307, Some(format!("http://{}/turno", inner.at)));
    let sender = Sender::new(&hook(receiver.at)).expect("a sender");
    let outcome = house.runtime.block_on(sender.send(&letter, 1));
    assert!(matches!(&outcome, Outcome::Failed { why, .. } if why.contains("redirect")), "{outcome:?}");
    assert!(inner.got.try_recv().is_err(), "nobody asked it");
    for url in [
        "https://127.0.0.1/",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest",
    ] {
        let refused = Sender::new(&WebhookPlan { url: url.to_owned(), is_inner: false, ..hook(receiver.at) });
        assert!(refused.is_err_and(|why| why.contains("inner address")), "{url}");
    }
    let by_name = WebhookPlan {
        url: format!("http://localhost:{}/turno", inner.at.port()),
        is_inner: false,
        ..hook(inner.at)
    };
    let outcome = house.runtime.block_on(Sender::new(&by_name).expect("a name").send(&letter, 1));
    assert!(
        matches!(&outcome, Outcome::Failed { why, .. } if why.contains("inner addresses")),
        "{outcome:?}"
    );
    assert!(inner.got.try_recv().is_err(), "nobody asked it");
}

#[test]
fn a_receiver_that_hangs_holds_up_no_stop_and_a_bad_secret_no_start() {
    let mut house = House::new("hangs");
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = silent.local_addr().expect("it is bound");
    let bad = WebhookPlan { name: "bad".into(), secret: Secret::new("short"), ..hook(at) };
    let running = house.starts(vec![bad, hook(at)]);
    until(&house, |queue| queue.position("crm").expect("read").is_some());
    house.happen(1);
    let (_connection, _) = silent.accept().expect("it sends");
    running.stop();
    assert_eq!(house.queue().figures("crm").expect("read").waiting, 1, "it is sent after the next start");
}

#[test]
fn only_the_kinds_that_are_asked_for_are_sent_and_numbers_are_cut() {
    let mut house = House::new("kinds");
    let mut receiver = Program::listens(&house.runtime);
    let chosen = WebhookPlan { events: vec!["ContactArrived".into()], ..hook(receiver.at) };
    let running = house.starts(vec![chosen]);
    until(&house, |queue| queue.position("crm").expect("read").is_some());
    let all = checks::facts();
    house.happen(all.len());
    let event = receiver.next();
    assert_eq!((&event["type"], &event["specversion"]), (&"turno.ContactArrived".into(), &"1.0".into()));
    let from = event["data"]["fact"]["ContactArrived"]["from"].as_str().expect("a number").to_owned();
    assert!(from.starts_with('*'), "{event}");
    running.stop();
}
