//! Checks that no phone rings for nobody: the ringing of an agent's phone against the agent's state by the facts.

use core::time::Duration;

use turno_model::AgentState as S;

use crate::world::World;

/// How long a phone may ring on without loss: the time for a CANCEL.
const TAKEN_BACK: Duration = Duration::from_secs(1);
/// The same with loss: 64 * T1, after which CANCEL is given up.
const GIVEN_UP: Duration = Duration::from_secs(33);

impl World {
    /// Wound: an agent's phone rings after the caller has left, or after the offer has gone to somebody else
    /// (FreeSWITCH).
    pub(crate) fn check_ringing(&self) {
        for agent in 0..self.staff.len() {
            let person = &self.persons[agent];
            let Some(since) = person.alerting.values().min().filter(|_| person.hears()) else { continue };
            if self.seated.is_lent(agent) {
                continue;
            }
            let sitter = self.who_sits_at(agent);
            let from = sitter.and_then(|id| self.changed.get(&id).copied()).unwrap_or_default();
            // Nothing takes its ringing back while it has no connection.
            let Some(reached) = person.link.reached_since() else { continue };
            let from = from.max(self.seated_since(agent)).max(reached);
            let rings_for_somebody = match sitter.map(|id| self.invariants.state(id)) {
                Some(S::Ringing | S::Talking | S::Holding | S::OtherCall) => true,
                // Colleagues may call an agent who is logged out.
                Some(S::LoggedOut) => true,
                // A phone must not ring for an agent in these states, or if nobody sits at it.
                Some(S::Available | S::Acw | S::Aux(_)) | None => false,
            };
            let is_calm = !self.network.was_bad() && !person.has_gaps;
            let longest = if is_calm { TAKEN_BACK + self.lateness } else { GIVEN_UP };
            let begin = from.max(*since);
            let rings = self.now.since(begin);
            let longest = longest + self.absences.after(begin);
            assert!(
                rings_for_somebody || rings <= longest,
                "the phone of {agent} rings for nobody, {rings:?} long"
            );
        }
    }
}
