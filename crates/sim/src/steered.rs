//! Agents whose page steers the phone: answer, hold, resume and hang up by order; and microphones that go away.

use core::time::Duration;

use turno_model::{AgentId, ContactId};

use crate::action::{Action, StateRequest};
use crate::agent_deed::Steering;
use crate::scheduled_action::ScheduledAction;
use crate::world::World;

/// One offer in so many is answered by order, if the phone takes it.
const ANSWERS_BETWEEN: u64 = 4;

/// One talk in so many is held by order.
const HOLDS_BETWEEN: u64 = 5;

/// One talk in so many is ended by order.
const HANG_UPS_BETWEEN: u64 = 7;

/// In one talk in so many the microphone goes away.
const MICROPHONES_BETWEEN: u64 = 11;

impl World {
    /// An agent may answer by a key of the page. Contact and agent decide, so that the draws of a seed are what they were.
    pub(crate) fn may_answer_by_order(&mut self, agent: AgentId, contact: ContactId) {
        let chance = chance_of(agent, contact);
        if chance.is_multiple_of(ANSWERS_BETWEEN) {
            self.asks_after(agent, Steering::Answer, (chance >> 8) % 3_000);
        }
    }

    /// An agent may steer the phone during a talk, once or more.
    pub(crate) fn may_steer(&mut self, agent: AgentId, contact: ContactId) {
        let chance = chance_of(agent, contact);
        let begins = (chance >> 8) % 15_000;
        if chance.is_multiple_of(HOLDS_BETWEEN) {
            self.asks_after(agent, Steering::Hold, begins);
            self.asks_after(agent, Steering::Resume, begins + (chance >> 22) % 60_000);
        }
        if chance % HANG_UPS_BETWEEN == 1 {
            self.asks_after(agent, Steering::HangUp, begins + (chance >> 16) % 30_000);
        }
        if chance % MICROPHONES_BETWEEN == 2 {
            self.asks_after(agent, Steering::NoMicrophone, begins);
            self.asks_after(agent, Steering::Microphone, begins + (chance >> 20) % 90_000);
        }
    }

    fn asks_after(&mut self, agent: AgentId, steering: Steering, millis: u64) {
        let Some(desk) = self.home_of(agent) else { return };
        let at = self.now + Duration::from_millis(millis);
        self.means_to(at, ScheduledAction::Action(Action::AgentAsks(desk, StateRequest::Steer(steering))));
    }
}

fn chance_of(agent: AgentId, contact: ContactId) -> u64 {
    let both = contact.0 ^ u64::from(agent.0) << 40;
    both.wrapping_mul(0xd1b5_4a32_d192_ed03) >> 16
}
