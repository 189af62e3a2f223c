//! PyPI's pywa as a second reader: it sends the same messages, and what it would send is what we send; it reads the double's
//! signed webhooks.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Map, Value, json};
use turno_channels::whatsapp::{Uploaded, Wording, requests, signature};
use turno_channels::{Address, Body, Choice, Choices, FileHere, FileId, Letter};

use crate::platform::{says, status, written};
use crate::{SECRET, letter, text};

const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/python/bin/python3");
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/whatsapp/pywa_reads.py");

/// What pywa says about a webhook; `None`: it is not there.
fn pywa(webhook: &[u8]) -> Option<Value> {
    let is_there =
        Command::new(PYTHON).args(["-c", "import pywa"]).output().is_ok_and(|out| out.status.success());
    if !is_there {
        println!("skipped: pywa is not in target/python; `make packages` installs it");
        return None;
    }
    let told = json!({ "webhook": String::from_utf8_lossy(webhook), "secret": SECRET, "signature": signature(SECRET.as_bytes(), webhook) });
    let mut child = Command::new(PYTHON)
        .args(["-W", "ignore", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python starts");
    child.stdin.take().expect("a pipe").write_all(told.to_string().as_bytes()).expect("it reads");
    let out = child.wait_with_output().expect("it ends");
    assert!(out.status.success(), "{out:?}");
    Some(serde_json::from_slice(&out.stdout).expect("JSON"))
}

/// Without what two programs may say in two ways: empty things, numbers as text, and words in capitals that mean the same.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let is_said = |(name, value): &(&String, &Value)| {
                !value.is_null() && **value != json!("") && **value != json!(false) && *name != "policy"
            };
            let fields = fields.iter().filter(is_said).map(|(name, value)| (name.clone(), plain(value)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Number(number) => Value::String(number.to_string()),
        Value::String(text) if text == "BODY" => json!("body"),
        Value::Null | Value::Bool(_) | Value::String(_) => value.clone(),
    }
}

fn choices(text: &str, list: &[(&str, &str, Option<&str>)]) -> Body {
    let choice = |(id, title, detail): &(&str, &str, Option<&str>)| Choice {
        id: (*id).to_owned(),
        title: (*title).to_owned(),
        detail: detail.map(str::to_owned),
    };
    Body::Choices(Choices { text: text.to_owned(), choices: list.iter().map(choice).collect() })
}

fn ours() -> Vec<Value> {
    let person = || Address::WhatsApp { number: Some("593990000001".to_owned()), user: None };
    let balcony = Some("Balcón");
    let rows = [("c0", "Trámite 0"), ("c1", "Trámite 1"), ("c2", "Trámite 2"), ("c3", "Trámite 3")];
    let rows = rows.map(|(id, title)| (id, title, balcony));
    let (name, kind) = ("Requisitos.pdf".to_owned(), "application/pdf".to_owned());
    let file = Body::File {
        file: FileId("aa".into()),
        name: name.clone(),
        media: kind.clone(),
        size: 4,
        caption: Some("Lea".into()),
    };
    let template = Body::Template {
        name: "seguimos".into(),
        language: "es".into(),
        parameters: vec!["LUAE".into()],
        text: "…".into(),
    };
    let mut letters: Vec<Letter> = [
        text("Buenas tardes"),
        choices("¿Resuelto?", &[("si", "Sí", None), ("no", "No", None)]),
        choices("¿Cuál?", &rows),
        file,
        Body::Location { north: -180_653, east: -78_467_834, name: Some("Balcón".into()) },
        Body::Reaction { to: "wamid.A".into(), sign: "👍".into() },
        template,
        text("hola"),
    ]
    .into_iter()
    .zip(0..)
    .map(|(body, number)| letter(number, person(), body))
    .collect();
    letters[3].file = Some(FileHere { name, kind, bytes: b"%PDF".to_vec() });
    letters[7].address = Address::WhatsApp { number: None, user: Some("EC.13491208655302741918".into()) };
    let uploaded = Uploaded("1234567890".to_owned());
    let sent = letters.iter().flat_map(|one| {
        let quoted = (one.message.0 == 0).then_some("wamid.A");
        requests(one, &Wording::default(), Some(&uploaded), quoted).expect("a form")
    });
    sent.collect()
}

#[test]
fn pywa_sends_what_we_send_and_reads_what_the_double_says() {
    let hello = written(&says(
        "593990000001",
        "wamid.A",
        json!({ "type": "text", "text": { "body": "¿Dónde? 🙏" } }),
    ));
    let Some(told) = pywa(&hello) else { return };
    let theirs = told["sent"].as_array().expect("messages");
    let ours = ours();
    assert_eq!(theirs.len(), ours.len());
    for (theirs, ours) in theirs.iter().zip(&ours) {
        assert_eq!(plain(theirs), plain(ours));
    }
    assert_eq!(told["read"], json!([{ "id": "wamid.A", "from": "593990000001", "text": "¿Dónde? 🙏" }]));
    assert_eq!(told["forged"], 403, "it checks the signature as we do");
    let Some(told) = pywa(&written(&status("wamid.1", "delivered", Some("turno:7")))) else { return };
    assert_eq!(told["read"], json!([{ "id": "wamid.1", "status": "delivered", "tracker": "turno:7" }]));
}
