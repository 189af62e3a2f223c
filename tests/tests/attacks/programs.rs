//! Real attack programs against a real turno on loopback: sipvicious, plain and disguised, slow readers, and floods.

use core::time::Duration;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::path::Path;
use std::process::Command;

use turno_tests::wire::{Program, Server, is_missing};

use crate::letter::Letter;

/// Folder of Debian's sipvicious.
const SIPVICIOUS: &str = "/usr/share/sipvicious/sipvicious";

/// How long a run of one of its programs may take.
const RUN_SPAN: Duration = Duration::from_secs(60);

/// Changes of the lab's plan: no trunk on the loopback, so that loopback addresses are unknown sources.
const STRANGERS: [(&str, &str); 2] = [
    ("addresses = [\"127.0.0.0/8\"]", "addresses = [\"192.0.2.1\"]"),
    ("requests_per_source_max = \"none\"", "requests_per_source_max = 50"),
];

fn server() -> Server {
    Server::lab_with(&STRANGERS)
}

/// Runs one of sipvicious's programs, with `disguise` under the names of an honest phone, and returns its output.
fn vicious(server: &Server, program: &str, arguments: &[&str], disguise: bool) -> String {
    let folder = server.folder().join(&format!("{program}-{disguise}"));
    std::fs::create_dir_all(folder.join("sipvicious/libs")).expect("the folder is ours");
    for part in ["", "libs"] {
        for file in std::fs::read_dir(Path::new(SIPVICIOUS).join(part)).expect("sipvicious is installed") {
            let file = file.expect("it can be read").path();
            if file.extension().is_some_and(|extension| extension == "py") {
                let mut text = std::fs::read_to_string(&file).expect("it is text");
                if disguise {
                    text = text
                        .replace("friendly-scanner", "Linphone/5.2")
                        .replace("\"sipvicious\"", "\"a001\"");
                }
                let name = file.file_name().expect("a file has a name");
                std::fs::write(folder.join("sipvicious").join(part).join(name), text)
                    .expect("the folder is ours");
            }
        }
    }
    let ip = server.sip().ip().to_string();
    let mut command = Command::new("python3");
    command.current_dir(&folder).env("HOME", &folder).arg("-c");
    command
        .arg(format!("import sys; sys.argv[0] = '{program}'; from sipvicious.{program} import main; main()"));
    command.args(arguments).arg(ip);
    let said = folder.join("said");
    let mut run = Program::start(&mut command, &said);
    run.wait(RUN_SPAN);
    drop(run);
    String::from_utf8_lossy(&std::fs::read(said).unwrap_or_default()).into_owned()
}

#[test]
fn sipvicious_finds_nothing_and_guesses_nothing() {
    if is_missing(&["python3", "svmap"]) {
        return;
    }
    let mut server = server();
    for (program, arguments) in
        [("svmap", &[][..]), ("svwar", &["-e100-120"]), ("svcrack", &["-ua001", "-r100-120"])]
    {
        let said = vicious(&server, program, arguments, false);
        assert!(!said.contains("Traceback"), "{program}: {said}");
        assert!(said.contains("found nothing"), "{program}: {said}");
    }
    let seen = server
        .wait_until("scanners are counted", |page| page.sum("turno_fence_dropped_total", &["scanner"]) > 2.0);
    println!(
        "attack: sipvicious as it comes: {} dropped",
        seen.sum("turno_fence_dropped_total", &["scanner"])
    );
    server.stop();
}

#[test]
fn a_disguised_sipvicious_is_shut_out_after_ten_guesses() {
    if is_missing(&["python3", "svmap"]) {
        return;
    }
    let mut server = server();
    // It finds a SIP server now, but no extension: all extensions get the same answer.
    let said = vicious(&server, "svwar", &["-e100-120", "-mINVITE"], true);
    assert!(!said.contains("Traceback"), "{said}");
    let said = vicious(&server, "svcrack", &["-ua001", "-r100-400"], true);
    assert!(!said.contains("Traceback") && !said.contains("The password for"), "{said}");
    let seen = server.wait_until("the guesser is shut out", |page| page.sum("turno_fence_bans", &[]) == 1.0);
    println!(
        "attack: sipvicious in disguise: {} messages in, {} out, {} dropped by the ban",
        seen.sum("turno_sip_messages_total", &["in"]),
        seen.sum("turno_sip_messages_total", &["out"]),
        seen.sum("turno_fence_dropped_total", &["banned"]),
    );
    let list = bans(&server, &["list"]);
    assert!(list.contains("passwords"), "{list}");
    let source = list.lines().nth(1).and_then(|row| row.split(' ').next()).expect("a row");
    assert!(bans(&server, &["lift", source]).contains("may come in again"));
    assert!(bans(&server, &["list"]).contains("nobody is banned"));
    assert!(bans(&server, &["ban", "192.0.2.77", "--for", "90s"]).contains("is shut out"));
    assert!(bans(&server, &["list"]).contains("operator"));
    assert!(bans(&server, &["ban", "192.0.2.1"]).contains("trunk"), "a trunk is never shut out");
    server.stop();
}

