//! Tests of reading a carrier's responses to our REGISTER.

use bytes::Bytes;

use super::*;
use crate::trunks::own_registration::pause;

const OURS: &str = "sip:1800510510@192.0.2.1:5060";

fn took(headers: &[&str]) -> Message {
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let via = "Via: SIP/2.0/UDP 192.0.2.1:5060;rport=41000;received=203.0.113.9;branch=z9hG4bK1";
    let text = format!("SIP/2.0 200 OK\r\n{via}\r\nCSeq: 1 REGISTER\r\n{headers}\r\n");
    Message::scan(&Bytes::from(text)).expect("a response")
}

fn granted(headers: &[&str]) -> Option<u64> {
    granted_to(&took(headers), OURS, Duration::from_secs(600)).map(|span| span.as_secs())
}

#[test]
fn our_own_binding_counts_among_all_of_the_account() {
    // RFC 3261, 10.2.4 and 19.1.4: other phones of the account have the same user.
    let other = "Contact: <sip:1800510510@198.51.100.7:5060>;expires=3600, \"x\" <sip:1800510510@192.0.2.1:5062>;expires=1";
    let ours = "Contact: <sip:1800510510@192.0.2.1:5060>;expires=60";
    assert_eq!(granted(&[other, ours]), Some(60));
    assert_eq!(granted(&[ours, other]), Some(60));
    assert_eq!(granted(&["Contact: <SIP:1800510510@192.0.2.1:5060;lr>;q=0.5;EXPIRES=60"]), Some(60));
    assert_eq!(granted(&[other, "Expires: 600"]), None, "the carrier knows others, and not us");
    assert_eq!(granted(&["Expires: 600"]), None);
    assert_eq!(granted(&[]), None);
}

#[test]
fn the_span_stands_with_the_contact_or_in_the_header_or_is_what_we_asked_for() {
    // RFC 3261, 10.2.1.1 and 10.2.4.
    let ours = "Contact: <sip:1800510510@192.0.2.1:5060>";
    assert_eq!(granted(&[&format!("{ours};expires=60"), "Expires: 900"]), Some(60));
    assert_eq!(granted(&[ours, "Expires: 900"]), Some(900));
    assert_eq!(granted(&[ours]), Some(600));
    assert_eq!(granted(&[&format!("{ours};expires=0")]), None);
}

#[test]
fn a_contact_that_the_carrier_wrote_our_outside_address_into_is_ours() {
    // RFC 3581: Kamailio's fix_nated_contact and the like.
    assert_eq!(granted(&["Contact: <sip:1800510510@203.0.113.9:41000>;expires=60"]), Some(60));
    assert_eq!(granted(&["Contact: <sip:1800510510@203.0.113.9:41001>;expires=60"]), None);
    assert_eq!(granted(&["Contact: <sip:other@203.0.113.9:41000>;expires=60"]), None);
}

#[test]
fn a_registration_is_renewed_while_there_is_time_for_a_second_try() {
    let of = |seconds| renewal(Duration::from_secs(seconds)).as_secs();
    assert_eq!([1, 10, 60, 120, 600, 3_600].map(of), [5, 5, 30, 80, 540, 3_240]);
}

#[test]
fn a_carrier_that_refuses_is_asked_ever_more_rarely_and_never_given_up() {
    let of = |failures| pause(failures, Duration::from_secs(30 * 60)).as_secs();
    assert_eq!([1, 2, 3, 7, 8, 1_000, u32::MAX].map(of), [30, 60, 120, 1_800, 1_800, 1_800, 1_800]);
}

#[test]
fn a_retry_after_is_read_with_its_comment_and_has_a_limit() {
    // RFC 3261, 20.33.
    let of = |value: &str| retry_after(&took(&[&format!("Retry-After: {value}")])).map(|span| span.as_secs());
    assert_eq!(of("120"), Some(120));
    assert_eq!(of("18 (I'm in a meeting);duration=3600"), Some(18));
    assert_eq!(of("999999999"), Some(3_600));
    assert_eq!(of("99999999999999999999999"), None);
    assert_eq!(of("soon"), None);
}
