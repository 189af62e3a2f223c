//! DTMF: a caller chooses from the menu.

use crate::dtmf::{Digits, HeardKeys};

#[test]
fn a_key_is_told_once_at_its_start() {
    // RFC 4733, 2.5: an event comes as many packets with one timestamp, and its end three times.
    let mut keys = HeardKeys::default();
    assert_eq!(keys.heard(1, 1_000, &[5, 10, 0, 160]), Some('5'));
    assert_eq!(keys.heard(1, 1_000, &[5, 10, 1, 64]), None);
    for _ in 0..3 {
        assert_eq!(keys.heard(1, 1_000, &[5, 0x8a, 3, 32]), None);
    }
    assert_eq!(keys.heard(1, 3_000, &[5, 10, 0, 160]), Some('5'), "the same key pressed again");
    assert_eq!(keys.heard(1, 1_000, &[5, 0x8a, 3, 32]), None, "a late end of the first");
    assert_eq!(keys.heard(2, 500, &[11, 10, 0, 160]), Some('#'), "another source begins anew");
}

#[test]
fn a_key_whose_start_was_lost_is_told_by_its_end() {
    assert_eq!(HeardKeys::default().heard(1, 9, &[10, 0x8a, 3, 32]), Some('*'));
}

#[test]
fn what_is_no_key_is_not_told() {
    // 16 is the hook flash; a short payload is nothing.
    assert_eq!(HeardKeys::default().heard(1, 9, &[16, 10, 0, 160]), None);
    assert_eq!(HeardKeys::default().heard(1, 9, &[1, 10, 0]), None);
    assert_eq!(HeardKeys::default().heard(1, 9, &[]), None);
}

#[test]
fn a_digit_is_sent_as_the_rfc_says_and_the_next_waits() {
    let mut digits = Digits::default();
    digits.press('7');
    digits.press('d');
    digits.press('x');
    let mut payloads = Vec::new();
    let mut begins = 0;
    while let Some(packet) = digits.next_packet() {
        begins += u32::from(packet.begins);
        payloads.push(packet.payload);
    }
    assert_eq!(begins, 2);
    assert_eq!(payloads.len(), 16);
    assert_eq!(payloads[0], [7, 10, 0, 160]);
    assert_eq!(payloads[4], [7, 10, 3, 32]);
    assert_eq!(payloads[5..8], [[7, 0x8a, 3, 32]; 3]);
    assert_eq!(payloads[8], [15, 10, 0, 160]);
    assert!(!digits.is_busy());
}
