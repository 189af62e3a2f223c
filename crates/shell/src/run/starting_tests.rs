//! Tests of a whole turno on free loopback ports: start, answers, refusals, end.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::sync::Arc;

use core::time::Duration;

use turno_control::{Answer, Ask, Request, What};
use turno_ground::Transport;
use turno_model::{Act, Done, Refusal, Spoken};
use turno_trace::Numbers;

use super::{Options, Running, start};
use crate::control::socket::Control;
use crate::small_plan::{loopback, loopback_trunk, small_plan};

/// A test fails if an answer takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

fn started() -> Running {
    let options = Options { seed: Some(7), ..Options::default() };
    start(Arc::new(small_plan(loopback())), options).expect("free ports")
}

fn page(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("the page's port");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: turno\r\nConnection: close\r\n\r\n").expect("asked");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("answered");
    text
}

#[test]
fn a_prometheus_that_scrapes_finds_the_build_the_process_and_the_signalling() {
    // Wound: no Prometheus figures for queues at all.
    let running = started();
    let text = page(running.plan().http, "/metrics");
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    for family in ["turno_build_info", "process_cpu_seconds_total", "turno_sip_messages_total"] {
        assert!(text.contains(family), "{family} is missing");
    }
    running.stop().expect("a clean end");
}

#[test]
fn health_says_ok_with_version_and_site() {
    let running = started();
    let text = page(running.plan().http, "/health");
    assert!(text.contains("\"status\":\"ok\"") && text.contains("\"site\":\"test\""), "{text}");
    assert!(text.contains(env!("CARGO_PKG_VERSION")));
    running.stop().expect("a clean end");
}

#[test]
fn a_second_turno_on_the_same_port_is_refused_with_a_line_that_says_what_to_do() {
    let running = started();
    let (_, taken) = running.plan().sip.listen[0];
    let line = start(Arc::new(small_plan(taken)), Options::default()).expect_err("taken").to_string();
    assert!(
        line.contains(&taken.to_string()) && line.contains("in use") && line.contains("ss -lnp"),
        "{line}"
    );
    running.stop().expect("a clean end");
}

#[test]
fn a_stopped_turno_gives_its_ports_back() {
    let running = started();
    let (_, sip) = running.plan().sip.listen[0];
    running.stop().expect("a clean end");
    UdpSocket::bind(sip).expect("the port is free again");
}

#[test]
fn a_transport_that_is_not_served_is_refused_by_name() {
    let mut plan = small_plan(loopback());
    plan.sip.listen.push((Transport::Wss, loopback()));
    let line = start(Arc::new(plan), Options::default()).expect_err("not served").to_string();
    assert!(line.contains("WSS") && line.contains("UDP, TCP or TLS"), "{line}");
}

/// An OPTIONS request (RFC 3261, 11), which every SIP server answers.
fn options(transport: &str, from: SocketAddr) -> String {
    format!(
        "OPTIONS sip:turno.test SIP/2.0\r\n\
         Via: SIP/2.0/{transport} {from};rport;branch=z9hG4bK-monitor-1\r\n\
         Max-Forwards: 70\r\n\
         From: <sip:monitor@turno.test>;tag=1\r\n\
         To: <sip:turno.test>\r\n\
         Call-ID: one@monitor\r\n\
         CSeq: 1 OPTIONS\r\n\
         Content-Length: 0\r\n\r\n"
    )
}

/// A turno of the small plan with a trunk on the loopback, because turno does not answer unknown sources.
fn started_with_trunk() -> Running {
    let mut plan = small_plan(loopback());
    plan.trunks = vec![loopback_trunk()];
    start(Arc::new(plan), Options { seed: Some(7), ..Options::default() }).expect("free ports")
}

fn address_of(running: &Running, wanted: Transport) -> SocketAddr {
    let found = running.plan().sip.listen.iter().find(|(transport, _)| *transport == wanted);
    found.expect("the plan listens on it").1
}

