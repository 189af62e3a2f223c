//! A restart: what the journal has makes the stream go on, and no number is used twice.

use std::collections::BTreeSet;

use turno_media_plan::{Audio, Codec, Direction, MediaCommand, WebState, WebTerms};

use crate::stage_tests::{AGENT, Stage, Voice, encoding};
use crate::web::tests::browser::{Browser, engine, opens, terms};

/// Another process, which has only the journal.
fn restarted(stage: &Stage, browser: &Browser, kept: WebState) -> Stage {
    let mut after = Stage::new(None);
    after.now = stage.now;
    opens(&mut after);
    after.open(AGENT);
    let kept = Some(Box::new(kept));
    let terms = Box::new(WebTerms { kept, ..terms(AGENT, browser.fingerprint()) });
    after.tell(MediaCommand::Secure { stream: AGENT, terms });
    after.agree(AGENT, encoding(Codec::Pcma), Direction::SendRecv);
    after.tell(MediaCommand::Play { stream: AGENT, audio: Audio::Music });
    after
}

#[test]
fn after_fifty_restarts_it_is_the_same_source_and_no_number_was_used_twice() {
    let mut stage = Stage::new(None);
    opens(&mut stage);
    let mut browser = Browser::joins(&mut stage, AGENT, "192.0.2.90:50000");
    stage.tell(MediaCommand::Play { stream: AGENT, audio: Audio::Music });
    browser.checks(&mut stage, true);
    let mut kept = {
        browser.at.set_port(50_001);
        browser.checks(&mut stage, true);
        engine(&mut stage).expect("the address is new")
    };
    let mut voice = Voice::new(8, encoding(Codec::Pcma), 400.0);
    for kill in 0..50u64 {
        stage.pass(200 + kill * 100);
        browser.hears(&mut stage);
        // Killed, and 300 ms without a turno.
        stage.now = stage.now + core::time::Duration::from_millis(300);
        stage = restarted(&stage, &browser, kept.clone());
        let before = browser.heard.len();
        stage.pass(40);
        browser.hears(&mut stage);
        assert_eq!(browser.heard.len(), before, "nothing is sent before the next numbers are in the journal");
        assert!(browser.say(&mut stage, &voice.next()), "it is heard at once, without a check");
        kept = engine(&mut stage).expect("the next numbers");
        stage.pass(100);
        browser.hears(&mut stage);
        assert!(browser.heard.len() >= before + 4, "kill {kill}");
        browser.checks(&mut stage, true);
        kept = engine(&mut stage).unwrap_or(kept);
    }
    let sources: BTreeSet<u32> = browser.heard.iter().map(|(header, _)| header.ssrc).collect();
    assert_eq!(sources.len(), 1);
    for pair in browser.heard.windows(2) {
        // The receiver's clock goes on as ours does: at most our pause and the steps of the tick.
        let units = pair[1].0.timestamp.wrapping_sub(pair[0].0.timestamp);
        assert!((160..=160 * 30).contains(&units), "{units}");
    }
}

#[test]
fn a_stream_that_goes_on_in_the_same_process_takes_nothing_from_the_journal() {
    // A hold sends the terms again, with what the journal has.
    let mut stage = Stage::new(None);
    opens(&mut stage);
    let mut browser = Browser::joins(&mut stage, AGENT, "192.0.2.90:50000");
    browser.at.set_port(50_001);
    browser.checks(&mut stage, true);
    let kept = engine(&mut stage).expect("the address is new");
    stage.tell(MediaCommand::Play { stream: AGENT, audio: Audio::Music });
    stage.pass(1_000);
    let terms = WebTerms { kept: Some(Box::new(kept)), ..terms(AGENT, browser.fingerprint()) };
    stage.tell(MediaCommand::Secure { stream: AGENT, terms: Box::new(terms) });
    stage.pass(1_000);
    browser.hears(&mut stage);
    assert_eq!(browser.heard.len(), 101);
    crate::stage_tests::assert_one_source(&browser.heard);
}

#[test]
fn what_was_heard_before_a_restart_is_not_heard_again() {
    // Bad input: somebody who has recorded the browser's packets, and its address.
    let mut stage = Stage::new(None);
    opens(&mut stage);
    let mut browser = Browser::joins(&mut stage, AGENT, "192.0.2.90:50000");
    let mut voice = Voice::new(8, encoding(Codec::Pcma), 400.0);
    let recorded: Vec<Vec<u8>> = (0..20).map(|_| browser.sealed(&voice.next())).collect();
    for packet in &recorded {
        assert!(stage.exchange.handle_web(browser.at, &mut packet.clone(), stage.now, &mut stage.sent));
    }
    browser.at.set_port(50_001);
    browser.checks(&mut stage, true);
    let kept = engine(&mut stage).expect("the address is new");
    let mut after = restarted(&stage, &browser, kept);
    for packet in &recorded {
        assert!(!after.exchange.handle_web(browser.at, &mut packet.clone(), after.now, &mut after.sent));
    }
    assert!(browser.say(&mut after, &voice.next()), "the next one is new");
}

#[test]
fn keys_of_another_certificate_are_not_taken_up() {
    let mut stage = Stage::new(None);
    opens(&mut stage);
    let mut browser = Browser::joins(&mut stage, AGENT, "192.0.2.90:50000");
    browser.at.set_port(50_001);
    browser.checks(&mut stage, true);
    let kept = engine(&mut stage).expect("the address is new");
    let other = Browser::new(AGENT, "192.0.2.90:50001");
    let mut after = restarted(&stage, &other, kept);
    let mut voice = Voice::new(8, encoding(Codec::Pcma), 400.0);
    assert!(!browser.say(&mut after, &voice.next()));
    after.pass(1_000);
    assert!(after.sent.rtp.is_empty());
}
