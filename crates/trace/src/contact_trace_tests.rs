//! Stories told from facts and messages made by hand, hostile ones among them.

use core::time::Duration;
use std::net::SocketAddr;

use bytes::Bytes;
use compact_str::CompactString;
use smallvec::smallvec;
use turno_ground::{Flow, Moment, Pii, Transport};
use turno_model::{
    AgentId, AgentState, Candidate, Channel, ContactId, ContactOutcome, Decision, EndedBy, Fact, Language,
    MediaReport, OfferId, OfferOutcome, Party, PassedOver, Plan, QueueId, Rule, TrunkId,
};

use super::*;
use crate::captured_message::Way;
use crate::recent::{Row, recent, table};

const CONTACT: ContactId = ContactId(77);
const CALLER: &str = "0991234567";

fn at(millis: u64) -> Moment {
    Moment::from_micros(1_700_000_000_000_000 + millis * 1_000)
}

fn plan() -> Plan {
    let site = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sip-config/quito");
    turno_config::load(site.as_ref()).expect("the built-in site is valid").0
}

fn flow(port: u16) -> Flow {
    let remote = SocketAddr::from(([127, 0, 0, 1], port));
    Flow { transport: Transport::Udp, local: ([127, 0, 0, 1], 5060).into(), remote }
}

fn captured(
    way: Way,
    millis: u64,
    port: u16,
    first: &str,
    cseq: &str,
    call_id: &str,
    rest: &str,
) -> CapturedMessage {
    let text = format!("{first}\r\nCall-ID: {call_id}\r\nCSeq: {cseq}\r\n{rest}");
    let rest = if text.contains("\r\n\r\n") { "" } else { "\r\n" };
    CapturedMessage { at: at(millis), way, flow: flow(port), bytes: Bytes::from(text + rest) }
}

fn decision() -> Box<Decision> {
    Box::new(Decision {
        contact: CONTACT,
        queue: QueueId(1),
        winner: AgentId(3),
        rule: Rule::UcdMia,
        waited: Duration::from_millis(40),
        idle: Duration::from_secs(12),
        passed_over: smallvec![
            (Candidate::Agent(AgentId(2)), PassedOver::Occupied),
            (Candidate::Agent(AgentId(6)), PassedOver::LessIdle),
            (Candidate::Agent(AgentId(7)), PassedOver::LessIdle),
        ],
        others: 2,
    })
}

fn facts() -> Vec<(Moment, Fact)> {
    let (contact, agent, queue, offer) = (CONTACT, AgentId(3), QueueId(1), OfferId(5));
    let waited = Duration::from_millis(8_200);
    let leg =
        |party, call_id: &str| Fact::LegOpened { contact, party, call_id: CompactString::from(call_id) };
    let other = Fact::Queued { contact: ContactId(78), queue, priority: 0, position: 9 };
    vec![
        (at(0), Fact::AgentChanged { agent: AgentId(2), from: AgentState::Ringing, to: AgentState::Talking }),
        (
            at(5),
            Fact::ContactArrived {
                contact,
                channel: Channel::Voice,
                from: Pii(CALLER.into()),
                dialled: "1800510510".into(),
                trunk: Some(TrunkId(0)),
            },
        ),
        (at(5), leg(Party::Caller, "in@carrier")),
        (at(5), Fact::Queued { contact, queue, priority: 0, position: 3 }),
        (at(6), other),
        (at(45), Fact::Offered { offer, contact, agent, queue, delay: Duration::ZERO, decision: decision() }),
        (at(45), leg(Party::Agent(agent), "out@turno")),
        (
            at(8_205),
            Fact::OfferSettled {
                offer,
                contact,
                agent,
                queue,
                outcome: OfferOutcome::Accepted,
                rang: Duration::from_millis(8_160),
            },
        ),
        (at(8_205), Fact::Connected { contact, agent, queue, waited }),
        (
            at(9_000),
            Fact::ContactEnded {
                contact,
                queue,
                outcome: ContactOutcome::Answered,
                by: EndedBy::Caller,
                waited,
            },
        ),
        (
            at(9_020),
            Fact::MediaReported(MediaReport {
                contact: Some(contact),
                of_caller: true,
                received: 401,
                lost: 2,
                jitter: Duration::from_micros(1_240),
            }),
        ),
    ]
}

