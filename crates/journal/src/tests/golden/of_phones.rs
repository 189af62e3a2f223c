//! Facts of agents on ordinary telephones.

use turno_model::{Fact, PhoneChange, PhoneStep, PinOutcome};

use super::{AGENT, CONTACT};

pub(super) fn phone_facts() -> Vec<Fact> {
    let changes = [
        (Some(AGENT), Some(CONTACT), PhoneChange::Dialled),
        (Some(AGENT), Some(CONTACT), PhoneChange::PickedUp),
        (Some(AGENT), Some(CONTACT), PhoneChange::Confirmed),
        (Some(AGENT), None, PhoneChange::AgentsLine(PinOutcome::SignedIn)),
        (None, None, PhoneChange::AgentsLine(PinOutcome::Wrong)),
        (Some(AGENT), None, PhoneChange::LineDialled),
        (Some(AGENT), None, PhoneChange::LineOpened),
        (Some(AGENT), None, PhoneChange::LineLost),
        (Some(AGENT), None, PhoneChange::LineReleased),
        (Some(AGENT), None, PhoneChange::LineRefused),
    ];
    let step = |(agent, contact, change)| Fact::Phone(PhoneStep { agent, contact, change });
    changes.into_iter().map(step).collect()
}
