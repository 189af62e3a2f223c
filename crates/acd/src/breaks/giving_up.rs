//! Agents who give up their turn for a break, and plans that no longer have it.

use turno_ground::Moment;
use turno_model::{AgentId, BreakChange, BreakStep, Fact};

use crate::breaks::{BreakKey, BreakStage, reasons};
use crate::room::Room;

impl Room {
    /// An agent who was to go after the present contact is to do something else then; `but` is the reason of a break to
    /// which the agent still goes.
    pub(crate) fn goes_no_more(&mut self, agent: AgentId, but: Option<u8>) {
        self.give_up_turns(agent, but, |stage| stage == BreakStage::Leaving);
    }

    /// An agent who is ready says so: they want no break.
    pub(crate) fn wants_no_break(&mut self, agent: AgentId) {
        self.give_up_turns(agent, None, |stage| match stage {
            BreakStage::Promised { .. } | BreakStage::Granted { .. } | BreakStage::Leaving => true,
            BreakStage::Away { .. } | BreakStage::Had => false,
        });
    }

    fn give_up_turns(&mut self, agent: AgentId, but: Option<u8>, goes: impl Fn(BreakStage) -> bool) {
        if self.breaks.is_empty() {
            return;
        }
        let plan = self.plan.clone();
        for (reason, _) in reasons(&plan).filter(|(reason, _)| Some(*reason) != but) {
            let key = BreakKey { agent, reason };
            if self.breaks.get(key).is_some_and(|it| goes(it.stage)) {
                let change = self.breaks.gone(key);
                self.record(Fact::Break(BreakStep { agent, reason, change }));
            }
        }
    }

    /// Ends the breaks of reasons that the plan no longer has in turns.
    pub(crate) fn end_lost_turns(&mut self, now: Moment) {
        if self.breaks.is_empty() {
            return;
        }
        for key in self.breaks.keys() {
            let (Some(it), None) = (self.breaks.get(key), self.plan.turns(key.reason)) else { continue };
            self.breaks.remove(key);
            let change = match it.stage {
                BreakStage::Promised { .. } | BreakStage::Granted { .. } | BreakStage::Leaving => {
                    BreakChange::Withdrawn
                }
                BreakStage::Away { until } => BreakChange::Ended { overstayed: now.since(until) },
                BreakStage::Had => continue,
            };
            self.record(Fact::Break(BreakStep { agent: key.agent, reason: key.reason, change }));
        }
    }
}
