//! The API as its clients meet it, over a turno that only remembers what it was asked.
#![expect(clippy::disallowed_types, reason = "a test double that several requests ask at once")]

mod browsers;
mod chats;
mod conversations;
mod cutting;
mod desk;
mod events;
mod hooks;
mod issuer;
mod keeping;
mod orders;
mod past;
mod phones;
mod plain_chats;
mod planned;
mod procedures;
mod reader;
mod room;
mod signing_in;
mod waiting;
mod whatsapp_hook;
mod written;

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use bytes::Bytes;
use jiff::civil::date;
use serde_json::Value;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{Notify, watch};
use tower::ServiceExt as _;
use turno_access::{Access, NewUser, Role, Scope};
use turno_control::{Answer, Ask, FactsBegin, Request as Asked};
use turno_ground::Moment;
use turno_history::store::{Sql, Store as _};
use turno_history::{Failure, SqliteStore};
use turno_knowledge::{AnswerForm, ProcedureForm};
use turno_ledger::{Ledger, Snapshot};
use turno_model::{Done, Fact, Language, Plan, Position, RecordingId, Refusal, Spoken};
use turno_trace::why::Why;

use crate::hooks::{DeadForm, WebhookForm};
use crate::keeper::Keeper;
use crate::phone::{Ends, PhoneLine, Said};
use crate::problem::Kind;
use crate::router::router;
use crate::site::{Added, Counted, Events, NoHistory, Placed, Site, Sound, Verdicts};
use crate::state::{Api, Over, Peer};
use crate::tests::keeping::Keeping;
use crate::tests::planned::plan;
use crate::tests::reader::Reader;
use crate::written::Written;

pub(crate) const PASSWORD: &str = "four quiet mountain llamas";

/// The site's side of a phone's connection.
pub(crate) struct PhoneSide {
    pub(crate) agent: Option<String>,
    pub(crate) said: Receiver<Said>,
    pub(crate) tell: Sender<Bytes>,
    pub(crate) cut: Arc<Notify>,
}

/// A turno that only remembers.
pub(crate) struct Double {
    pub(crate) plan: Arc<Plan>,
    pub(crate) orders: Mutex<Vec<(String, Spoken, Option<String>)>>,
    pub(crate) refuses: Mutex<Option<Refusal>>,
    pub(crate) facts: Mutex<Vec<Placed>>,
    /// What the live room is made of.
    pub(crate) lived: Mutex<Vec<(Moment, Fact)>>,
    pub(crate) newest: watch::Sender<Position>,
    pub(crate) counted: Mutex<BTreeMap<Counted, u64>>,
    pub(crate) history: Mutex<Option<SqliteStore>>,
    pub(crate) phones: Mutex<Vec<PhoneSide>>,
    pub(crate) is_full: AtomicBool,
    /// How often the room was looked at.
    pub(crate) looked: AtomicU64,
    pub(crate) keeping: Arc<Keeping>,
    seconds: AtomicU64,
    random: AtomicU64,
}

impl Double {
    fn new() -> Arc<Self> {
        let (newest, _) = watch::channel(Position::default());
        Arc::new(Self {
            plan: Arc::new(plan()),
            orders: Mutex::default(),
            refuses: Mutex::default(),
            facts: Mutex::default(),
            lived: Mutex::default(),
            newest,
            counted: Mutex::default(),
            history: Mutex::default(),
            phones: Mutex::default(),
            is_full: AtomicBool::new(false),
            looked: AtomicU64::default(),
            keeping: Arc::default(),
            seconds: AtomicU64::new(1_800_000_000),
            random: AtomicU64::new(1),
        })
    }

