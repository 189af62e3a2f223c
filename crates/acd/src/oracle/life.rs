//! The sequence of one agent's states, and the values that the rules derive from it.

use core::time::Duration;
use std::collections::BTreeMap;

use turno_ground::Moment;
use turno_model::plan::RoomPlan;
use turno_model::{AgentState as S, AuxReason};

/// States, each with its start.
#[derive(Debug)]
pub(super) struct Life(Vec<(Moment, S)>);

impl Life {
    /// Logged out.
    pub(super) fn new(now: Moment) -> Self {
        Self(vec![(now, S::LoggedOut)])
    }

    /// Another state begins.
    pub(super) fn turn(&mut self, to: S, now: Moment) {
        self.0.push((now, to));
    }

    /// The present state.
    pub(super) fn state(&self) -> S {
        self.0.last().expect("a life begins").1
    }

    /// Start of the latest unbroken sequence of states that count as idle.
    pub(super) fn idle_since(&self, room: &RoomPlan) -> Moment {
        let mut since = None;
        for &(from, state) in self.0.iter().rev() {
            let counts = match state {
                S::Available | S::Ringing | S::OtherCall => true,
                S::Acw => room.acw_considered_idle,
                S::Aux(AuxReason::Planned(_) | AuxReason::Unreachable | AuxReason::Microphone) => {
                    room.aux_considered_idle
                }
                S::Aux(AuxReason::Rona | AuxReason::LoggedIn | AuxReason::Incompatible)
                | S::LoggedOut
                | S::Talking
                | S::Holding => false,
            };
            if !counts {
                break;
            }
            since = Some(from);
        }
        since.expect("an available agent is idle")
    }

    /// Occupancy in millionths, from log-in to the start of the present state.
    pub(super) fn occupancy(&self) -> u128 {
        let log_in =
            self.0.iter().rposition(|(_, state)| *state == S::LoggedOut).expect("a life begins logged out");
        let (mut occupied, mut worked) = (0, 0);
        for pair in self.0[log_in + 1..].windows(2) {
            let span = pair[1].0.since(pair[0].0).as_micros();
            match pair[0].1 {
                S::Ringing | S::Talking | S::Holding | S::Acw => {
                    occupied += span;
                    worked += span;
                }
                S::Available | S::OtherCall => worked += span,
                S::Aux(_) | S::LoggedOut => {}
            }
        }
        (occupied * 1_000_000u128).checked_div(worked).unwrap_or(0)
    }

    /// Checks that staffed time is the sum of its parts, to the microsecond.
    ///
    /// # Panics
    /// If it is not.
    pub(super) fn check_staffed_time(&self, now: Moment) {
        let mut staffed = Duration::ZERO;
        let mut parts = BTreeMap::<S, Duration>::new();
        let mut since = None;
        for (at, (from, state)) in self.0.iter().enumerate() {
            let until = self.0.get(at + 1).map_or(now, |next| next.0);
            *parts.entry(*state).or_default() += until.since(*from);
            match (since, state.is_staffed()) {
                (None, true) => since = Some(*from),
                (Some(start), false) => {
                    staffed += from.since(start);
                    since = None;
                }
                (None, false) | (Some(_), true) => {}
            }
        }
        staffed += since.map_or(Duration::ZERO, |start| now.since(start));
        let sum: Duration = parts.iter().filter(|(state, _)| state.is_staffed()).map(|(_, span)| *span).sum();
        assert_eq!(staffed, sum);
    }
}
