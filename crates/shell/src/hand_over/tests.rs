//! A running process beside successors, and a successor beside running processes, that close the connection, fall
//! silent or send invalid data at every step; with real sockets.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use core::time::Duration;

use turno_control::{HAND_OVER_PROTOCOL, Request, TakeOver};

use crate::control::socket::Control;
use crate::disk::{FolderLock, Home};
use crate::hand_over::line::{HandOverLine, NoWord, Word};
use crate::refusal::StartRefused;
use crate::run::starting::start;
use crate::run::{Options, Running};
use crate::small_plan::{loopback, small_plan};

const PATIENCE: Duration = Duration::from_secs(20);

/// How far a failing successor has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Asked,
    Ready,
    Read,
    HasVoices,
    HasLock,
}

const STEPS: [Step; 5] = [Step::Asked, Step::Ready, Step::Read, Step::HasVoices, Step::HasLock];

/// How it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failure {
    Closes,
    SaysWhy,
    TalksNonsense,
    IsSilent,
}

/// A folder for one test, with all its files.
struct Site {
    folder: PathBuf,
}

impl Site {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("turno-hand-over-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("the temporary folder takes one");
        Self { folder }
    }

    fn state(&self) -> PathBuf {
        self.folder.join("state")
    }

    fn control(&self) -> PathBuf {
        self.folder.join("control")
    }

    fn options(&self) -> Options {
        Options {
            seed: Some(7),
            state: Some(self.state()),
            control: Control::At(self.control()),
            take_over: true,
            ..Options::default()
        }
    }

    fn turno(&self) -> Running {
        start(Arc::new(small_plan(loopback())), self.options()).expect("nobody to take over from")
    }

    /// Asks for a hand-over like a successor.
    fn asks(&self, folder: Option<PathBuf>) -> HandOverLine {
        let mut stream = UnixStream::connect(self.control()).expect("turno answers");
        let request = Request::TakeOver(TakeOver {
            process: 1_000_000,
            protocol: HAND_OVER_PROTOCOL,
            folder: folder.map(|path| path.display().to_string()),
        });
        stream.write_all(request.lines().as_bytes()).expect("asked");
        HandOverLine::new(stream).expect("a line")
    }

    /// The first message to a successor; retries while the end of the previous one is not noticed yet.
    fn hears(&self, folder: Option<PathBuf>) -> (HandOverLine, Word) {
        loop {
            let mut line = self.asks(folder.clone());
            let word = line.hear(PATIENCE).expect("an answer");
            if !matches!(&word, Word::Refused(why) if why.contains("under way")) {
                return (line, word);
            }
        }
    }

    /// A successor that gets to this step.
    fn comes_as_far_as(&self, step: Step) -> (HandOverLine, FolderLock) {
        let lock = FolderLock::open(&self.state()).expect("the folder is there");
        let (mut line, word) = self.hears(Some(self.state()));
        assert!(matches!(&word, Word::Offer(sockets) if sockets.len() == 3), "{word:?}");
        if step >= Step::Ready {
            line.say(&Word::Ready).expect("said");
        }
        if step >= Step::Read {
            assert!(matches!(line.hear(PATIENCE), Ok(Word::GoOn)));
            assert!(!lock.take().expect("it is there"), "the old turno holds it until the voices rest");
        }
        if step >= Step::HasVoices {
            line.say(&Word::WantsVoices).expect("said");
            assert!(matches!(line.hear(PATIENCE), Ok(Word::Voices(_))));
        }
        if step >= Step::HasLock {
            assert!(lock.take().expect("it is there"), "the old turno has given it free");
        }
        (line, lock)
    }

    fn end(self, running: Running) {
        running.stop().expect("a clean end");
        std::fs::remove_dir_all(self.folder).expect("it is ours");
    }
}

