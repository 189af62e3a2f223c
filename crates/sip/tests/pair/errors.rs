//! Unknown and faulty peers, and floods: each gets the response of its RFC, and no state is left.

use bytes::Bytes;
use turno_ground::{Datagram, Flow, Moment, Rng, Transport};
use turno_sip::{Event, Extra, Message, Name, Reply, SessionEvent, SessionId, Stack, StackSettings};

use crate::bench::{SDP_BOB, brief, sdp, start};

/// A stack and its answers to single messages.
pub(crate) struct Desk {
    pub(crate) stack: Stack,
    pub(crate) now: Moment,
    events: Vec<Event>,
}

pub(crate) fn flow() -> Flow {
    let (local, remote) = ("10.0.0.2:5060".parse().unwrap(), "10.0.0.9:5080".parse().unwrap());
    Flow { transport: Transport::Udp, local, remote }
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self::with(StackSettings::default())
    }

    pub(crate) fn with(settings: StackSettings) -> Self {
        Self { stack: Stack::new(settings, Rng::new(9)), now: start(), events: Vec::new() }
    }

    /// Hands in a message and returns the answers.
    pub(crate) fn ask(&mut self, text: &str) -> Vec<Message> {
        let bytes = Bytes::from(text.replace('\n', "\r\n"));
        self.stack.handle_datagram(Datagram { flow: flow(), bytes: &bytes }, self.now);
        self.answers()
    }

    pub(crate) fn answers(&mut self) -> Vec<Message> {
        while let Some(event) = self.stack.poll_event() {
            self.events.push(event);
        }
        let mut answers = Vec::new();
        while let Some(transmit) = self.stack.poll_transmit() {
            assert_eq!(transmit.flow, flow(), "a response goes where the request came from");
            answers.push(Message::scan(&transmit.bytes).expect("what a stack writes can be read"));
        }
        answers
    }

    /// The status of the only answer.
    pub(crate) fn status(&mut self, text: &str) -> u16 {
        let answers = self.ask(text);
        assert_eq!(answers.len(), 1, "{answers:?}");
        answers[0].status().expect("a response")
    }

    pub(crate) fn session(&self) -> SessionId {
        let sessions = self.events.iter().filter_map(|event| match event {
            Event::Invite { session, .. } => Some(*session),
            _ => None,
        });
        sessions.last().expect("a call arrived")
    }

    pub(crate) fn log(&self) -> Vec<String> {
        self.events
            .iter()
            .filter_map(|event| match event {
                Event::Session { event, .. } => Some(brief(event)),
                _ => None,
            })
            .collect()
    }

    /// A call that is answered and confirmed; our tag.
    pub(crate) fn talk(&mut self) -> String {
        self.ask(&request("INVITE", 1, "z9hG4bKi1", "", "Contact: <sip:eve@10.0.0.9:5080>\n"));
        let session = self.session();
        let now = self.now;
        self.stack.accept(session, sdp(SDP_BOB), Extra::new(), now);
        let answers = self.answers();
        let tag = answers[0].to().unwrap().tag().unwrap().to_owned();
        self.ask(&with_sdp(&request("ACK", 1, "z9hG4bKa1", &format!(";tag={tag}"), "")));
        tag
    }

    pub(crate) fn assert_clean_later(&mut self) {
        for _ in 0..400 {
            self.now = self.now + std::time::Duration::from_secs(1);
            self.stack.handle_deadlines(self.now);
        }
        let counters = self.stack.counters();
        let living = (counters.sessions, counters.server_transactions, counters.client_transactions);
        assert_eq!((living, counters.deadlines), ((0, 0, 0), 0));
    }
}

/// The same with SDP.
pub(crate) fn with_sdp(request: &str) -> String {
    with_body(request, "v=0\n")
}

/// The same with this SDP.
pub(crate) fn with_body(request: &str, body: &str) -> String {
    let length = body.replace('\n', "\r\n").len();
    let head = format!("Content-Type: application/sdp\nContent-Length: {length}\n\n{body}");
    request.replace("Content-Length: 0\n\n", &head)
}

