//! Keys, reports and inactivity of a stream.

use core::time::Duration;

use turno_media_plan::{Audio, Codec, Direction, Encoding, MediaCommand, MediaEvent, Named};

use crate::stage_tests::{AGENT, CALLER, Stage, Voice, assert_one_source, encoding, phone, together};

fn event(sequence: u16, timestamp: u32, payload: [u8; 4]) -> Vec<u8> {
    let mut packet = vec![0x80, 101];
    packet.extend(sequence.to_be_bytes());
    packet.extend(timestamp.to_be_bytes());
    packet.extend([0, 0, 0, 5]);
    packet.extend(payload);
    packet
}

#[test]
fn a_pressed_key_is_told_once_and_reaches_the_partner() {
    let mut stage = Stage::new(None);
    let (caller, agent) = (stage.agreed(CALLER, Codec::Pcma), stage.agreed(AGENT, Codec::G722));
    stage.tell(together(CALLER, AGENT));
    let renumbered = Encoding { telephone_event: Some(96), ..encoding(Codec::G722) };
    stage.agree(AGENT, renumbered, Direction::SendRecv);
    for (sequence, payload) in
        [[4, 10, 0, 160], [4, 10, 1, 64], [4, 0x8a, 1, 224], [4, 0x8a, 1, 224]].into_iter().enumerate()
    {
        stage.hear(caller, phone(CALLER), &event(sequence as u16, 8_000, payload));
        stage.pass(20);
    }
    assert_eq!(stage.sent.events, [MediaEvent::Digit { stream: CALLER, digit: '4' }]);
    let heard = stage.take(agent);
    assert_eq!(heard.len(), 4);
    assert!(
        heard.iter().all(|(header, _)| header.payload_type == 96 && header.timestamp == heard[0].0.timestamp)
    );
    assert_eq!(heard[3].1, [4, 0x8a, 1, 224]);
    stage.agree(AGENT, Encoding { telephone_event: None, ..renumbered }, Direction::SendRecv);
    stage.hear(caller, phone(CALLER), &event(9, 9_000, [5, 10, 0, 160]));
    assert_eq!(stage.sent.events.len(), 2, "told all the same");
    assert!(stage.take(agent).is_empty(), "to a phone that would not understand it nothing is sent");
}

#[test]
fn a_key_under_our_own_number_reaches_a_partner_who_numbers_it_otherwise() {
    // RFC 3264, 5.1 and 6.1: the caller's trunk answered 96 and sends the 101 that we offered; the agent's phone wants
    // 100. Each side receives the number from its own SDP.
    let numbered = |theirs| {
        let mut encoding = Encoding { telephone_event: Some(theirs), ..encoding(Codec::Pcma) };
        encoding.heard.add(Named::TelephoneEvent, theirs);
        encoding
    };
    let mut stage = Stage::new(None);
    let (caller, agent) = (stage.open(CALLER), stage.open(AGENT));
    stage.agree(CALLER, numbered(96), Direction::SendRecv);
    stage.agree(AGENT, numbered(100), Direction::SendRecv);
    stage.tell(together(CALLER, AGENT));
    for (from, id, to, theirs, own) in [(caller, CALLER, agent, 100, 96), (agent, AGENT, caller, 96, 100)] {
        for (place, number) in [101, own].into_iter().enumerate() {
            let mut packet = event(place as u16, 8_000 * (place as u32 + 1), [4, 10, 0, 160]);
            packet[1] = number;
            assert!(stage.hear(from, phone(id), &packet));
            let heard = stage.take(to);
            assert_eq!(heard.len(), 1, "{number} from {id:?}");
            assert_eq!(heard[0].0.payload_type, theirs);
            stage.pass(100);
        }
    }
    assert_eq!(stage.sent.events.len(), 4, "each key is told: {:?}", stage.sent.events);
}