#[test]
fn a_carrier_that_asks_by_udp_is_answered() {
    let running = started_with_trunk();
    let socket = UdpSocket::bind(loopback()).expect("a free port");
    socket.set_read_timeout(Some(PATIENCE)).expect("a span");
    let question = options("UDP", socket.local_addr().expect("bound"));
    socket.send_to(question.as_bytes(), address_of(&running, Transport::Udp)).expect("sent");
    let mut answer = [0; 4096];
    let (length, _) = socket.recv_from(&mut answer).expect("an answer");
    assert!(answer[..length].starts_with(b"SIP/2.0 200 "), "{}", String::from_utf8_lossy(&answer[..length]));
    running.stop().expect("a clean end");
}

#[test]
fn a_carrier_that_asks_by_tcp_is_answered_on_its_connection() {
    // RFC 3261, 18.2.2: over a reliable transport the response uses the connection of the request.
    let running = started_with_trunk();
    let mut stream = TcpStream::connect(address_of(&running, Transport::Tcp)).expect("accepted");
    stream.set_read_timeout(Some(PATIENCE)).expect("a span");
    let question = options("TCP", stream.local_addr().expect("connected"));
    stream.write_all(question.as_bytes()).expect("written");
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"SIP/2.0 200 ");
    running.stop().expect("a clean end");
}

#[test]
fn every_family_that_is_served_is_in_the_list_for_people() {
    let running = started();
    let list = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/METRICS.md");
    let list = std::fs::read_to_string(list).expect("docs/METRICS.md");
    let text = page(running.plan().http, "/metrics");
    running.stop().expect("a clean end");
    let families: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    assert!(families.len() > 40, "{families:?}");
    for family in families {
        assert!(list.contains(&format!("| `{family}` |")), "docs/METRICS.md does not list {family}");
    }
}

/// The first line of the control socket's answer to a question.
fn asked(path: &std::path::Path, question: &str) -> String {
    let mut stream = std::os::unix::net::UnixStream::connect(path).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a span");
    // One write: turno may close the connection when it has read enough, and a second write would fail.
    stream.write_all(question.as_bytes()).expect("asked");
    let mut answer = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(stream), &mut answer).expect("answered");
    answer
}

#[test]
fn whoever_asks_for_a_trace_where_nothing_is_kept_is_told_why() {
    let path = std::env::temp_dir().join(format!("turno-control-{}-off", std::process::id()));
    let control = Control::At(path.clone());
    let mut plan = small_plan(loopback());
    plan.trace = None;
    let running = start(Arc::new(plan), Options { control, ..Options::default() }).expect("free ports");
    assert_eq!(running.control(), Some(path.as_path()));
    let list = Request::Trace(Ask {
        what: What::List(9),
        follow: false,
        numbers: Numbers::Short,
        language: None,
        locale: None,
    })
    .lines();
    assert!(asked(&path, &list).contains("memory = \\\"none\\\""), "{}", asked(&path, &list));
    running.stop().expect("a clean end");
    assert!(!path.exists());
}

#[test]
fn what_the_control_socket_does_not_understand_it_refuses_in_one_line() {
    let (folder, control) = own_places("nonsense");
    let running = start(Arc::new(small_plan(loopback())), Options { control, ..Options::default() })
        .expect("free ports");
    let path = running.control().expect("it listens").to_owned();
    let long = format!("\"{}\"\n", "x".repeat(1_500));
    let far_too_long = "x".repeat(turno_control::REQUEST_BYTES_MAX);
    let older = "{\"what\":\"last\",\"follow\":false,\"numbers\":\"short\"}\n";
    let questions = [
        ("hello\n", "its first line is not `turno-control 8`"),
        (&long, "its first line is not `turno-control 8`"),
        (&far_too_long, "longer than 8192 bytes"),
        (&format!("turno-control 8\n{far_too_long}"), "longer than 8192 bytes"),
        (older, "older version"),
        ("turno-control 3\n{}\n", "speaks version 8"),
        ("turno-control 8\n{\"fly\":1}\n", "unknown variant `fly`"),
        ("turno-control 8\n\u{1f}\n", "does not understand"),
    ];
    for (question, why) in questions {
        let answer = asked(&path, question);
        assert!(answer.contains("does not understand") && answer.contains(why), "{question:.60}: {answer}");
    }
    running.stop().expect("a clean end");
    std::fs::remove_dir_all(folder).expect("ours");
}

