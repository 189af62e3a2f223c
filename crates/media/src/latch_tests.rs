//! Phones behind NAT, and attackers who want their audio.

use std::net::SocketAddr;

use crate::latch::Latch;
use crate::packet::Header;

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

fn packet(ssrc: u32, sequence: u16) -> Header {
    Header { marker: false, payload_type: 0, sequence, timestamp: 0, ssrc }
}

#[test]
fn an_outsider_cannot_steal_a_call_that_has_begun() {
    // The RTP bleed attack: spray packets over the port range to receive the caller's voice.
    let mut latch = Latch::default();
    latch.agree(address("192.168.1.5:4000"), true);
    assert_eq!(latch.destination(), Some(address("192.168.1.5:4000")));
    assert!(latch.admits(address("203.0.113.5:61000"), &packet(7, 100)));
    let thief = address("198.51.100.66:9999");
    for sequence in 0..500 {
        assert!(!latch.admits(thief, &packet(99, sequence)));
    }
    assert!(
        !latch.admits(thief, &packet(7, 99)),
        "the peer's source alone, without its place, is not enough"
    );
    assert!(!latch.admits(thief, &packet(7, 40_000)));
    assert_eq!(latch.destination(), Some(address("203.0.113.5:61000")));
}

#[test]
fn an_outsider_who_was_first_loses_to_the_address_in_the_sdp() {
    let mut latch = Latch::default();
    latch.agree(address("203.0.113.5:4000"), true);
    assert!(latch.admits(address("198.51.100.66:9999"), &packet(99, 1)));
    assert!(latch.admits(address("203.0.113.5:4000"), &packet(7, 100)));
    assert!(!latch.admits(address("198.51.100.66:9999"), &packet(99, 2)));
    assert_eq!(latch.destination(), Some(address("203.0.113.5:4000")));
}

#[test]
fn a_teleworker_whose_router_changes_its_mapping_goes_on_talking() {
    let mut latch = Latch::default();
    latch.agree(address("192.168.1.5:4000"), true);
    assert!(latch.admits(address("203.0.113.5:61000"), &packet(7, 65_535)));
    assert!(latch.admits(address("203.0.113.5:61022"), &packet(7, 2)));
    assert_eq!(latch.destination(), Some(address("203.0.113.5:61022")));
}

#[test]
fn a_hold_and_its_end_keep_what_was_learned() {
    // A re-INVITE with the same private address must not redirect the voice there again.
    let mut latch = Latch::default();
    latch.agree(address("192.168.1.5:4000"), true);
    assert!(latch.admits(address("203.0.113.5:61000"), &packet(7, 1)));
    latch.agree(address("0.0.0.0:4000"), true);
    latch.agree(address("192.168.1.5:4000"), true);
    assert_eq!(latch.destination(), Some(address("203.0.113.5:61000")));
    latch.agree(address("192.168.1.9:4000"), true);
    assert_eq!(latch.destination(), Some(address("192.168.1.9:4000")), "a new address starts anew");
}

#[test]
fn a_trunk_that_is_not_learned_from_is_heard_by_its_address_alone() {
    let mut latch = Latch::default();
    assert_eq!(latch.destination(), None);
    latch.agree(address("203.0.113.5:4000"), false);
    assert!(!latch.admits(address("198.51.100.66:4000"), &packet(1, 1)));
    assert!(latch.admits(address("203.0.113.5:5555"), &packet(1, 1)));
    assert_eq!(latch.destination(), Some(address("203.0.113.5:4000")), "the voice goes where the SDP says");
}

#[test]
fn a_phone_behind_nat_outranks_whoever_sprayed_its_port_first() {
    // The engine gives the router's address from the signalling; the router has assigned another port.
    let mut latch = Latch::default();
    latch.agree(address("203.0.113.5:4000"), true);
    assert!(latch.admits(address("198.51.100.66:9999"), &packet(99, 1)));
    assert!(latch.admits(address("203.0.113.5:61000"), &packet(7, 100)));
    assert!(!latch.admits(address("198.51.100.66:9999"), &packet(99, 2)));
    assert!(!latch.admits(address("203.0.113.5:50000"), &packet(99, 3)), "nor does a neighbour behind it");
    assert_eq!(latch.destination(), Some(address("203.0.113.5:61000")));
}
