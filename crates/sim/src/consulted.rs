//! Agents who consult a colleague during a talk, and what comes of it.

use core::time::Duration;

use turno_model::{AgentId, ContactId};

use crate::action::{Action, StateRequest};
use crate::scheduled_action::ScheduledAction;
use crate::world::World;

/// One talk in so many has a consultation.
const TALKS_BETWEEN: u64 = 3;

/// In one talk in so many the agent gives the caller back.
const RETURNS_BETWEEN: u64 = 13;

impl World {
    /// An agent consults a colleague during one talk in three, and then does one or two things, soon enough or too soon. The
    /// numbers of contact and agent decide, so that the draws of a seed are what they were.
    pub(crate) fn may_consult(&mut self, agent: AgentId, contact: ContactId) {
        // With the agent's: a caller who was given back meets another agent, who does something else.
        let both = contact.0 ^ u64::from(agent.0) << 48;
        let chance = both.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
        let drawn = |shift: u32, below: u64| (chance >> shift) % below;
        let Some(desk) = self.home_of(agent).filter(|_| self.agents_consult) else { return };
        if chance.is_multiple_of(RETURNS_BETWEEN) {
            let at = self.now + Duration::from_millis(drawn(8, 20_000));
            self.means_to(at, ScheduledAction::Action(Action::AgentAsks(desk, StateRequest::Return)));
        }
        if !chance.is_multiple_of(TALKS_BETWEEN) {
            return;
        }
        // The first agents of a plan are those who work most hours.
        let colleague = usize::try_from(drawn(4, 5)).unwrap_or(0);
        let mut at = self.now + Duration::from_millis(drawn(8, 20_000));
        let does = [StateRequest::Conference, StateRequest::Complete, StateRequest::Back];
        let then = [drawn(12, 3), drawn(16, 3)].map(|place| usize::try_from(place).unwrap_or(0));
        let asks = [StateRequest::Consult(colleague), does[then[0]], does[then[1]]];
        for (asked, span) in asks.into_iter().zip([0, drawn(20, 15_000), drawn(24, 15_000)]) {
            at = at + Duration::from_millis(span);
            self.means_to(at, ScheduledAction::Action(Action::AgentAsks(desk, asked)));
        }
    }
}
