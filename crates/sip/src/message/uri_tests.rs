//! Tests of URIs: reading and comparing.

use super::Uri;

fn same(one: &str, other: &str) -> bool {
    Uri::parse(one).unwrap().is_equivalent(&Uri::parse(other).unwrap())
}

#[test]
fn the_same_person_is_found_however_the_uri_is_written() {
    // RFC 3261, 19.1.4: the URIs of each line are equivalent.
    assert!(same("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtlanTa.CoM;Transport=tcp"));
    assert!(same("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"));
    assert!(same("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"));
    assert!(same(
        "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
        "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"
    ));
    assert!(same(
        "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
        "sip:alice@atlanta.com?priority=urgent&subject=project%20x"
    ));
}

#[test]
fn a_uri_with_the_same_parameter_twice_is_still_itself() {
    // RFC 3261, 19.1.1 forbids it; found by fuzzing.
    assert!(same("sip:a@b;lr=1;lr", "sip:a@b;lr=1;lr"));
    assert!(same("sip:a@b;%6cr=1;lr", "sip:a@b;lr=1"));
    assert!(!same("sip:a@b;tt%6c=1", "sip:a@b"));
}

#[test]
fn two_people_are_not_taken_for_one() {
    // RFC 3261, 19.1.4: the URIs of each line differ.
    assert!(!same("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"));
    assert!(!same("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"));
    assert!(!same("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"));
    assert!(!same("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"));
    assert!(!same("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"));
    assert!(!same("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"));
    assert!(!same("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"));
    assert!(!same("sip:a@b", "sips:a@b"));
}

#[test]
fn every_part_of_a_uri_is_found() {
    // RFC 3261, 19.1.1.
    let uri = Uri::parse("sips:alice:secret;x@[2001:db8::1]:5081;lr;maddr=192.0.2.7?Subject=hi").unwrap();
    assert_eq!((uri.scheme, uri.user, uri.password), ("sips", Some("alice"), Some("secret;x")));
    assert_eq!((uri.host, uri.port, uri.headers), ("[2001:db8::1]", Some(5081), "Subject=hi"));
    assert_eq!((uri.param("LR"), uri.param("maddr"), uri.param("ttl")), (Some(""), Some("192.0.2.7"), None));
    assert_eq!(uri.socket_addr(), Some("[2001:db8::1]:5081".parse().unwrap()));
    let tel = Uri::parse("tel:+1-800-510-510;phone-context=ro").unwrap();
    assert_eq!((tel.user, tel.param("phone-context")), (Some("+1-800-510-510"), Some("ro")));
}

#[test]
fn nonsense_is_not_a_uri() {
    for wrong in
        ["", "sip:", "sip", "sip:@host", "sip:a@", "sip:a@b@c", "sip:a@b:x", "sip:a@b:70000", "sip:a b@c"]
    {
        assert!(Uri::parse(wrong).is_err(), "{wrong}");
    }
    for wrong in ["<sip:a@b>", "1sip:a@b", "sip:a@[::1", "sip:a@[zz]", "tel:", "sip:a@b\u{0}"] {
        assert!(Uri::parse(wrong).is_err(), "{wrong}");
    }
    assert!(Uri::parse(&format!("sip:{}@b", "a".repeat(3000))).is_err());
}