#[test]
fn a_supervisor_acts_for_an_agent_over_the_control_socket() {
    let (folder, control) = own_places("acts");
    let running = start(Arc::new(small_plan(loopback())), Options { control, ..Options::default() })
        .expect("free ports");
    let path = running.control().expect("it listens").to_owned();
    let who = running.plan().agents[0].extension.as_str().into();
    let told = |spoken: Spoken| {
        Answer::read(asked(&path, &Request::Act(spoken).lines()).as_bytes()).expect("an answer")
    };
    assert_eq!(told(Act::LogIn("none".into())), Answer::NotDone(Refusal::NoSuchAgent));
    let resolved = Act::TrunkResolved(turno_model::TrunkId(0), Vec::new());
    assert_eq!(told(resolved), Answer::NotDone(Refusal::NotForAsker), "that is for turno itself");
    assert_eq!(told(Act::Ban([192, 0, 2, 9].into(), PATIENCE)), Answer::Done(Done::Now));
    assert_eq!(told(Act::LogOut(who)), Answer::Done(Done::Now));
    assert_eq!(told(Act::Stop), Answer::Done(Done::Now));
    assert_eq!(running.wait(), Ok(()));
    std::fs::remove_dir_all(folder).expect("ours");
}

#[test]
fn a_control_socket_is_gone_when_turno_has_stopped() {
    let (folder, control) = own_places("gone");
    let running = start(Arc::new(small_plan(loopback())), Options { control, ..Options::default() })
        .expect("free ports");
    let path = running.control().expect("it listens").to_owned();
    std::fs::metadata(&path).expect("it is there");
    running.stop().expect("a clean end");
    assert!(!path.exists());
    std::fs::remove_dir_all(folder).expect("ours");
}

#[test]
fn a_burst_is_kept_to_the_last_message() {
    // One turn of the engine's thread handles 64 datagrams and answers each, which is more than one buffer holds.
    let running = started_with_trunk();
    let socket = UdpSocket::bind(loopback()).expect("a free port");
    let question = options("UDP", socket.local_addr().expect("bound"));
    let to = address_of(&running, Transport::Udp);
    for number in 0..400 {
        let question = question.replace("monitor-1", &format!("monitor-{number}"));
        socket.send_to(question.as_bytes(), to).expect("sent");
    }
    let http = running.plan().http;
    let kept = (0..10_000).any(|_| page(http, "/metrics").contains("turno_trace_messages 800\n"));
    let text = page(http, "/metrics");
    assert!(kept && text.contains("turno_trace_unseen_total 0\n"), "{text}");
    running.stop().expect("a clean end");
}

#[test]
fn messages_that_are_no_contacts_are_kept_and_counted_too() {
    let running = started_with_trunk();
    let socket = UdpSocket::bind(loopback()).expect("a free port");
    socket.set_read_timeout(Some(PATIENCE)).expect("a span");
    let question = options("UDP", socket.local_addr().expect("bound"));
    socket.send_to(question.as_bytes(), address_of(&running, Transport::Udp)).expect("sent");
    socket.recv_from(&mut [0; 4096]).expect("an answer");
    let http = running.plan().http;
    let kept = (0..10_000).any(|_| page(http, "/metrics").contains("turno_trace_messages 2\n"));
    assert!(kept, "the question and its answer");
    running.stop().expect("a clean end");
}

