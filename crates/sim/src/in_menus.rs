//! A caller in menus always comes to a queue, a notice or the end, within the longest stay, and is in no queue before.

use core::time::Duration;
use std::collections::BTreeMap;

use turno_ground::Moment;
use turno_model::{ContactId, Emergency, Fact, MenuChange, Plan};

/// Longest emergency announcement.
const EMERGENCY_SPAN_MAX: Duration = Duration::from_secs(300);

/// The callers in menus.
#[derive(Debug)]
pub(crate) struct InMenus {
    since: BTreeMap<ContactId, Moment>,
    /// Callers whose last fact says that they leave, and who must have left with the next fact of theirs.
    leaving: BTreeMap<ContactId, MenuChange>,
    stay_max: Duration,
}

impl InMenus {
    pub(crate) fn new(plan: &Plan) -> Self {
        Self { since: BTreeMap::new(), leaving: BTreeMap::new(), stay_max: plan.room.menus_max }
    }

    /// The stay of another plan applies to those who enter from now on; the longer one is checked.
    pub(crate) fn works_by(&mut self, plan: &Plan) {
        self.stay_max = self.stay_max.max(plan.room.menus_max);
    }

    pub(crate) fn reads(&mut self, at: Moment, fact: &Fact) {
        if let Fact::Menu(step) = fact {
            let contact = step.contact;
            assert!(!self.leaving.contains_key(&contact), "{contact:?} has left the menus: {step:?}");
            self.since.entry(contact).or_insert(at);
            if leaves(&step.change) {
                self.leaving.insert(contact, step.change.clone());
            }
        }
        if let Fact::Emergency(Emergency::Heard { contact }) = fact
            && let Some(since) = self.since.get_mut(contact)
        {
            // The longest stay begins anew when the announcement is over.
            *since = at + EMERGENCY_SPAN_MAX;
        }
        if let Fact::MenuChosen { contact, .. } = fact {
            assert!(self.leaving.remove(contact).is_some(), "{contact:?} left the menus without a reason");
            self.since.remove(contact);
        }
        if let Fact::TurnedAway { contact, .. } = fact {
            self.since.remove(contact);
            self.leaving.remove(contact);
        }
        if let Fact::Queued { contact, .. } = fact {
            let menu = self.since.get(contact);
            assert!(menu.is_none(), "{contact:?} is in a queue and in a menu since {menu:?}");
        }
    }

    /// Checks after a step; `lateness` is how late the engine may be.
    pub(crate) fn check(&self, lateness: Duration, now: Moment) {
        assert!(self.leaving.is_empty(), "left the menus for nowhere: {:?}", self.leaving);
        for (contact, since) in &self.since {
            let stay = now.since(*since);
            assert!(stay <= self.stay_max + lateness, "{contact:?} has been in menus for {stay:?}");
        }
    }

    /// Checks at the end.
    pub(crate) fn prove_closed(&self) {
        assert!(self.since.is_empty(), "still in menus: {:?}", self.since);
    }
}

const fn leaves(change: &MenuChange) -> bool {
    match change {
        MenuChange::Chosen(_)
        | MenuChange::Person
        | MenuChange::NoKey
        | MenuChange::WrongKeys(_)
        | MenuChange::TooLong => true,
        MenuChange::Entered(_)
        | MenuChange::Read { .. }
        | MenuChange::Wrong(_)
        | MenuChange::Repeated
        | MenuChange::Language(_) => false,
    }
}
