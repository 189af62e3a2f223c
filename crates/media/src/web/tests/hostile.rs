//! Strangers at the browsers' port: they get no answer, and turno keeps nothing of them.

use std::net::SocketAddr;

use crate::stage_tests::{AGENT, CALLER, Voice, encoding};
use crate::web::dtls::Handshake;
use crate::web::identity::Identity;
use crate::web::stun::check;
use crate::web::tests::browser::{Browser, credentials, engine, web_stage};
use turno_media_plan::{Codec, DtlsRole, Insecure, MediaEvent, Shown};

#[test]
fn ten_thousand_strangers_get_no_answer_and_take_no_memory() {
    let mut stage = web_stage();
    let mut browser = Browser::joins(&mut stage, AGENT, "192.0.2.90:50000");
    browser.hears(&mut stage);
    let stranger = Identity::generate().expect("a certificate");
    let any = stranger.fingerprint();
    let mut hello = Handshake::new(&stranger, (DtlsRole::Client, Shown::First), any).expect("a handshake");
    hello.begin(stage.exchange.web.instant(stage.now).expect("it is open"));
    let hello = hello.write().expect("a ClientHello").to_vec();
    let known = credentials("ours-2");
    let checks = [
        check("nobody:theirs", "any password at all, guessed", true, 1),
        check("ours-2:theirs", "any password at all, guessed", true, 2),
        check(&format!("{}:theirs", known.ufrag), &known.password[1..], true, 3),
    ];
    let voice = Voice::new(9, encoding(Codec::Pcma), 400.0).next();
    for number in 0..10_000u32 {
        let [a, b, ..] = number.to_be_bytes()[2..] else { continue };
        let at = SocketAddr::from(([203, 0, 113, a], 1_024 + u16::from(b)));
        for packet in checks.iter().chain([&hello, &voice]) {
            assert!(!stage.exchange.handle_web(at, &mut packet.clone(), stage.now, &mut stage.sent));
        }
    }
    assert!(stage.sent.rtp.is_empty() && stage.sent.rtcp.is_empty() && stage.sent.events.is_empty());
    assert_eq!(stage.exchange.web.len(), (1, 1), "one browser by one fragment and one address");
    assert!(browser.checks(&mut stage, true), "the one that we know is served");
}

#[test]
fn a_browser_has_few_addresses_and_all_go_when_it_goes() {
    let mut stage = web_stage();
    let mut browser = Browser::joins(&mut stage, AGENT, "192.0.2.90:50000");
    for port in 50_000..51_000 {
        browser.at.set_port(port);
        assert!(browser.checks(&mut stage, true));
    }
    engine(&mut stage);
    assert_eq!(stage.exchange.web.len(), (1, 4));
    stage.close(AGENT);
    assert_eq!(stage.exchange.web.len(), (0, 0));
    assert!(!browser.checks(&mut stage, true));
}

#[test]
fn nobody_takes_the_address_of_a_browser_that_is_there() {
    // Bad input: a page of our own with the forged address of another one.
    let mut stage = web_stage();
    let mut browser = Browser::joins(&mut stage, AGENT, "192.0.2.90:50000");
    let mut thief = Browser::comes_later(&mut stage, CALLER, "192.0.2.90:50000");
    assert!(!thief.checks(&mut stage, true));
    let mut voice = Voice::new(9, encoding(Codec::Pcma), 400.0);
    assert!(browser.say(&mut stage, &voice.next()));
    stage.pass(10_000);
    assert!(thief.checks(&mut stage, true), "a NAT may give it to the next one");
}

#[test]
fn whoever_shows_a_certificate_without_its_key_gets_no_keys() {
    // A certificate travels in the open, so only a signature proves whose it is.
    let mut stage = web_stage();
    let browser = Browser::comes(&mut stage, AGENT, "192.0.2.90:50000");
    let mut thief = Browser::thief(&browser);
    thief.shakes(&mut stage);
    assert!(!thief.has_keys() && engine(&mut stage).is_none());
    stage.pass(25_000);
    let late = MediaEvent::Insecure { stream: AGENT, why: Insecure::NoHandshake };
    assert!(stage.sent.events.contains(&late), "{:?}", stage.sent.events);
}

#[test]
fn garbage_from_a_known_address_ends_nothing() {
    let mut stage = web_stage();
    let mut browser = Browser::comes(&mut stage, AGENT, "192.0.2.90:50000");
    let mut noise = turno_ground::Rng::new(5);
    for _ in 0..2_000 {
        let length = 1 + noise.below(200) as usize;
        let mut packet: Vec<u8> = (0..length).map(|_| noise.number() as u8).collect();
        packet[0] = [1, 22, 20, 23, 63, 130, 144][noise.below(7) as usize];
        stage.exchange.handle_web(browser.at, &mut packet, stage.now, &mut stage.sent);
    }
    stage.sent.rtcp.clear();
    browser.shakes(&mut stage);
    assert!(browser.has_keys() && engine(&mut stage).is_some());
    for _ in 0..2_000 {
        let length = 12 + noise.below(200) as usize;
        let mut packet: Vec<u8> = (0..length).map(|_| noise.number() as u8).collect();
        packet[0] = [22, 130, 144, 200, 255, 64][noise.below(6) as usize];
        assert!(
            !stage.exchange.handle_web(browser.at, &mut packet, stage.now, &mut stage.sent)
                || packet[0] == 22
        );
    }
    let mut voice = Voice::new(9, encoding(Codec::Pcma), 400.0);
    assert!(browser.say(&mut stage, &voice.next()));
}
