//! Hold and retrieve.

use turno_media_plan::{Audio, Codec, Direction, MediaCommand, MediaEvent, PromptId};

use crate::stage_tests::{AGENT, CALLER, Stage, Voice, encoding, parted, phone, together};

fn joined(caller: Codec, agent: Codec) -> (Stage, usize, usize) {
    let mut stage = Stage::new(None);
    let (one, other) = (stage.agreed(CALLER, caller), stage.agreed(AGENT, agent));
    stage.tell(together(CALLER, AGENT));
    (stage, one, other)
}

#[test]
fn on_hold_nothing_is_sent_and_no_announcement_hangs() {
    let (mut stage, caller, agent) = joined(Codec::Pcma, Codec::Pcma);
    stage.agree(AGENT, encoding(Codec::Pcma), Direction::RecvOnly);
    stage.hear(caller, phone(CALLER), &Voice::new(5, encoding(Codec::Pcma), 440.0).next());
    stage.tell(MediaCommand::Play { stream: AGENT, audio: Audio::Prompts(vec![PromptId(0)]) });
    stage.pass(200);
    assert!(stage.take(agent).is_empty());
    assert_eq!(stage.sent.events, [MediaEvent::PlayedOut { stream: AGENT }]);
    stage.agree(CALLER, encoding(Codec::Pcma), Direction::SendOnly);
    stage.agree(AGENT, encoding(Codec::Pcma), Direction::SendRecv);
    stage.hear(caller, phone(CALLER), &Voice::new(5, encoding(Codec::Pcma), 440.0).next());
    assert!(stage.take(agent).is_empty(), "who should only listen is not heard");
}

#[test]
fn a_phone_that_comes_back_from_hold_has_lost_nothing() {
    // A gap in the sequence numbers as long as the hold would count as loss in every phone's figures and reports.
    let (mut stage, caller, agent) = joined(Codec::Pcma, Codec::Pcma);
    let mut voice = Voice::new(5, encoding(Codec::Pcma), 440.0);
    stage.hear(caller, phone(CALLER), &voice.next());
    stage.agree(AGENT, encoding(Codec::Pcma), Direction::RecvOnly);
    for _ in 0..100 {
        stage.pass(20);
        stage.hear(caller, phone(CALLER), &voice.next());
    }
    stage.agree(AGENT, encoding(Codec::Pcma), Direction::SendRecv);
    stage.hear(caller, phone(CALLER), &voice.next());
    let heard = stage.take(agent);
    assert_eq!(heard.len(), 2);
    assert_eq!(heard[1].0.sequence, heard[0].0.sequence.wrapping_add(1));
    let clock = heard[1].0.timestamp.wrapping_sub(heard[0].0.timestamp);
    assert_eq!(clock, 100 * 160, "the clock ran on while nobody spoke");
    assert!(heard[1].0.marker, "a talk spurt begins");
}

#[test]
fn partners_who_meet_again_have_lost_nothing() {
    // After a separation, or a hold of one of them: packets that were not sent are no loss.
    for is_parted in [true, false] {
        let (mut stage, caller, agent) = joined(Codec::Pcma, Codec::Pcma);
        let mut voice = Voice::new(5, encoding(Codec::Pcma), 440.0);
        stage.hear(caller, phone(CALLER), &voice.next());
        if is_parted {
            stage.tell(parted(CALLER, AGENT));
        } else {
            stage.agree(CALLER, encoding(Codec::Pcma), Direction::SendOnly);
        }
        for _ in 0..100 {
            stage.pass(20);
            stage.hear(caller, phone(CALLER), &voice.next());
        }
        if is_parted {
            stage.tell(together(CALLER, AGENT));
        } else {
            stage.agree(CALLER, encoding(Codec::Pcma), Direction::SendRecv);
        }
        stage.hear(caller, phone(CALLER), &voice.next());
        let heard = stage.take(agent);
        assert_eq!(heard.len(), 2);
        assert_eq!(heard[1].0.sequence, heard[0].0.sequence.wrapping_add(1));
        assert_eq!(heard[1].0.timestamp.wrapping_sub(heard[0].0.timestamp), 100 * 160);
    }
}
