//! Webhooks of a running turno, over a kill, with their signatures checked by the Python package of Standard Webhooks.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};

use core::time::Duration;

use turno_tests::wire::{Folder, Server};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Where `make test` puts packages of PyPI.
const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/python/bin/python3");

/// A message as it came: the lines of its head, and its body.
struct Message {
    head: Vec<String>,
    body: String,
}

impl Message {
    fn header(&self, name: &str) -> &str {
        let lines = self.head.iter().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).expect("it has this header").1
    }
}

/// Waits for a message, and answers it with this status.
fn takes(receiver: &TcpListener, status: &str) -> Message {
    let (stream, _) = receiver.accept().expect("a connection");
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a line");
        if line.trim().is_empty() {
            break;
        }
        head.push(line.trim().to_owned());
    }
    let mut message = Message { head, body: String::new() };
    let length: u64 = message.header("content-length").parse().expect("a number");
    reader.by_ref().take(length).read_to_string(&mut message.body).expect("a body");
    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    reader.get_mut().write_all(answer.as_bytes()).expect("it reads");
    message
}

/// Whether the Python package takes the message for genuine; `None` if it is not installed.
fn is_genuine(message: &Message) -> Option<bool> {
    let program = "import sys, json
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
body, secret, *headers = sys.stdin.read().split('\\0')
names = ['webhook-id', 'webhook-timestamp', 'webhook-signature']
try: Webhook(secret).verify(body, dict(zip(names, headers))); print('genuine')
except WebhookVerificationError as error: print('forged', error)";
    let python = if std::path::Path::new(PYTHON).is_file() { PYTHON } else { "python3" };
    let mut checks = Command::new(python)
        .args(["-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python3 is installed");
    let headers = ["webhook-id", "webhook-timestamp", "webhook-signature"].map(|name| message.header(name));
    let text = format!("{}\0{SECRET}\0{}", message.body, headers.join("\0"));
    checks.stdin.take().expect("piped").write_all(text.as_bytes()).expect("it reads");
    let answer = checks.wait_with_output().expect("it ends");
    let said =
        String::from_utf8_lossy(&answer.stdout).into_owned() + &String::from_utf8_lossy(&answer.stderr);
    if said.contains("No module named 'standardwebhooks'") {
        eprintln!("standardwebhooks is not installed (make packages): its part is left out");
        return None;
    }
    assert!(said.contains("genuine") || said.contains("forged"), "{said}");
    Some(said.contains("genuine"))
}

#[test]
fn a_program_is_told_what_happens_in_order_once_and_signed_also_over_a_kill() {
    let receiver = TcpListener::bind("127.0.0.1:0").expect("a port");
    let folder = Folder::new();
    std::fs::write(folder.join("hook.key"), SECRET).expect("the folder can be written");
    let tables = format!(
        "[[webhook]]\nname = \"crm\"\nurl = \"http://localhost:{}/turno\"\nsecret_file = \"{}\"\ninner = true\n\
         events = [\"QueueTurned\"]\n\n[http]",
        receiver.local_addr().expect("it is bound").port(),
        folder.join("hook.key").display()
    );
    let mut server = Server::lab_kept_with(&[("[http]", &tables)]);
    server.wait_until("the webhook reads", |scrape| scrape.has("turno_facts_behind", "reader=\"webhooks\""));
    server.ctl(&["queue", "lab", "pause"], "paused.txt").succeed(Duration::from_secs(10));
    let first = takes(&receiver, "204 No Content");
    let event: serde_json::Value = serde_json::from_str(&first.body).expect("JSON");
    assert_eq!(
        (&event["type"], &event["data"]["queue"]),
        (&"turno.QueueTurned".into(), &"lab".into()),
        "{event}"
    );
    assert_eq!(first.header("content-type"), "application/cloudevents+json; charset=utf-8");
    if let Some(is_genuine) = is_genuine(&first) {
        assert!(is_genuine);
        let forged = Message { body: first.body.replace("lab", "tax"), head: first.head.clone() };
        assert_eq!(self::is_genuine(&forged), Some(false));
    }
    // Nobody answers well, and turno is killed: the message comes again, under its id.
    server.ctl(&["queue", "lab", "open"], "open.txt").succeed(Duration::from_secs(10));
    let failed = takes(&receiver, "503 Service Unavailable");
    server.kill_and_start_again();
    let again = takes(&receiver, "200 OK");
    assert_eq!((again.header("webhook-id"), &again.body), (failed.header("webhook-id"), &failed.body));
    assert_ne!(again.header("webhook-id"), first.header("webhook-id"));
    server.stop();
}