pub(crate) fn request(method: &str, cseq: u32, branch: &str, to_tag: &str, more: &str) -> String {
    format!(
        "{method} sip:desk@10.0.0.2 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.9:5080;branch={branch}\nMax-Forwards: 70\n\
         From: <sip:eve@10.0.0.9>;tag=e1\nTo: <sip:desk@10.0.0.2>{to_tag}\nCall-ID: c1\nCSeq: {cseq} {method}\n\
         {more}Content-Length: 0\n\n"
    )
}

pub(crate) const CONTACT: &str = "Contact: <sip:eve@10.0.0.9:5080>\n";

#[test]
fn an_unknown_method_is_not_implemented_and_the_allowed_ones_are_named() {
    // RFC 3261, 21.5.2.
    let mut desk = Desk::new();
    let answer = desk.ask(&request("DANCE", 1, "z9hG4bK1", "", "")).remove(0);
    assert_eq!(answer.status(), Some(501));
    assert!(answer.lists(Name::Allow, "INVITE") && answer.lists(Name::Allow, "UPDATE"));
    assert!(answer.to().unwrap().tag().is_some());
    assert!(desk.events.is_empty());
}

#[test]
fn an_extension_nobody_knows_is_refused_by_name() {
    // RFC 3261, 8.2.2.3.
    let mut desk = Desk::new();
    let more = format!("{CONTACT}Require: time-travel, 100rel\n");
    let answer = desk.ask(&request("INVITE", 1, "z9hG4bK1", "", &more)).remove(0);
    assert_eq!(answer.status(), Some(420));
    assert_eq!(answer.header(Name::Unsupported), Some("time-travel"));
}

#[test]
fn a_bye_out_of_the_blue_finds_no_call() {
    // RFC 3261, 15.1.2.
    let mut desk = Desk::new();
    assert_eq!(desk.status(&request("BYE", 2, "z9hG4bK1", ";tag=nobody", "")), 481);
    assert_eq!(desk.status(&request("BYE", 2, "z9hG4bK2", "", "")), 481);
    assert_eq!(desk.status(&request("PRACK", 2, "z9hG4bK3", "", "RAck: 1 1 INVITE\n")), 481);
    assert_eq!(desk.status(&request("INVITE", 2, "z9hG4bK4", ";tag=nobody", CONTACT)), 481);
    assert_eq!(desk.status(&request("CANCEL", 2, "z9hG4bK5", "", "")), 481);
    assert_eq!(desk.stack.counters().server_transactions, 0, "and costs no memory");
}

#[test]
fn a_guessed_tag_does_not_reach_a_call() {
    // RFC 3261, 12.2.2: Call-ID and both tags of the dialog must match.
    let mut desk = Desk::new();
    let tag = desk.talk();
    let stranger = request("BYE", 2, "z9hG4bKs", &format!(";tag={tag}"), "").replace("tag=e1", "tag=e2");
    assert_eq!(desk.status(&stranger), 481);
    assert_eq!(desk.log(), ["confirmed with sdp"]);
}

#[test]
fn a_stray_ack_is_met_with_silence() {
    // RFC 3261, 17: an ACK is never answered.
    let mut desk = Desk::new();
    assert!(desk.ask(&request("ACK", 1, "z9hG4bK1", ";tag=nobody", "")).is_empty());
    assert!(desk.ask(&request("ACK", 1, "z9hG4bK1", "", "")).is_empty());
    assert!(desk.ask(&request("ACK", 1, "z9hG4bK1", "", "").replace("Call-ID: c1\n", "")).is_empty());
    assert!(desk.stack.counters().strays >= 2);
}

#[test]
fn a_response_to_nobody_is_dropped() {
    // RFC 3261, 17.1.3 and 18.1.2.
    let mut desk = Desk::new();
    let text = "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKnone\nFrom: <sip:a@b>;tag=1\n\
                To: <sip:c@d>;tag=2\nCall-ID: x\nCSeq: 1 INVITE\nContent-Length: 0\n\n";
    assert!(desk.ask(text).is_empty());
    assert_eq!(desk.stack.counters().strays, 1);
}

