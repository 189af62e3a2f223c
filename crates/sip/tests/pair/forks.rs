//! Proxies between us and the peer: forked answers, route sets, new targets.

use bytes::Bytes;
use turno_ground::{Datagram, Flow, Moment, Rng, Transmit, Transport};
use turno_sip::{Event, Extra, HangUp, Message, Method, Name, OutInvite, SessionId, Stack, StackSettings};

use crate::bench::{SDP_ALICE, brief, sdp, start};

/// A caller whose peers' messages are written by hand.
struct Caller {
    stack: Stack,
    now: Moment,
    session: SessionId,
    invite: Message,
}

fn flow() -> Flow {
    let (local, remote) = ("10.0.0.1:5060".parse().unwrap(), "10.0.0.7:5060".parse().unwrap());
    Flow { transport: Transport::Udp, local, remote }
}

impl Caller {
    fn new() -> Self {
        Self::with(StackSettings::default())
    }

    fn with(settings: StackSettings) -> Self {
        let mut stack = Stack::new(settings, Rng::new(4));
        let now = start();
        let out = OutInvite {
            uri: "sip:bob@example.com".to_owned(),
            flow: flow(),
            from: "<sip:alice@10.0.0.1>".to_owned(),
            to: "<sip:bob@example.com>".to_owned(),
            contact_user: "alice".to_owned(),
            route: vec!["<sip:10.0.0.7;lr>".to_owned()],
            headers: Extra::new(),
            sdp: Some(sdp(SDP_ALICE)),
            credentials: None,
        };
        let session = stack.invite(out, now);
        let invite = Message::scan(&stack.poll_transmit().unwrap().bytes).unwrap();
        Self { stack, now, session, invite }
    }

    fn answer(&mut self, status: u16, tag: &str, more: &str) {
        self.answer_to(&self.invite.clone(), status, tag, more);
    }

    fn answer_to(&mut self, request: &Message, status: u16, tag: &str, more: &str) {
        let header = |name| request.header(name).unwrap();
        let to = header(Name::To).split(";tag").next().unwrap();
        let text = format!(
            "SIP/2.0 {status} X\r\nVia: {}\r\nFrom: {}\r\nTo: {to};tag={tag}\r\nCall-ID: {}\r\nCSeq: {}\r\n\
             {more}Content-Length: 0\r\n\r\n",
            header(Name::Via),
            header(Name::From),
            request.call_id(),
            header(Name::CSeq)
        );
        self.hand_in(text);
    }

    fn hand_in(&mut self, text: String) {
        let bytes = Bytes::from(text);
        self.stack.handle_datagram(Datagram { flow: flow(), bytes: &bytes }, self.now);
    }

    fn sent(&mut self) -> Vec<(Message, Transmit)> {
        let next = || self.stack.poll_transmit();
        std::iter::from_fn(next).map(|sent| (Message::scan(&sent.bytes).unwrap(), sent)).collect()
    }

    fn log(&mut self) -> Vec<String> {
        let mut log = Vec::new();
        while let Some(event) = self.stack.poll_event() {
            if let Event::Session { event, .. } = event {
                log.push(brief(&event));
            }
        }
        log
    }
}

#[test]
fn the_second_phone_to_answer_is_thanked_and_hung_up() {
    // RFC 3261, 13.2.2.4: each 2xx is acknowledged; the unwanted one gets a BYE.
    let mut caller = Caller::new();
    caller.answer(180, "t1", "Contact: <sip:bob@10.0.0.21>\r\n");
    caller.answer(180, "t2", "Contact: <sip:bob@10.0.0.22>\r\n");
    caller.answer(200, "t2", "Contact: <sip:bob@10.0.0.22>\r\n");
    caller.answer(200, "t1", "Contact: <sip:bob@10.0.0.21>\r\n");
    let log = ["progress 180", "progress 180", "accepted"];
    assert_eq!(caller.log(), log);
    let sent: Vec<(Method, String, String)> = caller
        .sent()
        .iter()
        .map(|(message, _)| {
            let tag = message.to().unwrap().tag().unwrap().to_owned();
            (message.method(), message.request_uri().to_owned(), tag)
        })
        .collect();
    let expected = [
        (Method::Ack, "sip:bob@10.0.0.22", "t2"),
        (Method::Ack, "sip:bob@10.0.0.21", "t1"),
        (Method::Bye, "sip:bob@10.0.0.21", "t1"),
    ];
    let expected = expected.map(|(method, uri, tag)| (method, uri.to_owned(), tag.to_owned()));
    assert_eq!(sent, expected);
    // A copy of the unwanted one gets its ACK again, and no second BYE.
    caller.answer(200, "t1", "Contact: <sip:bob@10.0.0.21>\r\n");
    let again: Vec<Method> = caller.sent().iter().map(|(message, _)| message.method()).collect();
    assert_eq!(again, [Method::Ack]);
    assert!(caller.log().is_empty());
}

