//! While the emergency announcement is on, every caller hears it before hours, menus and queues, also one who is in a menu then,
//! and nobody else does.

use std::collections::BTreeSet;

use turno_model::{Channel, ContactId, Emergency, Fact, TurnedAway};

/// The state of the announcement, by the facts.
#[derive(Debug, Default)]
pub(crate) struct InEmergency {
    is_on: bool,
    /// Callers who arrived while it was on, or were in a menu when it was switched on, and have not heard it.
    unaware: BTreeSet<ContactId>,
    in_menus: BTreeSet<ContactId>,
}

impl InEmergency {
    pub(crate) fn reads(&mut self, fact: &Fact) {
        if let Fact::Emergency(emergency) = fact {
            match emergency {
                Emergency::On { .. } => {
                    self.is_on = true;
                    self.unaware.extend(&self.in_menus);
                }
                Emergency::Off { .. } => self.is_on = false,
                Emergency::Heard { contact } => {
                    assert!(self.is_on, "{contact:?} hears an emergency announcement that is off");
                    self.unaware.remove(contact);
                }
            }
        }
        if let Fact::ContactArrived { contact, channel: Channel::Voice, .. } = fact
            && self.is_on
        {
            self.unaware.insert(*contact);
        }
        if let Fact::Queued { contact, .. } = fact {
            self.must_know(*contact);
            self.in_menus.remove(contact);
        }
        // Who has left the menus may hear the notice of a recording before the queue.
        if let Fact::MenuChosen { contact, .. } = fact {
            self.in_menus.remove(contact);
        }
        if let Fact::Menu(step) = fact {
            self.must_know(step.contact);
            self.in_menus.insert(step.contact);
        }
        if let Fact::TurnedAway { contact, reason } = fact {
            let is_early = matches!(reason, TurnedAway::Overload | TurnedAway::NotPossible);
            if !is_early {
                self.must_know(*contact);
            }
            self.unaware.remove(contact);
            self.in_menus.remove(contact);
        }
    }

    fn must_know(&self, contact: ContactId) {
        assert!(!self.unaware.contains(&contact), "{contact:?} goes on without the emergency announcement");
    }
}
