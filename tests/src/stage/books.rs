//! The proof at the end of a test: every contact ended once, every offer was settled, nothing is left.

use std::collections::BTreeMap;

use turno_ground::Moment;
use turno_model::{AgentState, ContactId, Fact, OfferId};

use crate::stage::Stage;

/// What became of contacts and offers by the facts alone.
#[derive(Default)]
struct Sums {
    ends: BTreeMap<ContactId, u32>,
    settled: BTreeMap<OfferId, u32>,
    /// Who talks to whom: two agents never for one contact.
    talking: BTreeMap<ContactId, turno_model::AgentId>,
}

impl Stage {
    /// Hangs up what still stands, lets every transaction come to its end, and proves that nothing is left.
    pub fn finish(&mut self) {
        self.network.loss = 0;
        self.network.doubling = 0;
        for line in self.standing() {
            self.hangs_up(line);
        }
        if self.plan.sip.options_interval.is_some() {
            // Whoever is asked by OPTIONS all the time leaves no quiet moment.
            for desk in self.registered() {
                self.act(desk, turno_phone::Phone::unregister);
            }
        }
        self.run_for(core::time::Duration::from_secs(70));
        self.prove();
        self.finished = true;
    }

    /// Proves that nothing is left, without hanging anything up.
    pub fn prove(&mut self) {
        for _ in 0..400 {
            if self.engine.is_quiet() {
                break;
            }
            self.run_for(core::time::Duration::from_millis(500));
        }
        assert!(self.engine.is_quiet(), "something is left in the engine: {:?}", self.engine.sip_counters());
        assert_eq!(self.media.open_streams(), 0, "streams are left open");
        assert_eq!(self.confusions, Vec::<String>::new(), "the engine broke a rule");
        let at = self.now;
        if let Err(imbalance) = self.ledger.books(at) {
            panic!("the books do not balance: {imbalance}");
        }
        for agent in self.ledger.snapshot(at).agents {
            let left = agent.state.has_contact() || agent.state == AgentState::OtherCall;
            assert!(!left, "{:?} is still {:?}", agent.agent, agent.state);
        }
        check_facts(&self.facts);
    }
}

fn check_facts(facts: &[(Moment, Fact)]) {
    let mut sums = Sums::default();
    for pair in facts.windows(2) {
        assert!(pair[0].0 <= pair[1].0, "time went back: {pair:?}");
    }
    for (_, fact) in facts {
        sums.add(fact);
    }
    for (contact, ends) in sums.ends {
        assert_eq!(ends, 1, "{contact:?} has {ends} ends");
    }
    for (offer, settled) in sums.settled {
        assert_eq!(settled, 1, "{offer:?} was settled {settled} times");
    }
    assert_eq!(sums.talking, BTreeMap::new(), "segments that never ended");
}

impl Sums {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the other facts open and close nothing")]
    fn add(&mut self, fact: &Fact) {
        match fact {
            Fact::ContactArrived { contact, .. } => {
                assert!(self.ends.insert(*contact, 0).is_none(), "{contact:?} arrived twice");
            }
            Fact::TurnedAway { contact, .. } | Fact::ContactEnded { contact, .. } => {
                *self.ends.get_mut(contact).expect("whoever ends has arrived") += 1;
            }
            Fact::Offered { offer, .. } => {
                assert!(self.settled.insert(*offer, 0).is_none(), "{offer:?} was made twice");
            }
            Fact::OfferSettled { offer, .. } => {
                *self.settled.get_mut(offer).expect("what is settled was offered") += 1;
            }
            Fact::Connected { contact, agent, .. } => {
                let before = self.talking.insert(*contact, *agent);
                assert_eq!(before, None, "{contact:?} has two agents");
            }
            Fact::Disconnected { contact, agent, .. } => {
                assert_eq!(self.talking.remove(contact), Some(*agent), "{contact:?} left another agent");
            }
            _ => {}
        }
    }
}
