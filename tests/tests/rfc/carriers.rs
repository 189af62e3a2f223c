//! Calls from carriers that write numbers and names in different ways, and calls to them.

use turno_ground::Secret;
use turno_model::plan::{IdentityHeader, NumberFrom, NumberSource, TrunkTrust};
use turno_model::{Fact, Plan};
use turno_tests::stage::{Stage, millis, ringing, secs, value};

use crate::raw::{HERE, Raw, ask, last_status, offer, to_tag};

/// The carrier has the address of the hand-written messages, and turno registers there as `account7`.
fn registers(plan: &mut Plan) {
    plan.trunks[0].host = Some(HERE.ip().to_string());
    plan.trunks[0].trust = TrunkTrust::Registration {
        username: "account7".to_owned(),
        password: Secret::new("secret"),
        expires: core::time::Duration::from_secs(86_400),
    };
}

fn stage_of(change: impl FnOnce(&mut Plan)) -> Stage {
    let mut stage = Stage::with(|plan| {
        registers(plan);
        change(plan);
    });
    stage.run_for(millis(100));
    let register = stage.letters_to(HERE).remove(0);
    answer(
        &mut stage,
        &register,
        "200 OK",
        &[&format!("Contact: {}", value(&register, "Contact").expect("one"))],
    );
    stage
}

fn answer(stage: &mut Stage, request: &str, status: &str, headers: &[&str]) {
    let of = |name: &str| format!("{name}: {}\r\n", value(request, name).expect("every request has it"));
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let to = format!("To: {};tag=c\r\n", value(request, "To").expect("a To"));
    let text = format!(
        "SIP/2.0 {status}\r\n{}{}{to}{}{}{headers}Content-Length: 0\r\n\r\n",
        of("Via"),
        of("From"),
        of("Call-ID"),
        of("CSeq")
    );
    stage.throw_in(HERE, text.as_bytes());
}

/// Calls as a carrier does. Returns the status and the dialled number in the facts.
fn called(stage: &mut Stage, raw: &Raw<'_>) -> (Option<u16>, String) {
    let body = offer("127.20.99.1", 1);
    let (call, ack, bye) = ["i", "a", "b"].map(|kind| format!("{kind}{}", raw.call_id)).into();
    let letters = ask(stage, &Raw { method: "INVITE", branch: &call, body: &body, ..*raw });
    let status = last_status(&letters);
    let tag = to_tag(letters.last().expect("an answer"));
    let is_taken = status == Some(200);
    let branch = if is_taken { &ack } else { &call };
    ask(stage, &Raw { method: "ACK", branch, to_tag: &tag, ..*raw });
    if is_taken {
        let bye = Raw { method: "BYE", branch: &bye, to_tag: &tag, cseq: 2, extra: "", ..*raw };
        assert_eq!(last_status(&ask(stage, &bye)), Some(200));
    }
    let dialled = stage.facts().iter().rev().find_map(|(_, fact)| match fact {
        Fact::ContactArrived { dialled, .. } => Some(dialled.to_string()),
        _ => None,
    });
    (status, dialled.unwrap_or_default())
}

#[test]
fn a_call_to_our_own_contact_finds_the_number_that_was_dialled() {
    // RFC 3261, 16.5: a registrar's proxy puts our Contact into the Request-URI. Asterisk: 'extension s not found'.
    for (place, (uri, to, extra)) in [
        ("sip:account7@127.0.0.1:5060", "<sip:7001@carrier.example>", ""),
        ("sip:account7@127.0.0.1:5060;line=x1", "\"Tasas, 7002\" <sip:7001@carrier.example;user=phone>", ""),
        ("sip:127.0.0.1:5060", "<tel:+593-7001>", ""),
        ("sip:x7f3@127.0.0.1", "sip:+593(7001)@carrier.example", ""),
        (
            "sip:account7@127.0.0.1",
            "<sip:account7@c>",
            "P-Called-Party-ID: <sip:005937001;npdi;rn=+5932@c>\r\n",
        ),
        ("sip:account7@127.0.0.1", "<sip:5937001;phone-context=+593@c;user=phone>", ""),
        ("sip:7001%3Bnpdi@127.0.0.1", "<sip:other@c>", ""),
        ("sip:+593.7001;isub=1@127.0.0.1", "<sip:other@c>", ""),
    ]
    .into_iter()
    .enumerate()
    {
        let mut stage = stage_of(|_| {});
        // rsip cannot parse a tel URI in To.
        stage.is_strict = false;
        let id = format!("call-{place}");
        let (status, _) = called(&mut stage, &Raw { uri, to, extra, call_id: &id, ..Raw::default() });
        assert_eq!(status, Some(200), "{uri} {to} {extra}");
        stage.finish();
    }
}

