//! Browsers in the exchange: checks, handshake, voice, another network, a restart, and strangers.

mod browser;
mod cut;
mod hostile;
mod restart;

use core::time::Duration;

use turno_media_plan::{
    Audio, Codec, Direction, Fingerprint, Hash, IceCredentials, Insecure, MediaCommand, MediaEvent, WebTerms,
};

use crate::goertzel::level;
use crate::stage_tests::{
    AGENT, CALLER, Stage, Voice, assert_one_source, encoding, phone, samples, together,
};
use crate::web::tests::browser::{Browser, credentials, engine, terms, web_stage};

#[test]
fn a_browser_and_a_phone_hear_each_other_without_transcoding() {
    let mut stage = web_stage();
    let mut browser = Browser::joins(&mut stage, AGENT, "192.0.2.90:50000");
    let caller = stage.agreed(CALLER, Codec::Pcma);
    stage.tell(together(CALLER, AGENT));
    let (mut high, mut low) =
        (Voice::new(7, encoding(Codec::Pcma), 1_000.0), Voice::new(8, encoding(Codec::Pcma), 400.0));
    for _ in 0..100 {
        stage.hear(caller, phone(CALLER), &high.next());
        assert!(browser.say(&mut stage, &low.next()));
        browser.hears(&mut stage);
        stage.pass(20);
    }
    assert_one_source(&browser.heard);
    assert!(
        browser.heard.len() == 100
            && level(&samples(Codec::Pcma, &browser.heard), 1_000.0, 8_000.0) > 1_000.0
    );
    let heard = stage.take(caller);
    assert!(heard.len() == 100 && level(&samples(Codec::Pcma, &heard), 400.0, 8_000.0) > 1_000.0);
}

#[test]
fn a_browser_hears_music_and_nothing_before_its_keys_are_in_the_journal() {
    let mut stage = web_stage();
    let mut browser = Browser::joins(&mut stage, AGENT, "192.0.2.90:50000");
    stage.tell(MediaCommand::Play { stream: AGENT, audio: Audio::Music });
    stage.pass(1_000);
    browser.hears(&mut stage);
    assert_eq!(browser.heard.len(), 51);
    // Wound: after a crash before the row was written, the same numbers would be used under the same key.
    let mut stage = web_stage();
    let mut browser = Browser::comes(&mut stage, CALLER, "192.0.2.91:50000");
    browser.shakes(&mut stage);
    stage.tell(MediaCommand::Play { stream: CALLER, audio: Audio::Music });
    stage.pass(1_000);
    browser.hears(&mut stage);
    assert_eq!(browser.heard.len(), 0);
    engine(&mut stage);
    stage.pass(1_000);
    browser.hears(&mut stage);
    assert!(browser.heard.len() >= 49, "{}", browser.heard.len());
}

#[test]
fn the_journal_is_asked_once_for_many_packets_and_always_in_time() {
    let mut stage = web_stage();
    let mut browser = Browser::joins(&mut stage, AGENT, "192.0.2.90:50000");
    let before = stage.sent.events.len();
    stage.tell(MediaCommand::Play { stream: AGENT, audio: Audio::Music });
    let mut rows = 0;
    for _ in 0..60 {
        stage.pass(2_000);
        browser.checks(&mut stage, true);
        browser.hears(&mut stage);
        rows += usize::from(engine(&mut stage).is_some());
    }
    assert!((5..=14).contains(&rows), "{rows} rows in two minutes");
    assert_eq!((browser.heard.len(), before), (6_001, 0), "none is missing");
    assert_one_source(&browser.heard);
}

#[test]
fn a_laptop_that_changes_its_network_goes_on_at_its_next_check() {
    let mut stage = web_stage();
    let mut browser = Browser::joins(&mut stage, AGENT, "192.0.2.90:50000");
    stage.tell(MediaCommand::Play { stream: AGENT, audio: Audio::Music });
    browser.at = "198.51.100.7:61000".parse().expect("an address");
    stage.pass(500);
    browser.hears(&mut stage);
    assert_eq!(browser.heard.len(), 0, "nothing goes where nobody has checked");
    browser.checks(&mut stage, true);
    engine(&mut stage).expect("the new address is written");
    stage.pass(500);
    browser.hears(&mut stage);
    assert_eq!(browser.heard.len(), 25);
    // A NAT that gives another port without a nomination: voice under the right key shows it.
    browser.at.set_port(61_001);
    browser.checks(&mut stage, false);
    let mut voice = Voice::new(8, encoding(Codec::Pcma), 400.0);
    assert!(browser.say(&mut stage, &voice.next()));
    engine(&mut stage).expect("the new port is written");
    stage.pass(500);
    browser.hears(&mut stage);
    assert_eq!(browser.heard.len(), 50);
}

#[test]
fn ice_that_begins_anew_keeps_keys_and_source() {
    let mut stage = web_stage();
    let mut browser = Browser::joins(&mut stage, AGENT, "192.0.2.90:50000");
    stage.tell(MediaCommand::Play { stream: AGENT, audio: Audio::Music });
    stage.pass(500);
    browser.hears(&mut stage);
    let before = browser.heard.len();
    let other = credentials("another-one");
    stage.tell(MediaCommand::Secure {
        stream: AGENT,
        terms: Box::new(WebTerms { ours: other.clone(), ..terms(AGENT, browser.fingerprint()) }),
    });
    assert!(browser.checks(&mut stage, true), "the earlier credentials count until the new ones are used");
    browser.credentials = other;
    browser.at = "198.51.100.7:61000".parse().expect("an address");
    assert!(browser.checks(&mut stage, true));
    engine(&mut stage);
    stage.pass(500);
    browser.hears(&mut stage);
    assert_eq!(browser.heard.len(), before + 25);
    assert_one_source(&browser.heard);
    browser.credentials = credentials("ours-2");
    assert!(!browser.checks(&mut stage, true), "and not any more then");
}

