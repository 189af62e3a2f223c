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
    /// The procedure of the card that each of them heard last.
    heard: BTreeMap<ContactId, String>,
    stay_max: Duration,
}

impl InMenus {
    pub(crate) fn new(plan: &Plan) -> Self {
        Self {
            since: BTreeMap::new(),
            leaving: BTreeMap::new(),
            heard: BTreeMap::new(),
            stay_max: plan.room.menus_max,
        }
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
            self.reads_card(contact, &step.change);
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
            self.heard.remove(contact);
        }
        if let Fact::TurnedAway { contact, .. } = fact {
            self.since.remove(contact);
            self.heard.remove(contact);
            self.leaving.remove(contact);
        }
        if let Fact::Queued { contact, .. } = fact {
            let menu = self.since.get(contact);
            assert!(menu.is_none(), "{contact:?} is in a queue and in a menu since {menu:?}");
        }
    }

    /// What is sent, and what counts as contained, is the card that was read last.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other steps are about no card")]
    fn reads_card(&mut self, contact: ContactId, change: &MenuChange) {
        match change {
            MenuChange::Card { procedure, .. } => {
                self.heard.insert(contact, procedure.to_string());
            }
            MenuChange::Sent { procedure, .. }
            | MenuChange::NoSound { procedure }
            | MenuChange::Contained { procedure, .. } => {
                let heard = self.heard.get(&contact).map(String::as_str);
                assert_eq!(heard, Some(procedure.as_str()), "{contact:?} heard another card: {change:?}");
            }
            _ => {}
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
        | MenuChange::NoSound { .. }
        // Only the end of the call may follow.
        | MenuChange::Contained { .. }
        | MenuChange::TooLong => true,
        MenuChange::Entered(_)
        | MenuChange::Read { .. }
        | MenuChange::Wrong(_)
        | MenuChange::Repeated
        | MenuChange::Card { .. }
        | MenuChange::Sent { .. }
        | MenuChange::Language(_) => false,
    }
}