#[test]
fn a_number_that_the_plan_does_not_know_is_refused_and_told_as_dialled() {
    // The To of a diverted call is a foreign number; a call to the account must not be lost for that.
    let mut stage = stage_of(|_| {});
    let raw = Raw { uri: "sip:account7@127.0.0.1", to: "<sip:+4930123@c>", ..Raw::default() };
    assert_eq!(called(&mut stage, &raw), (Some(404), "+4930123".to_owned()));
    stage.finish();
}

#[test]
fn an_account_that_is_a_number_itself_is_asked_last() {
    // One account with many numbers: the Request-URI names the account, To the number.
    let mut stage = stage_of(|plan| {
        if let TrunkTrust::Registration { username, .. } = &mut plan.trunks[0].trust {
            "7002".clone_into(username);
        }
    });
    let raw = Raw { uri: "sip:7002@127.0.0.1", to: "<sip:7001@c>", ..Raw::default() };
    assert_eq!(called(&mut stage, &raw), (Some(200), "7001".to_owned()));
    let raw = Raw { to: "<sip:0991@c>", call_id: "diverted", ..raw };
    assert_eq!(called(&mut stage, &raw).1, "7002");
    stage.finish();
}

#[test]
fn the_plan_says_which_headers_are_asked_in_which_order() {
    // RFC 5806, RFC 7044: a carrier that forwards all calls to one number gives the dialled number in these headers.
    let headers = "Diversion: <sip:0990000@c>;reason=unconditional, <sip:7001@c>;counter=1\r\n\
         History-Info: <sip:7002@c?Reason=SIP%3Bcause%3D302>;index=1, <sip:pilot@c>;index=1.1\r\n";
    for (sources, dialled) in [
        (vec![NumberSource::Diversion, NumberSource::RequestUri], "7001"),
        (vec![NumberSource::History, NumberSource::Diversion], "7002"),
        (vec![NumberSource::RequestUri, NumberSource::History], "7000"),
        (vec![NumberSource::To], "pilot"),
    ] {
        let mut stage = stage_of(|plan| plan.trunks[0].addressing.number_from = NumberFrom(sources));
        stage.agent("a001", ringing());
        let raw = Raw { uri: "sip:7000@127.0.0.1", to: "<sip:pilot@c>", extra: headers, ..Raw::default() };
        let body = offer("127.20.99.1", 1);
        let _ = ask(&mut stage, &Raw { method: "INVITE", body: &body, ..raw });
        let asked = |fact: &Fact| matches!(fact, Fact::ContactArrived { dialled: it, .. } if it == dialled);
        assert_eq!(stage.count(asked), 1, "{dialled}: {:?}", stage.facts());
        let _ = ask(&mut stage, &Raw { method: "CANCEL", ..raw });
        let _ = ask(&mut stage, &Raw { method: "ACK", ..raw });
        stage.finish();
    }
}

/// An agent dials an outside number; returns the INVITE that the carrier gets.
fn invite_to_carrier(stage: &mut Stage) -> String {
    let ana = stage.agent("a001", ringing());
    let line = stage.dials(ana, "0987654321");
    stage.run_for(millis(100));
    let invite = stage.letters_to(HERE).into_iter().find(|letter| letter.starts_with("INVITE "));
    let invite = invite.expect("the carrier is called");
    answer(stage, &invite, "486 Busy Here", &[]);
    stage.run_for(secs(1));
    assert_eq!(stage.refusal(line), Some(486));
    stage.take_letters();
    invite
}