#[test]
fn an_answer_after_the_call_was_given_up_is_thanked_and_hung_up() {
    // RFC 3261, 15 and 9.1: a 2xx that crosses our CANCEL.
    let mut caller = Caller::new();
    caller.answer(180, "t1", "Contact: <sip:bob@10.0.0.21>\r\n");
    caller.answer(200, "t1", "Contact: <sip:bob@10.0.0.21>\r\n");
    caller.sent();
    let (session, now) = (caller.session, caller.now);
    caller.stack.hang_up(session, HangUp::default(), now);
    let bye = caller.sent().remove(0).0;
    caller.answer_to(&bye, 200, "t1", "");
    assert_eq!(caller.log(), ["progress 180", "accepted", "ended by Us"]);
    caller.answer(200, "t9", "Contact: <sip:bob@10.0.0.29>\r\n");
    let sent: Vec<Method> = caller.sent().iter().map(|(message, _)| message.method()).collect();
    assert_eq!(sent, [Method::Ack, Method::Bye]);
    caller.answer(200, "t1", "Contact: <sip:bob@10.0.0.21>\r\n");
    let sent: Vec<Method> = caller.sent().iter().map(|(message, _)| message.method()).collect();
    assert_eq!(sent, [Method::Ack], "a copy for a call that is over still gets its ACK");
}

#[test]
fn what_the_proxies_wrote_down_is_the_way_from_now_on() {
    // RFC 3261, 12.1.2: Record-Route reversed; 12.2.1.1: the target in the request line.
    let mut caller = Caller::new();
    let routes = "Record-Route: <sip:p2;lr>, <sip:p1;lr>\r\nContact: <sip:bob@10.0.0.21:5070>\r\n";
    caller.answer(200, "t1", routes);
    let (ack, transmit) = caller.sent().remove(0);
    assert_eq!(ack.request_uri(), "sip:bob@10.0.0.21:5070");
    let found: Vec<&str> = ack.values(Name::Route).collect();
    assert_eq!(found, ["<sip:p1;lr>", "<sip:p2;lr>"]);
    assert_eq!(transmit.flow, flow(), "and it goes the way that is known to work");
}

#[test]
fn a_contact_is_taken_at_its_word_where_that_is_wanted() {
    // RFC 3261, 12.2.1.1, in a network without NAT: contact_as_given.
    let mut caller = Caller::with(StackSettings { contact_as_given: true, ..StackSettings::default() });
    caller.answer(200, "t1", "Contact: <sip:bob@10.0.0.21:5070>\r\n");
    let (_, transmit) = caller.sent().remove(0);
    assert_eq!(transmit.flow.remote, "10.0.0.21:5070".parse().unwrap());
    assert_eq!(transmit.flow.local, flow().local);
}

#[test]
fn a_peer_that_moved_is_called_where_it_is_now() {
    // RFC 3261, 12.2.2: a re-INVITE refreshes the target.
    let mut caller = Caller::new();
    caller.answer(200, "t1", "Contact: <sip:bob@10.0.0.21>\r\n");
    caller.sent();
    let (call_id, local, remote) = caller.stack.dialog_name(caller.session).unwrap();
    let text = format!(
        "UPDATE sip:alice@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.7;branch=z9hG4bKu\r\nMax-Forwards: 70\r\n\
         From: <sip:bob@example.com>;tag={remote}\r\nTo: <sip:alice@10.0.0.1>;tag={local}\r\nCall-ID: {call_id}\r\n\
         CSeq: 1 UPDATE\r\nContact: <sip:bob@10.0.0.99>\r\nContent-Length: 0\r\n\r\n"
    );
    caller.hand_in(text);
    assert_eq!(caller.sent().remove(0).0.status(), Some(200));
    let (session, now) = (caller.session, caller.now);
    caller.stack.hang_up(session, HangUp::default(), now);
    assert_eq!(caller.sent().remove(0).0.request_uri(), "sip:bob@10.0.0.99");
}

