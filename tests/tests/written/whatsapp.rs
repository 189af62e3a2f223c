//! WhatsApp through a running turno: the platform's double signs webhooks and takes the answers.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};
use tokio::runtime::Runtime;
use turno_channels::whatsapp::signature;
use turno_tests::wire::{Folder, Server, Sipp, is_missing};

use crate::page::{Agent, Client};
use crate::platform::{Misbehaviour, NUMBER, Platform, says, status, written};
use crate::until;

const SECRET: &str = "0badc0de";

/// A turno whose number is on the platform's double.
pub(crate) struct Stage {
    runtime: Runtime,
    pub(crate) platform: Platform,
    pub(crate) server: Server,
    _secrets: Folder,
}

impl Stage {
    fn new(bot: &str) -> Self {
        Self::with(bot, "", &[])
    }

    /// With lines of [whatsapp] and further changes of the plan.
    pub(crate) fn with(bot: &str, lines: &str, changes: &[(&str, String)]) -> Self {
        let runtime = Runtime::new().expect("threads");
        let platform = runtime.block_on(Platform::start(0, "EAAB"));
        let secrets = Folder::new();
        for (file, secret) in [("token", "EAAB"), ("app", SECRET), ("word", "the word")] {
            let path = secrets.join(file);
            fs::write(&path, secret).expect("the test's folder can be written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("it is ours");
        }
        // The name, since the test's turno has another address in place of the usual one.
        let base_url = platform.base_url().replace("127.0.0.1", "localhost");
        let folder = secrets.path().display();
        let tables = format!(
            "[api]\nlisten = \"127.0.0.1:8081\"\n\n[written]\nwhatsapp = \"lab\"\n\n{bot}[whatsapp]\nnumber_id = \"{NUMBER}\"\nversion = \"v25.0\"\n\
             base_url = \"{base_url}\"\ntoken_file = \"{folder}/token\"\napp_secret_file = \"{folder}/app\"\n\
             verify_token_file = \"{folder}/word\"\n{lines}\n[http]"
        );
        let mut all = vec![("[http]", tables.as_str())];
        all.extend(changes.iter().map(|(old, new)| (*old, new.as_str())));
        let server = Server::lab_kept_with(&all);
        Self { runtime, platform, server, _secrets: secrets }
    }

    /// The platform brings a webhook: the first line of the answer.
    fn brings(&self, webhook: &Value, secret: &str) -> String {
        let raw = written(webhook);
        let mut client = Client::new(&self.server);
        client.headers = format!("X-Hub-Signature-256: {}\r\n", signature(secret.as_bytes(), &raw));
        let raw = String::from_utf8(raw).expect("nothing above U+007F");
        let answer = client.answer("POST /channels/whatsapp", &raw);
        answer.lines().next().expect("a status").to_owned()
    }

    /// How many messages the platform has taken for each of these persons.
    fn counts(&self, persons: u32) -> Vec<usize> {
        let taken = self.platform.taken();
        let of = |person| {
            let number = format!("59399000{person:04}");
            taken.iter().filter(|(_, message)| message["to"] == *number).count()
        };
        (1..=persons).map(of).collect()
    }

    /// Waits until the metrics say so.
    fn waits_for(&mut self, what: &str, (name, labels): (&str, &[&str]), value: f64) {
        self.server.wait_until(what, |now| now.has(name, "") && now.sum(name, labels) == value);
    }

    /// The words of the messages that the platform has taken.
    fn taken(&self) -> Vec<String> {
        let taken = self.platform.taken();
        taken.iter().map(|(_, message)| message["text"]["body"].as_str().unwrap_or("").to_owned()).collect()
    }

    pub(crate) fn ends(self) {
        self.server.stop();
        assert_eq!(self.platform.faults(), Vec::<String>::new(), "every request has its form");
        self.runtime.shutdown_background();
    }
}

/// Somebody says this now.
fn person_says(name: &str, words: &str) -> Value {
    somebody_says(1, name, words)
}

/// The person with this number says this now.
fn somebody_says(person: u32, name: &str, words: &str) -> Value {
    let mut webhook =
        says(&format!("59399000{person:04}"), name, json!({ "type": "text", "text": { "body": words } }));
    let now = jiff::Timestamp::now().as_second();
    webhook["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"] = now.to_string().into();
    webhook
}

#[test]
fn who_writes_on_whatsapp_is_answered_by_an_agent_once_also_over_a_kill() {
    // Wound: the platform brings a webhook twice, or turno is killed, and the citizen gets an answer twice or none.
    if is_missing(&["sipp"]) {
        return;
    }
    let mut stage = Stage::new("");
    let agent = Agent::signed_in(&stage.server);
    let client = Client::new(&stage.server);
    let asks = "GET /channels/whatsapp?hub.mode=subscribe&hub.challenge=77&hub.verify_token=";
    assert!(client.answer(&format!("{asks}the%20word"), "").ends_with("\r\n\r\n77"));
    assert!(client.answer(&format!("{asks}another"), "").starts_with("HTTP/1.1 403"));
    let hello = person_says("wamid.A", "¿Dónde está mi trámite?");
    assert_eq!(stage.brings(&hello, "a guess"), "HTTP/1.1 401 Unauthorized");
    assert_eq!(stage.brings(&hello, SECRET), "HTTP/1.1 200 OK");
    assert_eq!(stage.brings(&hello, SECRET), "HTTP/1.1 200 OK", "the platform may bring it again");
    Sipp::register(&stage.server, 1, 1, 5080);
    let conversation = agent.takes_one();
    let listed = agent.until("it is one message", r#""stage":"agent""#);
    assert!(listed.contains(r#""channel":"whatsapp""#) && listed.contains(r#""unread":1"#), "{listed}");
    agent.replies(conversation, "one", "Está listo.");
    until("the platform has the answer", || stage.taken() == ["Está listo."]);
    assert_eq!(stage.brings(&status("wamid.1", "read", None), SECRET), "HTTP/1.1 200 OK");
    agent.until_written(conversation, r#""delivery":"seen""#);

    stage.server.kill_and_start_again();
    assert_eq!(stage.brings(&hello, SECRET), "HTTP/1.1 200 OK", "known after the kill too");
    assert_eq!(stage.brings(&person_says("wamid.B", "Gracias."), SECRET), "HTTP/1.1 200 OK");
    Sipp::register(&stage.server, 1, 1, 5081);
    assert!(agent.replies(conversation, "one", "Está listo.").contains("\"again\":true"));
    agent.replies(conversation, "two", "De nada.");
    until("the second answer has left, and the first once", || stage.taken() == ["Está listo.", "De nada."]);
    assert_eq!(agent.texts(conversation, "citizen"), ["¿Dónde está mi trámite?", "Gracias."]);
    stage.ends();
}

#[test]
fn the_bot_answers_on_whatsapp_before_an_agent_does() {
    let mut stage = Stage::new("[bot]\non = true\n\n");
    let hello = person_says("wamid.A", "hola");
    assert_eq!(stage.brings(&hello, SECRET), "HTTP/1.1 200 OK");
    until("it has answered", || !stage.taken().is_empty());
    assert_eq!(stage.brings(&hello, SECRET), "HTTP/1.1 200 OK");
    stage.server.kill_and_start_again();
    stage.server.wait_until("nothing is leaving", |now| now.sum("turno_written_leaving", &[]) == 0.0);
    let taken = stage.taken();
    let once: BTreeSet<&String> = taken.iter().collect();
    assert_eq!(once.len(), taken.len(), "one word is answered once: {taken:?}");
    stage.ends();
}

#[test]
fn a_platform_that_is_away_or_refuses_gets_each_answer_once_when_it_is_well_again() {
    // Wound: answers that the platform did not take are gone, or come twice, and nobody was told.
    const PERSONS: u32 = 6;
    const OUT: (&str, &[&str]) = ("turno_connector_up", &["channel=\"whatsapp\"", "way=\"out\""]);
    const ALARM: (&str, &[&str]) = ("turno_connector_alarm", &["channel=\"whatsapp\""]);
    const SENT: (&str, &[&str]) = ("turno_written_letters_total", &["what=\"sent\""]);
    let mut stage = Stage::new("[bot]\non = true\n\n");
    stage.waits_for("an idle number is well", OUT, 1.0);
    stage.platform.set_down(true);
    for person in 1..=PERSONS {
        let hello = somebody_says(person, &format!("wamid.{person}"), "hola");
        assert_eq!(stage.brings(&hello, SECRET), "HTTP/1.1 200 OK", "what persons say is kept meanwhile");
    }
    stage.waits_for("the platform counts as away", OUT, 0.0);
    let failures = ("turno_connector_failures_total", &["code=\"http-503\""][..]);
    assert!(stage.server.scrape().sum(failures.0, failures.1) >= 4.0);
    stage.server.kill_and_start_again();
    stage.waits_for("it is away after the kill too", OUT, 0.0);
    assert_eq!(stage.counts(PERSONS), [0; 6]);
    stage.platform.set_down(false);
    stage.waits_for("each has an answer", SENT, 6.0);
    assert_eq!(stage.counts(PERSONS), [1; 6]);
    stage.waits_for("it is there again", OUT, 1.0);

    stage.platform.misbehave(Misbehaviour::Throttles(2));
    stage.brings(&somebody_says(1, "wamid.again", "hola"), SECRET);
    until("who was refused for a moment has the answer", || stage.counts(1) == [2]);
    assert_eq!(stage.server.scrape().sum(failures.0, &["code=\"http-429\""]), 1.0);

    stage.platform.set_version("v27.0");
    stage.brings(&somebody_says(2, "wamid.version", "hola"), SECRET);
    stage.waits_for("the supervisor is told", ALARM, 1.0);
    stage.server.said("WhatsApp needs somebody to look at the account");
    stage.server.edit(&[("version = \"v25.0\"", "version = \"v27.0\"")]);
    stage.server.kill_and_start_again();
    stage.waits_for("the answer leaves by the new version", SENT, 1.0);
    stage.waits_for("all is well", ALARM, 0.0);
    stage.server.wait_until("nothing is leaving", |now| now.sum("turno_written_leaving", &[]) == 0.0);
    assert_eq!(stage.counts(PERSONS), [2, 2, 1, 1, 1, 1], "each once");
    stage.ends();
}
