//! A whole turno on free ports of the loopback: bound, asked, refused, ended.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::sync::Arc;

use turno_ground::Transport;

use super::{Options, Running, start};
use crate::small_plan::{loopback, small_plan};

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
    assert!(line.contains("WSS") && line.contains("UDP or TCP"), "{line}");
}
