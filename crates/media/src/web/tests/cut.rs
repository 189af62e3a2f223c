//! A kill in the middle of a handshake: the browser begins another one, and the talk comes up.

use turno_media_plan::{Codec, Direction, MediaCommand, MediaEvent, Shown, WebTerms};

use crate::stage_tests::{AGENT, Stage, Voice, encoding};
use crate::web::tests::browser::{Browser, engine, terms, web_stage};

/// Datagrams of a handshake, both ways, with a few to spare.
const DATAGRAMS_MAX: usize = 16;

/// Another process with the same certificates, and a row without keys.
fn restarted(stage: &Stage, browser: &Browser) -> Stage {
    let mut after = Stage::new(None);
    after.now = stage.now + core::time::Duration::from_millis(300);
    let identity = stage.exchange.web.identity.clone().expect("it is open");
    after.exchange.serve_browsers(identity, browser.same());
    after.open(AGENT);
    let terms = WebTerms { was_begun: true, ..terms(AGENT, browser.fingerprint()) };
    after.tell(MediaCommand::Secure { stream: AGENT, terms: Box::new(terms) });
    after.agree(AGENT, encoding(Codec::Pcma), Direction::SendRecv);
    after
}

#[test]
fn wherever_a_kill_meets_the_handshake_it_comes_up_afterwards() {
    // Wound: the browser waited for an answer to what the killed turno had got, and the leg ended after 20 seconds.
    let (mut anew, mut alone) = (0, 0);
    for most in 0..DATAGRAMS_MAX {
        let mut stage = web_stage();
        let mut browser = Browser::comes(&mut stage, AGENT, "192.0.2.90:50000");
        browser.shakes_for(&mut stage, most);
        let mut after = restarted(&stage, &browser);
        let mut voice = Voice::new(8, encoding(Codec::Pcma), 400.0);
        for _ in 0..4 {
            browser.checks(&mut after, true);
            browser.repeats(&mut after);
            if browser.has_keys() {
                // It believes that all is well, and speaks.
                browser.say(&mut after, &voice.next());
            }
            after.pass(500);
        }
        let cut = MediaEvent::CutOff { stream: AGENT };
        let told = after.sent.events.iter().filter(|event| **event == cut).count();
        assert!(told <= 1, "{most}: the engine is told once");
        if told > 0 {
            anew += 1;
            let shows = WebTerms { shows: Shown::Other, ..terms(AGENT, browser.fingerprint()) };
            after.tell(MediaCommand::Secure { stream: AGENT, terms: Box::new(shows) });
            // What belongs to the old handshake and comes late does no harm.
            browser.repeats(&mut after);
            let other = after.exchange.web.identity.as_ref().map(|it| it.fingerprint_of(Shown::Other));
            browser.shakes_anew(&mut after, other.expect("it is open"));
        } else {
            alone += 1;
        }
        assert!(browser.has_keys() && engine(&mut after).is_some(), "after {most} datagrams");
        assert!(browser.say(&mut after, &voice.next()), "after {most} datagrams");
        after.tell(MediaCommand::Play { stream: AGENT, audio: turno_media_plan::Audio::Music });
        after.pass(500);
        browser.hears(&mut after);
        assert!(browser.heard.len() >= 20, "after {most} datagrams");
    }
    assert!(anew >= 3 && alone >= 2, "{anew} by another handshake, {alone} by repeating the first message");
}
