//! Callers who withhold their number (RFC 3323; RFC 3325).

use turno_ground::Pii;
use turno_model::{ContactId, Fact};
use turno_phone::PhoneEvent;
use turno_tests::stage::{Desk, Stage, answering, millis, secs};
use turno_trace::Numbers;

use crate::raw::{HERE, Raw, ask, last_status, offer, to_tag};

const ASSERTED: &str = "P-Asserted-Identity: \"Ana Vela\" <sip:+593998877665@c>, <tel:+593998877665>\r\n";
const ANONYMOUS: &str = "\"Anonymous\" <sip:anonymous@anonymous.invalid>";

/// Sends a caller's INVITE through the carrier to 7001, and returns what the phone of `a001` shows.
fn shown_for(
    stage: &mut Stage,
    ana: Desk,
    from: &str,
    extra: &str,
    id: &str,
) -> (String, String, Option<String>) {
    let body = offer("127.20.99.1", 1);
    let branch = format!("b{id}");
    let raw = Raw { from, call_id: id, branch: &branch, uri: "sip:7001@turno", ..Raw::default() };
    let letters = ask(stage, &Raw { method: "INVITE", extra, body: &body, ..raw });
    assert_eq!(last_status(&letters), Some(200), "{letters:?}");
    let tag = to_tag(letters.last().expect("an answer"));
    ask(stage, &Raw { method: "ACK", branch: &format!("a{id}"), to_tag: &tag, ..raw });
    stage.run_for(secs(3));
    let shown = stage.events(ana).into_iter().rev().find_map(|event| match event {
        PhoneEvent::Incoming { caller, display, asserted, .. } => {
            Some((caller.clone(), display.clone(), asserted.clone()))
        }
        _ => None,
    });
    ask(stage, &Raw { method: "BYE", branch: &format!("e{id}"), to_tag: &tag, cseq: 2, ..raw });
    stage.run_for(secs(15));
    shown.expect("the phone has rung")
}

#[test]
fn a_withheld_number_reaches_no_phone() {
    // RFC 3325, 7 and 9.3; RFC 3323, 4.2.
    let own = "<sip:+593998877665@c>";
    let party = "Remote-Party-ID: <sip:+593998877665@c>;party=calling;privacy=full\r\n";
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(millis(500)));
    for (place, (from, privacy)) in [
        (ANONYMOUS, "Privacy: id\r\n"),
        (own, "Privacy: id\r\n"),
        (own, "Privacy: ID;critical\r\n"),
        (own, "Privacy: header; session; user\r\n"),
        (own, "Privacy: header\r\nPrivacy: id\r\n"),
        (own, "Privacy: full\r\n"),
        (ANONYMOUS, ""),
        (own, party),
    ]
    .into_iter()
    .enumerate()
    {
        let extra = format!("{ASSERTED}{privacy}");
        let (caller, display, asserted) =
            shown_for(&mut stage, ana, from, &extra, &format!("hidden-{place}"));
        assert_eq!(caller, "anonymous", "{privacy}");
        assert!(!display.contains("99887") && !display.contains("Vela"), "{display}");
        assert_eq!(asserted, None, "{privacy}");
    }
    let is_told =
        |fact: &Fact| format!("{fact:?}").contains("65") && matches!(fact, Fact::ContactArrived { .. });
    assert_eq!(stage.count(is_told), 0);
    assert_eq!(stage.count(|fact| matches!(fact, Fact::NumberWithheld { .. })), 0, "the plan keeps none");
    stage.finish();
}

#[test]
fn a_number_that_is_not_withheld_is_the_carriers_word_before_the_callers() {
    // RFC 3325, 9.1; RFC 3323, 4.2: none.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(millis(500)));
    for (place, (from, extra)) in [
        ("<sip:110@c>", ASSERTED.to_owned()),
        (ANONYMOUS, format!("{ASSERTED}Privacy: none\r\n")),
        ("<sip:110@c>", format!("{ASSERTED}Privacy: session\r\n")),
        ("<sip:0998877665@c>", String::new()),
        ("<sip:110@c>", "Remote-Party-ID: <sip:0998877665@c>;party=calling;privacy=off\r\n".to_owned()),
    ]
    .into_iter()
    .enumerate()
    {
        let (caller, _, asserted) = shown_for(&mut stage, ana, from, &extra, &format!("open-{place}"));
        assert_eq!(
            (caller.as_str(), asserted.as_deref()),
            ("+593998877665", Some("+593998877665")),
            "{extra}"
        );
    }
    stage.finish();
}

