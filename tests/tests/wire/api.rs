//! The HTTP API on real sockets: who signs in, gives orders and reads events, also over a kill.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};

use core::time::Duration;

use turno_tests::wire::{Server, turno};

const HTTP: (&str, &str) = ("[http]", "[api]\nlisten = \"127.0.0.1:8081\"\n\n[http]");
const PASSWORD: &str = "four quiet mountain llamas";

/// A program that uses the API.
struct Client {
    to: SocketAddr,
    headers: String,
}

impl Client {
    /// A client of a server with a user who has signed in.
    fn signed_in(server: &Server) -> Self {
        let folder = server.folder();
        let mut add = Command::new(turno())
            .args(["user", "add", "maria", "--role", "supervisor", "--plan"])
            .arg(folder.join("plan"))
            .arg("--state")
            .arg(folder.join("state"))
            .stdin(Stdio::piped())
            .spawn()
            .expect("turno runs");
        add.stdin.take().expect("piped").write_all(PASSWORD.as_bytes()).expect("it reads");
        assert!(add.wait().expect("it ends").success());
        let to = SocketAddr::new(server.http().ip(), 8081);
        let mut client = Self { to, headers: String::new() };
        let body = format!("{{\"name\": \"maria\", \"password\": \"{PASSWORD}\"}}");
        let signed = client.asks("POST /api/v1/session", &body);
        assert!(signed.starts_with("HTTP/1.1 200"), "{signed}");
        let cookie = signed.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
        let cookie = cookie.split(';').next().expect("its value");
        let csrf = signed.split("\"csrf\":\"").nth(1).and_then(|rest| rest.split('"').next()).expect("csrf");
        client.headers = format!("Cookie: {cookie}\r\nx-csrf-token: {csrf}\r\n");
        client
    }

    fn sends(&self, line: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.to).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a socket");
        let head = format!(
            "{line} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\n{}\
             Content-Length: {}\r\n\r\n{body}",
            self.to,
            self.headers,
            body.len()
        );
        stream.write_all(head.as_bytes()).expect("it reads");
        stream
    }

    /// The whole answer.
    fn asks(&self, line: &str, body: &str) -> String {
        let mut answer = String::new();
        self.sends(line, body).read_to_string(&mut answer).expect("it answers");
        answer
    }

    /// A token with the rights of who has signed in.
    fn token(&self) -> String {
        let made = self.asks(
            "POST /api/v1/tokens",
            r#"{"name": "contract", "scope": {"role": "supervisor"}, "days": 1}"#,
        );
        let token = made.split("\"token\":\"").nth(1).and_then(|rest| rest.split('"').next());
        token.unwrap_or_else(|| panic!("no token: {made}")).to_owned()
    }

    fn orders(&self, order: &str) -> String {
        self.asks("POST /api/v1/orders", &format!("{{\"order\": {order}, \"why\": \"a storm\"}}"))
    }

    /// Reads facts after this cursor until one has these words; its cursor, and how many facts came.
    fn reads_until(&self, after: &str, words: &str) -> (String, usize) {
        let stream = self.sends(&format!("GET /api/v1/events?after={after}"), "");
        let (mut facts, mut is_there) = (0, false);
        for line in BufReader::new(stream).lines() {
            let line = line.expect("events come");
            facts += usize::from(line == "event: fact");
            is_there |= line.contains(words);
            if let Some(cursor) = line.strip_prefix("id: ").filter(|_| is_there) {
                return (cursor.to_owned(), facts);
            }
        }
        panic!("the events ended without {words:?}");
    }
}

#[test]
fn a_supervisor_pauses_a_queue_over_http_and_reads_on_after_a_kill() {
    let mut server = Server::lab_kept_with(&[HTTP]);
    let client = Client::signed_in(&server);
    let paused = client.orders(r#"{"do": "set-queue", "queue": "lab", "state": "paused"}"#);
    assert!(paused.contains(r#"{"done":"now"}"#), "{paused}");
    let refused = client.orders(r#"{"do": "stop"}"#);
    assert!(refused.starts_with("HTTP/1.1 403") && refused.contains("\"denied\""), "{refused}");
    let (cursor, _) = client.reads_until("oldest", "QueueTurned");
    let (_, before) = client.reads_until("oldest", "maria: a storm");
    assert!(before > 0);
    server.kill_and_start_again();
    let opened = client.orders(r#"{"do": "set-queue", "queue": "lab", "state": "open"}"#);
    assert!(opened.contains(r#"{"done":"now"}"#), "the session outlives the kill: {opened}");
    let (_, facts) = client.reads_until(&cursor, "QueueTurned");
    assert!(facts <= 3, "nothing twice: the start, the command, the queue; {facts} came");
    // A stream of events that somebody still reads holds no stop up.
    let _reading = client.sends("GET /api/v1/events", "");
    server.stop();
}

#[test]
fn whatever_a_client_sends_gets_an_answer_that_the_document_has() {
    // Schemathesis makes requests of the OpenAPI document, right and wrong ones, and holds the answers against it.
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/python/bin/schemathesis");
    if !std::path::Path::new(program).is_file() {
        eprintln!("schemathesis is not installed (make packages): its test is left out");
        return;
    }
    let server = Server::lab_kept_with(&[HTTP]);
    let client = Client::signed_in(&server);
    let checks =
        "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
    let tested = Command::new(program)
        .args(["run", &format!("http://{}/api/openapi.json", client.to)])
        .args(["--header", &format!("Authorization: Bearer {}", client.token())])
        .args(["--checks", checks, "--max-examples", "5", "--seed", "7", "--request-timeout", "20"])
        // Streams do not end, and the orders of a supervisor may turn the room upside down, but not off.
        .args(["--exclude-path-regex", "/api/v1/(events|live)"])
        .current_dir(server.folder().path())
        .output()
        .expect("it is installed");
    let said = String::from_utf8_lossy(&tested.stdout);
    assert!(tested.status.success(), "{said}");
    assert!(said.contains("generated"), "{said}");
    server.stop();
}
