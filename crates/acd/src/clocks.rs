//! An agent's clocks: how long idle, how much occupied.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_ground::Moment;
use turno_model::AgentState as S;
use turno_model::AuxReason;
use turno_model::plan::RoomPlan;

use crate::selection::Standing;

/// Occupancy is counted in millionths.
const WHOLE: u128 = 1_000_000;

/// What the selection rules know of an agent's past; since the log-in.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Clocks {
    /// When the present state began.
    since: Moment,
    /// Ring, talk, hold and ACW before the present state.
    occupied: Duration,
    /// Staffed time without AUX before the present state.
    worked: Duration,
    /// From when the most-idle clock counts.
    idle_since: Moment,
}

impl Clocks {
    /// Books the state that ends.
    ///
    /// The most-idle clock starts when a contact leaves and at the log-in. ACW and AUX start it anew when they end,
    /// unless they are considered idle; the cool-down always does, or whoever misses offers would get the next one. An
    /// offer that was taken back and a call of the agent's own leave it alone.
    pub(crate) fn turn(&mut self, from: S, to: S, room: RoomPlan, now: Moment) {
        let spent = now.since(self.since);
        self.since = now;
        match from {
            S::LoggedOut => *self = Self { since: now, idle_since: now, ..Self::default() },
            S::Available | S::OtherCall => self.worked += spent,
            S::Ringing | S::Talking | S::Holding | S::Acw => {
                self.worked += spent;
                self.occupied += spent;
            }
            S::Aux(_) => {}
        }
        let starts_anew = match from {
            S::LoggedOut | S::Available | S::OtherCall | S::Ringing => false,
            S::Talking | S::Holding => matches!(to, S::Acw | S::Ringing),
            S::Acw => !room.acw_considered_idle,
            S::Aux(AuxReason::Rona | AuxReason::LoggedIn | AuxReason::Incompatible) => true,
            S::Aux(AuxReason::Planned(_) | AuxReason::Unreachable) => !room.aux_considered_idle,
        };
        if starts_anew {
            self.idle_since = now;
        }
    }

    /// The figures by which an agent who comes free stands in line; they hold until the state changes, since an
    /// occupancy that went on falling would let idle agents overtake each other without anything having happened.
    pub(crate) fn standing(&self) -> Standing {
        let worked = self.worked.as_micros();
        let millionths = (self.occupied.as_micros() * WHOLE).checked_div(worked).unwrap_or(0);
        let occupancy =
            u32::try_from(millionths).expect("an agent is occupied for a part of the time worked");
        Standing { occupancy, idle_since: self.idle_since }
    }
}

#[cfg(test)]
#[path = "clocks_tests.rs"]
mod tests;