/// Asserts that the engine answers a stranger's request.
fn serves(sip: SocketAddr, number: usize) {
    let phone = UdpSocket::bind(loopback()).expect("a free port");
    phone.set_read_timeout(Some(PATIENCE)).expect("a span");
    let here = phone.local_addr().expect("bound");
    let options = format!(
        "OPTIONS sip:{sip} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bKserves{number}\r\nMax-Forwards: 70\r\n\
         From: <sip:a@{here}>;tag=1\r\nTo: <sip:{sip}>\r\nCall-ID: serves{number}\r\nCSeq: 1 OPTIONS\r\n\
         Content-Length: 0\r\n\r\n"
    );
    phone.send_to(options.as_bytes(), sip).expect("loopback");
    let mut bytes = [0; 2_000];
    let length = phone.recv(&mut bytes).expect("the engine answers");
    assert!(bytes[..length].starts_with(b"SIP/2.0 401"), "{}", String::from_utf8_lossy(&bytes[..length]));
}

fn is_kept(pages: SocketAddr) {
    let mut stream = TcpStream::connect(pages).expect("the page's port");
    write!(stream, "GET /health HTTP/1.1\r\nHost: turno\r\nConnection: close\r\n\r\n").expect("asked");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("answered");
    assert!(text.contains("kept: a restart forgets nothing"), "{text}");
}

/// A successor fails like this; the old process serves afterwards, and another one can take over from it.
fn fails(failure: Failure, steps: &[Step]) {
    let site = Site::new(&format!("{failure:?}"));
    let old = site.turno();
    let (sip, pages) = (old.plan().sip.listen[0].1, old.plan().http);
    for (number, step) in steps.iter().enumerate() {
        let (mut line, lock) = site.comes_as_far_as(*step);
        match failure {
            Failure::Closes => drop((line, lock)),
            Failure::SaysWhy => {
                drop(lock);
                line.say(&Word::Refused("a prompt is missing".to_owned())).expect("said");
                assert!(matches!(
                    line.hear(PATIENCE),
                    Ok(Word::GoOn | Word::Refused(_)) | Err(NoWord::Lost(_))
                ));
            }
            Failure::TalksNonsense => {
                drop(lock);
                line.stream().write_all(b"{\"word\":\"dance\"}\n").expect("said");
            }
            Failure::IsSilent => {
                if *step == Step::HasLock {
                    // The holder of the lock serves: the old process may continue only after it is released.
                    drop(lock);
                }
                loop {
                    match line.hear(PATIENCE) {
                        Ok(Word::GoOn) => {}
                        Ok(Word::Refused(why)) => {
                            assert!(why.contains("goes on"), "{why}");
                            break;
                        }
                        other => panic!("{step:?}: {other:?}"),
                    }
                }
            }
        }
        serves(sip, number);
        is_kept(pages);
        assert!(old.is_running());
        let other = FolderLock::open(&site.state()).expect("the folder is there");
        assert!(!other.take().expect("it is there"), "the old turno holds its journal again");
    }
    let plan = Arc::clone(old.plan());
    let waiting = std::thread::spawn(move || old.wait_for_heir());
    let new = start(plan, site.options()).expect("the old one hands over all the same");
    assert_eq!(waiting.join().expect("no panic"), Ok(Some(std::process::id())));
    serves(sip, 100);
    is_kept(pages);
    site.end(new);
}

// Wound: the successor fails, and the running turno dies too, with its calls.
#[test]
fn a_successor_that_is_killed_at_any_step_is_not_noticed() {
    fails(Failure::Closes, &STEPS);
}

#[test]
fn a_successor_that_says_why_it_can_not_is_not_noticed() {
    fails(Failure::SaysWhy, &STEPS);
}

#[test]
fn a_successor_that_talks_nonsense_is_not_noticed() {
    fails(Failure::TalksNonsense, &STEPS);
}

#[test]
fn a_successor_that_stands_still_is_given_up_in_seconds() {
    // A successor that is only preparing may take its time.
    fails(Failure::IsSilent, &[Step::Read, Step::HasVoices, Step::HasLock]);
}

