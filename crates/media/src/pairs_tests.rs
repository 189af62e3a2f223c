//! Pairs of ports that rest, are closed, and can not be opened.

use std::net::UdpSocket as StdUdp;

use mio::Poll;

use super::*;

fn at(millis: u64) -> Moment {
    Moment::from_micros(1_000_000 + millis * 1_000)
}

fn pair(place: u16) -> SocketAddr {
    SocketAddr::from(([127, 11, 9, 1], 30_000 + 2 * place))
}

#[test]
fn a_thousand_pairs_of_a_flood_are_closed_a_minute_later_and_a_few_at_a_time() {
    // Wound: about 2,050 sockets stayed open for ever after a flood.
    let poll = Poll::new().expect("a poll");
    let mut pairs = Pairs::new(poll.registry().try_clone().expect("a registry"), usize::MAX);
    let bound: Vec<Place> = (0..30).map(|it| pairs.bind(pair(it), at(0)).expect("free ports")).collect();
    bound.into_iter().for_each(|place| pairs.rest(place, at(10)));
    assert_eq!(pairs.next_deadline(), Some(at(60_010)));
    // One that is wanted again meanwhile begins anew.
    let again = pairs.bind(pair(0), at(30_000)).expect("it rests");
    pairs.rest(again, at(30_000));
    pairs.handle_time(at(60_009));
    assert_eq!(pairs.resting.len(), 30);
    pairs.handle_time(at(60_010));
    assert_eq!(pairs.resting.len(), 30 - CLOSED_AT_ONCE_MAX);
    let mut now = at(60_010);
    while let Some(next) = pairs.next_deadline().filter(|next| *next < at(90_000)) {
        assert!(next > now, "voices have their turn in between");
        now = next;
        pairs.handle_time(now);
    }
    assert_eq!(pairs.resting.len(), 1);
    assert!(StdUdp::bind(pair(5)).is_ok(), "whoever wants the port can have it");
    pairs.handle_time(at(90_000));
    assert_eq!((pairs.resting.len(), pairs.next_deadline()), (0, None));
}

#[test]
fn a_pair_that_is_reserved_stays_bound_until_a_stream_has_had_it() {
    let poll = Poll::new().expect("a poll");
    let mut pairs = Pairs::new(poll.registry().try_clone().expect("a registry"), usize::MAX);
    let taken = StdUdp::bind(pair(101)).expect("a free port");
    assert!(pairs.reserve(pair(101), at(0)).is_err());
    drop(taken);
    pairs.reserve(pair(101), at(0)).expect("it is free now");
    pairs.reserve(pair(101), at(0)).expect("it is bound already");
    pairs.handle_time(at(600_000));
    assert!(StdUdp::bind(pair(101)).is_err(), "it is held");
    let place = pairs.bind(pair(101), at(600_000)).expect("it is in hand");
    pairs.rest(place, at(600_000));
    pairs.handle_time(at(660_000));
    assert!(StdUdp::bind(pair(101)).is_ok());
}

#[test]
fn pairs_that_rest_make_room_where_there_are_descriptors_for_no_more() {
    // Wound: under `ulimit -n 200` pairs at rest held the last descriptors, and /metrics did not answer for a minute.
    let poll = Poll::new().expect("a poll");
    let mut pairs = Pairs::new(poll.registry().try_clone().expect("a registry"), 2);
    let one = pairs.bind(pair(201), at(0)).expect("a free port");
    let _two = pairs.bind(pair(202), at(0)).expect("a free port");
    pairs.rest(one, at(1));
    let three = pairs.bind(pair(203), at(2)).expect("a free port");
    assert!(StdUdp::bind(pair(201)).is_ok(), "the one that rested is closed");
    pairs.rest(three, at(3));
    pairs.reserve(pair(204), at(4)).expect("a free port");
    assert!(StdUdp::bind(pair(203)).is_ok(), "to reserve one is no other");
}
