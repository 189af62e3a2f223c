//! A person's chat page and an agent's desk, as far as they speak HTTP.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use core::time::Duration;

use serde_json::Value;
use turno_tests::wire::{Page as Desk, Server};

/// The changes that give the lab a web chat.
pub(crate) const PLAN: &[(&str, &str)] = &[(
    "[http]",
    "[api]\nlisten = \"127.0.0.1:8081\"\n\n[chat]\nmessages = 1000\n\n[written]\nchat = \"lab\"\n\n[http]",
)];

/// How often is looked.
const LOOK: Duration = Duration::from_millis(50);
const LOOKS_MAX: u32 = 600;

/// Who speaks HTTP.
pub(crate) struct Client {
    to: SocketAddr,
    pub(crate) headers: String,
}

impl Client {
    pub(crate) fn new(server: &Server) -> Self {
        Self { to: SocketAddr::new(server.http().ip(), 8081), headers: String::new() }
    }

    fn sends(&self, line: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.to).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a socket");
        let head = format!(
            "{line} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\n{}Content-Length: {}\r\n\r\n{body}",
            self.to,
            self.headers,
            body.len()
        );
        stream.write_all(head.as_bytes()).expect("it reads");
        stream
    }

    /// The whole answer.
    pub(crate) fn answer(&self, line: &str, body: &str) -> String {
        let mut answer = String::new();
        self.sends(line, body).read_to_string(&mut answer).expect("it answers");
        answer
    }

    /// The whole answer, which is a good one.
    fn asks(&self, line: &str, body: &str) -> String {
        let answer = self.answer(line, body);
        assert!(answer.starts_with("HTTP/1.1 2"), "{line} {body}: {answer}");
        answer
    }
}

/// The JSON of an answer.
fn json(answer: &str) -> Value {
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    serde_json::from_str(body).unwrap_or_else(|why| panic!("{why}: {answer}"))
}

/// The page of a person.
pub(crate) struct Page(Client);

impl Page {
    /// Opens a chat.
    pub(crate) fn opened(server: &Server) -> Self {
        let mut client = Client::new(server);
        let opened = json(&client.asks("POST /chat/sessions", r#"{"language": "es"}"#));
        let token = opened["token"].as_str().expect("a token");
        client.headers = format!("Authorization: Bearer {token}\r\n");
        Self(client)
    }

    /// Says its number, under that number.
    pub(crate) fn says(&self, number: u32) -> Option<String> {
        Some(self.0.asks("POST /chat/deeds", &deed(number)))
    }

    /// Says it, waits for so many milliseconds, and does not read the answer.
    pub(crate) fn begins_to_say(&self, number: u32, millis: u32) -> TcpStream {
        let mut stream = self.0.sends("POST /chat/deeds", &deed(number));
        let span = Duration::from_millis(u64::from(millis) + 1);
        stream.set_read_timeout(Some(span)).expect("a socket");
        let _ = stream.read(&mut [0; 1]);
        stream
    }

    /// The words of one side, in order.
    pub(crate) fn texts(&self, by: &str) -> Vec<String> {
        let (mut texts, mut after) = (Vec::new(), 0);
        loop {
            let update = json(&self.0.asks(&format!("GET /chat/messages?after={after}"), ""));
            let messages = update["messages"].as_array().expect("a list").clone();
            let Some(last) = messages.last() else { return texts };
            after = last["id"].as_i64().expect("a number");
            texts.extend(words_of(&messages, by));
        }
    }
}

/// The words of one side.
fn words_of(messages: &[Value], by: &str) -> Vec<String> {
    let of_side = messages.iter().filter(|one| one["by"] == by);
    of_side.filter_map(|one| Some(one["body"]["text"].as_str()?.to_owned())).collect()
}

fn deed(number: u32) -> String {
    format!(r#"{{"do": "say", "client": "n{number}", "text": "{number}"}}"#)
}

/// The desk of agent a001.
pub(crate) struct Agent(Desk);

impl Agent {
    /// Signs in.
    pub(crate) fn signed_in(server: &Server) -> Self {
        Self(Desk::of_agent(server, "one", "a001"))
    }

    fn asks(&self, line: &str, body: &str) -> String {
        let answer = self.0.asks(line, body);
        assert!(answer.starts_with("HTTP/1.1 2"), "{line} {body}: {answer}");
        answer
    }

    /// Takes the conversation that is offered, and says its number.
    pub(crate) fn takes_one(&self) -> i64 {
        self.until("it is offered", r#""is_offered":true"#);
        self.orders(r#"{"do": "take", "agent": "a001"}"#);
        let with = self.until("it is taken", r#""stage":"agent""#);
        let number = with.split("\"conversation\":").nth(1).and_then(|rest| rest.split(',').next());
        number.and_then(|number| number.parse().ok()).expect("a number")
    }

    /// Looks at the conversations until they have these words.
    pub(crate) fn until(&self, what: &str, words: &str) -> String {
        self.looks("GET /api/v1/conversations", what, words)
    }

    /// Looks at the messages of a conversation until they have these words.
    pub(crate) fn until_written(&self, conversation: i64, words: &str) {
        self.looks(&format!("GET /api/v1/conversations/{conversation}/messages"), words, words);
    }

    /// The words of one side of a conversation, in order.
    pub(crate) fn texts(&self, conversation: i64, by: &str) -> Vec<String> {
        let list = json(&self.asks(&format!("GET /api/v1/conversations/{conversation}/messages"), ""));
        words_of(list["messages"].as_array().expect("a list"), by)
    }

    /// The words of one side of a conversation and how far each message has got, in order.
    pub(crate) fn states(&self, conversation: i64, by: &str) -> Vec<(String, String)> {
        let list = json(&self.asks(&format!("GET /api/v1/conversations/{conversation}/messages"), ""));
        let of_side = list["messages"].as_array().expect("a list").iter().filter(|one| one["by"] == by);
        let word = |one: &Value| one.as_str().expect("a word").to_owned();
        of_side.map(|one| (word(&one["body"]["text"]), word(&one["delivery"]))).collect()
    }

    fn looks(&self, line: &str, what: &str, words: &str) -> String {
        let mut seen = String::new();
        for _ in 0..LOOKS_MAX {
            seen = self.asks(line, "");
            if seen.contains(words) {
                return seen;
            }
            std::thread::park_timeout(LOOK);
        }
        panic!("not so: {what}: {seen}");
    }

    pub(crate) fn orders(&self, order: &str) {
        self.asks("POST /api/v1/orders", &format!("{{\"order\": {order}}}"));
    }

    pub(crate) fn replies(&self, conversation: i64, client: &str, text: &str) -> String {
        let body = format!(r#"{{"client": "{client}", "text": "{text}"}}"#);
        self.asks(&format!("POST /api/v1/conversations/{conversation}/replies"), &body)
    }

    pub(crate) fn acts(&self, conversation: i64, act: &str) {
        self.asks(&format!("POST /api/v1/conversations/{conversation}/deeds"), act);
    }
}