#[test]
fn another_certificate_brings_another_handshake_and_other_keys() {
    let mut stage = web_stage();
    let mut browser = Browser::joins(&mut stage, AGENT, "192.0.2.90:50000");
    stage.tell(MediaCommand::Play { stream: AGENT, audio: Audio::Music });
    stage.pass(200);
    browser.hears(&mut stage);
    let mut other = Browser::new(AGENT, "192.0.2.90:50000");
    stage.tell(MediaCommand::Secure { stream: AGENT, terms: Box::new(terms(AGENT, other.fingerprint())) });
    let mut voice = Voice::new(8, encoding(Codec::Pcma), 400.0);
    assert!(!browser.say(&mut stage, &voice.next()), "the earlier page is not heard");
    other.checks(&mut stage, true);
    other.shakes(&mut stage);
    engine(&mut stage).expect("the new keys are written");
    stage.pass(1_000);
    other.hears(&mut stage);
    assert!(other.heard.len() >= 49, "{}", other.heard.len());
}

#[test]
fn a_browser_that_wants_us_to_begin_the_handshake_is_begun_with() {
    let mut stage = web_stage();
    let mut browser = Browser::passive(&mut stage, AGENT, "192.0.2.90:50000");
    browser.checks(&mut stage, true);
    stage.pass(1);
    browser.shakes(&mut stage);
    assert!(engine(&mut stage).is_some() && browser.has_keys());
}

#[test]
fn a_wrong_certificate_is_refused_and_said() {
    let mut stage = web_stage();
    stage.open(AGENT);
    let wrong = Fingerprint::new(Hash::Sha256, &[7; 32]).expect("a digest");
    stage.tell(MediaCommand::Secure { stream: AGENT, terms: Box::new(terms(AGENT, wrong)) });
    stage.agree(AGENT, encoding(Codec::Pcma), Direction::SendRecv);
    let mut browser = Browser::new(AGENT, "192.0.2.90:50000");
    browser.checks(&mut stage, true);
    browser.shakes(&mut stage);
    let refused = MediaEvent::Insecure { stream: AGENT, why: Insecure::WrongFingerprint };
    assert_eq!(stage.sent.events, [refused]);
    let mut voice = Voice::new(8, encoding(Codec::Pcma), 400.0);
    assert!(!stage.exchange.handle_web(browser.at, &mut voice.next(), stage.now, &mut stage.sent));
}

#[test]
fn a_browser_that_checks_but_never_shakes_hands_is_given_up() {
    let mut stage = web_stage();
    let mut browser = Browser::comes(&mut stage, AGENT, "192.0.2.90:50000");
    for _ in 0..10 {
        browser.checks(&mut stage, true);
        stage.pass(2_500);
    }
    let late = MediaEvent::Insecure { stream: AGENT, why: Insecure::NoHandshake };
    assert_eq!(stage.sent.events, [late]);
}

#[test]
fn without_checks_nothing_more_is_sent_after_half_a_minute() {
    // RFC 7675, 5.1.
    let mut stage = web_stage();
    let mut browser = Browser::joins(&mut stage, AGENT, "192.0.2.90:50000");
    stage.tell(MediaCommand::Play { stream: AGENT, audio: Audio::Music });
    stage.pass(29_900);
    engine(&mut stage);
    assert_eq!(stage.sent.events, []);
    stage.pass(200);
    assert_eq!(stage.sent.events, [MediaEvent::Inactive { stream: AGENT }]);
    browser.hears(&mut stage);
    let before = browser.heard.len();
    stage.pass(5_000);
    browser.hears(&mut stage);
    assert_eq!(browser.heard.len(), before);
    browser.checks(&mut stage, false);
    engine(&mut stage);
    stage.pass(1_000);
    browser.hears(&mut stage);
    assert!(browser.heard.len() >= before + 49, "it goes on at the next check");
    // A browser on hold checks on, and is not missed.
    stage.sent.events.clear();
    stage.agree(AGENT, encoding(Codec::Pcma), Direction::Inactive);
    for _ in 0..40 {
        stage.pass(2_500);
        browser.checks(&mut stage, false);
        engine(&mut stage);
    }
    assert_eq!(stage.sent.events, []);
}

#[test]
fn a_browser_that_never_comes_is_missed_like_a_phone_that_never_speaks() {
    let mut stage = Stage::new(Some(Duration::from_secs(30)));
    browser::opens(&mut stage);
    let _ = Browser::comes_later(&mut stage, AGENT, "192.0.2.90:50000");
    stage.pass(29_000);
    assert_eq!(stage.sent.events, []);
    stage.pass(2_000);
    assert_eq!(stage.sent.events, [MediaEvent::Inactive { stream: AGENT }]);
}

#[test]
fn reports_come_and_go_on_the_same_flow() {
    let mut stage = Stage::new(Some(Duration::from_secs(7)));
    browser::opens(&mut stage);
    let mut browser = Browser::joins(&mut stage, AGENT, "192.0.2.90:50000");
    for _ in 0..4 {
        stage.pass(5_000);
        browser.checks(&mut stage, false);
        assert!(browser.reports(&mut stage));
        browser.hears(&mut stage);
    }
    assert_eq!((browser.reports_heard, stage.sent.events.len()), (4, 0), "a report is a sign of life");
    let _: IceCredentials = browser.credentials;
}
