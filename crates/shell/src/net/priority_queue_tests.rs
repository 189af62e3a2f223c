//! Storms in front of the engine: who goes first, and what does not fit.

use bytes::Bytes;
use turno_ground::{Flow, Moment, Transport};

use super::{BYTES_MAX, FRESH_MAX, PriorityQueue, RUNNING_MAX, Staged, Turn, What};

fn flow() -> Flow {
    let (local, remote) = ("127.0.0.1:5060".parse().unwrap(), "127.0.0.2:5080".parse().unwrap());
    Flow { transport: Transport::Udp, local, remote }
}

fn request(method: &str, branch: usize, tag: &str) -> Bytes {
    Bytes::from(format!(
        "{method} sip:1800@turno SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK{branch}\r\nTo: <sip:1800@turno>{tag}\r\n\r\n"
    ))
}

fn put(queue: &mut PriorityQueue, bytes: Bytes) -> bool {
    queue.put(flow(), bytes, Moment::from_secs(1)).is_ok()
}

/// The first of a turn.
fn next(queue: &mut PriorityQueue) -> Option<Staged> {
    let now = Moment::from_secs(1);
    queue.next(&mut Turn::begin(now), now)
}

/// The methods in the order in which they are taken up.
fn order(queue: &mut PriorityQueue) -> Vec<String> {
    let mut order = Vec::new();
    while let Some(staged) = next(queue) {
        order.push(match staged.what {
            What::Message(_, bytes) => String::from_utf8_lossy(&bytes).split(' ').next().unwrap().to_owned(),
            What::FlowClosed(_) => "closed".to_owned(),
        });
    }
    order
}

#[test]
fn a_goodbye_passes_a_thousand_new_calls_and_responses_keep_their_order() {
    let mut queue = PriorityQueue::new();
    for number in 0..1_000 {
        assert!(put(&mut queue, request("INVITE", number, "")));
    }
    assert!(put(&mut queue, request("BYE", 9_001, ";tag=1")));
    assert!(put(&mut queue, Bytes::from_static(b"SIP/2.0 200 OK\r\n\r\n")));
    assert!(put(&mut queue, request("INVITE", 9_002, ";tag=1")));
    let order = order(&mut queue);
    assert_eq!(order[..4], ["BYE", "SIP/2.0", "INVITE", "INVITE"]);
    assert_eq!((order.len(), queue.bytes), (1_003, 0));
}

#[test]
fn a_cancel_never_overtakes_the_invite_that_it_takes_back() {
    // Wound: an agent was rung after the caller had left (F#2529).
    let mut queue = PriorityQueue::new();
    assert!(put(&mut queue, request("INVITE", 1, "")));
    assert!(put(&mut queue, request("CANCEL", 1, "")));
    assert!(put(&mut queue, request("CANCEL", 2, "")));
    assert_eq!(order(&mut queue), ["CANCEL", "INVITE", "CANCEL"]);
    assert!(put(&mut queue, request("CANCEL", 1, "")));
    assert!(next(&mut queue).is_some_and(|staged| !staged.is_fresh), "its INVITE is no longer here");
}

#[test]
fn the_end_of_a_stream_comes_after_what_it_brought() {
    let mut queue = PriorityQueue::new();
    assert!(put(&mut queue, request("REGISTER", 1, "")));
    queue.put_closed(flow(), Moment::from_secs(1));
    assert_eq!(order(&mut queue), ["REGISTER", "closed"]);
}

#[test]
fn a_flood_fills_its_own_line_and_no_more() {
    let mut queue = PriorityQueue::new();
    let taken = (0..FRESH_MAX * 4).filter(|number| put(&mut queue, request("INVITE", *number, ""))).count();
    assert_eq!(taken, FRESH_MAX);
    assert!(put(&mut queue, request("BYE", 1, ";tag=1")), "the other line has room");
    let taken = (0..RUNNING_MAX * 2).filter(|number| put(&mut queue, request("BYE", *number, ""))).count();
    assert_eq!(taken, RUNNING_MAX - 1);
    let mut queue = PriorityQueue::new();
    let large = Bytes::from(vec![b'x'; 65_000]);
    let taken = (0..1_000).filter(|_| put(&mut queue, large.clone())).count();
    assert!(taken * large.len() <= BYTES_MAX && taken > 250, "{taken}");
}
