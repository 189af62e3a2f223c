//! `turno trace` with a running turno and SIPp calls: a finished call, a live one, and requests that can't be answered.

use core::time::Duration;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use turno_tests::wire::{Program, Server, Sipp, Softphone, is_missing, turno};

/// How long a trace may take; usually it answers at once, but a loaded machine needs longer.
const SPAN: Duration = Duration::from_secs(30);

/// Output of `turno trace` with these arguments.
fn told(server: &Server, words: &[&str]) -> String {
    let said = format!("trace{}.txt", words.join("").replace(['/', ' '], ""));
    server.trace(words, &said).succeed(SPAN);
    server.folder().read(&said)
}

/// Asserts that `text` contains `parts` in this order.
fn in_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let found = rest.find(part).unwrap_or_else(|| panic!("no `{part}` in its place in\n{text}"));
        rest = &rest[found + part.len()..];
    }
}

/// Parts of every trace of a call of the scenario `caller_7000`, live or later.
const LADDER: [&str; 14] = [
    "INVITE 1",
    "calls 7000 by trunk lab",
    "waits for",
    "offered to",
    "INVITE 1",
    "180 Ringing",
    "200 OK (INVITE 1)",
    "answers after",
    "talks to",
    "200 OK (INVITE 1)",
    "BYE",
    "ended: answered, by the caller",
    "media from",
    "media from",
];

#[test]
fn a_call_is_followed_while_it_is_there_and_traced_when_it_is_over() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab();
    let mode = std::fs::metadata(server.folder().join("control")).expect("the control socket").permissions();
    assert_eq!(mode.mode() & 0o777, 0o600, "messages hold citizens' numbers");
    Sipp::register(&server, 1, 1, 5080);
    let agent = Sipp::agents(&server, "agent_uas", 5080).start();
    let mut live = server.trace(&["--next", "--html", "live.html"], "live.txt");
    wait_for(&mut live, "waiting for the next contact");
    Sipp::callers(&server, "caller_7000", "7000", 1).with(&["-d", "300"]).succeed();
    live.succeed(SPAN);
    in_order(&server.folder().read("live.txt"), &LADDER);
    server.wait_until("the contact is booked as answered", |now| now.contacts("lab", "answered") == 1.0);
    let list = told(&server, &["--list"]);
    let row = list.lines().nth(1).expect("one contact").to_owned();
    assert!(row.contains("answered") && row.contains("a001"), "{list}");
    let contact = row.split(' ').next().expect("a number").to_owned();
    let ladder = told(&server, &[&contact]);
    in_order(&ladder, &LADDER);
    assert_eq!(told(&server, &["--last"]), ladder);
    assert_eq!(told(&server, &[&contact[contact.len() - 5..]]), ladder, "the last digits are enough");
    in_order(&told(&server, &["--last", "--full"]), &["INVITE sip:7000@", "v=0", "m=audio"]);
    told(&server, &["--last", "--json", "call.json"]);
    told(&server, &["--last", "--html", "call.html"]);
    told(&server, &["--from", "call.json", "--html", "again.html"]);
    let page = server.folder().read("call.html");
    assert!(page.contains("<!doctype html>") && page.contains("offered to"), "{page}");
    assert_eq!(server.folder().read("again.html"), page);
    assert!(server.folder().read("live.html").contains("ended: answered"));
    assert!(server.scrape().sum("turno_trace_messages", &[]) > 15.0);
    drop(agent);
    let control = server.folder().join("control");
    server.stop();
    assert!(!control.exists(), "the socket goes with turno");
}

