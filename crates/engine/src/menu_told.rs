//! The facts of callers in menus.

use compact_str::CompactString;
use turno_calls::CallId;
use turno_ground::Moment;
use turno_model::{Fact, MenuChange, MenuId, MenuStep};

use crate::engine::Engine;

impl Engine {
    /// Records a step of a caller in the menus.
    pub(crate) fn tell_menu(&mut self, call: CallId, menu: MenuId, change: MenuChange, now: Moment) {
        let Some(contact) = self.contacts.of(call) else { return };
        let menu = CompactString::from(&self.plan.menus[menu.index()].name);
        self.outbox.record(Fact::Menu(MenuStep { contact, menu, change }), now);
    }
}