fn captured_messages() -> Vec<CapturedMessage> {
    let invite = "From: \"<script>alert(1)</script>\" <sip:0991234567@c>;tag=a\r\n\
        Authorization: Digest response=\"deadbeef\"\r\n\r\nv=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 6000 RTP/AVP 8\r\n";
    let call = "INVITE sip:1800510510@h SIP/2.0";
    let shown = "From: \"Impuesto predial 0991234567\" <sip:0991234567@h>\r\n";
    let offer = "INVITE sip:1004@h SIP/2.0";
    vec![
        captured(Way::In, 5, 7_000, call, "1 INVITE", "in@carrier", invite),
        captured(Way::Out, 5, 7_000, "SIP/2.0 200 OK", "1 INVITE", "in@carrier", ""),
        captured(Way::Out, 6, 9_999, "OPTIONS sip:x@h SIP/2.0", "1 OPTIONS", "other@turno", ""),
        captured(Way::Out, 45, 7_104, offer, "1 INVITE", "out@turno", shown),
        captured(Way::Out, 545, 7_104, offer, "1 INVITE", "out@turno", shown),
        captured(Way::In, 560, 7_104, "SIP/2.0 180 <b onclick='x'>\u{1b}[2J", "1 INVITE", "out@turno", ""),
        captured(Way::In, 8_205, 7_104, "SIP/2.0 200 OK", "1 INVITE", "out@turno", ""),
        captured(
            Way::In,
            9_000,
            7_000,
            "BYE sip:h SIP/2.0",
            "2 BYE",
            "in@carrier",
            "Reason: SIP;cause=200\r\n",
        ),
    ]
}

fn story() -> ContactTrace {
    let (facts, captured_messages, plan) = (facts(), captured_messages(), plan());
    ContactTrace::gather(CONTACT, facts.iter().map(|(at, fact)| (*at, fact)), captured_messages.iter(), &plan)
}