#[test]
fn a_call_by_a_registered_trunk_is_the_accounts_and_not_our_phones() {
    // RFC 3261, 8.1.1: carriers refuse an unknown From with 403.
    let mut stage = stage_of(|_| {});
    let invite = invite_to_carrier(&mut stage);
    let carrier = HERE.ip();
    assert!(invite.starts_with(&format!("INVITE sip:0987654321@{carrier} SIP/2.0\r\n")), "{invite}");
    assert_eq!(value(&invite, "To"), Some(format!("<sip:0987654321@{carrier}>").as_str()));
    let own = format!("<sip:account7@{carrier}>");
    assert!(value(&invite, "From").is_some_and(|from| from.starts_with(&format!("{own};tag="))), "{invite}");
    assert_eq!(value(&invite, "P-Asserted-Identity"), Some(own.as_str()));
    assert_eq!(value(&invite, "Contact"), Some("<sip:account7@127.0.0.1:5060>"));
    assert!(!invite.contains("@turno"), "the domain of our phones is no business of the carrier's: {invite}");
    stage.finish();
}

#[test]
fn a_carrier_gets_the_names_that_it_wants() {
    // RFC 3325, 9.2.
    let mut stage = stage_of(|plan| {
        let addressing = &mut plan.trunks[0].addressing;
        addressing.domain = Some("ims.carrier.example".to_owned());
        addressing.from_user = Some("+59323952300".to_owned());
        addressing.from_domain = Some("quito.example".to_owned());
        addressing.caller_number = Some("+5931800510510".to_owned());
        addressing.identity_header = IdentityHeader::Preferred;
    });
    let invite = invite_to_carrier(&mut stage);
    assert!(invite.starts_with("INVITE sip:0987654321@ims.carrier.example "), "{invite}");
    assert!(
        value(&invite, "From").is_some_and(|it| it.starts_with("<sip:+59323952300@quito.example>")),
        "{invite}"
    );
    assert_eq!(value(&invite, "P-Preferred-Identity"), Some("<sip:+5931800510510@quito.example>"));
    assert_eq!(value(&invite, "P-Asserted-Identity"), None);
    stage.finish();
}

#[test]
fn a_call_by_a_trunk_that_is_known_by_its_address_comes_from_our_address() {
    // RFC 3261, 8.1.1.3: a carrier cannot use the realm of our phones, which is in no DNS.
    let mut stage = Stage::with(|plan| plan.trunks[0].host = Some(HERE.ip().to_string()));
    let invite = invite_to_carrier(&mut stage);
    assert!(value(&invite, "From").is_some_and(|it| it.starts_with("<sip:7000@127.0.0.1>;tag=")), "{invite}");
    assert_eq!(value(&invite, "P-Asserted-Identity"), Some("<sip:7000@127.0.0.1>"));
    stage.finish();
}

#[test]
fn a_carrier_that_challenges_an_outgoing_call_gets_its_answer() {
    // RFC 3261, 22.3; RFC 8760, 2.4.
    let mut stage = stage_of(|plan| plan.trunks[0].addressing.auth_username = Some("auth7".to_owned()));
    let ana = stage.agent("a001", ringing());
    let line = stage.dials(ana, "0987654321");
    stage.run_for(millis(100));
    let is_invite = |letter: &String| letter.starts_with("INVITE ");
    let invite = stage.letters_to(HERE).into_iter().find(is_invite).expect("the carrier is called");
    let challenges = [
        "Proxy-Authenticate: Digest realm=\"c\", nonce=\"1\", qop=\"auth\", algorithm=SHA3-512",
        "Proxy-Authenticate: Digest realm=\"c\", nonce=\"1\", qop=\"auth\", algorithm=SHA-512-256",
        "Proxy-Authenticate: Digest realm=\"c\", nonce=\"1\", qop=\"auth\", algorithm=MD5",
    ];
    answer(&mut stage, &invite, "407 Proxy Authentication Required", &challenges);
    stage.run_for(millis(100));
    let again = stage.letters_to(HERE).into_iter().find(is_invite).expect("it is called again");
    let given = value(&again, "Proxy-Authorization").expect("an answer");
    assert!(given.contains("SHA-512-256") && given.contains("username=\"auth7\""), "{given}");
    assert_eq!(value(&again, "CSeq"), Some("2 INVITE"));
    answer(&mut stage, &again, "486 Busy Here", &[]);
    stage.run_for(secs(1));
    assert_eq!(stage.refusal(line), Some(486));
    stage.finish();
}