#[test]
fn a_request_that_came_by_two_ways_is_taken_once() {
    // RFC 3261, 8.2.2.2: merged requests get 482.
    let mut desk = Desk::new();
    assert_eq!(desk.status(&request("INVITE", 1, "z9hG4bKone", "", CONTACT)), 100);
    assert_eq!(desk.status(&request("INVITE", 1, "z9hG4bKtwo", "", CONTACT)), 482);
    let calls = desk.events.iter().filter(|event| matches!(event, Event::Invite { .. })).count();
    assert_eq!(calls, 1);
}

#[test]
fn a_malformed_request_is_refused_if_it_says_by_whom_it_was_sent() {
    // RFC 3261, 18.3 and 16.3; RFC 4475, 3.1.2.
    let mut desk = Desk::new();
    let broken = request("INVITE", 1, "z9hG4bK1", "", CONTACT).replace("CSeq: 1 INVITE", "CSeq: x INVITE");
    let answer = desk.ask(&broken).remove(0);
    assert_eq!(answer.status(), Some(400));
    assert_eq!(answer.top_via().unwrap().branch(), Some("z9hG4bK1"));
    let unsigned = request("INVITE", 1, "z9hG4bK1", "", CONTACT)
        .replace("Via: SIP/2.0/UDP 10.0.0.9:5080;branch=z9hG4bK1\n", "")
        .replace("Content-Length: 0", "Content-Length: 9");
    assert!(desk.ask(&unsigned).is_empty());
    assert!(desk.ask("\n\n").is_empty());
    assert!(desk.ask("GET / HTTP/1.1\nHost: x\n\n").is_empty());
    assert_eq!(desk.stack.counters().keep_alives, 1);
    assert!(desk.stack.counters().malformed >= 2);
    assert!(desk.events.is_empty());
}

#[test]
fn another_version_and_another_scheme_are_named() {
    // RFC 3261, 21.5.6 and 8.2.2.1.
    let mut desk = Desk::new();
    let request = request("OPTIONS", 1, "z9hG4bK1", "", "");
    assert_eq!(desk.status(&request.replace("@10.0.0.2 SIP/2.0", "@10.0.0.2 SIP/3.0")), 505);
    assert_eq!(desk.status(&request.replace("SIP/2.0", "SIP/7.0")), 505);
    assert_eq!(desk.status(&request.replace("OPTIONS sip:desk@10.0.0.2", "OPTIONS http:desk")), 416);
}

#[test]
fn a_request_within_a_call_must_count_upwards() {
    // RFC 3261, 12.2.2: a lower CSeq is out of order.
    let mut desk = Desk::new();
    let tag = format!(";tag={}", desk.talk());
    assert_eq!(desk.status(&request("OPTIONS", 9, "z9hG4bKo1", &tag, "")), 200);
    assert_eq!(desk.status(&request("BYE", 5, "z9hG4bKo2", &tag, "")), 500);
    assert_eq!(desk.log(), ["confirmed with sdp"]);
    assert_eq!(desk.status(&request("BYE", 10, "z9hG4bKo3", &tag, "")), 200);
    assert_eq!(desk.log(), ["confirmed with sdp", "ended by Peer"]);
    desk.assert_clean_later();
}

#[test]
fn too_many_requests_at_once_are_refused() {
    // RFC 3261, 21.5.4.
    let mut desk = Desk::with(StackSettings { server_transactions_max: 2, ..StackSettings::default() });
    for number in 1..=2 {
        desk.ask(&request("OPTIONS", number, &format!("z9hG4bK{number}"), "", ""));
    }
    assert_eq!(desk.events.len(), 2);
    assert_eq!(desk.status(&request("OPTIONS", 3, "z9hG4bK3", "", "")), 503);
    desk.assert_clean_later();
}