    pub(crate) fn later(&self, seconds: u64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Site for Double {
    fn plan(&self) -> Arc<Plan> {
        Arc::clone(&self.plan)
    }

    fn whatsapp_challenge(&self, query: &[(String, String)]) -> Option<String> {
        query.iter().find(|(name, _)| name == "hub.challenge").map(|(_, value)| value.clone())
    }

    fn whatsapp_hook(&self, signature: Option<&str>, raw: &[u8]) -> Option<u16> {
        signature.and_then(|text| text.parse().ok()).filter(|_| !raw.is_empty())
    }

    fn snapshot(&self) -> Snapshot {
        self.looked.fetch_add(1, Ordering::Relaxed);
        let now = Moment::from_secs(self.seconds());
        let mut ledger = Ledger::new(Arc::clone(&self.plan), Moment::from_secs(1_800_000_000));
        for (at, fact) in self.lived.lock().expect("no panic").iter() {
            ledger.apply(*at, fact);
        }
        ledger.snapshot(now)
    }

    fn seconds(&self) -> u64 {
        self.seconds.load(Ordering::Relaxed)
    }

    fn act(&self, user: &str, order: Spoken, why: Option<&str>) -> Result<Done, Refusal> {
        if let Some(refusal) = self.refuses.lock().expect("no panic").clone() {
            return Err(refusal);
        }
        self.orders.lock().expect("no panic").push((user.to_owned(), order, why.map(str::to_owned)));
        Ok(Done::Now)
    }

    fn ask(&self, request: Asked) -> Answer {
        match request {
            Asked::Bans => Answer::Bans(Vec::new()),
            Asked::Skills(_) => Answer::Skills(Vec::new()),
            Asked::CallerLists(_) => Answer::Refused("there is no such list".to_owned()),
            Asked::Callbacks(numbers) => waiting::callbacks(numbers),
            Asked::Breaks => waiting::breaks(),
            Asked::Trace(_)
            | Asked::Facts(_)
            | Asked::Language
            | Asked::Act(_)
            | Asked::ActWithReason(..)
            | Asked::Reload
            | Asked::TakeOver(_) => panic!("the API does not ask this"),
        }
    }

    fn trace(&self, _ask: &Ask) -> Vec<Answer> {
        vec![Answer::Refused("nobody has called".to_owned())]
    }

    fn reload(&self) -> (Vec<String>, Answer) {
        (vec!["a line".to_owned()], Answer::Applied("applied".to_owned()))
    }

    fn differences(&self) -> Result<(Vec<String>, Vec<String>), String> {
        if self.refuses.lock().expect("no panic").is_some() {
            return Err("plan.toml:3: no such key".to_owned());
        }
        Ok((vec!["a line".to_owned()], Vec::new()))
    }

    fn events(&self, begin: FactsBegin) -> Result<Box<dyn Events>, Box<Answer>> {
        let newest = *self.newest.borrow();
        let place = match begin {
            FactsBegin::Oldest => Position::default(),
            FactsBegin::Now => newest,
            FactsBegin::After(position) if position > newest => return Err(Box::new(Answer::Ahead(newest))),
            FactsBegin::After(position) => position,
        };
        let facts = self.facts.lock().expect("no panic").clone();
        Ok(Box::new(Reader { facts, place, plan: Arc::clone(&self.plan), newest: self.newest.subscribe() }))
    }

    fn read_history(
        &self,
        work: &mut dyn FnMut(&mut dyn Sql) -> Result<(), Failure>,
    ) -> Result<(), NoHistory> {
        let mut history = self.history.lock().expect("no panic");
        let store = history.as_mut().ok_or(NoHistory::Off)?;
        store.transaction(work).map_err(NoHistory::Failed)
    }

    fn sound(&self, recording: RecordingId, _began: Moment) -> Result<Option<Sound>, String> {
        let wav: Vec<u8> = (0..=255).collect();
        match recording.0 {
            7 => Ok(Some(Sound { wav, hash: "c0ffee".to_owned() })),
            8 => Err("its key is lost".to_owned()),
            _ => Ok(None),
        }
    }

    fn webhooks(&self) -> Result<Vec<WebhookForm>, String> {
        let form = WebhookForm { name: "crm".into(), url: "https://crm.example".into(), waiting: 1, dead: 3 };
        Ok(vec![form])
    }

    fn dead_messages(&self, name: &str, after: i64, most: u32) -> Result<Option<Vec<DeadForm>>, String> {
        let all = (1..=3).map(|number| DeadForm {
            number,
            id: number.to_string(),
            failures: 11,
            why: "503".into(),
        });
        let page = all.filter(|dead| dead.number > after).take(usize::try_from(most).expect("few"));
        Ok((name == "crm").then(|| page.collect()))
    }

    fn send_again(&self, name: &str, number: Option<i64>) -> Result<Option<u64>, String> {
        Ok((name == "crm").then(|| if number.is_some() { 1 } else { 3 }))
    }

    fn why(&self, contact: u64, language: Language) -> Option<Why> {
        (contact == 7).then(|| Why { contact: Some(contact), language, sentences: Vec::new() })
    }

    fn why_not(&self, extension: &str, contact: Option<u64>, language: Language) -> Option<Why> {
        (extension == "1001").then(|| Why { contact, language, sentences: Vec::new() })
    }

    fn take_phone(&self, _ends: Ends, agent: Option<&str>) -> Option<PhoneLine> {
        if self.is_full.load(Ordering::Relaxed) {
            return None;
        }
        let ((says, said), (tell, told), cut) = (channel(4), channel(4), Arc::new(Notify::new()));
        let side = PhoneSide { agent: agent.map(str::to_owned), said, tell, cut: Arc::clone(&cut) };
        self.phones.lock().expect("no panic").push(side);
        Some(PhoneLine { says, told, cut })
    }

    fn seat_of(&self, agent: &str) -> Result<String, Kind> {
        if agent == "1001" { Ok("2001".to_owned()) } else { Err(Kind::NotFound) }
    }

    fn search_procedures(&self, question: &str, most: usize) -> Option<AnswerForm> {
        (question != "nothing").then(|| procedures::library().answer(question, most, date(2026, 11, 30)))
    }

    fn procedure(&self, id: &str) -> Option<ProcedureForm> {
        procedures::library().procedure(id).map(|procedure| ProcedureForm::new(procedure, date(2026, 11, 30)))
    }

    fn procedure_of_code(&self, code: &str) -> Option<String> {
        procedures::library().of_code(code).map(|procedure| procedure.name.clone())
    }

    fn verdicts(&self, questions: &[String], added: Option<&Added>) -> Option<Verdicts> {
        Some(procedures::verdicts(questions, added))
    }

    fn written(&self) -> Option<Arc<dyn Written>> {
        Some(Arc::<Keeping>::clone(&self.keeping))
    }

    fn count(&self, what: Counted) {
        *self.counted.lock().expect("no panic").entry(what).or_default() += 1;
    }

    fn random(&self) -> io::Result<[u8; 32]> {
        let mut bytes = [7; 32];
        bytes[..8].copy_from_slice(&self.random.fetch_add(1, Ordering::Relaxed).to_le_bytes());
        Ok(bytes)
    }
}

/// A client of an API with users of each role.
pub(crate) struct Client {
    pub(crate) site: Arc<Double>,
    pub(crate) app: axum::Router,
    pub(crate) cookie: Option<String>,
    pub(crate) csrf: Option<String>,
    pub(crate) address: IpAddr,
}

/// An answer.
pub(crate) struct Heard {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Client {
    pub(crate) fn new() -> Self {
        let mut access = Access::in_memory().expect("a database");
        let agent = |extension: &str, role| Scope { agent: Some(extension.to_owned()), ..Scope::of(role) };
        let queue = plan().queues[0].name.clone();
        let extension = plan().agents[0].extension.clone();
        let users = [
            ("reader", Scope::of(Role::Reader)),
            ("agent", agent(&extension, Role::Agent)),
            ("boss", Scope::of(Role::Supervisor)),
            ("some", Scope { queues: Some(vec![queue]), ..Scope::of(Role::Supervisor) }),
            ("operator", Scope::of(Role::Operator)),
        ];
        for (place, (name, scope)) in users.into_iter().enumerate() {
            let salt = [u8::try_from(place).expect("few"); 32];
            access.add_user(&NewUser { name, scope, password: PASSWORD }, &salt, 1).expect("a user");
        }
        let site = Double::new();
        let (keeper, _) = Keeper::start(access).expect("a thread");
        let api = Api::new(Arc::<Double>::clone(&site), keeper, Over::Tls);
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Self { site, app: router(Arc::new(api)), cookie: None, csrf: None, address }
    }

    /// A client who has signed in.
    pub(crate) async fn signed_in(name: &str) -> Self {
        let mut client = Self::new();
        client.sign_in(name).await;
        client
    }

    pub(crate) async fn sign_in(&mut self, name: &str) {
        let body = serde_json::json!({ "name": name, "password": PASSWORD });
        (self.cookie, self.csrf) = (None, None);
        let heard = self.send(Method::POST, "/api/v1/session", Some(body), &[]).await;
        assert_eq!(heard.status, StatusCode::OK, "{}", heard.body);
        let cookie = heard.headers["set-cookie"].to_str().expect("text").to_owned();
        self.cookie = cookie.split(';').next().map(str::to_owned);
        self.csrf = heard.body["csrf"].as_str().map(str::to_owned);
    }

    pub(crate) async fn get(&self, path: &str) -> Heard {
        self.send(Method::GET, path, None, &[]).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Heard {
        self.send(Method::POST, path, Some(body), &[]).await
    }

    pub(crate) async fn order(&self, order: Value) -> Heard {
        self.post("/api/v1/orders", serde_json::json!({ "order": order, "why": "a test" })).await
    }

    pub(crate) fn request(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Request<Body> {
        let mut request = Request::builder().method(method).uri(path).extension(Peer(self.address));
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        if let Some(csrf) = &self.csrf {
            request = request.header("x-csrf-token", csrf);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        request.body(body).expect("a request")
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Heard {
        let request = self.request(method, path, body, headers);
        let (parts, body) = self.app.clone().oneshot(request).await.expect("never fails").into_parts();
        let bytes = to_bytes(body, 1 << 22).await.expect("a body");
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Heard { status: parts.status, headers: parts.headers, body }
    }
}
