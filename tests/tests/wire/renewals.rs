//! A successor fails, or a process is killed during a hand-over, while people talk through the real program.

use core::time::Duration;
use std::net::{SocketAddr, TcpListener};

use turno_phone::CallId;
use turno_tests::wire::{Breakage, Server, Softphone};

/// Each kill comes this much later in the hand-over: from before the successor asks until after it serves.
const KILL_STEP: Duration = Duration::from_millis(60);
/// Number of these kills.
const KILLS: u32 = 12;
/// Real-time signals that the C library leaves to programs.
const REAL_TIME: core::ops::RangeInclusive<i32> = 34..=64;
/// SIGUSR1, SIGPIPE, SIGALRM, SIGSTKFLT, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGIO, SIGPWR.
const MEANINGLESS: [i32; 10] = [10, 13, 14, 16, 24, 25, 26, 27, 29, 30];

fn talk(server: &mut Server) -> (Softphone, Softphone, CallId) {
    let agent = Softphone::agent(server, "a001");
    let mut line = Softphone::line(server);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let call = line.calls("0991234567", "7000");
    line.is_answered(call);
    still_talk(server);
    (agent, line, call)
}

fn still_talk(server: &mut Server) {
    server.wait_until("they talk", |now| now.sum("turno_agents", &["state=\"talking\""]) == 1.0);
}

/// Checks that the call has noticed nothing, and that it ends normally.
fn ends_well(server: &mut Server, (mut agent, mut line, call): (Softphone, Softphone, CallId)) {
    still_talk(server);
    agent.is_at_peace();
    line.is_at_peace();
    line.hangs_up(call);
    agent.is_hung_up_on();
    server.wait_until("all is over", |now| now.sum("turno_sip_dialogs", &[]) == 0.0);
}

#[test]
fn a_reload_for_which_no_successor_can_start_is_said_and_the_talk_goes_on() {
    // Wound: [http] listen is changed to a port that another program holds; the reload says success, and nobody runs.
    let mut server = Server::lab_kept_with(&[]);
    let people = talk(&mut server);
    let held = TcpListener::bind(SocketAddr::new(server.http().ip(), 0)).expect("a free port");
    let port = held.local_addr().expect("bound").port().to_string();
    server.edit(&[(":8080", &format!(":{port}"))]);
    let (code, said) = server.reload();
    assert_eq!(code, Some(4), "{said}");
    for words in ["http", &port, "in use", "this turno goes on as it was"] {
        assert!(said.contains(words), "{words} is not in:\n{said}");
    }
    still_talk(&mut server);
    // The same holds for a successor that is started by hand, and for an address that the machine does not have.
    let (code, said) = server.is_not_taken_over();
    assert!(code == Some(4) && said.contains("in use"), "{said}");
    server.edit(&[
        (&format!(":{port}"), ":8080"),
        ("listen = [\"udp:", "listen = [\"udp:192.0.2.1:5060\", \"udp:"),
    ]);
    let (code, said) = server.reload();
    assert!(code == Some(4) && said.contains("no address 192.0.2.1"), "{code:?} {said}");
    server.said("as if nothing had been");
    // A successor with a correct plan takes over.
    server.edit(&[("\"udp:192.0.2.1:5060\", ", ""), ("[http]", "[trace]\nmemory = 8\n\n[http]")]);
    let (code, said) = server.reload();
    assert!(code == Some(0) && said.contains("the successor serves, as process"), "{code:?} {said}");
    server.followed_by_successor();
    ends_well(&mut server, people);
    server.stop();
}

#[test]
fn an_old_turno_that_is_killed_while_a_successor_asks_it_is_followed_all_the_same() {
    // Wound: the old turno is killed 57 to 90 ms after a successor was started: 'it has gone', and nobody runs.
    let mut server = Server::lab_kept_with(&[]);
    let people = talk(&mut server);
    for kill in 0..KILLS {
        let next = server.begins_to_take_over(&format!("turno-next-{kill}.txt"));
        let _ = server.has_ended(KILL_STEP * kill);
        server.kill();
        server.is_now(next);
        still_talk(&mut server);
    }
    ends_well(&mut server, people);
    server.stop();
}

#[test]
fn a_successor_that_is_killed_at_any_moment_leaves_a_turno_that_serves() {
    let mut server = Server::lab_kept_with(&[]);
    let people = talk(&mut server);
    for kill in 0..KILLS {
        let mut next = server.begins_to_take_over(&format!("turno-next-{kill}.txt"));
        let _ = next.wait(KILL_STEP * kill);
        next.kill();
        // If the successor served already, a service manager would start it again; the old one has its last facts to write.
        let has_handed_over =
            |server: &Server| server.has_said(&format!("handed over process={}", next.id()));
        if server.has_ended(KILL_STEP) || has_handed_over(&server) {
            assert!(server.has_ended(Duration::from_secs(10)), "it ends when it has handed over");
            server.start_again();
        }
        still_talk(&mut server);
    }
    ends_well(&mut server, people);
    server.stop();
}

#[test]
fn no_signal_but_a_stop_ends_it() {
    // Wound: SIGUSR1 ends it at once, without a line.
    let mut server = Server::lab_kept_with(&[]);
    let people = talk(&mut server);
    for number in MEANINGLESS.into_iter().chain(REAL_TIME) {
        server.signal(number);
    }
    server.said("a signal that means nothing to turno was ignored");
    assert!(!server.has_ended(Duration::from_millis(100)));
    ends_well(&mut server, people);
    // SIGQUIT is a stop.
    server.signal(3);
    server.said("asked to stop");
    server.ends();
}

#[test]
fn a_successor_that_finds_a_read_only_disk_leaves_the_old_turno_as_it_was() {
    // Wound: the old one ends with 0, the successor with 4, and nobody runs.
    // The test has its own small disk.
    let Some(mut server) = Server::lab_on_own_disk(&[("[http]", "[journal]\nsegment = 1\n\n[http]")]) else {
        return;
    };
    let people = talk(&mut server);
    server.breaks_disk(Breakage::ReadOnly);
    let (code, said) = server.is_not_taken_over_there();
    assert!(code == Some(4) && said.contains("Read-only"), "{code:?} {said}");
    ends_well(&mut server, people);
    server.stop();
}

#[test]
fn a_container_goes_on_with_the_successor_and_ends_with_it() {
    // Wound: the first process of a container hands over and ends, and with it the container and the successor.
    let Some(mut server) = Server::lab_as_first_process(&[]) else { return };
    let people = talk(&mut server);
    server.edit(&[("[http]", "[trace]\nmemory = 8\n\n[http]")]);
    let (code, said) = server.reload();
    assert!(code == Some(0) && said.contains("the successor serves, as process"), "{code:?} {said}");
    server.said("process 1 stays for the turno that serves");
    still_talk(&mut server);
    // A signal to process 1 starts the next successor.
    server.signal_first_process(12);
    server.said("process 1 stays for the next turno");
    assert!(!server.has_ended(Duration::from_millis(100)));
    ends_well(&mut server, people);
    server.signal_first_process(15);
    server.ends();
}
