//! Tests of facts over a real control socket: from a position on, over a restart, and as they happen.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use core::time::Duration;

use turno_control::{Answer, FactsAsk, FactsBegin, PlacedFact, Request};
use turno_ground::Pii;
use turno_model::{Channel, Newcomer, Position, Spoken};
use turno_trace::Numbers;

use crate::control::socket::Control;
use crate::run::starting::start;
use crate::run::{Options, Running};
use crate::small_plan::{loopback, small_plan};

/// A test fails if an answer takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("turno-facts-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir(&path).expect("the temporary folder takes a folder");
        Self(path)
    }

    fn started(&self) -> Running {
        let control = Control::At(self.0.join("control"));
        let options = Options { control, state: Some(self.0.join("state")), ..Options::default() };
        start(Arc::new(small_plan(loopback())), options).expect("free ports")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn ask(running: &Running, request: &Request) -> impl Iterator<Item = Answer> + use<> {
    let path: &Path = running.control().expect("it listens");
    let mut stream = UnixStream::connect(path).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a span");
    stream.write_all(request.lines().as_bytes()).expect("taken");
    BufReader::new(stream).lines().map(|line| {
        let line = line.expect("a line in time");
        Answer::read(line.as_bytes()).unwrap_or_else(|| panic!("{line}"))
    })
}

fn facts(running: &Running, begin: FactsBegin) -> Vec<Answer> {
    let ask_for = FactsAsk { begin, follow: false, numbers: Numbers::Short };
    ask(running, &Request::Facts(ask_for)).collect()
}

fn placed(answers: &[Answer]) -> Vec<PlacedFact> {
    let fact = |answer: &Answer| if let Answer::Fact(fact) = answer { Some(fact.clone()) } else { None };
    answers.iter().filter_map(fact).collect()
}

/// A fact: somebody is to be called back.
fn enqueue(running: &Running) {
    let queue = running.plan().queues[0].name.as_str().into();
    let newcomer = Newcomer::now(Channel::Callback, queue, Pii("0991234567".into()));
    let answers: Vec<Answer> = ask(running, &Request::Act(Spoken::Enqueue(newcomer))).collect();
    assert!(matches!(answers[..], [Answer::Done(_)]), "{answers:?}");
}

#[test]
fn a_reader_outside_goes_on_from_its_position_after_a_restart_and_hears_what_comes() {
    let place = Place::new("restart");
    let first = place.started();
    enqueue(&first);
    // Readers get facts after a short delay.
    let before = (0..200).map(|_| facts(&first, FactsBegin::Oldest)).find(|answers| {
        std::thread::park_timeout(Duration::from_millis(20));
        placed(answers).len() >= 3
    });
    let before = before.expect("a start, an arrival and a place in the queue");
    assert!(matches!(before.first(), Some(Answer::Names(names)) if names.site == "test"), "{before:?}");
    let known = placed(&before);
    assert_eq!(before.last(), known.last().map(|fact| Answer::UpTo(fact.position)).as_ref());
    assert!(!before.iter().any(|answer| answer.json().contains("0991234567")), "{before:?}");
    first.stop().expect("a clean end");

    let second = place.started();
    let begin = FactsBegin::After(known[0].position);
    let follow = FactsAsk { begin, follow: true, numbers: Numbers::Short };
    let mut heard = ask(&second, &Request::Facts(follow));
    let mut told = Vec::new();
    while !told.last().is_some_and(|answer| matches!(answer, Answer::UpTo(_))) {
        told.push(heard.next().expect("an answer"));
    }
    let told = placed(&told);
    assert_eq!(told[..known.len() - 1], known[1..]);
    assert!(told.is_sorted_by(|one, other| one.position < other.position), "{told:?}");
    enqueue(&second);
    // The start of the second run was told before or comes now.
    let mut next = Vec::new();
    while next.last().is_none_or(|fact: &PlacedFact| fact.fact.get("ContactArrived").is_none()) {
        next.extend(placed(&[heard.next().expect("an answer")]));
    }
    assert!(next[0].position.run > known[0].position.run, "{next:?}");

    let ahead = Position { number: u64::MAX, ..next[0].position };
    let answers = facts(&second, FactsBegin::After(ahead));
    assert!(matches!(answers[..], [Answer::Ahead(_)]), "{answers:?}");
    let answers = facts(&second, FactsBegin::After(Position::default()));
    let oldest = Position::begin(known[0].position.run);
    assert_eq!(answers, [Answer::TooOld(oldest)]);
    second.stop().expect("a clean end");
}
