//! Who has answered is judged only where and while the engine asks for it.

use turno_media_plan::{Answerer, Codec, MediaCommand, MediaEvent};

use crate::stage_tests::{CALLER, Stage, Voice, encoding, phone};

fn judge(is_on: bool) -> MediaCommand {
    MediaCommand::Judge { stream: CALLER, is_on }
}

/// The peer says a word of 300 ms.
fn says_a_word(stage: &mut Stage, slot: usize) {
    let mut voice = Voice::new(5, encoding(Codec::Pcma), 440.0);
    for _ in 0..15 {
        stage.hear(slot, phone(CALLER), &voice.next());
        stage.pass(20);
    }
}

#[test]
fn what_was_said_before_the_order_does_not_count() {
    // Wound: an announcement of the carrier in early media counts as an answer.
    let mut stage = Stage::new(None);
    let slot = stage.agreed(CALLER, Codec::Pcma);
    says_a_word(&mut stage, slot);
    stage.tell(judge(true));
    stage.pass(7_900);
    assert!(stage.sent.events.is_empty());
    stage.pass(200);
    assert_eq!(stage.sent.events, [MediaEvent::Judged { stream: CALLER, who: Answerer::Silence }]);
    stage.pass(60_000);
    assert_eq!(stage.sent.events.len(), 1, "it is judged once");
}

#[test]
fn a_word_and_then_no_packets_at_all_are_a_person() {
    let mut stage = Stage::new(None);
    let slot = stage.agreed(CALLER, Codec::Pcma);
    stage.tell(judge(true));
    stage.pass(400);
    says_a_word(&mut stage, slot);
    stage.pass(900);
    assert_eq!(stage.sent.events, [MediaEvent::Judged { stream: CALLER, who: Answerer::Person }]);
}

#[test]
fn an_order_to_stop_ends_it() {
    let mut stage = Stage::new(None);
    let slot = stage.agreed(CALLER, Codec::Pcma);
    stage.tell(judge(true));
    says_a_word(&mut stage, slot);
    stage.tell(judge(false));
    stage.pass(60_000);
    assert!(stage.sent.events.is_empty());
    stage.tell(judge(true));
    stage.close(CALLER);
    stage.pass(60_000);
    assert!(!stage.sent.events.iter().any(|event| matches!(event, MediaEvent::Judged { .. })));
}