#[test]
fn a_digit_is_sent_and_the_music_goes_on_behind_it() {
    let mut stage = Stage::new(None);
    let slot = stage.agreed(CALLER, Codec::Pcma);
    stage.tell(MediaCommand::Play { stream: CALLER, audio: Audio::Music });
    stage.pass(100);
    stage.tell(MediaCommand::SendDigit { stream: CALLER, digit: '#' });
    stage.pass(400);
    let heard = stage.take(slot);
    assert_one_source(&heard);
    let events: Vec<_> = heard.iter().filter(|(header, _)| header.payload_type == 101).collect();
    assert_eq!(events.len(), 8);
    assert_eq!(events[0].1, [11, 10, 0, 160]);
    assert_eq!(events[7].1, [11, 0x8a, 3, 32]);
    assert_eq!(heard.last().unwrap().0.payload_type, 8);
    let before = heard.iter().position(|(header, _)| header.payload_type == 101).unwrap() - 1;
    let span = heard.last().unwrap().0.timestamp.wrapping_sub(heard[before].0.timestamp);
    assert_eq!(span as usize, (heard.len() - 1 - before) * 160, "the clock did not stop");
}

#[test]
fn a_silent_peer_is_told_once_and_again_after_it_spoke() {
    let mut stage = Stage::new(Some(Duration::from_secs(10)));
    let slot = stage.open(CALLER);
    stage.pass(60_000);
    assert!(stage.sent.events.is_empty(), "before the agreement nobody is expected");
    stage.agree(CALLER, encoding(Codec::Pcma), Direction::SendRecv);
    let mut voice = Voice::new(5, encoding(Codec::Pcma), 440.0);
    stage.pass(9_000);
    stage.hear(slot, phone(CALLER), &voice.next());
    stage.pass(9_900);
    assert!(stage.sent.events.is_empty());
    stage.pass(200);
    assert_eq!(stage.sent.events, [MediaEvent::Inactive { stream: CALLER }]);
    stage.pass(60_000);
    assert_eq!(stage.sent.events.len(), 1);
    stage.hear(slot, phone(CALLER), &voice.next());
    stage.pass(10_100);
    assert_eq!(stage.sent.events.len(), 2);
    stage.agree(CALLER, encoding(Codec::Pcma), Direction::SendOnly);
    stage.pass(60_000);
    assert_eq!(stage.sent.events.len(), 2, "who is held need not speak");
}

#[test]
fn reports_go_every_five_seconds_and_bye_at_the_end() {
    // RFC 3550, 6: SR while we send, RR while we don't, BYE at the end.
    let mut stage = Stage::new(None);
    let slot = stage.agreed(CALLER, Codec::Pcma);
    stage.tell(MediaCommand::Play { stream: CALLER, audio: Audio::Music });
    stage.pass(5_000);
    stage.tell(MediaCommand::Hush { stream: CALLER });
    stage.hear(slot, phone(CALLER), &Voice::new(5, encoding(Codec::Pcma), 440.0).next());
    let behind_nat = "192.0.2.1:61001".parse().unwrap();
    assert!(stage.exchange.handle_rtcp(slot, behind_nat, &mut [0x80, 201, 0, 1, 0, 0, 0, 9], stage.now));
    stage.pass(5_000);
    stage.close(CALLER);
    let kinds: Vec<u8> = stage.sent.rtcp.iter().map(|sent| sent.3[1]).collect();
    assert_eq!(kinds, [200, 201, 201]);
    let places: Vec<_> = stage.sent.rtcp.iter().map(|sent| sent.2.port()).collect();
    assert_eq!(places, [4_001, 61_001, 61_001], "reports go where the peer's come from");
    let last = &stage.sent.rtcp[2].3;
    assert_eq!(&last[last.len() - 8..last.len() - 4], [0x81, 203, 0, 1], "BYE");
    assert_eq!(stage.sent.rtcp[1].3[0] & 0x1f, 1, "one block about the caller");
    let Some(MediaEvent::Closed { stream: CALLER, report }) = stage.sent.events.last() else { panic!() };
    assert_eq!((report.sent, report.received, report.lost), (251, 1, 0));
    stage.tell(MediaCommand::Play { stream: CALLER, audio: Audio::Music });
    stage.pass(10_000);
    assert_eq!(stage.sent.rtcp.len(), 3, "a closed stream is unknown");
}
