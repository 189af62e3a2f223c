//! Books marks, help, wrap-up codes that are owed, and after-call work that is made longer.

use turno_model::{Handled, HandlingChange};

use crate::ledger::Ledger;

impl Ledger {
    pub(crate) fn on_handled(&mut self, handled: &Handled) {
        let contact = handled.contact;
        match handled.change {
            HandlingChange::Marked { .. } => self.on_mark(contact, |figures| figures.marked += 1),
            HandlingChange::Retargeted { target } => {
                if let Some(visit) = self.contacts.get_mut(&contact).and_then(|open| open.visit.as_mut()) {
                    visit.target = Some(target);
                }
            }
            HandlingChange::CodeOwed => self.count(handled.agent, |counts| counts.codes_owed += 1),
            HandlingChange::Extended { .. } => self.count(handled.agent, |counts| counts.extended += 1),
            HandlingChange::HelpAsked => self.count(handled.agent, |counts| counts.help_asked += 1),
            HandlingChange::HelpRings { .. } => {}
            HandlingChange::HelpCame { expert } => {
                self.count(expert, |counts| counts.helped += 1);
                self.on_mark(contact, |figures| figures.helped += 1);
            }
            HandlingChange::NoHelp => self.on_mark(contact, |figures| figures.unhelped += 1),
        }
    }
}
