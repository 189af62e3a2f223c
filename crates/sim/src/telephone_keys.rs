//! What people press who pick up an agent's telephone: 1, another key, or none, as a machine.

use core::time::Duration;

use turno_ground::Rng;
use turno_model::{PhoneChange, PhoneStep};

use crate::draws::one_of;
use crate::scheduled_action::ScheduledAction;
use crate::world::World;

/// What people press who pick up; `None`: nothing, as a machine.
const KEYS: [Option<char>; 8] =
    [Some('1'), Some('1'), Some('1'), Some('1'), Some('2'), Some('7'), Some('#'), None];

/// How long they think at most, in milliseconds.
const THINKING_MAX: u64 = 6_000;

impl World {
    /// Somebody has picked up an agent's telephone, and presses a key in a while.
    pub(crate) fn notices_telephone(&mut self, step: &PhoneStep) {
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