#[test]
fn a_phone_from_before_rfc_3261_can_call_and_hang_up() {
    // RFC 3261, 17.2.3: without the magic cookie the request is matched by its other headers.
    let mut desk = Desk::new();
    assert_eq!(desk.status(&request("INVITE", 1, "1", "", CONTACT)), 100);
    assert_eq!(desk.status(&request("INVITE", 1, "1", "", CONTACT)), 100, "a copy, not a second call");
    let (session, now) = (desk.session(), desk.now);
    desk.stack.refuse(session, Reply::new(486), now);
    let tag = desk.answers()[0].to().unwrap().tag().unwrap().to_owned();
    assert!(desk.ask(&request("ACK", 1, "1", &format!(";tag={tag}"), "")).is_empty());
    desk.now = desk.now + std::time::Duration::from_secs(2);
    let now = desk.now;
    desk.stack.handle_deadlines(now);
    assert!(desk.answers().is_empty(), "the refusal has its ACK");
    desk.assert_clean_later();
}

#[test]
fn a_cancel_from_before_rfc_3261_finds_its_invite() {
    // RFC 3261, 17.2.3 and 9.2.
    let mut desk = Desk::new();
    desk.ask(&request("INVITE", 1, "1", "", CONTACT));
    let answers: Vec<_> = desk.ask(&request("CANCEL", 1, "1", "", "")).iter().map(Message::status).collect();
    assert_eq!(answers, [Some(200), Some(487)]);
    assert_eq!(desk.log(), ["cancelled"]);
}

#[test]
fn a_phone_behind_a_nat_is_answered_where_it_sent_from() {
    // RFC 3581, 4.
    let mut desk = Desk::new();
    let hidden =
        request("OPTIONS", 1, "z9hG4bK1;rport", "", "").replace("UDP 10.0.0.9:5080", "UDP 192.168.1.7");
    desk.ask(&hidden);
    let Some(Event::Request { key, .. }) = desk.events.pop() else { panic!("no request") };
    let now = desk.now;
    desk.stack.respond(key, Reply::new(200), now);
    let answer = desk.answers().remove(0);
    let via = answer.top_via().unwrap();
    assert_eq!((via.received(), via.rport(), via.host), (Some("10.0.0.9"), Some(5080), "192.168.1.7"));
}

#[test]
fn an_invite_without_contact_has_nowhere_to_be_answered() {
    // RFC 3261, 8.1.1.8.
    let mut desk = Desk::new();
    assert_eq!(desk.status(&request("INVITE", 1, "z9hG4bK1", "", "")), 400);
}

#[test]
fn an_old_phone_need_not_say_where_it_is() {
    // RFC 4475, 3.4.1: in RFC 2543 Contact was optional.
    let mut desk = Desk::new();
    assert_eq!(desk.status(&request("INVITE", 1, "old", "", "")), 100);
}

#[test]
fn a_notify_that_nobody_asked_for_is_refused() {
    // RFC 6665, 4.1.3: 489 for an unknown package, 481 without subscription.
    let mut desk = Desk::new();
    let tag = format!(";tag={}", desk.talk());
    let weather = "Event: weather\nSubscription-State: active\n";
    assert_eq!(desk.status(&request("NOTIFY", 2, "z9hG4bKn1", &tag, weather)), 489);
    let refer = "Event: refer\nSubscription-State: active\n";
    assert_eq!(desk.status(&request("NOTIFY", 3, "z9hG4bKn2", &tag, refer)), 481);
    assert_eq!(desk.status(&request("REFER", 4, "z9hG4bKn3", &tag, "")), 400);
}

#[test]
fn a_bye_says_why() {
    // RFC 3326.
    let mut desk = Desk::new();
    let tag = format!(";tag={}", desk.talk());
    desk.ask(&request("BYE", 2, "z9hG4bKb", &tag, "Reason: Q.850;cause=16\n"));
    let reason = desk.events.iter().find_map(|event| match event {
        Event::Session { event: SessionEvent::Ended { reason, .. }, .. } => Some(reason.clone()),
        _ => None,
    });
    assert_eq!(reason, Some(Some("Q.850;cause=16".to_owned())));
}

