//! How agents consult somebody: names and numbers, keys, and the end of a call.

use turno_model::{AgentId, AgentState};
use turno_phone::Phone;

use crate::agent_deed::Whom;
use crate::consulted::KEY_SPAN;
use crate::consulting_rules::CONSULT_KEY;
use crate::scheduled_action::ScheduledAction;
use crate::world::World;

/// A number that agents may dial, if the site has a trunk for it.
const OUTSIDE: &str = "0987654321";

impl World {
    /// The name, the extension or the number of whom an agent consults. By keys a queue has none.
    pub(crate) fn consulted_name(&self, agent: AgentId, whom: Whom, by_keys: bool) -> String {
        match whom {
            Whom::Colleague(place) => self.colleague(agent, place),
            Whom::Queue(place) if !by_keys => {
                let queue = self.plan.queues.get(place % self.plan.queues.len().max(1));
                queue.map(|queue| queue.name.clone()).unwrap_or_default()
            }
            Whom::Queue(place) => self.colleague(agent, place),
            Whom::Dependency(place) => {
                let dependency = self.plan.dependencies.get(place % self.plan.dependencies.len().max(1));
                let name =
                    dependency.map(|it| if place % 2 == 0 || by_keys { &it.extension } else { &it.name });
                name.cloned().unwrap_or_else(|| OUTSIDE.to_owned())
            }
            Whom::Outside => OUTSIDE.to_owned(),
        }
    }

    /// The extension of a colleague: of one who is free, if there is one, and of a busy one now and then.
    fn colleague(&self, agent: AgentId, place: usize) -> String {
        let many = self.staff.len().max(1);
        let mut others = (place..place + many).filter_map(|place| self.who_sits_at(place % many));
        let is_free = |other: &AgentId| {
            let state = self.invariants.state(*other);
            *other != agent && !state.has_contact() && state != AgentState::OtherCall
        };
        let first = AgentId(u32::try_from(place).unwrap_or(0));
        let one = others.find(|other| place == 6 || is_free(other)).unwrap_or(first);
        self.plan.agents.get(one.index()).map(|one| one.extension.clone()).unwrap_or_default()
    }

    /// An agent keys in whom to consult.
    pub(crate) fn consults_by_keys(&mut self, agent: AgentId, whom: Whom) {
        self.met.notes("asked by keys for a word");
        let keys = format!("{CONSULT_KEY}{}{CONSULT_KEY}", self.consulted_name(agent, whom, true));
        let mut at = self.now;
        for key in keys.chars() {
            self.means_to(at, ScheduledAction::AgentPresses(agent, key));
            at = at + KEY_SPAN;
        }
    }

    /// An agent presses a key of the phone, or of the ordinary telephone.
    pub(crate) fn agent_presses(&mut self, agent: AgentId, key: char) {
        self.invariants.asks(agent, self.clocks.told(self.now));
        if key == '3' {
            self.invariants.left_messages.ends_by_key(agent);
        }
        let telephones = &self.invariants.telephones;
        if telephones.talks_by(agent) || telephones.has_line(agent) {
            // All who are on a telephone hear the keys of one.
            for other in self.invariants.telephones.connected() {
                self.invariants.keys(other, self.clocks.told(self.now));
            }
            self.citizen_presses(key);
        } else if let Some(desk) = self.desk_of(agent) {
            self.presses(desk, key);
        }
    }

    /// An agent hangs up the last call.
    pub(crate) fn agent_lets_go(&mut self, agent: AgentId) {
        let Some(desk) = self.desk_of(agent) else { return };
        if let Some(&call) = self.persons[desk].calls.last() {
            self.act(desk, |phone: &mut Phone, now| phone.hang_up(call, now));
        }
    }
}