/// A folder and a control socket for one test.
fn own_places(name: &str) -> (std::path::PathBuf, Control) {
    let folder = std::env::temp_dir().join(format!("turno-run-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the temporary folder takes one");
    let control = Control::At(folder.join("control"));
    (folder, control)
}

#[test]
fn a_new_turno_takes_the_sockets_and_the_journal_over_and_the_old_one_ends() {
    // Wound: restart: everyone waiting is lost (A), marked abandoned (F), or comes back as a ghost (O).
    let (folder, control) = own_places("take-over");
    let options = Options {
        seed: Some(7),
        state: Some(folder.join("state")),
        control,
        take_over: true,
        ..Options::default()
    };
    let old = start(Arc::new(small_plan(loopback())), options.clone()).expect("nobody to take over from");
    let (_, sip) = old.plan().sip.listen[0];
    let (plan, pages) = (Arc::clone(old.plan()), old.plan().http);
    let waiting = std::thread::spawn(move || old.wait());
    let new = start(plan, options).expect("the old one hands over");
    assert_eq!(waiting.join().expect("no panic"), Ok(()));
    assert_eq!((new.plan().sip.listen[0].1, new.plan().http), (sip, pages));
    let phone = UdpSocket::bind(loopback()).expect("a free port");
    phone.set_read_timeout(Some(PATIENCE)).expect("a span");
    let here = phone.local_addr().expect("bound");
    let options = format!(
        "OPTIONS sip:{sip} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bKover\r\nMax-Forwards: 70\r\n\
         From: <sip:a@{here}>;tag=1\r\nTo: <sip:{sip}>\r\nCall-ID: over\r\nCSeq: 1 OPTIONS\r\n\
         Content-Length: 0\r\n\r\n"
    );
    phone.send_to(options.as_bytes(), sip).expect("loopback");
    let mut bytes = [0; 2_000];
    let length = phone
        .recv(&mut bytes)
        .expect("the new one answers on the old one's socket, and asks a stranger who it is");
    assert!(bytes[..length].starts_with(b"SIP/2.0 401"), "{}", String::from_utf8_lossy(&bytes[..length]));
    assert!(page(pages, "/health").contains("kept: a restart forgets nothing"));
    new.stop().expect("a clean end");
    std::fs::remove_dir_all(folder).expect("it is ours");
}

#[test]
fn a_turno_without_a_journal_does_not_hand_over_what_it_would_lose() {
    let (folder, control) = own_places("refused");
    let options = Options { seed: Some(7), control, take_over: true, ..Options::default() };
    let old = start(Arc::new(small_plan(loopback())), options.clone()).expect("nobody to take over from");
    let line = start(Arc::clone(old.plan()), options).expect_err("refused").to_string();
    assert!(line.contains("keeps no journal"), "{line}");
    assert!(old.is_running());
    old.stop().expect("a clean end");
    std::fs::remove_dir_all(folder).expect("it is ours");
}

#[test]
fn with_durability_power_every_answer_waits_for_the_disk_and_comes_all_the_same() {
    // Wound: the confirmed call of before the power cut is unknown afterwards.
    let (folder, _) = own_places("power");
    let mut plan = small_plan(loopback());
    plan.journal.durability = turno_model::plan::Durability::Power;
    let options = Options { seed: Some(7), state: Some(folder.join("state")), ..Options::default() };
    let running = start(Arc::new(plan), options).expect("free ports");
    let (_, sip) = running.plan().sip.listen[0];
    let phone = UdpSocket::bind(loopback()).expect("a free port");
    phone.set_read_timeout(Some(PATIENCE)).expect("a span");
    let here = phone.local_addr().expect("bound");
    let mut bytes = [0; 2_000];
    for number in 1..=20 {
        let register = format!(
            "REGISTER sip:{sip} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bKpower{number}\r\n\
             Max-Forwards: 70\r\nFrom: <sip:1001@{here}>;tag=1\r\nTo: <sip:1001@{sip}>\r\nCall-ID: power{number}\r\n\
             CSeq: {number} REGISTER\r\nContent-Length: 0\r\n\r\n"
        );
        phone.send_to(register.as_bytes(), sip).expect("loopback");
        let length = phone.recv(&mut bytes).expect("an answer");
        assert!(bytes[..length].starts_with(b"SIP/2.0 401"), "{}", String::from_utf8_lossy(&bytes[..length]));
    }
    let metrics = page(running.plan().http, "/metrics");
    let waits = metrics.lines().find_map(|line| line.strip_prefix("turno_journal_sync_seconds_count "));
    assert!(waits.and_then(|count| count.parse::<f64>().ok()).is_some_and(|count| count >= 1.0), "{metrics}");
    running.stop().expect("a clean end");
    std::fs::remove_dir_all(folder).expect("it is ours");
}
