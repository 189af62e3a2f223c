//! Trunks with addresses and with names, without a real resolver.

use turno_model::plan::TrunkTrust;

use super::*;
use crate::engine_thread::inbox::inbox;
use crate::small_plan::one_queue;

fn trunk(host: Option<&str>, port: Option<u16>) -> TrunkPlan {
    let trust = TrunkTrust::Addresses(vec![]);
    TrunkPlan { host: host.map(str::to_owned), port, ..TrunkPlan::new("carrier", trust) }
}

fn target(priority: u16, weight: u16, host: &str) -> Target {
    Target { priority, weight, port: 5060, host: host.to_owned() }
}

#[test]
fn a_carrier_known_by_its_address_is_reachable_from_the_first_moment() {
    // Wound: a slow resolver stops the queue.
    let mut plan = one_queue();
    plan.trunks = vec![trunk(None, None), trunk(Some("127.0.0.9"), None), trunk(Some("[::1]"), Some(5080))];
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (inbox, mut reader) = inbox().expect("an inbox");
    start(&plan, 1, runtime.handle(), &inbox, None);
    for (id, address) in [(1, "127.0.0.9:5060"), (2, "[::1]:5080")] {
        let Some(EngineMessage::Command(_, command, _, None)) = reader.take() else {
            panic!("a command was expected")
        };
        assert_eq!(command, Command::TrunkResolved(TrunkId(id), vec![address.parse().expect("an address")]));
    }
    assert!(reader.take().is_none(), "a trunk that only receives needs no address");
}

#[test]
fn a_carriers_second_site_is_tried_after_its_first() {
    // RFC 2782: a client must try the lowest priority first.
    let mut rng = Rng::new(7);
    for _ in 0..50 {
        let mut targets = vec![
            target(20, 5, "backup"),
            target(10, 60, "one"),
            target(10, 40, "two"),
            target(10, 0, "zero"),
        ];
        in_order_of_trial(&mut targets, &mut rng);
        assert_eq!(targets.len(), 4);
        assert_eq!(targets[3].host, "backup");
        assert!(targets[..3].iter().all(|target| target.priority == 10));
    }
}

#[test]
fn a_carriers_servers_share_the_calls_by_their_weights() {
    let mut rng = Rng::new(7);
    let mut first = 0;
    for _ in 0..1_000 {
        let mut targets = vec![target(10, 75, "big"), target(10, 25, "small")];
        in_order_of_trial(&mut targets, &mut rng);
        first += u32::from(targets[0].host == "big");
    }
    assert!((690..=810).contains(&first), "the big one was first {first} times of 1000");
}

#[test]
fn the_service_that_is_asked_for_is_the_trunks_transport() {
    // RFC 3263, 4.1.
    assert_eq!(service(Transport::Udp), "_sip._udp");
    assert_eq!(service(Transport::Tls), "_sips._tcp");
}
