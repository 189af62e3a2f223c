//! Tests of the framer: messages in pieces, several messages at once, keep-alives.

use super::{Framed, Framer};
use crate::message::malformed::Malformed;

const ONE: &[u8] = b"OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP a\r\nl: 5\r\n\r\nhello";

#[test]
fn a_message_in_single_bytes_arrives_once() {
    // RFC 3261, 18.3.
    let mut framer = Framer::new();
    for byte in &ONE[..ONE.len() - 1] {
        framer.feed(&[*byte]);
        assert_eq!(framer.pop(), Ok(None));
    }
    framer.feed(&ONE[ONE.len() - 1..]);
    assert_eq!(framer.pop(), Ok(Some(Framed::Message(ONE.into()))));
    assert_eq!(framer.pop(), Ok(None));
}

#[test]
fn messages_in_one_packet_come_apart_and_pings_are_told() {
    // RFC 5626, 3.5.1.
    let mut framer = Framer::new();
    framer.feed(b"\r\n\r\n");
    framer.feed(ONE);
    framer.feed(b"\r\n");
    assert_eq!(framer.pop(), Ok(Some(Framed::Ping)));
    assert_eq!(framer.pop(), Ok(Some(Framed::Message(ONE.into()))));
    assert_eq!(framer.pop(), Ok(None));
    framer.feed(b"\r\n");
    assert_eq!(framer.pop(), Ok(Some(Framed::Ping)));
    framer.feed(b"\r\n");
    framer.feed(ONE);
    assert_eq!(framer.pop(), Ok(Some(Framed::Message(ONE.into()))));
}

#[test]
fn a_length_on_a_line_of_its_own_is_read() {
    // RFC 3261, 7.3.1: a value may continue on the next line.
    for head in ["l:\r\n\t3", "Content-Length :\r\n \r\n  3 ", "Subject: a\r\n l: 9\r\nl: 3\r\n "] {
        let one = format!("OPTIONS sip:a@b SIP/2.0\r\n{head}\r\n\r\nabc");
        let mut framer = Framer::new();
        framer.feed(one.as_bytes());
        framer.feed(ONE);
        assert_eq!(framer.pop(), Ok(Some(Framed::Message(one.clone().into()))), "{one}");
        assert_eq!(framer.pop(), Ok(Some(Framed::Message(ONE.into()))), "{one}");
    }
    let mut two = Framer::new();
    two.feed(b"OPTIONS sip:a@b SIP/2.0\r\nl: 1\r\n 0\r\n\r\n");
    assert_eq!(two.pop(), Err(Malformed::ContentLength), "one and nothing, or ten?");
}

#[test]
fn a_stream_that_can_not_be_cut_is_given_up() {
    // RFC 3261, 20.14: a stream needs Content-Length.
    let mut none = Framer::new();
    none.feed(b"OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP a\r\n\r\n");
    assert_eq!(none.pop(), Err(Malformed::ContentLength));
    let mut two = Framer::new();
    two.feed(b"OPTIONS sip:a@b SIP/2.0\r\nl: 3\r\nContent-Length : 4\r\n\r\n");
    assert_eq!(two.pop(), Err(Malformed::ContentLength));
    let mut huge = Framer::new();
    huge.feed(b"OPTIONS sip:a@b SIP/2.0\r\nl: 99999999999999999999999\r\n\r\n");
    assert_eq!(huge.pop(), Err(Malformed::MessageTooLong));
    let mut endless = Framer::new();
    endless.feed(&vec![b'x'; 70_000]);
    assert_eq!(endless.pop(), Err(Malformed::MessageTooLong));
}