#[test]
fn a_second_successor_is_told_to_wait_and_one_with_another_journal_is_refused() {
    let site = Site::new("second");
    let old = site.turno();
    let first = site.comes_as_far_as(Step::Asked);
    let mut second = site.asks(Some(site.state()));
    let Ok(Word::Refused(why)) = second.hear(PATIENCE) else { panic!("not refused") };
    assert!(why.contains("another hand-over is under way") && why.contains("ask again"), "{why}");
    drop(first);
    for folder in [None, Some(site.folder.join("elsewhere"))] {
        let (_, word) = site.hears(folder);
        let Word::Refused(why) = word else { panic!("{word:?}") };
        assert!(why.contains("--state") && why.contains("journal"), "{why}");
    }
    let mut plain = UnixStream::connect(site.control()).expect("it listens");
    // The request of a turno from before the control protocol had versions.
    let ask = r#"{"what":{"hand_over":{"process":7}},"follow":false,"numbers":"short"}"#;
    plain.write_all(format!("{ask}\n").as_bytes()).expect("asked");
    let mut said = String::new();
    plain.read_to_string(&mut said).expect("answered");
    assert!(said.contains("another protocol"), "{said}");
    assert!(old.is_running());
    site.end(old);
}

/// Why a successor with this plan does not serve. Retries while the end of the previous one is not noticed yet.
fn refusal(site: &Site, plan: turno_model::Plan) -> StartRefused {
    let plan = Arc::new(plan);
    let refusals = core::iter::repeat_with(|| start(Arc::clone(&plan), site.options()).expect_err("refused"));
    let mut refusals = refusals.filter(|refused| !refused.to_string().contains("under way"));
    refusals.next().expect("there is no end of them")
}

#[test]
fn a_new_plan_that_cannot_be_bound_or_kept_leaves_the_old_turno_as_it_was() {
    // Wound: a port that another program holds, and no turno was running afterwards.
    let site = Site::new("unbound");
    let old = site.turno();
    let (sip, pages) = (old.plan().sip.listen[0].1, old.plan().http);
    let held = TcpListener::bind(loopback()).expect("a free port");
    let mut plan = small_plan(sip);
    plan.http = held.local_addr().expect("bound");
    let refused = refusal(&site, plan);
    assert!(matches!(refused, StartRefused::Address { .. }), "{refused}");
    serves(sip, 1);
    let mut plan = small_plan(sip);
    plan.sip.listen[1].1 = SocketAddr::from(([192, 0, 2, 1], 5060));
    let refused = refusal(&site, plan).to_string();
    assert!(refused.contains("no address 192.0.2.1"), "{refused}");
    serves(sip, 2);
    is_kept(pages);
    // No temporary files are left beside the journal.
    let names = std::fs::read_dir(site.state()).expect("the folder is there");
    let names: Vec<String> =
        names.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect();
    assert!(names.iter().all(|name| !name.contains("prob") && !name.contains("coming")), "{names:?}");
    site.end(old);
}

#[test]
fn an_address_that_changes_its_transport_is_taken_over() {
    // TCP and HTTP listeners are interchangeable: the port is the same, and the old process has it until the end.
    let site = Site::new("transport");
    let old = site.turno();
    let mut plan = small_plan(old.plan().sip.listen[0].1);
    let tcp = old.plan().sip.listen.iter().find(|(it, _)| *it == turno_ground::Transport::Tcp);
    plan.http = tcp.expect("it listens on TCP").1;
    plan.sip.listen.retain(|(it, _)| *it == turno_ground::Transport::Udp);
    let waiting = std::thread::spawn(move || old.wait_for_heir());
    let new = start(Arc::new(plan.clone()), site.options()).expect("the old one hands over");
    assert_eq!(waiting.join().expect("no panic"), Ok(Some(std::process::id())));
    is_kept(plan.http);
    site.end(new);
}