#[test]
fn reliable_provisionals_of_each_fork_are_confirmed_in_order() {
    // RFC 3262, 4: RSeq counts by one in each early dialog; copies and gaps get no PRACK.
    let mut caller = Caller::new();
    let provisional =
        |rseq: u32, host: &str| format!("Require: 100rel\r\nRSeq: {rseq}\r\nContact: <sip:bob@{host}>\r\n");
    caller.answer(183, "t1", &provisional(7, "10.0.0.21"));
    caller.answer(183, "t2", &provisional(100, "10.0.0.22"));
    caller.answer(183, "t1", &provisional(7, "10.0.0.21"));
    caller.answer(183, "t1", &provisional(9, "10.0.0.21"));
    caller.answer(180, "t1", &provisional(8, "10.0.0.21"));
    let sent: Vec<(String, String)> = caller
        .sent()
        .iter()
        .map(|(message, _)| {
            assert_eq!(message.method(), Method::Prack);
            (message.header(Name::RAck).unwrap().to_owned(), message.request_uri().to_owned())
        })
        .collect();
    let expected = [
        ("7 1 INVITE", "sip:bob@10.0.0.21"),
        ("100 1 INVITE", "sip:bob@10.0.0.22"),
        ("8 1 INVITE", "sip:bob@10.0.0.21"),
    ];
    assert_eq!(sent, expected.map(|(rack, uri)| (rack.to_owned(), uri.to_owned())));
    assert_eq!(caller.log(), ["progress 183", "progress 183", "progress 180"]);
}

#[test]
fn each_of_several_phones_counts_for_itself() {
    // RFC 3261, 12.1.2: each fork is a dialog of its own; the one that accepts begins with its own number.
    let mut caller = Caller::new();
    caller.answer(180, "t1", "Contact: <sip:bob@10.0.0.21>\r\n");
    caller.answer(180, "t2", "Contact: <sip:bob@10.0.0.22>\r\n");
    let (call_id, local, _) = caller.stack.dialog_name(caller.session).unwrap();
    let (call_id, local) = (call_id.to_owned(), local.to_owned());
    let ping = |tag: &str, number: u32| {
        format!(
            "OPTIONS sip:alice@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.7;branch=z9hG4bK{tag}{number}\r\n\
             Max-Forwards: 70\r\nFrom: <sip:bob@example.com>;tag={tag}\r\nTo: <sip:alice@10.0.0.1>;tag={local}\r\n\
             Call-ID: {call_id}\r\nCSeq: {number} OPTIONS\r\nContent-Length: 0\r\n\r\n"
        )
    };
    for (tag, number) in [("t1", 500), ("t2", 3)] {
        caller.hand_in(ping(tag, number));
        assert_eq!(caller.sent().remove(0).0.status(), Some(200), "{tag}");
    }
    caller.answer(200, "t2", "Contact: <sip:bob@10.0.0.22>\r\n");
    caller.sent();
    caller.hand_in(ping("t2", 4));
    assert_eq!(caller.sent().remove(0).0.status(), Some(200));
    caller.hand_in(ping("t2", 2));
    assert_eq!(caller.sent().remove(0).0.status(), Some(500));
    caller.hand_in(ping("t1", 501));
    assert_eq!(caller.sent().remove(0).0.status(), Some(481), "that phone has no call with us");
}