#[test]
fn who_is_shut_out_of_a_real_turno_stays_so_when_it_is_killed() {
    // Wound: an attacker who sees the switch restart has ten fresh guesses.
    let mut server = Server::lab_kept_with(&STRANGERS);
    let scan = Letter {
        method: "OPTIONS",
        to: "7000",
        from: "x",
        number: 1,
        extra: "User-Agent: friendly-scanner\r\n",
    };
    let mut stream = TcpStream::connect(server.sip()).expect("it listens");
    stream.write_all(scan.text().as_bytes()).expect("it is taken");
    server.wait_until("the scanner is shut out", |page| page.sum("turno_fence_bans", &[]) == 1.0);
    assert!(bans(&server, &["ban", "192.0.2.77", "--for", "3h"]).contains("is shut out"));
    let before = bans(&server, &["list"]);
    server.kill_and_start_again();
    let after = bans(&server, &["list"]);
    for word in ["scanner", "192.0.2.77", "operator"] {
        assert!(before.contains(word) && after.contains(word), "{before}\n{after}");
    }
    server.wait_until("both are counted", |page| page.sum("turno_fence_bans", &[]) == 2.0);
    assert!(bans(&server, &["lift", "192.0.2.77"]).contains("may come in again"));
    server.kill_and_start_again();
    assert!(!bans(&server, &["list"]).contains("192.0.2.77"));
    server.stop();
}

/// Runs `turno bans` with these arguments and returns its output.
fn bans(server: &Server, words: &[&str]) -> String {
    let mut command = Command::new(turno_tests::wire::turno());
    command.arg("bans").args(words).arg("--control").arg(server.folder().join("control"));
    let output = command.output().expect("it runs");
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn a_flood_of_everything_fills_neither_the_log_nor_the_memory() {
    // Wound: a flood once filled a peer's log with 13 GB in 15 minutes.
    let mut server = server();
    let before = server.scrape();
    let socket = UdpSocket::bind((server.peer(3), 0)).expect("a free port");
    let mut sent = 0;
    for number in 0..20_000 {
        let evil = "User-Agent: \u{1b}[2J\u{202e}evil\u{7}\r\nX-Log: {}%s%n\r\n";
        let method = ["INVITE", "REGISTER", "OPTIONS", "BYE", "NOTIFY", "WHAT\u{1b}EVER"][number % 6];
        let letter = Letter { method, to: "70\u{1b}[31m00", from: "x", number, extra: evil }.text();
        let cut = if number % 5 == 0 { letter.len() / 2 } else { letter.len() };
        sent += usize::from(socket.send_to(&letter.as_bytes()[..cut], server.sip()).is_ok());
    }
    // Connections that send HTTP or garbage.
    let mut streams = Vec::new();
    for number in 0..300 {
        if let Ok(mut stream) = TcpStream::connect(server.sip()) {
            let _ = stream.write_all(if number % 2 == 0 { b"GET / HTTP/1.1\r\n\r\n" } else { b"\x1b[2J" });
            streams.push(stream);
        }
    }
    let after = server.wait_until("the flood is over", |page| {
        let ended = page.sum("turno_streams_ended_total", &[]) + page.sum("turno_streams_refused_total", &[]);
        page.sum("turno_fence_dropped_total", &[]) > 0.0 && ended > 100.0
    });
    let log = server.folder().read("turno.txt");
    let memory = |page: &turno_tests::wire::Scrape| page.sum("process_resident_memory_bytes", &[]);
    let grown = (memory(&after) - memory(&before)) / 1024.0;
    println!(
        "attack: {sent} hostile datagrams and {} streams: {} bytes of log, memory grew by {grown:.0} KiB, {} transactions",
        streams.len(),
        log.len(),
        after.sum("turno_sip_transactions", &[])
    );
    assert!(log.len() < 20_000, "{} bytes of log", log.len());
    let dangerous =
        |sign: char| (sign.is_control() && sign != '\n') || matches!(sign, '\u{202a}'..='\u{202e}');
    assert!(!log.contains(dangerous), "a line was forged: {}", log.escape_debug());
    assert!(grown < 64.0 * 1024.0, "{grown} KiB");
    server.stop();
}

#[test]
fn whoever_keeps_the_pages_waiting_does_not_keep_prometheus_out() {
    // Slowloris: clients whose request heads never end.
    let mut server = server();
    let mut slow = Vec::new();
    for _ in 0..300 {
        let mut stream = TcpStream::connect(server.http()).expect("it listens");
        // turno may have closed it already to make room for others.
        let _ = stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\nX-Slow: ");
        slow.push(stream);
    }
    assert!(server.scrape().sum("process_threads", &[]) > 0.0, "pages are served beside them");
    let mut last = slow.pop().expect("there are three hundred");
    last.set_read_timeout(Some(Duration::from_secs(30))).expect("a span");
    let mut answer = Vec::new();
    let read = last.read_to_end(&mut answer);
    assert!(read.is_ok(), "turno closes what is too slow: {read:?}");
    server.wait_until("all is well", |_| true);
    server.stop();
}

#[test]
fn whoever_never_reads_its_answers_is_cut_off() {
    // A connection that does not read its answers gets a bounded queue and is closed when that is full.
    let mut server = server();
    let address: SocketAddr = server.sip();
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_write_timeout(Some(Duration::from_secs(5))).expect("a span");
    for number in 0..100_000 {
        let letter = Letter { method: "OPTIONS", to: "7000", from: "a001", number, extra: "" }.text();
        if stream.write_all(letter.as_bytes()).is_err() {
            break;
        }
    }
    let seen = server.scrape();
    println!(
        "attack: a stream that never reads: {} messages in, memory {:.0} MiB",
        seen.sum("turno_sip_messages_total", &["in"]),
        seen.sum("process_resident_memory_bytes", &[]) / 1_048_576.0
    );
    assert!(seen.sum("process_resident_memory_bytes", &[]) < 200.0 * 1_048_576.0);
    drop(stream);
    server.wait_until("the stream is gone", |page| page.sum("turno_streams", &[]) == 0.0);
    server.stop();
}
