//! The checks at the end of a test: every contact ended once, every offer was settled, nothing is left.

use turno_model::AgentState;
use turno_sim::Outcomes;

use crate::stage::Stage;

impl Stage {
    /// Ends all calls, lets every transaction expire, and checks that nothing is left.
    pub fn finish(&mut self) {
        self.weather(0, 0);
        for line in self.standing() {
            self.hangs_up(line);
        }
        if self.plan.sip.options_interval.is_some() {
            // A seat that is probed by OPTIONS leaves no quiet moment.
            for desk in self.registered() {
                self.act(desk, turno_phone::Phone::unregister);
            }
        }
        self.run_for(core::time::Duration::from_secs(70));
        self.prove();
        self.finished = true;
    }

    /// Checks that nothing is left, without ending any call.
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
        let mut outcomes = Outcomes::default();
        for (at, fact) in &self.facts {
            outcomes.add(*at, fact);
        }
        outcomes.prove_closed();
    }
}
