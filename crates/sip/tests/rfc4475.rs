//! The torture messages of RFC 4475, each with the result that we expect.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::PathBuf;

use bytes::Bytes;
use turno_sip::{Malformed, Message, Method, Name, Response, check_request, check_response};

/// The expected result of a message.
enum Fate {
    /// A request that a UAS handles.
    Taken(fn(&Message)),
    /// A response that a UAC handles.
    Heard(fn(&Message)),
    /// A request whose syntax can't be read, refused with this status.
    Unread(u16),
    /// A request that can be read and must be refused with this status and these headers.
    Refused(u16, &'static [(Name, &'static str)]),
    /// A response that can't be handled: it is dropped silently.
    Dropped,
}
use Fate::{Dropped, Heard, Refused, Taken, Unread};

const FATES: &[(&str, Fate)] = &[
    // 3.1.1: valid, though unusual.
    ("wsinv", Taken(a_short_tortuous_invite)),
    ("intmeth", Taken(a_wide_range_of_characters)),
    ("esc01", Taken(escapes_that_hide_nothing)),
    ("escnull", Taken(escaped_nulls)),
    ("esc02", Taken(percent_signs_that_are_no_escapes)),
    ("lwsdisp", Taken(no_blank_after_the_name)),
    ("longreq", Taken(long_values)),
    ("dblreq", Taken(what_trails_the_body_is_not_ours)),
    ("semiuri", Taken(semicolons_in_the_user)),
    ("transports", Taken(all_transports)),
    ("mpart01", Taken(a_binary_body)),
    ("unreason", Heard(|m| assert!(m.reason().starts_with("= 2**3 * 5**2 но")))),
    ("noreason", Heard(|m| assert_eq!((m.status(), m.reason()), (Some(100), "")))),
    // 3.1.2: invalid.
    ("badinv01", Refused(400, &[])),
    ("clerr", Unread(400)),
    ("ncl", Unread(400)),
    ("scalar02", Refused(400, &[])),
    ("scalarlg", Dropped),
    ("quotbal", Refused(400, &[])),
    ("ltgtruri", Refused(400, &[])),
    ("lwsruri", Unread(400)),
    ("lwsstart", Unread(400)),
    ("trws", Unread(400)),
    ("escruri", Refused(400, &[])),
    ("baddate", Taken(|m| assert_eq!(m.header(Name::Date), Some("Fri, 01 Jan 2010 16:00:00 EST")))),
    ("regbadct", Refused(400, &[])),
    ("badaspec", Taken(|m| assert_eq!(m.to().unwrap().uri, "sip:t.watson@example.org"))),
    ("baddn", Taken(|m| assert_eq!(m.from().unwrap().display_name(), "Bell, Alexander"))),
    ("badvers", Refused(505, &[])),
    ("mismatch01", Refused(400, &[])),
    ("mismatch02", Refused(400, &[])),
    ("bigcode", Dropped),
    // 3.2: the transaction layer.
    ("badbranch", Taken(|m| assert_eq!(m.top_via().unwrap().unique_branch(), None))),
    // 3.3: the application layer.
    ("insuf", Refused(400, &[])),
    ("unkscm", Refused(416, &[])),
    ("novelsc", Refused(416, &[])),
    ("unksm2", Taken(schemes_for_the_registrar_to_judge)),
    ("bext01", Refused(420, &[(Name::Unsupported, "nothingSupportsThis, nothingSupportsThisEither")])),
    ("invut", Refused(415, &[(Name::Accept, "application/sdp")])),
    ("regaut01", Taken(|m| assert!(m.header(Name::Authorization).unwrap().starts_with("NoOneKnows")))),
    ("multi01", Refused(400, &[])),
    ("mcl01", Unread(400)),
    ("bcast", Dropped),
    ("zeromf", Taken(|m| assert_eq!(m.number(Name::MaxForwards), Some(0)))),
    ("cparam01", Taken(|m| assert_eq!(contact(m), ("sip:+19725552222@gw1.example.net".into(), true)))),
    (
        "cparam02",
        Taken(|m| assert_eq!(contact(m), ("sip:+19725552222@gw1.example.net;unknownparam".into(), false))),
    ),
    ("regescrt", Taken(|m| assert_eq!(contact(m).0, "sip:user@example.com?Route=%3Csip:sip.example.com%3E"))),
    ("sdp01", Refused(406, &[])),
    ("inv2543", Taken(a_request_of_the_old_rfc)),
];

