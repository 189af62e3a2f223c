//! SIPp keeps calling while turno is killed fifty times at random moments.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use turno_acd::Oracle;
use turno_ground::{Moment, Rng};
use turno_ledger::Ledger;
use turno_model::{ContactId, ContactOutcome, Fact, OfferId, OfferOutcome};
use turno_tests::wire::{Server, Sipp, is_missing};

const KILLS: u32 = 50;
const CALLS: u32 = 600;
/// Minimum time that a turno serves before it is killed. On a slow machine the next one needs as long to start. If
/// turno were down for most of the time, all six sendings of an INVITE could be lost, and the caller would give up.
const UP_MILLIS_MIN: u64 = 150;
/// How late an offer may be: turno may have been down for so long.
const GONE: Duration = Duration::from_secs(30);

/// Sums over all calls in the journal.
#[derive(Debug, Default)]
struct Sums {
    arrived: u32,
    answered: u32,
    otherwise: u32,
    connected: BTreeMap<ContactId, u32>,
    open: BTreeMap<ContactId, OfferId>,
    doubled: u32,
    accepted: u32,
    settled: BTreeSet<OfferId>,
}

impl Sums {
    fn take(&mut self, fact: &Fact) {
        if let Fact::ContactArrived { .. } = fact {
            self.arrived += 1;
        } else if let Fact::Offered { offer, contact, .. } = fact {
            self.doubled += u32::from(self.open.insert(*contact, *offer).is_some());
        } else if let Fact::OfferSettled { offer, contact, outcome, .. } = fact {
            self.doubled +=
                u32::from(self.open.remove(contact) != Some(*offer) || !self.settled.insert(*offer));
            self.accepted += u32::from(*outcome == OfferOutcome::Accepted);
        } else if let Fact::Connected { contact, .. } = fact {
            *self.connected.entry(*contact).or_default() += 1;
        } else if let Fact::ContactEnded { outcome, .. } = fact {
            let was_answered = *outcome == ContactOutcome::Answered;
            self.answered += u32::from(was_answered);
            self.otherwise += u32::from(!was_answered);
        }
    }
}

#[test]
fn fifty_kills_at_random_moments_lose_no_call_no_place_and_no_figure() {
    // Wound: every other call distributor loses its calls when it dies.
    if is_missing(&["sipp"]) {
        return;
    }
    let _alone = crate::turns::alone();
    let mut server = Server::lab_kept_with(&[]);
    Sipp::register(&server, 1, 20, 5080);
    let agents = Sipp::agents(&server, "agent_uas", 5080).start();
    let calls = CALLS.to_string();
    let callers = Sipp::callers(&server, "caller_7000", "7000", CALLS);
    let mut callers =
        callers.with(&["-d", "1500", "-r", "12", "-l", "45", "-max_invite_retrans", "7"]).start();
    let seed = u64::from(std::process::id());
    println!("moments by seed {seed}");
    let mut rng = Rng::new(seed);
    for _ in 0..KILLS {
        callers.runs_for(Duration::from_millis(UP_MILLIS_MIN + rng.below(900)));
        server.kill_and_start_again();
    }
    callers.succeed();
    server.wait_until("nothing of the calls is left", |now| now.sum("turno_sip_dialogs", &[]) == 0.0);
    drop(agents);
    let facts = server.journal();
    let mut sums = Sums::default();
    facts.iter().for_each(|(_, fact)| sums.take(fact));
    println!(
        "{KILLS} kills, {calls} calls: {} arrived, {} answered, {} otherwise, {} offers accepted, {} doubled",
        sums.arrived, sums.answered, sums.otherwise, sums.accepted, sums.doubled
    );
    assert_eq!((sums.arrived, sums.answered, sums.otherwise), (CALLS, CALLS, 0), "no call is lost");
    assert_eq!((sums.doubled, sums.open.len()), (0, 0), "no offer is doubled or forgotten");
    assert!(sums.connected.values().all(|times| *times == 1), "nobody is connected twice");
    assert_eq!(sums.accepted, CALLS);
    prove(&server, &facts);
    server.stop();
}

/// Checks order and figures: the oracle and the ledger both read the facts.
fn prove(server: &Server, facts: &[(Moment, Fact)]) {
    let (plan, _) = turno_config::load(&server.plan()).expect("the plan is valid");
    let (plan, begin) = (Arc::new(plan), facts.first().expect("something happened").0);
    let mut oracle = Oracle::new(Arc::clone(&plan), begin);
    oracle.delay_max = GONE;
    let mut ledger = Ledger::new(plan, begin);
    for (at, fact) in facts {
        oracle.reads(fact, *at);
        ledger.apply(*at, fact);
    }
    let end = facts.last().expect("something happened").0;
    ledger.books(end).expect("the figures add up");
}