#[test]
fn a_trunk_that_closes_its_idle_connection_is_called_back() {
    // RFC 3261, 18: a dialog outlives its first connection; port 0 asks for a new one.
    let mut stack = Stack::new(StackSettings::default(), Rng::new(4));
    let now = start();
    let wanted = Flow { transport: Transport::Tcp, local: "10.0.0.1:0".parse().unwrap(), ..flow() };
    let opened = Flow { local: "10.0.0.1:43210".parse().unwrap(), ..wanted };
    let out = OutInvite {
        uri: "sip:bob@10.0.0.7".to_owned(),
        flow: wanted,
        from: "<sip:alice@10.0.0.1>".to_owned(),
        to: "<sip:bob@10.0.0.7>".to_owned(),
        contact_user: "alice".to_owned(),
        route: Vec::new(),
        headers: Extra::new(),
        sdp: Some(sdp(SDP_ALICE)),
        credentials: None,
    };
    let session = stack.invite(out, now);
    let sent = stack.poll_transmit().unwrap();
    assert_eq!(sent.flow, wanted);
    let invite = Message::scan(&sent.bytes).unwrap();
    let mut caller = Caller { stack, now, session, invite };
    let ok = format!(
        "SIP/2.0 200 OK\r\nVia: {}\r\nFrom: {}\r\nTo: <sip:bob@10.0.0.7>;tag=t\r\nCall-ID: {}\r\nCSeq: 1 INVITE\r\n\
         Contact: <sip:bob@10.0.0.7;transport=tcp>\r\nContent-Length: 0\r\n\r\n",
        caller.invite.header(Name::Via).unwrap(),
        caller.invite.header(Name::From).unwrap(),
        caller.invite.call_id()
    );
    let bytes = Bytes::from(ok);
    caller.stack.handle_datagram(Datagram { flow: opened, bytes: &bytes }, now);
    assert_eq!(caller.sent().remove(0).1.flow, opened, "the ACK takes the stream that was opened");
    caller.stack.handle_flow_closed(opened, now);
    assert_eq!(caller.log(), ["accepted"]);
    caller.stack.hang_up(session, HangUp::default(), now);
    assert_eq!(caller.sent().remove(0).1.flow, wanted);
}

#[test]
fn a_peer_that_moves_while_it_accepts_a_change_gets_the_ack_where_it_is() {
    // RFC 3261, 12.2.1.2: the 2xx refreshes the target before the ACK is sent.
    let mut caller = Caller::new();
    caller.answer(200, "t1", "Contact: <sip:bob@10.0.0.21>\r\n");
    caller.sent();
    let (session, now) = (caller.session, caller.now);
    caller.stack.offer(session, sdp(SDP_ALICE), now);
    let again = caller.sent().remove(0).0;
    assert_eq!(again.request_uri(), "sip:bob@10.0.0.21");
    caller.answer_to(&again, 200, "t1", "Contact: <sip:bob@10.0.0.55>\r\n");
    assert_eq!(caller.sent().remove(0).0.request_uri(), "sip:bob@10.0.0.55");
}

#[test]
fn a_forged_answer_does_not_take_the_call_away() {
    // Attack: a copy of the 200 with another tag, from a foreign address. Found by the simulator.
    let mut caller = Caller::new();
    caller.answer(200, "t1", "Contact: <sip:bob@10.0.0.21>\r\n");
    caller.sent();
    let stranger = Flow { remote: "10.0.0.66:5060".parse().unwrap(), ..flow() };
    let invite = caller.invite.clone();
    let forged = format!(
        "SIP/2.0 200 OK\r\nVia: {}\r\nFrom: {}\r\nTo: <sip:bob@example.com>;tag=t9\r\nCall-ID: {}\r\n\
         CSeq: 1 INVITE\r\nContact: <sip:bob@10.0.0.21>\r\nContent-Length: 0\r\n\r\n",
        invite.header(Name::Via).unwrap(),
        invite.header(Name::From).unwrap(),
        invite.call_id()
    );
    let bytes = Bytes::from(forged);
    caller.stack.handle_datagram(Datagram { flow: stranger, bytes: &bytes }, caller.now);
    for (_, sent) in caller.sent() {
        assert_ne!(sent.flow, stranger, "nothing goes to the stranger");
    }
    caller.stack.hang_up(caller.session, HangUp::default(), caller.now);
    let (bye, sent) = caller.sent().remove(0);
    assert_eq!((bye.method(), sent.flow), (Method::Bye, flow()));
}
