//! A log whose reader is blocked or gone.

use core::time::Duration;
use std::io::{BufRead, BufReader};
use std::net::UdpSocket;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use turno_tests::wire::{Server, turno};

/// How long an answer may take on a loaded machine.
const SPAN: Duration = Duration::from_secs(30);

/// A turno that the test starts; dropping it kills turno.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Sends wrong passwords. Each makes a line in the log until the sender is banned; the first ones get an answer.
fn guesses(server: &Server) {
    let socket = UdpSocket::bind((server.peer(2), 0)).expect("a port of the test's own");
    socket.set_read_timeout(Some(SPAN)).expect("a span");
    let at = socket.local_addr().expect("it is bound");
    for number in 0..30 {
        let text = format!(
            "REGISTER sip:turno SIP/2.0\r\nVia: SIP/2.0/UDP {at};branch=z9hG4bK{number};rport\r\nMax-Forwards: 70\r\n\
             From: <sip:a001@turno>;tag={number}\r\nTo: <sip:a001@turno>\r\nCall-ID: {number}\r\nCSeq: 1 REGISTER\r\n\
             Contact: <sip:a001@{at}>\r\nAuthorization: Digest username=\"a001\", realm=\"turno\", nonce=\"n\", \
             uri=\"sip:turno\", response=\"0\"\r\nContent-Length: 0\r\n\r\n"
        );
        socket.send_to(text.as_bytes(), server.sip()).expect("sent");
        socket.send_to(b"garbage\r\n\r\n", server.sip()).expect("sent");
        if number < 5 {
            socket.recv(&mut [0; 2_000]).expect("an answer");
        }
    }
}

#[test]
fn a_log_whose_reader_has_gone_ends_nothing() {
    // Wound: the terminal or the log's pipe is closed; the next log line ends the switch, SIGTERM does nothing, and
    // every reload fails.
    let mut server = Server::lab();
    server.kill();
    let control = server.folder().join("another");
    let mut command = Command::new(turno());
    command.arg("serve").arg(server.plan()).arg("--control").arg(&control);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut running = Running(command.spawn().expect("it can be started"));
    let log = running.0.stderr.take().expect("it is piped");
    let mut lines = BufReader::new(log).lines();
    assert!(lines.any(|line| line.is_ok_and(|line| line.contains("turno serves"))), "it serves");
    drop(lines);
    guesses(&server);
    let reload = Command::new(turno()).arg("reload").arg("--control").arg(&control).output();
    let reload = reload.expect("it can be started");
    assert!(reload.status.success(), "{}", String::from_utf8_lossy(&reload.stderr));
    assert!(server.health().contains("\"status\":\"ok\""));
    let pid = Pid::from_child(&running.0);
    kill_process(pid, Signal::TERM).expect("it lives");
    assert!(running.0.wait().expect("it is ours").success(), "it stops as it is told");
}
