//! The cards of procedures in menus: the contact is about what its caller heard, and a key has it sent in writing.

use core::time::Duration;

use compact_str::CompactString;
use turno_calls::CallId;
use turno_ground::{Moment, Pii};
use turno_model::plan::{MenuChoice, MenuPlan};
use turno_model::{MenuChange, MenuId};

use crate::engine::Engine;

/// Who hangs up sooner has heard nothing of the card that would be of use.
const HEARD_SPAN_MIN: Duration = Duration::from_secs(10);

impl Engine {
    /// The menu's card begins: from now on the contact is about that procedure.
    pub(crate) fn hears_card(&mut self, call: CallId, menu: MenuId, now: Moment) -> Option<CompactString> {
        let card = self.plan.menus[menu.index()].card.as_ref()?;
        let procedure = CompactString::from(&card.procedure);
        let code = card.code.as_deref().map(CompactString::from);
        self.contacts.is_about(call, (procedure.clone(), code.clone()), now);
        self.tell_menu(call, menu, MenuChange::Card { procedure: procedure.clone(), code }, now);
        Some(procedure)
    }

    /// Whether a key would send a card that can't be sent to this caller.
    pub(crate) fn is_vain(&self, call: CallId, key: char, menu: &MenuPlan) -> bool {
        menu.choice(key) == Some(&MenuChoice::Send) && (menu.card.is_none() || self.sent_to(call).is_none())
    }

    /// The caller's whole number, if cards can be sent to it.
    pub(crate) fn sent_to(&self, call: CallId) -> Option<String> {
        let platform = self.plan.whatsapp.as_ref().filter(|_| self.plan.written.whatsapp.is_some())?;
        self.whole_number_of(call).filter(|number| platform.reaches(number))
    }

    /// A key asked for the menu's card in writing. The fact is what sends it, so that a restart neither loses nor repeats it.
    pub(crate) fn send_card(&mut self, call: CallId, menu: MenuId, key: char, now: Moment) {
        let Some(card) = self.plan.menus[menu.index()].card.as_ref() else { return };
        let procedure = CompactString::from(&card.procedure);
        let Some(number) = self.sent_to(call) else { return };
        let to = Pii(CompactString::from(number));
        self.tell_menu(call, menu, MenuChange::Sent { key, procedure, to }, now);
    }

    /// The caller of this menu hung up: after a card nobody was needed.
    pub(crate) fn hung_up_in_menu(&mut self, call: CallId, menu: MenuId, now: Moment) {
        let heard = self.contacts.about(call).filter(|heard| now.since(heard.since) >= HEARD_SPAN_MIN);
        if let Some((procedure, code)) = heard.map(|heard| (heard.procedure.clone(), heard.code.clone())) {
            self.tell_menu(call, menu, MenuChange::Contained { procedure, code }, now);
        }
    }
}