#[test]
fn a_question_that_cannot_be_answered_says_why_and_what_to_do() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab();
    assert!(told(&server, &["--list"]).contains("nobody has called yet"));
    Sipp::callers(&server, "caller_cancel", "7000", 1).with(&["-d", "200"]).succeed();
    server.wait_until("the contact is booked", |now| now.contacts("lab", "abandoned") == 1.0);
    let refused = |words: &[&str], said: &str| {
        let mut asked = server.trace(words, said);
        let status = asked.wait(SPAN).expect("an answer");
        (status.code(), server.folder().read(said))
    };
    let (code, said) = refused(&["77"], "unknown.txt");
    assert_eq!(code, Some(6));
    in_order(
        &said,
        &["contact 77 is not among what is kept; the nearest is", "1 contacts are kept", "--list"],
    );
    let (code, said) = refused(&["--caller", "5550"], "caller.txt");
    assert!(code == Some(6) && said.contains("nobody called from a number"), "{said}");
    let control = server.folder().join("control");
    let mut second = second_turno(&server, &control);
    assert_eq!(second.wait(SPAN).and_then(|status| status.code()), Some(4));
    assert!(second.tail().contains("another turno answers there"), "{}", second.tail());
    let nowhere = Command::new(turno())
        .args(["trace", "--last", "--control"])
        .arg(server.folder().join("nothing"))
        .output()
        .expect("turno runs");
    let said = String::from_utf8_lossy(&nowhere.stderr).into_owned();
    assert!(nowhere.status.code() == Some(4) && said.contains("no turno answers at"), "{said}");
    server.stop();
}

#[test]
fn a_socket_that_a_killed_turno_left_is_replaced() {
    let mut server = Server::lab();
    let left = server.folder().join("left");
    drop(UnixListener::bind(&left).expect("a socket"));
    assert!(left.exists());
    let mut second = second_turno(&server, &left);
    wait_for(&mut second, "turno trace is answered");
    let mut asked = Command::new(turno());
    asked.args(["trace", "--list", "--control"]).arg(&left);
    Program::start(&mut asked, &server.folder().join("asked.txt")).succeed(SPAN);
    second.terminate();
    second.succeed(SPAN);
    server.wait_until("the first serves on", |_| true);
    server.stop();
}

/// Another turno with the same plan on another address.
fn second_turno(server: &Server, control: &Path) -> Program {
    let plan = std::fs::read_to_string(server.folder().join("plan/lab.toml")).expect("the plan");
    let plan = plan.replace(&server.sip().ip().to_string(), &server.peer(2).to_string());
    std::fs::write(server.folder().join("second.toml"), plan).expect("the folder is ours");
    let mut second = Command::new(turno());
    second.arg("serve").arg(server.folder().join("second.toml")).arg("--control").arg(control);
    Program::start(&mut second, &server.folder().join("second.txt"))
}

/// Waits until a program has printed `words`.
fn wait_for(program: &mut Program, words: &str) {
    for _ in 0..1_000 {
        if program.tail().contains(words) {
            return;
        }
        let ended = program.wait(Duration::from_millis(20));
        assert!(ended.is_none() || program.tail().contains(words), "never `{words}`:\n{}", program.tail());
    }
    panic!("never `{words}`:\n{}", program.tail());
}

#[test]
fn a_feature_code_that_an_agent_dials_is_found_by_the_agent_and_is_no_last_contact() {
    let mut server = Server::lab();
    let agent = Softphone::agent(&server, "a001");
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    agent.dials("*12");
    server.wait_until("the code is done", |now| now.sum("turno_agents", &["state=\"available\""]) == 0.0);
    let list = told(&server, &["--agent", "a001"]);
    let row = list.lines().nth(1).expect("one call").to_owned();
    assert!(row.contains("code *12") && row.contains("done"), "{list}");
    let call = row.split(' ').next().expect("a number").to_owned();
    in_order(
        &told(&server, &[&call]),
        &["a001 to *12", "INVITE 1", "dials a feature code", "done", "200 OK"],
    );
    let line = Softphone::line(&server);
    line.calls("0991234567", "7000");
    server.wait_until("somebody waits", |now| now.sum("turno_queue_depth", &[]) == 1.0);
    agent.dials("*149");
    let is_told = |_| told(&server, &["--list"]).lines().any(|row| row.contains("code *149"));
    assert!((0..100).any(is_told), "the agent is logged out: the code is told as not possible");
    in_order(&told(&server, &["--last"]), &["to 7000", "calls 7000"]);
    assert_eq!(server.scrape().sum("turno_contacts_arrived_total", &[]), 1.0);
    server.stop();
}
