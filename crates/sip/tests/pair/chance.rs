//! Random losses on the wire and random timing of both people: each call ends once, and no state is left.

use std::time::Duration;

use proptest::prelude::*;
use turno_ground::Rng;
use turno_sip::{Event, Extra, HangUp, Name, Reply, SessionEvent, SessionId, Stack};

use crate::bench::{Fate, Pair, SDP_ALICE, SDP_BOB, SDP_HOLD, Side, sdp};

/// What one of the two people does at some time.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Ring,
    Progress,
    Accept,
    Refuse,
    Offer,
    HangUp,
    Refer,
    Info,
}

fn deed() -> impl Strategy<Value = (u64, bool, Deed)> {
    let deeds = prop_oneof![
        2 => Just(Deed::Ring),
        2 => Just(Deed::Progress),
        4 => Just(Deed::Accept),
        1 => Just(Deed::Refuse),
        4 => Just(Deed::Offer),
        2 => Just(Deed::HangUp),
        1 => Just(Deed::Refer),
        1 => Just(Deed::Info),
    ];
    (0_u64..3_000, any::<bool>(), deeds)
}

fn act(stack: &mut Stack, session: SessionId, deed: Deed, now: turno_ground::Moment) {
    match deed {
        Deed::Ring => stack.ring(session, now),
        Deed::Progress => stack.progress(session, sdp(SDP_BOB), now),
        Deed::Accept => stack.accept(session, sdp(SDP_BOB), Extra::new(), now),
        Deed::Refuse => stack.refuse(session, Reply::new(486), now),
        Deed::Offer => stack.offer(session, sdp(SDP_HOLD), now),
        Deed::HangUp => stack.hang_up(session, HangUp::default(), now),
        Deed::Refer => stack.refer(session, "sip:carol@10.0.0.3", now),
        Deed::Info => stack.info(session, "application/dtmf-relay", sdp(SDP_BOB), now),
    }
}

/// Both ends answer calls, offers and transfers.
fn react(stack: &mut Stack, event: &Event, now: turno_ground::Moment) {
    let Event::Session { session, event } = event else { return };
    match event {
        SessionEvent::Offered { .. } => stack.answer(*session, sdp(SDP_ALICE), now),
        SessionEvent::Refer { refer, .. } => {
            stack.refer_reply(*session, *refer, 202, now);
            stack.refer_progress(*session, *refer, 200, now);
        }
        _ => {}
    }
}

fn endings(pair: &Pair, side: Side) -> Vec<(SessionId, usize)> {
    let events = if side == Side::Alice { &pair.alice.events } else { &pair.bob.events };
    let mut endings: Vec<(SessionId, usize)> = Vec::new();
    for event in events {
        let (id, is_end) = match event {
            Event::Invite { session, .. } => (*session, false),
            Event::Session { session, event } => {
                let is_end = matches!(
                    event,
                    SessionEvent::Refused { .. } | SessionEvent::Cancelled | SessionEvent::Ended { .. }
                );
                (*session, is_end)
            }
            _ => continue,
        };
        match endings.iter_mut().find(|(known, _)| *known == id) {
            Some((_, count)) => {
                assert_eq!(*count, 0, "{side:?} heard {event:?} after the end");
                *count += usize::from(is_end);
            }
            None => endings.push((id, usize::from(is_end))),
        }
    }
    endings
}

fn live_through(
    seed: u64,
    loss: u64,
    doubling: u64,
    lateness: u64,
    mut deeds: Vec<(u64, bool, Deed)>,
    options: (bool, bool),
) {
    let (requires_100rel, has_offer) = options;
    let mut pair = Pair::new();
    let mut rng = Rng::new(seed);
    pair.rule(move |_| match rng.below(100) {
        chance if chance < loss => Fate::Lose,
        chance if chance < loss + doubling => Fate::Twice,
        chance if chance < loss + doubling + lateness => Fate::Late(5 + rng.below(1_500)),
        _ => Fate::Pass,
    });
    let mut out = pair.out();
    if requires_100rel {
        out.headers.push((Name::Require, "100rel".to_owned()));
    }
    if !has_offer {
        out.sdp = None;
    }
    let now = pair.now;
    let calling = pair.alice.stack.invite(out, now);
    deeds.sort_by_key(|(at, _, _)| *at);
    let mut passed = 0;
    for (at, is_alice, deed) in deeds {
        pair.run(Duration::from_millis(at - passed), |_, stack, (event, now)| react(stack, event, now));
        passed = at;
        let now = pair.now;
        if is_alice {
            let is_callees = matches!(deed, Deed::Ring | Deed::Progress | Deed::Accept | Deed::Refuse);
            let deed = if is_callees { Deed::Info } else { deed };
            act(&mut pair.alice.stack, calling, deed, now);
            if !has_offer {
                pair.alice.stack.answer(calling, sdp(SDP_ALICE), now);
            }
        } else {
            let invites: Vec<SessionId> = pair
                .bob
                .events
                .iter()
                .filter_map(|event| match event {
                    Event::Invite { session, .. } => Some(*session),
                    _ => None,
                })
                .collect();
            for session in invites {
                act(&mut pair.bob.stack, session, deed, now);
            }
        }
    }
    pair.run(Duration::from_secs(5), |_, stack, (event, now)| react(stack, event, now));
    let now = pair.now;
    pair.alice.stack.hang_up(calling, HangUp::default(), now);
    pair.run(Duration::from_secs(150), |_, stack, (event, now)| react(stack, event, now));
    let left: Vec<SessionId> =
        endings(&pair, Side::Bob).into_iter().filter(|(_, ends)| *ends == 0).map(|(id, _)| id).collect();
    let now = pair.now;
    for session in left {
        pair.bob.stack.hang_up(session, HangUp::default(), now);
    }
    pair.assert_clean();
    assert_eq!(endings(&pair, Side::Alice), [(calling, 1)]);
    assert!(endings(&pair, Side::Bob).iter().all(|(_, ends)| *ends == 1), "{:?}", endings(&pair, Side::Bob));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_wire_does_every_call_ends_once_and_leaves_nothing(
        seed in any::<u64>(),
        loss in 0_u64..45,
        doubling in 0_u64..15,
        lateness in 0_u64..30,
        deeds in proptest::collection::vec(deed(), 0..10),
        options in (any::<bool>(), proptest::bool::weighted(0.8)),
    ) {
        // RFC 3261, 17: the transport may lose, duplicate and reorder messages.
        live_through(seed, loss, doubling, lateness, deeds, options);
    }
}
