//! Clocks of an agent: idle time and occupancy.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_ground::Moment;
use turno_model::AgentState as S;
use turno_model::AuxReason;
use turno_model::plan::RoomPlan;

use crate::selection::Standing;

/// Occupancy is counted in millionths.
const WHOLE: u128 = 1_000_000;

/// Times of one agent since log-in, for the selection rules.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Clocks {
    /// When the present state began.
    since: Moment,
    /// Ring, talk, hold and ACW before the present state.
    occupied: Duration,
    /// Staffed time without AUX before the present state.
    worked: Duration,
    /// Start of the most-idle clock.
    idle_since: Moment,
}

impl Clocks {
    /// Adds the time of the state that ends.
    ///
    /// The most-idle clock starts at log-in and when a contact leaves. The end of ACW and AUX restarts it, unless the
    /// plan considers them idle. The end of a cool-down always restarts it, or an agent who misses offers would get the
    /// next one. A withdrawn offer and a call of the agent's own do not change it.
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
            S::Aux(AuxReason::Planned(_) | AuxReason::Unreachable | AuxReason::Microphone) => {
                !room.aux_considered_idle
            }
        };
        if starts_anew {
            self.idle_since = now;
        }
    }

    /// When the present state began.
    pub(crate) const fn since(&self) -> Moment {
        self.since
    }

    /// The values by which an available agent is ranked. They stay until the state changes: if occupancy kept falling,
    /// idle agents would overtake each other without any event.
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
