//! Loss and jitter compared with figures calculated by hand.

use core::time::Duration;

use turno_ground::Moment;

use crate::jitter::Reception;
use crate::packet::Header;

fn header(ssrc: u32, sequence: u16, timestamp: u32) -> Header {
    Header { marker: false, payload_type: 8, sequence, timestamp, ssrc }
}

fn at(milliseconds: u64) -> Moment {
    Moment::from_secs(1_000) + Duration::from_millis(milliseconds)
}

#[test]
fn jitter_follows_the_formula_of_the_rfc() {
    // RFC 3550, A.8: J += |D| - (J + 8) / 16 in sixteenths. One packet of an even stream comes 10 ms late (D = 80
    // units), the next is in time again (D = -80).
    let mut reception = Reception::default();
    reception.heard(&header(1, 1, 0), true, at(0));
    reception.heard(&header(1, 2, 160), true, at(20));
    assert_eq!(reception.jitter(), Duration::ZERO);
    reception.heard(&header(1, 3, 320), true, at(50));
    // J = 80 sixteenths = 5 units = 625 us.
    assert_eq!(reception.jitter(), Duration::from_micros(625));
    reception.heard(&header(1, 4, 480), true, at(60));
    // J = 80 + 80 - (80 + 8) / 16 = 155 sixteenths = 1210.9 us.
    assert_eq!(reception.jitter(), Duration::from_micros(1_210));
    assert_eq!(reception.report().unwrap().jitter, 9);
}

#[test]
fn a_pressed_key_is_no_jitter() {
    // RFC 4733, 2.2: all packets of one event carry the timestamp of its start.
    let mut reception = Reception::default();
    reception.heard(&header(1, 1, 0), true, at(0));
    for packet in 0..10 {
        reception.heard(&header(1, 2 + packet, 160), false, at(20 + 20 * u64::from(packet)));
    }
    reception.heard(&header(1, 12, 1_760), true, at(220));
    assert_eq!(reception.jitter(), Duration::ZERO);
    assert_eq!(reception.received(), 12);
}

#[test]
fn losses_are_counted_across_the_wrap() {
    // RFC 3550, A.3: expected from 65534 to 3 are six packets, four came.
    let mut reception = Reception::default();
    for (place, sequence) in [65_534u16, 65_535, 2, 3].into_iter().enumerate() {
        reception.heard(&header(1, sequence, 0), false, at(place as u64));
    }
    assert_eq!((reception.received(), reception.lost()), (4, 2));
    let report = reception.report().unwrap();
    assert_eq!((report.lost, report.highest), (2, 65_539));
    assert_eq!(report.fraction_lost, 85, "2 of 6 in 256ths");
    reception.heard(&header(1, 4, 0), false, at(9));
    assert_eq!(reception.report().unwrap().fraction_lost, 0, "nothing was lost since the last report");
}

#[test]
fn a_late_packet_is_not_lost() {
    let mut reception = Reception::default();
    for sequence in [10u16, 12, 11, 13] {
        reception.heard(&header(1, sequence, 0), false, at(0));
    }
    assert_eq!((reception.received(), reception.lost()), (4, 0));
}

#[test]
fn a_phone_that_starts_over_loses_nothing() {
    // RFC 3550, A.1: a far jump counts only when the next packet confirms it; a new source starts at once.
    let mut reception = Reception::default();
    for sequence in [10u16, 11, 40_000, 40_001, 40_002] {
        reception.heard(&header(1, sequence, 0), false, at(0));
    }
    assert_eq!((reception.received(), reception.lost()), (4, 0));
    reception.heard(&header(2, 7, 0), false, at(0));
    reception.heard(&header(2, 9, 0), false, at(0));
    assert_eq!((reception.received(), reception.lost()), (6, 1));
}
