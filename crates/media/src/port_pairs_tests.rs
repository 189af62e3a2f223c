//! Port pairs that rest, are closed, and can't be opened.

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
    let mut pairs = PortPairs::new(poll.registry().try_clone().expect("a registry"), usize::MAX);
    let bound: Vec<PairIndex> = (0..30).map(|it| pairs.bind(pair(it), at(0)).expect("free ports")).collect();
    bound.into_iter().for_each(|place| pairs.rest(place, at(10)));
    assert_eq!(pairs.next_deadline(), Some(at(60_010)));
    // A pair that is used again in between starts its rest again.
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
    assert!(StdUdp::bind(pair(5)).is_ok(), "the port is free for others");
    pairs.handle_time(at(90_000));
    assert_eq!((pairs.resting.len(), pairs.next_deadline()), (0, None));
}

#[test]
fn a_pair_that_is_reserved_stays_bound_until_a_stream_has_had_it() {
    let poll = Poll::new().expect("a poll");
    let mut pairs = PortPairs::new(poll.registry().try_clone().expect("a registry"), usize::MAX);
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
    let mut pairs = PortPairs::new(poll.registry().try_clone().expect("a registry"), 2);
    let one = pairs.bind(pair(201), at(0)).expect("a free port");
    let _two = pairs.bind(pair(202), at(0)).expect("a free port");
    pairs.rest(one, at(1));
    let three = pairs.bind(pair(203), at(2)).expect("a free port");
    assert!(StdUdp::bind(pair(201)).is_ok(), "the one that rested is closed");
    pairs.rest(three, at(3));
    pairs.reserve(pair(204), at(4)).expect("a free port");
    assert!(StdUdp::bind(pair(203)).is_ok(), "to reserve one is no other");
}

/// A pair of another turno process, on its way here.
fn of_another(local: SocketAddr) -> PortPair {
    let port = |number| {
        let socket = StdUdp::bind((local.ip(), number)).expect("a free port");
        socket.set_nonblocking(true).expect("a socket");
        OwnedFd::from(socket)
    };
    PortPair { local, rtp: port(local.port()), rtcp: port(local.port() + 1) }
}

/// Sends a byte to `to` and checks that it arrives at this pair's RTP port.
fn hears(pairs: &PortPairs, place: PairIndex, to: SocketAddr) -> bool {
    let phone = StdUdp::bind("127.0.0.1:0").expect("a free port");
    phone.send_to(&[7], to).expect("loopback");
    let mut bytes = [0; 2];
    pairs.receive(place, Port::Rtp, &mut bytes).is_some_and(|(length, _)| bytes[..length] == [7])
}

#[test]
fn calls_under_way_keep_their_ports_when_the_plan_binds_at_another_address() {
    // Wound: `[media] bind` from 127.0.0.1 to 0.0.0.0 by a reload, and every call under way was silent for good.
    let any = |place: u16| SocketAddr::from(([0, 0, 0, 0], pair(place).port()));
    let other = |place: u16| SocketAddr::from(([127, 11, 9, 2], pair(place).port()));
    let new = |place: u16| SocketAddr::from((std::net::Ipv6Addr::LOCALHOST, pair(place).port()));
    for (number, here) in [(301, any(301)), (302, other(302)), (303, new(303))] {
        let poll = Poll::new().expect("a poll");
        let mut pairs = PortPairs::new(poll.registry().try_clone().expect("a registry"), usize::MAX);
        pairs.adopt(of_another(pair(number)), at(0)).expect("polled");
        let place = pairs.bind(here, at(10)).expect("the talk's own pair");
        pairs.seat(place, 0);
        assert!(hears(&pairs, place, pair(number)), "{here}");
        // The next process gets it under the address at which it is bound.
        assert_eq!(pairs.duplicates().expect("descriptors")[0].local, pair(number));
    }
}

#[test]
fn a_new_call_has_the_plans_new_address_though_the_port_rests_at_the_old_one() {
    let poll = Poll::new().expect("a poll");
    let mut pairs = PortPairs::new(poll.registry().try_clone().expect("a registry"), usize::MAX);
    let any = |place: u16| SocketAddr::from(([0, 0, 0, 0], pair(place).port()));
    for number in [311, 312, 313] {
        pairs.adopt(of_another(pair(number)), at(0)).expect("polled");
    }
    // A talk that began before ends here.
    let place = pairs.bind(any(311), at(1)).expect("the talk's own pair");
    pairs.seat(place, 0);
    pairs.rest(place, at(5));
    let place = pairs.bind(any(311), at(20)).expect("its port is free for the next call");
    pairs.seat(place, 0);
    let elsewhere = SocketAddr::from(([127, 11, 9, 9], pair(311).port()));
    assert!(hears(&pairs, place, elsewhere), "at every address");
    // No stream came for the others.
    let place = pairs.bind(any(312), at(5_000)).expect("its port is free for the next call");
    pairs.seat(place, 1);
    assert!(hears(&pairs, place, SocketAddr::from(([127, 11, 9, 9], pair(312).port()))));
    pairs.reserve(any(313), at(5_000)).expect("its port is free for the next call");
    pairs.rest(place, at(5_001));
    pairs.handle_time(at(70_000));
    assert!(StdUdp::bind(pair(312)).is_ok() && StdUdp::bind(pair(313)).is_err(), "as pairs rest else");
}