#[test]
fn a_caller_that_hangs_up_by_bye_before_the_answer_is_gone() {
    // RFC 3261, 15: a caller may BYE an early dialog; the INVITE gets 487.
    let mut desk = Desk::new();
    desk.ask(&request("INVITE", 1, "z9hG4bKi", "", CONTACT));
    let (session, now) = (desk.session(), desk.now);
    desk.stack.ring(session, now);
    let tag = desk.answers()[0].to().unwrap().tag().unwrap().to_owned();
    let answers = desk.ask(&request("BYE", 2, "z9hG4bKb", &format!(";tag={tag}"), ""));
    let answers: Vec<_> = answers.iter().map(Message::status).collect();
    assert_eq!(answers, [Some(200), Some(487)]);
    assert_eq!(desk.log(), ["ended by Peer"]);
    desk.assert_clean_later();
}

#[test]
fn a_question_that_is_never_answered_is_forgotten() {
    // RFC 3261, 17.1.2.2: its sender gives up after 64*T1, and so do we.
    let mut desk = Desk::new();
    desk.ask(&request("MESSAGE", 1, "z9hG4bK1", "", ""));
    assert_eq!(desk.stack.counters().server_transactions, 1);
    desk.assert_clean_later();
}

#[test]
fn an_offer_inside_several_parts_is_found() {
    // RFC 5621: SIP-I trunks and gateways send SDP beside other parts.
    let mut desk = Desk::new();
    let body = "--x1\nContent-Type: application/isup\n\n\u{1}\u{2}\n--x1\nContent-Type: application/sdp\n\nv=0\n\n--x1--\n";
    let body = body.replace('\n', "\r\n");
    let head = request("INVITE", 1, "z9hG4bK1", "", CONTACT);
    let head = head.replace("Content-Length: 0\n\n", "Content-Type: multipart/mixed;boundary=\"x1\"\n");
    let text = format!("{}Content-Length: {}\r\n\r\n{body}", head.replace('\n', "\r\n"), body.len());
    let bytes = Bytes::from(text);
    let now = desk.now;
    desk.stack.handle_datagram(Datagram { flow: flow(), bytes: &bytes }, now);
    desk.answers();
    let offer = desk.events.iter().find_map(|event| match event {
        Event::Invite { offer, .. } => offer.clone(),
        _ => None,
    });
    assert_eq!(offer.as_deref(), Some(&b"v=0\r\n"[..]));
}

#[test]
fn an_ack_with_another_number_confirms_nothing() {
    // RFC 3261, 13.2.2.4: the ACK has the INVITE's number.
    let mut desk = Desk::new();
    desk.ask(&request("INVITE", 7, "z9hG4bKi", "", CONTACT));
    let (session, now) = (desk.session(), desk.now);
    desk.stack.accept(session, sdp(SDP_BOB), Extra::new(), now);
    let tag = format!(";tag={}", desk.answers()[0].to().unwrap().tag().unwrap());
    desk.ask(&request("ACK", 6, "z9hG4bKa", &tag, ""));
    assert!(desk.log().is_empty());
    desk.ask(&with_sdp(&request("ACK", 7, "z9hG4bKb", &tag, "")));
    assert_eq!(desk.log(), ["confirmed with sdp"]);
}

#[test]
fn a_request_is_only_merged_with_one_under_way() {
    // RFC 3261, 8.2.2.2: only ongoing transactions; an hour later it is a new request.
    let mut desk = Desk::new();
    desk.ask(&request("MESSAGE", 1, "z9hG4bKone", "", ""));
    desk.assert_clean_later();
    desk.ask(&request("MESSAGE", 1, "z9hG4bKtwo", "", ""));
    assert_eq!(desk.events.len(), 2);
}
