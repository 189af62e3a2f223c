//! Tests of the rate limit against floods, scanners and forged sources.

use core::net::{IpAddr, Ipv6Addr};
use core::time::Duration;

use turno_ground::{Moment, Transport};
use turno_model::FencePlan;

use super::{Dropped, RateLimit, Why};

const INVITE: &[u8] =
    b"INVITE sip:1800@turno SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nTo: <sip:1800@turno>\r\n\r\n";
const OPTIONS: &[u8] = b"OPTIONS sip:turno SIP/2.0\r\nTo: <sip:turno>\r\n\r\n";
const SCAN: &[u8] = b"OPTIONS sip:turno SIP/2.0\r\nUser-Agent: Friendly-Scanner\r\n\r\n";

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn start() -> Moment {
    Moment::from_secs(1_000)
}

fn fence(plan: FencePlan) -> RateLimit {
    RateLimit::new(&plan, Some(50))
}

fn admitted(fence: &mut RateLimit, from: IpAddr, bytes: &[u8], count: usize, now: Moment) -> usize {
    (0..count).filter(|_| fence.admit(from, Transport::Udp, bytes, now)).count()
}

#[test]
fn a_flooding_stranger_is_cut_and_comes_back_to_its_allowance() {
    let mut fence = fence(FencePlan::default());
    assert_eq!(admitted(&mut fence, ip("192.0.2.9"), OPTIONS, 1_000, start()), 100);
    let later = start() + Duration::from_secs(1);
    assert_eq!(admitted(&mut fence, ip("192.0.2.9"), OPTIONS, 1_000, later), 50);
    assert_eq!(admitted(&mut fence, ip("192.0.2.10"), OPTIONS, 10, later), 10);
    assert_eq!(fence.seen().dropped[Dropped::Requests as usize], 1_850);
}

#[test]
fn new_calls_have_an_allowance_of_their_own() {
    let mut fence = fence(FencePlan::default());
    assert_eq!(admitted(&mut fence, ip("192.0.2.9"), INVITE, 60, start()), 20);
    assert_eq!(fence.seen().dropped[Dropped::Calls as usize], 40);
    assert_eq!(admitted(&mut fence, ip("192.0.2.9"), OPTIONS, 10, start()), 10, "other requests go on");
}

#[test]
fn a_customer_with_a_whole_ipv6_network_is_one_source() {
    let mut fence = fence(FencePlan::default());
    let first = ip("2001:db8:1:2::");
    let IpAddr::V6(first) = first else { panic!("it is IPv6") };
    let own = |host: u128| IpAddr::V6(Ipv6Addr::from_bits(first.to_bits() + host));
    let sum: usize = (0..1_000).map(|host| admitted(&mut fence, own(host), OPTIONS, 1, start())).sum();
    assert_eq!(sum, 100);
    assert_eq!(
        admitted(&mut fence, ip("2001:db8:1:3::1"), OPTIONS, 10, start()),
        10,
        "a neighbour is not meant"
    );
    assert!(fence.ban(own(7), Duration::from_secs(60), start()).is_ok());
    assert_eq!(fence.bans(start())[0].source, "2001:db8:1:2::/64");
    // The same IPv4 address on an IPv4 and on an IPv6 socket.
    assert_eq!(admitted(&mut fence, ip("192.0.2.1"), OPTIONS, 100, start()), 100);
    assert_eq!(admitted(&mut fence, ip("::ffff:192.0.2.1"), OPTIONS, 100, start()), 0);
}

#[test]
fn a_scanner_is_not_answered_and_is_banned_only_if_it_was_really_there() {
    let mut fence = fence(FencePlan::default());
    assert_eq!(admitted(&mut fence, ip("192.0.2.9"), SCAN, 10_000, start()), 0);
    assert_eq!(fence.seen().dropped[Dropped::Scanner as usize], 10_000);
    assert!(fence.bans(start()).is_empty(), "anybody can write 192.0.2.9 on a datagram");
    assert!(!fence.admit(ip("192.0.2.9"), Transport::Tcp, SCAN, start()));
    assert_eq!(fence.bans(start()).len(), 1);
    assert!(!fence.admit(ip("192.0.2.9"), Transport::Udp, OPTIONS, start()));
}

#[test]
fn bans_grow_end_and_are_forgotten() {
    let plan =
        FencePlan { ban: Duration::from_secs(60), ban_max: Duration::from_secs(600), ..FencePlan::default() };
    let mut fence = fence(plan);
    let source = ip("192.0.2.9");
    let mut now = start();
    let mut spans = Vec::new();
    for _ in 0..6 {
        for _ in 0..10 {
            fence.failed(source, Why::Passwords, true, now);
        }
        let ban = fence.bans(now).remove(0);
        spans.push(ban.until.since(ban.since).as_secs());
        now = ban.until;
        assert!(fence.bans(now).is_empty(), "it is over");
        now = now + Duration::from_secs(3);
        assert!(fence.admit(source, Transport::Udp, OPTIONS, now));
    }
    assert_eq!(spans, [60, 120, 240, 480, 600, 600]);
    now = now + Duration::from_secs(601);
    assert!(fence.ban(ip("192.0.2.1"), Duration::from_secs(1), now).is_ok());
    assert_eq!(fence.seen().remembered, 1, "the old one is forgotten");
}

#[test]
fn nine_mistakes_are_forgiven_and_so_is_whoever_stands_on_the_list() {
    let plan = FencePlan { never_ban: vec![(ip("10.0.0.0"), 8)], ..FencePlan::default() };
    let mut fence = fence(plan);
    for round in 0..10 {
        for _ in 0..9 {
            fence.failed(ip("192.0.2.9"), Why::Passwords, true, start() + Duration::from_secs(301 * round));
        }
    }
    for _ in 0..1_000 {
        fence.failed(ip("10.1.2.3"), Why::Passwords, true, start());
    }
    assert!(fence.bans(start()).is_empty());
    assert!(fence.ban(ip("10.1.2.3"), Duration::from_secs(60), start()).is_err());
}

#[test]
fn forged_failures_ban_nobody() {
    let mut fence = fence(FencePlan::default());
    for number in 0..100_000 {
        let now = start() + Duration::from_millis(number);
        fence.failed(ip("192.0.2.9"), Why::Passwords, false, now);
        fence.failed(ip("192.0.2.9"), Why::Malformed, false, now);
    }
    assert!(fence.bans(start()).is_empty());
    assert_eq!(fence.seen().banned, [0; 5]);
}

#[test]
fn a_million_sources_fill_two_generations_and_a_bounded_list_of_bans() {
    let mut fence = fence(FencePlan::default());
    for number in 0..1_000_000_u32 {
        let from = IpAddr::V4(core::net::Ipv4Addr::from_bits(number));
        fence.admit(from, Transport::Udp, OPTIONS, start());
        if number % 10 == 0 {
            assert!(
                fence
                    .ban(from, Duration::from_secs(60), start() + Duration::from_micros(number.into()))
                    .is_ok()
            );
        }
    }
    assert!(fence.sources.len() <= 16_384, "{}", fence.sources.len());
    assert_eq!(fence.seen().remembered, 4_096);
}