#[test]
fn a_call_is_told_in_order_with_the_reasons_of_its_offer() {
    let text = story().text(&TextOptions::default());
    let order = [
        "contact 77",
        "INVITE 1 ",
        "waits for Impuesto predial at place 3",
        "200 OK (INVITE 1)",
        "offered to Puesto 1004 by most idle, 12.0 s idle",
        "1003: talking",
        "1007, 1008: less idle",
        "and 2 more",
        "INVITE 1 ",
        "again",
        "Puesto 1004 answers after 8.2 s",
        "talks to Puesto 1004 after 8.2 s of waiting",
        "BYE 2",
        "reason SIP;cause=200",
        "ended: answered, by the caller",
        "media from the caller: 401 packets, 2 lost, jitter 1.2 ms",
    ];
    let mut rest = text.as_str();
    for part in order {
        let found = rest.find(part).unwrap_or_else(|| panic!("no `{part}` in the rest of\n{text}"));
        rest = &rest[found + part.len()..];
    }
    assert!(!text.contains("OPTIONS") && !text.contains("place 9"), "another contact's in\n{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[test]
fn a_site_that_speaks_spanish_reads_its_story_in_spanish() {
    let (facts, captured_messages) = (facts(), captured_messages());
    let plan = Plan { language: Some(Language::Spanish), ..plan() };
    let facts = || facts.iter().map(|(at, fact)| (*at, fact));
    let story = ContactTrace::gather(CONTACT, facts(), captured_messages.iter(), &plan);
    let text = story.text(&TextOptions::default());
    for part in [
        "contacto 77",
        "en espera en Impuesto predial, lugar 3",
        "ofrecida a Puesto 1004 por mayor tiempo libre, 12.0 s libre",
        "1003: hablando",
        "1007, 1008: menos tiempo libre",
        "y 2 más",
        "otra vez",
        "Puesto 1004 contesta después de 8.2 s",
        "habla con Puesto 1004 después de 8.2 s en espera",
        "terminada: contestada, por quien llama",
        "voz de quien llama: 401 paquetes, 2 perdidos, fluctuación 1.2 ms",
    ] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
    for word in ["contact ", "waits", "offered", " to ", "talks", "again", "ended", "caller", "packets"] {
        assert!(!text.contains(word), "`{word}` in\n{text}");
    }
    assert!(story.html().contains("<html lang=\"es\">"));
    let rows: Vec<Row> = recent(facts(), 9).iter().map(|one| one.row(&plan, Numbers::Short)).collect();
    let table = table(&rows);
    assert!(table.starts_with("contacto  llegada") && table.contains("contestada"), "{table}");
}

#[test]
fn a_live_story_is_the_same_as_one_told_afterwards() {
    let (facts, captured_messages, plan) = (facts(), captured_messages(), plan());
    let mut assembler = Assembler::new(CONTACT, &plan, Numbers::Short);
    let mut live = ContactTrace::default();
    for from in (0..10_000).step_by(5) {
        let is_now = |moment: Moment| moment >= at(from) && moment < at(from + 5);
        let facts = facts.iter().filter(|(at, _)| is_now(*at)).map(|(at, fact)| (*at, fact));
        live.extend(assembler.hear(facts, captured_messages.iter().filter(|captured| is_now(captured.at))));
    }
    let told = story();
    assert_eq!((live.lines, live.columns, live.head), (told.lines, told.columns, told.head));
    assert!(assembler.over_at().is_some() && !assembler.is_complete(), "one leg has not brought its figures");
}

#[test]
fn nothing_that_a_stranger_wrote_becomes_markup() {
    let page = story().html();
    assert!(page.contains("180 &lt;b onclick=&#39;x&#39;&gt;"), "{page}");
    assert!(!page.contains("<script") && !page.contains("<b onclick") && !page.contains('\u{1b}'), "{page}");
    let story = full();
    let page = story.html();
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{page}");
    assert!(!page.contains("<script"), "{page}");
    assert!(!page.contains("http://") && !page.contains("https://"), "the page needs nothing from elsewhere");
}

#[test]
fn citizens_numbers_and_credentials_stay_out_of_every_form() {
    let story = story();
    let options = TextOptions { is_full: true, ..TextOptions::default() };
    for form in [story.text(&options), story.html(), story.json()] {
        assert!(!form.contains("991234") && !form.contains("deadbeef") && !form.contains("alert"), "{form}");
        assert!(form.contains("*67"), "{form}");
    }
    let form = full().text(&options);
    assert!(form.contains(CALLER) && !form.contains("deadbeef"), "{form}");
}

#[test]
fn a_saved_story_makes_the_same_page_again() {
    for story in [story(), full()] {
        let saved = story.json();
        let again = ContactTrace::from_json(&saved).expect("what was saved can be read");
        assert_eq!(again, story);
        assert_eq!(again.html(), story.html());
        assert_eq!(again.text(&TextOptions::default()), story.text(&TextOptions::default()));
    }
    let fault = ContactTrace::from_json("{\"end\":{\"is_over\":true,\"missing\":null}}\nnothing")
        .expect_err("no JSON");
    assert_eq!(fault.line, 2);
    let message = story().json().lines().find(|line| line.contains("\"message\"")).map(str::to_owned);
    assert!(ContactTrace::from_json(&message.expect("a message")).is_err(), "a party that never appeared");
}

#[test]
fn a_contact_whose_messages_are_gone_says_so() {
    let (facts, plan) = (facts(), plan());
    let facts = || facts.iter().map(|(at, fact)| (*at, fact));
    let text = ContactTrace::gather(CONTACT, facts(), [].iter(), &plan).text(&TextOptions::default());
    assert!(text.contains("its messages are no longer kept"), "{text}");
    let late = ContactTrace::gather(CONTACT, facts().skip(6), [].iter(), &plan).text(&TextOptions::default());
    assert!(late.contains("its beginning is no longer kept"), "{late}");
    assert!(ContactTrace::gather(ContactId(1), facts(), [].iter(), &plan).is_empty());
}

#[test]
fn a_trunk_that_repeats_itself_for_ever_ends_in_a_bounded_story() {
    let (facts, plan) = (facts(), plan());
    let one = captured(Way::In, 5, 7_000, "BYE x SIP/2.0", "2 BYE", "in@carrier", "");
    let flood = vec![one; 20_000];
    let story =
        ContactTrace::gather(CONTACT, facts.iter().map(|(at, fact)| (*at, fact)), flood.iter(), &plan);
    assert!(story.lines.len() <= 5_000, "{} lines", story.lines.len());
    assert!(story.text(&TextOptions::default()).contains("longer than a story may be"));
}

#[test]
fn a_ladder_of_everything_needs_no_contact() {
    let text = crate::ladder(captured_messages().iter(), |address| {
        (address.port() == 7_104).then(|| "ana".to_owned())
    });
    for part in ["ana", "127.0.0.1:9999", "OPTIONS 1", "INVITE 1", "again", "127.0.0.1:6000 PCMA"] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
}

fn full() -> ContactTrace {
    let (facts, captured_messages, plan) = (facts(), captured_messages(), plan());
    let facts = facts.iter().map(|(at, fact)| (*at, fact));
    ContactTrace::gather_with(CONTACT, facts, captured_messages.iter(), &plan, Numbers::Full)
}

#[test]
fn every_arrow_has_its_head_however_long_its_label() {
    for width in [60, 100, 128, 200] {
        let text = story().text(&TextOptions { width, ..TextOptions::default() });
        let arrows = text.lines().filter(|line| line.contains('─') || line.contains('╌'));
        for arrow in arrows {
            assert!(arrow.contains('▶') || arrow.contains('◀'), "`{arrow}` in\n{text}");
        }
    }
}

#[test]
fn a_contact_that_lives_through_a_start_is_told_where_messages_begin() {
    let (mut facts, plan) = (facts(), plan());
    let start = (facts[3].0, Fact::Started);
    facts.insert(0, (facts[0].0, Fact::Started));
    facts.insert(5, start);
    facts.push((facts.last().expect("an end").0, Fact::Started));
    let facts = || facts.iter().map(|(at, fact)| (*at, fact));
    let text = ContactTrace::gather(CONTACT, facts(), [].iter(), &plan).text(&TextOptions::default());
    assert_eq!(text.matches("turno goes on here with what its journal had").count(), 1, "{text}");
}
