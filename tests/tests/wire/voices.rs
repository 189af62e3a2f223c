//! Two third-party softphones hear each other through turno.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use turno_tests::wire::{Baresip, Server, dominant_hertz, is_missing, server_port_on_ipv6};

/// Tone of the caller's phone, in hertz.
const CITIZEN: u32 = 440;
/// Tone of the agent's phone, in hertz.
const AGENT: u32 = 1_000;
/// The tones among which the strongest is searched.
const HEARABLE: [u32; 6] = [300, CITIZEN, 620, 800, AGENT, 1_300];
/// Packets of about two seconds of talk in both directions.
const ENOUGH_PACKETS: f64 = 300.0;

#[test]
fn an_agent_on_ipv6_and_a_citizen_on_ipv4_hear_each_other() {
    // RFC 8866, 5.7: each leg has an address of its peer's family. Wound: `c=IN IP4` to an IPv6 phone, which hung up.
    if is_missing(&["baresip", "cc"]) {
        return;
    }
    let at = SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), server_port_on_ipv6());
    let listens = format!("\"tcp:127.0.0.1:5060\", \"udp:{at}\"]");
    let mut server = Server::lab_with(&[("\"tcp:127.0.0.1:5060\"]", &listens)]);
    let agent = Baresip::agent_on_ipv6(&server, "a001", at, AGENT);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let citizen = Baresip::citizen(&server, "0991234567", server.peer(3), CITIZEN, "7000");
    server.wait_until("they talk", |now| now.sum("turno_agents", &["state=\"talking\""]) == 1.0);
    let before = server.scrape().sum("turno_rtp_packets_total", &["direction=\"in\""]);
    server.wait_until("they have talked", |now| {
        now.sum("turno_rtp_packets_total", &["direction=\"in\""]) >= before + ENOUGH_PACKETS
    });
    let heard_by_citizen = citizen.stop();
    let heard_by_agent = agent.stop();
    assert_eq!(dominant_hertz(&heard_by_agent, &HEARABLE), Some(CITIZEN), "what the agent heard");
    assert_eq!(dominant_hertz(&heard_by_citizen, &HEARABLE), Some(AGENT), "what the citizen heard");
    server.stop();
}

#[test]
fn each_side_hears_the_tone_of_the_other() {
    if is_missing(&["baresip", "cc"]) {
        return;
    }
    let mut server = Server::lab();
    let agent = Baresip::agent(&server, "a001", server.peer(2), AGENT);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let citizen = Baresip::citizen(&server, "0991234567", server.peer(3), CITIZEN, "7000");
    server.wait_until("they talk", |now| now.sum("turno_agents", &["state=\"talking\""]) == 1.0);
    let before = server.scrape().sum("turno_rtp_packets_total", &["direction=\"in\""]);
    server.wait_until("they have talked", |now| {
        now.sum("turno_rtp_packets_total", &["direction=\"in\""]) >= before + ENOUGH_PACKETS
    });
    let heard_by_citizen = citizen.stop();
    let heard_by_agent = agent.stop();
    assert_eq!(dominant_hertz(&heard_by_agent, &HEARABLE), Some(CITIZEN), "what the agent heard");
    assert_eq!(dominant_hertz(&heard_by_citizen, &HEARABLE), Some(AGENT), "what the citizen heard");
    server.wait_until("the contact is booked", |now| now.contacts("lab", "answered") == 1.0);
    server.stop();
}