#[test]
fn a_withheld_number_is_kept_for_the_operator_where_the_plan_says_so_and_shown_in_no_trace() {
    // RFC 3323, 3: the operator may be obliged to know the number, for malicious calls; nobody else sees it.
    let mut stage = Stage::with(|plan| plan.keep_withheld = true);
    stage.keep_messages();
    let ana = stage.agent("a001", answering(millis(500)));
    let extra = format!("{ASSERTED}Privacy: id\r\n");
    shown_for(&mut stage, ana, "\"Ana Vela\" <sip:0998877665@c>", &extra, "kept");
    let kept: Vec<(ContactId, String)> = stage
        .facts()
        .iter()
        .filter_map(|(_, fact)| match fact {
            Fact::NumberWithheld { contact, number: Pii(number) } => Some((*contact, number.to_string())),
            _ => None,
        })
        .collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].1, "+593998877665");
    for numbers in [Numbers::Short, Numbers::Full] {
        let told = format!("{:?}", stage.story_with(kept[0].0, numbers));
        assert!(told.contains("number withheld"), "{told}");
        for secret in ["998877665", "Vela"] {
            assert!(!told.contains(secret), "{secret} in {told}");
        }
    }
    stage.finish();
}

#[test]
fn a_withheld_number_is_not_in_the_journal_unless_the_plan_keeps_it() {
    // Wound: the journal had the number, as part of the stored INVITE that was not yet answered.
    let mut stage = Stage::with(|plan| {
        plan.queues.iter_mut().for_each(|queue| queue.answer_on_entry = false);
    });
    stage.keeps_steps();
    stage.agent("a001", answering(secs(10)));
    let (body, extra) = (offer("127.20.99.1", 1), format!("{ASSERTED}Privacy: id\r\n"));
    let raw =
        Raw { from: ANONYMOUS, call_id: "written", branch: "bw", uri: "sip:7001@turno", ..Raw::default() };
    let letters = ask(&mut stage, &Raw { method: "INVITE", extra: &extra, body: &body, ..raw });
    assert_eq!(last_status(&letters), None, "{letters:?}");
    stage.run_for(secs(1));
    let written = stage.steps().iter().flat_map(|step| &step.kept).collect::<Vec<_>>();
    assert!(written.len() > 10, "the call was written down");
    let has = |digits: &[u8]| {
        let images = written.iter().filter(|record| record.form.windows(digits.len()).any(|it| it == digits));
        images.count()
    };
    assert_eq!(has(b"998877665"), 0);
    assert!(has(b"anonymous.invalid") > 0, "and so was what a response repeats");
    let letters = ask(&mut stage, &Raw { method: "CANCEL", ..raw });
    let tag = to_tag(letters.last().expect("the call is refused"));
    ask(&mut stage, &Raw { method: "ACK", to_tag: &tag, ..raw });
    stage.run_for(secs(60));
    stage.finish();
}

#[test]
fn a_withheld_number_does_not_leave_by_a_transfer_to_the_outside() {
    // RFC 3325, 7: never to an untrusted peer; the test checks every header of every message that leaves.
    let mut stage = Stage::new();
    let address = |port: u16| format!("127.40.0.1:{port}").parse().expect("an address");
    let citizen = stage.phone_at("0987654321", "", (address(5060), address(40_000)), answering(secs(1)));
    stage.keep_messages();
    let ana = stage.agent("a001", answering(millis(500)));
    let body = offer("127.20.99.1", 1);
    let raw = Raw { from: ANONYMOUS, call_id: "passed-on", uri: "sip:7001@turno", ..Raw::default() };
    let extra =
        format!("{ASSERTED}Privacy: id\r\nDiversion: <sip:0998877665@c>\r\nUser-to-User: 0998877665\r\n");
    let letters = ask(&mut stage, &Raw { method: "INVITE", extra: &extra, body: &body, ..raw });
    let tag = to_tag(letters.last().expect("an answer"));
    ask(&mut stage, &Raw { method: "ACK", branch: "ack", to_tag: &tag, ..raw });
    stage.run_for(secs(3));
    let line = stage.last_incoming(ana).expect("ana has answered");
    stage.passes_on(line, "0987654321");
    stage.run_for(secs(4));
    let shown = stage.events(citizen).into_iter().find_map(|event| match event {
        PhoneEvent::Incoming { caller, asserted, .. } => Some((caller.clone(), asserted.clone())),
        _ => None,
    });
    assert_eq!(shown, Some(("7000".to_owned(), Some("7000".to_owned()))), "our own number");
    assert_eq!(stage.sent_with("998877665", HERE), Vec::<String>::new());
    ask(&mut stage, &Raw { method: "BYE", branch: "bye", to_tag: &tag, cseq: 2, ..raw });
    stage.finish();
}