fn contact(message: &Message) -> (String, bool) {
    let contact = message.contacts().next().unwrap().unwrap();
    (contact.uri.to_owned(), contact.param("unknownparam").is_some())
}

fn a_short_tortuous_invite(m: &Message) {
    assert_eq!(m.request_uri(), "sip:vivekg@chair-dnrc.example.com;unknownparam");
    assert_eq!((m.to().unwrap().tag(), m.from().unwrap().tag()), (Some("1918181833n"), Some("98asjd8")));
    assert_eq!(m.from().unwrap().display_name(), "J Rosenberg \\\"");
    assert_eq!((m.number(Name::MaxForwards), m.cseq().unwrap().number), (Some(68), 9));
    let hosts: Vec<_> = m.values(Name::Via).map(|v| turno_sip::Via::parse(v).unwrap().host).collect();
    assert_eq!(hosts, ["192.0.2.2", "spindle.example.com", "192.168.255.111"]);
    assert_eq!(m.top_via().unwrap().branch(), Some("390skdjuw"));
    assert_eq!((m.header(Name::Subject), m.body().len()), (Some(""), 150));
    assert_eq!(m.other_header("UnknownHeaderWithUnusualValue"), Some(";;,,;;,;"));
    assert_eq!(m.other_header("NewFangledHeader"), Some("newfangled value   continued newfangled value"));
    let contact = m.contacts().next().unwrap().unwrap();
    assert_eq!((contact.param("q"), contact.param("newparam")), (Some("0.33"), Some("newvalue")));
    assert_eq!(m.contacts().count(), 1);
}

fn a_wide_range_of_characters(m: &Message) {
    assert_eq!((m.method(), m.method_name()), (Method::Other, "!interesting-Method0123456789_*+`.%indeed'~"));
    let user = "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*";
    let uri = turno_sip::Uri::parse(m.request_uri()).unwrap();
    assert_eq!((uri.user, uri.host), (Some(user), "example.com"));
    assert_eq!(uri.password, Some("&it+has=1,weird!*pas$wo~d_too.(doesn't-it)"));
    assert_eq!(m.to().unwrap().display_name(), "BEL:\u{7} NUL:\u{0} DEL:\u{7f}");
    assert_eq!(m.from().unwrap().param("fromParam''~+*_!.-%"), Some("\"работающий\""));
    assert_eq!(m.from().unwrap().tag(), Some("_token~1'+`*%!-."));
    assert_eq!(m.call_id(), "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{");
}

fn escapes_that_hide_nothing(m: &Message) {
    let uri = turno_sip::Uri::parse(m.request_uri()).unwrap();
    assert_eq!((uri.user_unescaped().as_ref(), uri.host), ("sips:user@example.com", "example.net"));
    let to = m.to().unwrap();
    assert_eq!(to.uri().unwrap().user_unescaped(), "user");
    let contact = m.contacts().next().unwrap().unwrap();
    assert_eq!(contact.uri().unwrap().param("n%61me"), Some("v%61lue%25%34%31"));
    assert_eq!(m.header(Name::ContentType), Some("application/sdp"));
}

fn escaped_nulls(m: &Message) {
    assert_eq!(m.to().unwrap().uri().unwrap().user_unescaped(), "null-\0-null");
    let users: Vec<_> = m.contacts().map(|c| c.unwrap().uri().unwrap().user_unescaped().len()).collect();
    assert_eq!(users, [1, 2]);
}

fn percent_signs_that_are_no_escapes(m: &Message) {
    assert_eq!((m.method(), m.method_name()), (Method::Other, "RE%47IST%45R"));
    assert_eq!(m.contacts().count(), 2);
    assert_eq!(m.other_header("C%6Fntact"), Some("<sip:alias2@host2.example.com>"));
    assert_eq!(m.to().unwrap().display_name(), "%Z%45");
}

fn no_blank_after_the_name(m: &Message) {
    assert_eq!(m.from().unwrap().display_name(), "caller");
    assert_eq!(m.from().unwrap().uri, "sip:caller@example.com");
}

