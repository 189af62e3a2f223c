//! Subscriptions of a peer whose messages are written by hand (RFC 6665).

use bytes::Bytes;
use turno_ground::{Changeset, Flow, Rng, Transport};
use turno_sip::{
    Event, Message, Name, Stack, StackForm, StackSettings, SubscriptionEnd, SubscriptionEvent, SubscriptionId,
};

use crate::by_hand::{Desk, message, stream};

const KIND: &str = "text/plain";

fn way() -> Flow {
    stream(Transport::Udp, "10.0.0.9:5080")
}

/// A subscriber and what its stack has told its owner.
struct Subscriber {
    desk: Desk,
    to: String,
    number: u32,
}

impl Subscriber {
    fn new() -> Self {
        Self { desk: Desk::new(), to: "<sip:1001@10.0.0.2>".to_owned(), number: 0 }
    }

    /// Sends SUBSCRIBE.
    fn asks(&mut self, expires: &str) {
        self.number += 1;
        let (number, to) = (self.number, &self.to);
        let text = format!(
            "SUBSCRIBE sip:1001@10.0.0.2 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.9:5080;branch=z9hG4bKs{number}\n\
             Max-Forwards: 70\nFrom: <sip:eve@10.0.0.9>;tag=e1\nTo: {to}\nCall-ID: lamp\n\
             CSeq: {number} SUBSCRIBE\nContact: <sip:eve@10.0.0.9:5080>\nEvent: dialog;id=7\n\
             {expires}Content-Length: 0\n\n"
        );
        let bytes = Bytes::from(text.replace('\n', "\r\n"));
        self.desk.stack.handle_datagram(turno_ground::Datagram { flow: way(), bytes: &bytes }, self.desk.now);
    }

    /// The subscription that the owner takes on, and the response.
    fn is_accepted(&mut self, expires: &str) -> (SubscriptionId, Message) {
        self.asks(expires);
        let Some(Event::Request { key, .. }) = self.desk.stack.poll_event() else {
            panic!("the owner decides")
        };
        let id = self.desk.stack.accept_subscription(key, self.desk.now).expect("it is accepted");
        let answer = self.next();
        self.to = answer.header(Name::To).unwrap().to_owned();
        (id, answer)
    }

    fn next(&mut self) -> Message {
        message(&self.desk.stack.poll_transmit().expect("something is sent"))
    }

    fn is_told(&mut self, id: SubscriptionId, state: &'static str) -> Message {
        self.desk.stack.notify(id, KIND, Bytes::from_static(state.as_bytes()), self.desk.now);
        self.next()
    }

    fn answers(&mut self, notify: &Message, status: u16) {
        let headers: Vec<String> = [Name::Via, Name::From, Name::To, Name::CallId, Name::CSeq]
            .into_iter()
            .map(|name| format!("{}: {}\n", spelled(name), notify.header(name).unwrap()))
            .collect();
        let text = format!("SIP/2.0 {status} X\n{}Content-Length: 0\n\n", headers.concat());
        let bytes = Bytes::from(text.replace('\n', "\r\n"));
        self.desk.stack.handle_datagram(turno_ground::Datagram { flow: way(), bytes: &bytes }, self.desk.now);
    }

    fn event(&mut self) -> Option<SubscriptionEvent> {
        match self.desk.stack.poll_event()? {
            Event::Subscription { event, .. } => Some(event),
            other => panic!("{other:?}"),
        }
    }
}

fn spelled(name: Name) -> &'static str {
    match name {
        Name::Via => "Via",
        Name::From => "From",
        Name::To => "To",
        Name::CallId => "Call-ID",
        _ => "CSeq",
    }
}

fn state(notify: &Message) -> &str {
    notify.header(Name::SubscriptionState).unwrap()
}

#[test]
fn a_subscriber_is_told_the_state_in_the_dialog_of_its_subscribe() {
    let mut eve = Subscriber::new();
    let (id, answer) = eve.is_accepted("Expires: 600\n");
    assert_eq!((answer.status(), answer.number(Name::Expires)), (Some(200), Some(600)));
    let told = eve.is_told(id, "idle");
    assert_eq!(told.request_uri(), "sip:eve@10.0.0.9:5080");
    assert_eq!((told.header(Name::Event), state(&told)), (Some("dialog;id=7"), "active;expires=600"));
    assert_eq!(told.from().unwrap().tag(), answer.to().unwrap().tag());
    assert_eq!(told.to().unwrap().tag(), Some("e1"));
    assert_eq!((told.header(Name::ContentType), &told.body()[..]), (Some(KIND), &b"idle"[..]));
}

#[test]
fn of_states_that_come_while_a_notify_is_under_way_the_last_is_told() {
    let mut eve = Subscriber::new();
    let (id, _) = eve.is_accepted("");
    let first = eve.is_told(id, "idle");
    for state in ["rings", "talks"] {
        eve.desk.stack.notify(id, KIND, Bytes::from_static(state.as_bytes()), eve.desk.now);
        assert!(eve.desk.stack.poll_transmit().is_none(), "one NOTIFY is under way");
    }
    eve.answers(&first, 200);
    let next = eve.next();
    assert_eq!(&next.body()[..], b"talks");
    eve.answers(&next, 200);
    assert!(eve.desk.stack.poll_transmit().is_none() && eve.event().is_none());
}

