//! SIGKILL at many moments: what was told to be kept is there once, and in order.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use turno_channels::{Address, Author, Body, Incoming, MessageId, Millis, Outcome};
use turno_conversations::{Limits, Say, Store};
use turno_model::Channel;

/// Where the child keeps its file; without it the child has nothing to do.
const FOLDER: &str = "TURNO_KILLED_FOLDER";

/// The first number that the child brings.
const FROM: &str = "TURNO_KILLED_FROM";

/// How often it is killed.
const KILLS: u64 = 40;

fn open(folder: &Path) -> Store {
    let limits = Limits { file_bytes_max: 1_000, kinds: Vec::new(), reopen_secs: 3_600 };
    Store::open(&folder.join("conversations.db"), &folder.join("files"), limits).expect("a store")
}

fn text(number: u64) -> Body {
    Body::Text { text: number.to_string() }
}

fn incoming(number: u64) -> Incoming {
    Incoming {
        address: Address::WhatsApp { number: Some((number % 3).to_string()), user: None },
        external: format!("in-{number}"),
        at: Millis(0),
        name: None,
        body: Some(text(number)),
        files: Vec::new(),
        conversation: None,
        replies_to: None,
        subject: None,
        language: None,
        queue: None,
        marks: Vec::new(),
    }
}

/// The process that is killed: it takes messages, answers each, and sends the answers.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let from: u64 = std::env::var(FROM).expect("a number").parse().expect("a number");
    let mut store = open(Path::new(&folder));
    store.recover().expect("recovered");
    for number in from.. {
        let now = Millis(i64::try_from(number).expect("a small number"));
        let taken = store.take(&incoming(number), now).expect("taken");
        println!("taken {number}");
        let say = Say {
            author: Author::Bot,
            body: text(number),
            client: Some(number.to_string()),
            is_automatic: false,
        };
        store.say(taken.conversation, &say, now).expect("said");
        println!("said {number}");
        if let Some(letter) = store.next(Channel::WhatsApp, now).expect("read") {
            println!("leaves {}", letter.message.0);
            let external = format!("out-{}", letter.message.0);
            store.settle(letter.message, &Outcome::Sent { external }, now).expect("settled");
        }
    }
}

/// Runs the child until it has told so many lines, kills it, and returns the lines.
fn run_and_kill(folder: &Path, from: u64, lines: usize) -> Vec<(String, u64)> {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "child", "--nocapture"])
        .env(FOLDER, folder)
        .env(FROM, from.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("this program runs");
    let mut told = BufReader::new(child.stdout.take().expect("piped")).lines();
    let known = |line: String| {
        let (word, number) = line.rsplit_once(' ')?;
        // The first line begins with the words of the test's runner.
        let word = word.rsplit(' ').next()?;
        let is_known = matches!(word, "taken" | "said" | "leaves");
        is_known.then(|| Some((word.to_owned(), number.parse().ok()?)))?
    };
    let mut heard: Vec<_> = told.by_ref().map_while(Result::ok).filter_map(known).take(lines).collect();
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    // What was on its way when it was killed was told too.
    heard.extend(told.map_while(Result::ok).filter_map(known));
    heard
}

#[test]
fn nothing_that_was_told_is_lost_or_doubled_over_forty_kills() {
    let folder: PathBuf = std::env::temp_dir().join(format!("turno-killed-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let (mut taken, mut said, mut left) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for kill in 0..KILLS {
        // A sender that was told nothing brings the last one again.
        let from = taken.last().copied().unwrap_or(0);
        let lines = usize::try_from(5 + kill * 7 % 23).expect("a few");
        for (word, number) in run_and_kill(&folder, from, lines) {
            match word.as_str() {
                "taken" => drop(taken.insert(number)),
                "said" => drop(said.insert(number)),
                _ => left.push(number),
            }
        }
    }
    let store = open(&folder);
    let (mut of_persons, mut answers) = (Vec::new(), Vec::new());
    for kept in store.conversations(true, 100).expect("read") {
        let (mut theirs, mut ours) = (Vec::new(), Vec::new());
        for line in store.messages(kept.id, MessageId(0), 1_000_000).expect("read") {
            let number: u64 = line.message.body.words().expect("words").parse().expect("a number");
            if line.message.author == Author::Citizen { theirs.push(number) } else { ours.push(number) }
        }
        assert!(theirs.is_sorted_by(|one, other| one < other), "in order and once: {theirs:?}");
        assert!(ours.is_sorted_by(|one, other| one < other), "in order and once: {ours:?}");
        of_persons.extend(theirs);
        answers.extend(ours);
    }
    let of_persons: BTreeSet<_> = of_persons.into_iter().collect();
    let answers: BTreeSet<_> = answers.into_iter().collect();
    assert!(taken.is_subset(&of_persons), "lost: {:?}", taken.difference(&of_persons));
    assert!(said.is_subset(&answers), "lost: {:?}", said.difference(&answers));
    let letters: BTreeSet<_> = left.iter().copied().collect();
    assert_eq!(letters.len(), left.len(), "no letter leaves twice");
    assert!(taken.len() as u64 > KILLS, "each life brings some: {}", taken.len());
    std::fs::remove_dir_all(&folder).expect("it was made");
}