fn long_values(m: &Message) {
    assert_eq!((m.values(Name::Via).count(), m.body().len()), (34, 150));
    assert!(m.from().unwrap().tag().unwrap().len() > 100);
    assert_eq!(m.to().unwrap().uri().unwrap().port, Some(6000));
}

fn what_trails_the_body_is_not_ours(m: &Message) {
    assert_eq!((m.method(), m.body().len()), (Method::Register, 0));
    assert_eq!(m.call_id(), "dblreq.0ha0isndaksdj99sdfafnl3lk233412");
}

fn semicolons_in_the_user(m: &Message) {
    let uri = turno_sip::Uri::parse(m.request_uri()).unwrap();
    assert_eq!((uri.user, uri.host), (Some("user;par=u%40example.net"), "example.com"));
    assert_eq!(m.values(Name::Accept).count(), 6);
}

fn all_transports(m: &Message) {
    let names: Vec<_> = m.values(Name::Via).map(|v| turno_sip::Via::parse(v).unwrap().transport).collect();
    assert_eq!(names, ["UDP", "SCTP", "TLS", "UNKNOWN", "TCP"]);
}

fn a_binary_body(m: &Message) {
    assert_eq!(m.body().len(), 553);
    assert!(m.top_via().unwrap().wants_rport());
}

fn schemes_for_the_registrar_to_judge(m: &Message) {
    assert_eq!(m.to().unwrap().uri().unwrap().scheme, "isbn");
    assert_eq!(m.from().unwrap().uri, "http://www.example.com");
    assert_eq!(m.contacts().next().unwrap().unwrap().uri, "name:John_Smith");
}

fn a_request_of_the_old_rfc(m: &Message) {
    assert_eq!((m.top_via().unwrap().branch(), m.from().unwrap().tag()), (None, None));
    assert!(!m.body().is_empty());
}

fn refuse(message: &Message, status: u16) {
    let source = Some("192.0.2.1:5060".parse().unwrap());
    let bytes = Response::to(message, status, "", Some("t"), source).finish();
    let response = Message::scan(&bytes).unwrap();
    assert_eq!(response.status(), Some(status));
    assert_eq!(response.header(Name::CSeq), message.header(Name::CSeq));
}

fn try_out(name: &str, bytes: &Bytes, fate: &Fate) {
    let scanned = Message::scan(bytes);
    match fate {
        Taken(check) => {
            let message = scanned.unwrap_or_else(|fault| panic!("{name}: {fault}"));
            assert_eq!(check_request(&message), Ok(()), "{name}");
            check(&message);
            assert_eq!(message.bytes(), bytes, "{name} is kept as it came");
        }
        Heard(check) => {
            let message = scanned.unwrap_or_else(|fault| panic!("{name}: {fault}"));
            assert_eq!(check_response(&message), Ok(()), "{name}");
            check(&message);
        }
        Unread(status) => {
            let fault = scanned.expect_err(name);
            assert_eq!(fault.status(), Some(*status), "{name}: {fault}");
            refuse(&Message::salvage(bytes).unwrap_or_else(|| panic!("{name} has a sender")), *status);
        }
        Refused(status, headers) => {
            let message = scanned.unwrap_or_else(|fault| panic!("{name}: {fault}"));
            let refusal = check_request(&message).expect_err(name);
            assert_eq!(refusal.status, *status, "{name}: {}", refusal.reason);
            let found: Vec<_> = refusal.headers.iter().map(|(name, text)| (*name, text.as_str())).collect();
            assert_eq!(found, *headers, "{name}");
            refuse(&message, *status);
        }
        Dropped => match scanned {
            Ok(message) => assert!(check_response(&message).is_err(), "{name}"),
            Err(fault) => {
                assert_eq!((fault, Message::salvage(bytes).is_none()), (Malformed::StatusCode, true))
            }
        },
    }
}

#[test]
fn every_torture_message_meets_its_fate() {
    // RFC 4475, all 49 messages.
    assert_eq!(FATES.len(), 49);
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/rfc4475");
    if !folder.is_dir() {
        eprintln!("skipped: the torture messages are not in ../shared/data/rfc4475");
        return;
    }
    for (name, fate) in FATES {
        let bytes =
            std::fs::read(folder.join(format!("{name}.dat"))).unwrap_or_else(|_| panic!("{name}.dat"));
        try_out(name, &Bytes::from(bytes), fate);
    }
}