#[test]
fn a_refresh_makes_it_last_and_asks_for_the_state() {
    let mut eve = Subscriber::new();
    let (id, _) = eve.is_accepted("Expires: 60\n");
    let told = eve.is_told(id, "idle");
    eve.answers(&told, 200);
    eve.desk.later(50_000);
    eve.asks("Expires: 60\n");
    assert_eq!((eve.next().status(), eve.event()), (Some(200), Some(SubscriptionEvent::Refreshed)));
    let told = eve.is_told(id, "idle");
    eve.answers(&told, 200);
    assert!(eve.desk.later(59_000).is_empty() && eve.desk.stack.subscription_count() == 1);
    let over = eve.desk.later(1_000);
    assert_eq!(state(&message(&over[0])), "terminated;reason=timeout");
    assert_eq!(eve.desk.stack.subscription_count(), 0);
}

#[test]
fn who_wants_no_more_is_told_the_last_state_and_forgotten() {
    let mut eve = Subscriber::new();
    let (id, _) = eve.is_accepted("Expires: 600\n");
    let told = eve.is_told(id, "idle");
    eve.answers(&told, 200);
    eve.asks("Expires: 0\n");
    assert_eq!(
        (eve.next().number(Name::Expires), eve.event()),
        (Some(0), Some(SubscriptionEvent::Refreshed))
    );
    let last = eve.is_told(id, "idle");
    assert_eq!((state(&last), &last.body()[..]), ("terminated;reason=timeout", &b"idle"[..]));
    assert_eq!(eve.desk.stack.subscription_count(), 0);
}

#[test]
fn a_single_look_is_a_subscription_of_no_time() {
    let mut eve = Subscriber::new();
    let (id, answer) = eve.is_accepted("Expires: 0\n");
    assert_eq!(answer.number(Name::Expires), Some(0));
    assert_eq!(state(&eve.is_told(id, "idle")), "terminated;reason=timeout");
    assert_eq!(eve.desk.stack.subscription_count(), 0);
}

#[test]
fn a_subscriber_that_refuses_or_does_not_answer_is_forgotten() {
    for silent in [false, true] {
        let mut eve = Subscriber::new();
        let (id, _) = eve.is_accepted("Expires: 600\n");
        let told = eve.is_told(id, "idle");
        if silent {
            for _ in 0..70 {
                eve.desk.now = eve.desk.now + core::time::Duration::from_millis(500);
                eve.desk.stack.handle_deadlines(eve.desk.now);
            }
        } else {
            eve.answers(&told, 481);
        }
        assert_eq!((eve.event(), eve.desk.stack.subscription_count()), (Some(SubscriptionEvent::Ended), 0));
    }
}

#[test]
fn refreshes_without_end_are_bounded_like_all_requests() {
    let mut eve = Subscriber::new();
    let settings = StackSettings { server_transactions_max: 2, ..StackSettings::default() };
    eve.desk.stack = Stack::new(settings, Rng::new(7));
    let (id, _) = eve.is_accepted("Expires: 600\n");
    let told = eve.is_told(id, "idle");
    eve.answers(&told, 200);
    let refreshed: Vec<_> = (0..4)
        .map(|_| {
            eve.asks("Expires: 600\n");
            eve.next().status()
        })
        .collect();
    assert_eq!(refreshed, [Some(200), Some(200), Some(200), Some(503)], "twice the limit within dialogs");
}

#[test]
fn too_short_a_time_and_an_old_number_are_refused() {
    let mut eve = Subscriber::new();
    eve.asks("Expires: 10\n");
    let Some(Event::Request { key, .. }) = eve.desk.stack.poll_event() else { panic!("the owner decides") };
    assert_eq!(eve.desk.stack.accept_subscription(key, eve.desk.now), None);
    let refused = eve.next();
    assert_eq!((refused.status(), refused.number(Name::MinExpires)), (Some(423), Some(60)));
    let (id, _) = eve.is_accepted("Expires: 600\n");
    eve.desk.stack.end_subscription(id, SubscriptionEnd::NoResource, eve.desk.now);
    assert_eq!(state(&eve.next()), "terminated;reason=noresource");
    eve.asks("Expires: 600\n");
    assert_eq!(eve.next().status(), Some(481), "nothing is left to refresh");
}

#[test]
fn a_subscription_outlives_the_stack() {
    let mut eve = Subscriber::new();
    let (id, _) = eve.is_accepted("Expires: 600\n");
    let told = eve.is_told(id, "idle");
    eve.answers(&told, 200);
    let mut changes = Changeset::default();
    eve.desk.stack.write_down(&mut changes, |form| form as u8);
    let rows = changes.take();
    let forms = [StackForm::Stack, StackForm::Subscription];
    let rows =
        rows.iter().filter_map(|row| Some((*forms.iter().find(|form| **form as u8 == row.table)?, row)));
    eve.desk.stack = Stack::recover(StackSettings::default(), Rng::new(9), rows, |_| None).unwrap();
    assert_eq!(eve.desk.stack.subscription_count(), 1);
    let told = eve.is_told(id, "talks");
    assert_eq!((&told.body()[..], told.cseq().unwrap().number), (&b"talks"[..], 2));
    eve.asks("Expires: 600\n");
    let answer = loop {
        let next = eve.next();
        if next.status().is_some() {
            break next;
        }
    };
    assert_eq!((answer.status(), eve.event()), (Some(200), Some(SubscriptionEvent::Refreshed)));
}
