//! A turno that is killed while a letter is leaving, with conversations in their file.
#![expect(clippy::disallowed_types, reason = "several threads use one store; nothing of turno does")]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use turno_channels::mail::{Mailbox, Signer};
use turno_channels::{
    Address, Author, Body, ConversationId, Incoming, Letter, MessageId, Millis, NotTaken, Outcome, Post,
    Report, Taken,
};
use turno_connectors::mail::{Begin, Encryption, Login, Server, Settings, start};
use turno_conversations::{Limits, Say, Store};
use turno_model::Channel;

use crate::{clock, until};

/// Where the other process finds the store, and the port of the server.
const FOLDER: &str = "TURNO_MAIL_FOLDER";
const PORT: &str = "TURNO_MAIL_PORT";

struct Kept(Mutex<Store>);

impl Kept {
    fn open(folder: &Path) -> Self {
        let limits = Limits { file_bytes_max: 1 << 20, kinds: vec![], reopen_secs: 3_600 };
        let store = Store::open(&folder.join("conversations.db"), &folder.join("files"), limits);
        Self(Mutex::new(store.expect("the store opens")))
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.0.lock().expect("no test dies with it")
    }

    fn say(&self, conversation: ConversationId, text: &str) -> MessageId {
        let (author, body) =
            (Author::Agent { agent: "1001".to_owned() }, Body::Text { text: text.to_owned() });
        let say = Say { author, body, client: None, is_automatic: false };
        let said = self.store().say(conversation, &say, clock()()).expect("it is kept");
        said.expect("the conversation is there").message
    }
}

impl Post for Kept {
    fn take(&self, incoming: Incoming) -> Result<Taken, NotTaken> {
        self.store().take(&incoming, clock()())
    }

    fn report(&self, report: Report) -> Result<(), NotTaken> {
        self.store().report(&report, clock()()).map(|_| ())
    }

    fn next(&self, channel: Channel) -> Option<Letter> {
        self.store().next(channel, clock()()).expect("it is read")
    }

    fn settle(&self, message: MessageId, outcome: Outcome) {
        self.store().settle(message, &outcome, clock()()).expect("it is kept");
    }

    fn wait(&self, _channel: Channel, most: Duration) {
        std::thread::park_timeout(most);
    }
}

/// A mailbox whose server for mails that come is away.
fn settings(folder: &Path, port: u16) -> Settings {
    let server = |port| Server { host: "127.0.0.1".to_owned(), port, encryption: Encryption::None };
    Settings {
        mailbox: Mailbox::new("atencion@quito.example", "", Signer::new(b"a key", "quito.example")),
        imap: server(1),
        login: Login { user: String::new(), password: String::new() },
        folder: "INBOX".to_owned(),
        done: None,
        begin: Begin::Now,
        poll_secs: 30,
        smtp: server(port),
        smtp_login: None,
        hello: "turno.example".to_owned(),
        authority: None,
        acknowledgements_hourly: 0,
        notes: folder.join("mail.json"),
    }
}

/// The process that is killed: it sends what the store has, for ever.
#[test]
fn the_process_that_is_killed() {
    let (Ok(folder), Ok(port)) = (std::env::var(FOLDER), std::env::var(PORT)) else { return };
    let folder = PathBuf::from(folder);
    let settings = settings(&folder, port.parse().expect("a port"));
    let running = start(settings, Arc::new(Kept::open(&folder)), clock()).expect("good settings");
    std::thread::park();
    running.stop();
}

/// A server that takes mails and says nothing about them, until it is told to.
struct Silent {
    port: u16,
    mails: Arc<Mutex<Vec<String>>>,
    answers: Arc<AtomicBool>,
}

impl Silent {
    fn start() -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = socket.local_addr().expect("its address").port();
        let (mails, answers) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (into, is_told) = (Arc::clone(&mails), Arc::clone(&answers));
        std::thread::spawn(move || {
            for stream in socket.incoming().flatten() {
                let (into, is_told) = (Arc::clone(&into), Arc::clone(&is_told));
                std::thread::spawn(move || talk(stream, &into, &is_told));
            }
        });
        Self { port, mails, answers }
    }

    fn count(&self) -> usize {
        self.mails.lock().expect("no test dies with it").len()
    }
}

fn talk(mut stream: TcpStream, mails: &Mutex<Vec<String>>, answers: &AtomicBool) {
    let reader = BufReader::new(stream.try_clone().expect("its second hand"));
    let mut mail: Option<String> = None;
    let _ = stream.write_all(b"220 here\r\n");
    for line in reader.lines().map_while(Result::ok) {
        let answer: &[u8] = match &mut mail {
            Some(text) if line != "." => {
                text.push_str(&line);
                text.push('\n');
                continue;
            }
            Some(text) => {
                mails.lock().expect("no test dies with it").push(core::mem::take(text));
                mail = None;
                if !answers.load(Ordering::SeqCst) {
                    continue;
                }
                b"250 kept\r\n"
            }
            None if line.starts_with("DATA") => {
                mail = Some(String::new());
                b"354 go on\r\n"
            }
            None => b"250 fine\r\n",
        };
        if stream.write_all(answer).is_err() {
            return;
        }
    }
}

fn question() -> Incoming {
    Incoming {
        address: Address::Mail("vecina@example.org".to_owned()),
        external: "q@example.org".to_owned(),
        at: Millis(0),
        name: None,
        body: Some(Body::Text { text: "¿Y la luz?".to_owned() }),
        files: vec![],
        conversation: None,
        replies_to: None,
        subject: Some("luz".to_owned()),
        language: None,
        queue: None,
        marks: vec![],
    }
}

#[test]
fn a_letter_that_was_leaving_at_a_kill_leaves_once_and_the_next_one_follows() {
    let folder = std::env::temp_dir().join(format!("turno-mail-killed-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let server = Silent::start();
    let kept = Kept::open(&folder);
    let conversation = kept.take(question()).expect("it is kept").conversation;
    let first = kept.say(conversation, "primera");
    drop(kept);

    let own = std::env::current_exe().expect("this program");
    let mut other = Command::new(own)
        .args(["--exact", "killed::the_process_that_is_killed"])
        .env(FOLDER, &folder)
        .env(PORT, server.port.to_string())
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    until("the server has the mail's last byte", || server.count() == 1);
    other.kill().expect("SIGKILL");
    other.wait().expect("it is dead");

    server.answers.store(true, Ordering::SeqCst);
    let kept = Arc::new(Kept::open(&folder));
    assert_eq!(kept.store().recover().expect("it recovers"), 1, "one letter is unknown");
    let second = kept.say(conversation, "segunda");
    let running =
        start(settings(&folder, server.port), Arc::<Kept>::clone(&kept), clock()).expect("good settings");
    until("the second letter leaves", || running.figures().sent.get() == 1);
    running.stop();
    let mails = server.mails.lock().expect("no test dies with it").clone();
    assert_eq!(mails.len(), 2);
    assert!(mails[0].contains("primera") && mails[1].contains("segunda"), "{mails:?}");
    let said = |id| kept.store().message(conversation, id).expect("it is read").expect("it is there").message;
    let failure = said(first).failure.unwrap_or_default();
    assert!(!failure.is_empty(), "the agent is told that nobody knows");
    assert_eq!(said(second).failure, None);
    drop(kept);
    std::fs::remove_dir_all(&folder).expect("it is ours");
}
