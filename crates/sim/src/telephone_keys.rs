//! What people press who pick up an agent's telephone: 1, another key, or none, as a machine.

use core::time::Duration;

use turno_ground::Rng;
use turno_model::{AgentId, PhoneChange, PhoneStep};

use crate::draws::one_of;
use crate::scheduled_action::ScheduledAction;
use crate::world::World;

/// What people press who pick up; `None`: nothing, as a machine.
const KEYS: [Option<char>; 8] =
    [Some('1'), Some('1'), Some('1'), Some('1'), Some('2'), Some('7'), Some('#'), None];

/// How long they think at most, in milliseconds.
const THINKING_MAX: u64 = 6_000;

/// How long it takes to press the next key.
const KEY_SPAN: Duration = Duration::from_millis(200);

impl World {
    /// An agent whose telephone stays connected dials a code on it, and is ready again by another.
    fn dials_on_line(&mut self, agent: AgentId) {
        let codes = &self.plan.feature_codes;
        let (aux, ready) = (format!("{}1#", codes.aux), format!("{}#", codes.ready));
        let mut rng = Rng::new(self.now.as_micros());
        let mut at = self.now + Duration::from_millis(rng.below(20_000));
        for code in [aux, ready].into_iter().take(usize::try_from(rng.below(3)).unwrap_or(0)) {
            self.met.notes("code on a held line");
            for key in code.chars() {
                self.means_to(at, ScheduledAction::AgentPresses(agent, key));
                at = at + KEY_SPAN;
            }
            at = at + Duration::from_millis(rng.below(10_000));
        }
    }

    /// Somebody has picked up an agent's telephone, and presses a key in a while.
    pub(crate) fn notices_telephone(&mut self, step: &PhoneStep) {
        self.notices_line(step);
        if let (PhoneChange::LineOpened, Some(agent)) = (step.change, step.agent) {
            self.dials_on_line(agent);
        }
        if step.change != PhoneChange::PickedUp {
            return;
        }
        // A seed of its own: the rest of the world does not depend on these keys.
        let mut rng = Rng::new(self.now.as_micros());
        if let Some(key) = one_of(&KEYS, &mut rng) {
            let after = Duration::from_millis(rng.below(THINKING_MAX));
            self.means_to(self.now + after, ScheduledAction::CitizenPresses(key));
        }
    }
}