/// A simulated running process: it holds the journal, answers, and dies or closes the connection at a step.
fn beside(name: &str, ends_at: Step, dies: bool) {
    let site = Site::new(name);
    std::fs::create_dir(site.state()).expect("the temporary folder takes one");
    let home = Home::open(&site.state()).expect("a folder");
    home.hold(Duration::ZERO).expect("nobody has it");
    let listener = UnixListener::bind(site.control()).expect("a free name");
    let options = site.options();
    let new = std::thread::spawn(move || start(Arc::new(small_plan(loopback())), options));
    let (stream, _) = listener.accept().expect("it asks");
    for _line in 0..2 {
        let mut sign = [0; 1];
        while (&stream).read(&mut sign).expect("it asks") == 1 && sign != *b"\n" {}
    }
    let mut line = HandOverLine::new(stream).expect("a line");
    if ends_at >= Step::Ready {
        line.say(&Word::Offer(Vec::new())).expect("said");
        assert!(matches!(line.hear(PATIENCE), Ok(Word::Ready)));
    }
    if ends_at >= Step::Read {
        line.say(&Word::GoOn).expect("said");
        assert!(matches!(line.hear(PATIENCE), Ok(Word::WantsVoices)));
    }
    if ends_at >= Step::HasVoices {
        home.lock().give_free();
        if !dies {
            // The successor has asked for the media ports, and the old process has changed its mind.
            assert!(home.lock().take().expect("it is there"));
        }
        line.say(&Word::Voices(Vec::new())).expect("said");
    }
    if dies {
        // As after a kill: everything is closed.
        drop((line, listener, home));
        let new = new.join().expect("no panic").expect("it starts from the journal");
        serves(new.plan().sip.listen[0].1, 1);
        is_kept(new.plan().http);
        return site.end(new);
    }
    drop(line);
    let refused = new.join().expect("no panic").expect_err("the old one goes on").to_string();
    assert!(refused.contains("does not hand over"), "{refused}");
    assert!(home.lock().take().expect("it is there"));
    std::fs::remove_dir_all(&site.folder).expect("it is ours");
}

// Wound: the old turno is killed while a successor asks it: 'it has gone', and no turno runs.
#[test]
fn a_successor_whose_old_turno_is_killed_at_any_step_starts_from_the_journal() {
    for step in [Step::Asked, Step::Ready, Step::Read, Step::HasVoices] {
        beside(&format!("dies-{step:?}"), step, true);
    }
}

#[test]
fn a_successor_whose_old_turno_goes_on_does_not_serve_beside_it() {
    for step in [Step::Asked, Step::Ready, Step::Read, Step::HasVoices] {
        beside(&format!("goes-on-{step:?}"), step, false);
    }
}

#[test]
fn an_old_turno_that_talks_nonsense_is_not_taken_over() {
    let site = Site::new("nonsense");
    let listener = UnixListener::bind(site.control()).expect("a free name");
    let options = site.options();
    let new = std::thread::spawn(move || start(Arc::new(small_plan(loopback())), options));
    let home = Home::open(&site.state()).expect("a folder");
    home.hold(PATIENCE).expect("nobody has it");
    let (mut stream, _) = listener.accept().expect("it asks");
    stream.write_all(b"SSH-2.0-OpenSSH_9.2\n").expect("said");
    let refused = new.join().expect("no panic").expect_err("nonsense").to_string();
    assert!(refused.contains("makes no sense"), "{refused}");
    std::fs::remove_dir_all(&site.folder).expect("it is ours");
}

#[test]
fn a_folder_that_was_read_to_the_end_is_left_as_it_was_by_whoever_fails() {
    let site = Site::new("untouched");
    let old = site.turno();
    // Without the history's own, which come and go, and the chain of days, which the old turno writes in its own time.
    let comes_and_goes = |name: &str| name.starts_with("history.db") || name == "days.chain";
    let files = |path: &Path| -> std::collections::BTreeSet<_> {
        let names = std::fs::read_dir(path).expect("there").map(|entry| entry.expect("there").file_name());
        names.filter(|name| !comes_and_goes(&name.to_string_lossy())).collect()
    };
    // All files of the old process exist after its first pause.
    drop(site.comes_as_far_as(Step::Read));
    let before = files(&site.state());
    for step in STEPS {
        drop(site.comes_as_far_as(step));
        serves(old.plan().sip.listen[0].1, step as usize);
    }
    assert_eq!(files(&site.state()), before);
    site.end(old);
}
