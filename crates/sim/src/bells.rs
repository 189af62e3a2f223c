//! No phone rings for nobody: what an agent's phone does against what the agent does by the facts.

use core::time::Duration;

use turno_model::AgentState as S;

use crate::world::World;

/// How long a phone may ring on where nothing is lost: CANCEL and its way.
const TAKEN_BACK: Duration = Duration::from_secs(1);
/// How long where datagrams get lost: 64 * T1, after which CANCEL is given up.
const GIVEN_UP: Duration = Duration::from_secs(33);

impl World {
    /// Wound: an agent is rung after the caller has left, or after the offer has gone to somebody else (FreeSWITCH).
    pub(crate) fn check_bells(&self) {
        for agent in 0..self.staff.len() {
            let person = &self.persons[agent];
            let Some(since) = person.alerting.values().min().filter(|_| person.hears()) else { continue };
            let Some(id) = self.who_sits_at(agent) else { continue };
            let (state, from) = (self.witness.state(id), self.changed.get(&id).copied().unwrap_or_default());
            let rings_for_somebody = match state {
                S::Ringing | S::Talking | S::Holding | S::OtherCall => true,
                // Colleagues may call somebody who is not at work.
                S::LoggedOut => true,
                S::Available | S::Acw | S::Aux(_) => false,
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
