//! Breaks in turns in a scenario: who asks, and who takes up a turn.

use core::time::Duration;

use turno_ground::Rng;
use turno_model::{AgentId, BreakChange, BreakStep};

use crate::action::{Action, StateRequest};
use crate::draws::SPAN_MICROS;
use crate::plan_mutation::PlanMutation;
use crate::scheduled_action::ScheduledAction;
use crate::world::World;

/// How often agents ask for a break at most, after the first time.
const ASKED_MAX: u64 = 40;

/// In one scenario of two agents take turns for the first AUX reason. They have an Rng of their own, so that the rest of a
/// seed stays the same.
pub(crate) fn breaks(seed: u64, agents: usize) -> (Vec<PlanMutation>, Vec<(Duration, Action)>) {
    let mut rng = Rng::new(seed ^ 0x6272_6561);
    if rng.below(2) == 0 {
        return (Vec::new(), Vec::new());
    }
    let rules = vec![PlanMutation::Turns(rng.number())];
    let mut actions = Vec::new();
    for _ in 0..=rng.below(ASKED_MAX) {
        let at = Duration::from_micros(rng.below(SPAN_MICROS));
        let agent = usize::try_from(rng.below(agents.max(1) as u64)).unwrap_or(0);
        let away = Duration::from_millis(rng.below(40_000));
        let asks = Action::AgentAsks(agent, StateRequest::Aux(0));
        let goes = if rng.below(3) == 0 { asks } else { Action::AgentBreaks(agent, 0, away) };
        actions.push((at, goes));
    }
    (rules, actions)
}

impl World {
    /// An agent whose turn comes takes it up soon, or too late.
    pub(crate) fn notices_turn(&mut self, BreakStep { agent, reason, change }: BreakStep) {
        match change {
            BreakChange::Granted { until } => {
                self.takes_up(agent, reason, until.since(self.clocks.told(self.now)))
            }
            BreakChange::Asked
            | BreakChange::Promised { .. }
            | BreakChange::Began
            | BreakChange::TakenBack
            | BreakChange::Overstays
            | BreakChange::Ended { .. }
            | BreakChange::Withdrawn => {}
        }
    }

    fn takes_up(&mut self, agent: AgentId, reason: u8, within: Duration) {
        let Some(desk) = self.home_of(agent) else { return };
        let most = u64::try_from(within.as_micros()).unwrap_or(u64::MAX).max(1);
        // Nobody forgets lunch on a whole day.
        let most = if self.is_long { most / 2 } else { most.saturating_mul(3) / 2 };
        let after = Duration::from_micros(self.rng.below(most.max(1)));
        let asks = Action::AgentAsks(desk, StateRequest::Aux(reason));
        self.means_to(self.now + after, ScheduledAction::Action(asks));
    }
}
