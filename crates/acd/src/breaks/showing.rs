//! Where every break in turns stands, for people who look.

use turno_ground::Moment;
use turno_model::AgentId;

use crate::breaks::BreakStage;
use crate::room::Room;

/// What a break in turns waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakStand {
    /// The turn comes then.
    Promised(Moment),
    /// The turn has come, and is kept until then.
    Granted(Moment),
    /// The agent goes when the present contact or call has ended.
    Leaving,
    /// The agent is away, and should be back then.
    Away(Moment),
}

/// A break that was asked for and is not over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakSeen {
    /// The agent.
    pub agent: AgentId,
    /// The reason's place in the plan.
    pub reason: u8,
    /// What it waits for.
    pub stand: BreakStand,
}

impl Room {
    /// Every break in turns that is not over, by agent and reason.
    pub fn breaks_seen(&self) -> Vec<BreakSeen> {
        let seen = self.breaks.keys().into_iter().filter_map(|key| {
            let stand = match self.breaks.get(key)?.stage {
                BreakStage::Promised { at } => BreakStand::Promised(at),
                BreakStage::Granted { until } => BreakStand::Granted(until),
                BreakStage::Leaving => BreakStand::Leaving,
                BreakStage::Away { until } => BreakStand::Away(until),
                BreakStage::Had => return None,
            };
            Some(BreakSeen { agent: key.agent, reason: key.reason, stand })
        });
        seen.collect()
    }
}
