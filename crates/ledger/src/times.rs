//! The time that an agent spent in each state.

use core::time::Duration;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use turno_model::{AgentState, AuxReason, Renumbering};

use crate::figures::ratio;

/// Time per state. Staffed time is the sum of all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateTimes {
    /// Ready for an offer.
    pub available: Duration,
    /// An offer rings.
    pub ringing: Duration,
    /// Talking to a contact.
    pub talking: Duration,
    /// A contact is on hold.
    pub holding: Duration,
    /// After-call work.
    pub acw: Duration,
    /// On a call that came from no queue.
    pub other_call: Duration,
    /// Not ready, by reason.
    pub aux: BTreeMap<AuxReason, Duration>,
}

impl StateTimes {
    /// Adds time in a state; logged-out time is not counted.
    pub(crate) fn spend(&mut self, state: AgentState, span: Duration) {
        match state {
            AgentState::LoggedOut => {}
            AgentState::Available => self.available += span,
            AgentState::Ringing => self.ringing += span,
            AgentState::Talking => self.talking += span,
            AgentState::Holding => self.holding += span,
            AgentState::Acw => self.acw += span,
            AgentState::OtherCall => self.other_call += span,
            AgentState::Aux(reason) => *self.aux.entry(reason).or_default() += span,
        }
    }

    /// Renumbers for another plan. Time in an AUX reason that is gone counts as `LoggedIn`.
    pub(crate) fn renumber(&mut self, to: &Renumbering) {
        for (reason, span) in core::mem::take(&mut self.aux) {
            *self.aux.entry(to.aux(reason).unwrap_or(AuxReason::LoggedIn)).or_default() += span;
        }
    }

    /// Adds the times of another agent or period.
    pub fn add(&mut self, other: &Self) {
        self.available += other.available;
        self.ringing += other.ringing;
        self.talking += other.talking;
        self.holding += other.holding;
        self.acw += other.acw;
        self.other_call += other.other_call;
        for (&reason, &span) in &other.aux {
            *self.aux.entry(reason).or_default() += span;
        }
    }

    /// Time in AUX, for all reasons.
    pub fn aux_all(&self) -> Duration {
        self.aux.values().sum()
    }

    /// The sum of all states.
    pub fn staffed(&self) -> Duration {
        self.available + self.occupied() + self.other_call + self.aux_all()
    }

    /// Ring, talk, hold and ACW.
    pub fn occupied(&self) -> Duration {
        self.ringing + self.talking + self.holding + self.acw
    }

    /// Occupancy: (ring + talk + hold + ACW) / (staffed - AUX).
    pub fn occupancy(&self) -> Option<f64> {
        let micros = |span: Duration| u64::try_from(span.as_micros()).unwrap_or(u64::MAX);
        ratio(micros(self.occupied()), micros(self.staffed().saturating_sub(self.aux_all())))
    }
}
