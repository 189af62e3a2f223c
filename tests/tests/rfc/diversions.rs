//! Calls that were diverted to the site, and trunks whose word for the caller is not believed.

use turno_ground::Pii;
use turno_model::{CallerKnown, ContactId, DiversionReason, Fact, WITHHELD};
use turno_tests::stage::{Stage, answering, millis, secs};

use crate::raw::{HERE, Raw, ask, last_status, offer, to_tag};

const ASSERTED: &str = "P-Asserted-Identity: <sip:+593998877665@c>\r\n";

/// A caller with these headers talks to `a001` for a while. Returns what was known of the caller, and the Diversion that the
/// phone got.
fn called(stage: &mut Stage, id: &str, extra: &str) -> (ContactId, Vec<CallerKnown>, Vec<String>) {
    let body = offer("127.20.99.1", 1);
    let branch = format!("b{id}");
    let raw = Raw { call_id: id, branch: &branch, uri: "sip:7001@turno", ..Raw::default() };
    let before = stage.facts().len();
    let sent_before = stage.sent_with("Diversion: ", HERE).len();
    let letters = ask(stage, &Raw { method: "INVITE", extra, body: &body, ..raw });
    assert_eq!(last_status(&letters), Some(200), "{letters:?}");
    let tag = to_tag(letters.last().expect("an answer"));
    ask(stage, &Raw { method: "ACK", branch: &format!("a{id}"), to_tag: &tag, ..raw });
    stage.run_for(secs(3));
    ask(stage, &Raw { method: "BYE", branch: &format!("e{id}"), to_tag: &tag, cseq: 2, ..raw });
    stage.run_for(secs(15));
    let facts = stage.facts()[before..].iter();
    let contact = facts.clone().find_map(|(_, fact)| match fact {
        Fact::ContactArrived { contact, .. } => Some(*contact),
        _ => None,
    });
    let known = facts.filter_map(|(_, fact)| match fact {
        Fact::CallerKnown(_, known) => Some(known.clone()),
        _ => None,
    });
    (
        contact.expect("it arrived"),
        known.collect(),
        stage.sent_with("Diversion: ", HERE).split_off(sent_before),
    )
}

fn diverted(from: &str, why: DiversionReason) -> CallerKnown {
    CallerKnown::Diverted { from: Pii(from.into()), why }
}

#[test]
fn a_diverted_call_tells_whom_it_was_for_and_the_phone_shows_it() {
    // RFC 5806; RFC 7044: the latest diversion first.
    let mut stage = Stage::new();
    stage.keep_messages();
    stage.agent("a001", answering(millis(500)));
    let header = "Diversion: <sip:023952301@c>;reason=user-busy, <sip:023952302@c>;reason=no-answer\r\n";
    let (contact, known, shown) = called(&mut stage, "diverted", &format!("{ASSERTED}{header}"));
    let expected = [
        CallerKnown::Claims { number: Pii("+593991234567".into()) },
        diverted("+59323952301", DiversionReason::UserBusy),
        diverted("+59323952302", DiversionReason::NoAnswer),
    ];
    assert_eq!(known, expected);
    assert!(
        !shown.is_empty() && shown.iter().all(|it| it.contains(":+59323952301@") && it.contains("user-busy"))
    );
    let told = format!("{:?}", stage.story(contact));
    assert!(told.contains("*01: busy") && told.contains("*02: no answer") && told.contains("*67"), "{told}");
    assert!(!told.contains("23952301") && !told.contains("991234567"), "{told}");
    let history =
        "History-Info: <sip:023952303@c?Reason=SIP%3Bcause%3D302>;index=1, <sip:7001@c>;index=1.1\r\n";
    let (_, known, shown) = called(&mut stage, "history", history);
    assert_eq!(known, [diverted("+59323952303", DiversionReason::Unconditional)]);
    assert!(shown.iter().all(|it| it.contains("reason=unconditional")), "{shown:?}");
    let (_, known, shown) = called(&mut stage, "plain", "");
    assert_eq!((known, shown), (Vec::new(), Vec::new()), "a call that was not diverted");
    stage.finish();
}

#[test]
fn the_diversions_of_a_caller_who_withholds_the_number_are_withheld_too() {
    // RFC 3323, 4.2; RFC 5806, 9: privacy; RFC 7044, 10.1.
    let mut stage = Stage::new();
    stage.keep_messages();
    stage.agent("a001", answering(millis(500)));
    for (id, extra) in [
        ("by-caller", "Privacy: id\r\nDiversion: <sip:023952301@c>;reason=away\r\n"),
        ("by-diverter", "Diversion: <sip:023952301@c>;reason=away;privacy=full\r\n"),
    ] {
        let (_, known, shown) = called(&mut stage, id, extra);
        assert_eq!(known, [diverted(WITHHELD, DiversionReason::Away)], "{id}");
        assert!(!shown.is_empty() && shown.iter().all(|it| !it.contains("23952301")), "{shown:?}");
    }
    stage.finish();
}

#[test]
fn a_trunk_whose_word_is_not_believed_names_the_caller_by_from_alone() {
    // RFC 3325, 3 and 9.1: an identity counts only inside the trust domain.
    let mut stage = Stage::with(|plan| plan.trunks.iter_mut().for_each(|trunk| trunk.trust_identity = false));
    stage.agent("a001", answering(millis(500)));
    let header = format!("{ASSERTED}Diversion: <sip:023952301@c>;reason=away\r\n");
    let (contact, known, shown) = called(&mut stage, "unbelieved", &header);
    assert_eq!((known, shown), (Vec::new(), Vec::new()));
    let from = |fact: &Fact| matches!(fact, Fact::ContactArrived { contact: it, from, .. } if *it == contact && from.0 == "+593991234567");
    assert_eq!(stage.count(from), 1);
    let hidden = format!("{ASSERTED}Privacy: id\r\n");
    let (contact, ..) = called(&mut stage, "hidden", &hidden);
    let is_withheld = |fact: &Fact| matches!(fact, Fact::ContactArrived { contact: it, from, .. } if *it == contact && from.0 == WITHHELD);
    assert_eq!(stage.count(is_withheld), 1, "it may still hide its number");
    stage.finish();
}

#[test]
fn hostile_diversions_are_few_and_short() {
    let mut stage = Stage::new();
    stage.agent("a001", answering(millis(500)));
    let long = "9".repeat(1_500);
    let extra: String = (0..18).map(|_| format!("Diversion: <sip:{long}@c>;reason={long}\r\n")).collect();
    let (_, known, _) = called(&mut stage, "hostile", &extra);
    assert!(!known.is_empty() && known.len() <= 3, "{}", known.len());
    for it in known {
        assert!(matches!(it, CallerKnown::Diverted { from, .. } if from.0.len() <= 70));
    }
    stage.finish();
}
