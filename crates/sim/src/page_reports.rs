//! What the phones of pages report.

use turno_phone::PhoneEvent;

use crate::page_deed::PageStage;
use crate::person::Who;
use crate::scheduled_action::ScheduledAction;
use crate::world::World;

impl World {
    /// The phone of a page reports something.
    pub(crate) fn page_reports(&mut self, place: usize, event: &PhoneEvent) {
        let Some(page) = &mut self.persons[place].page else { return };
        let desk = page.desk;
        match event {
            PhoneEvent::Registered => {
                page.registered_at = Some(self.now);
                if page.kept.is_some() {
                    self.means_to(self.now, ScheduledAction::TakesBack(place));
                }
            }
            PhoneEvent::RegistrationFailed(403) => self.met.notes("page: another desk leads"),
            PhoneEvent::RegistrationFailed(401) => self.met.notes("page: not signed in"),
            PhoneEvent::Incoming { .. } => {
                self.met.notes("page: rings");
                self.check_leads(place);
                self.page_comes_to(desk, PageStage::Rings);
            }
            PhoneEvent::Answered { call, .. } => {
                assert!(!page.thefts.contains(call), "a page of desk {desk} has the talk of another seat");
                if page.takes.remove(call).is_some() {
                    let is_second = matches!(self.persons[place].who, Who::Page(_));
                    self.met.notes(if is_second { "page: talk moved" } else { "page: talk taken back" });
                }
            }
            PhoneEvent::Refused { call, status, .. } => {
                if page.thefts.remove(call) {
                    self.met.notes(format!("page: theft refused with {status}"));
                } else if let Some(contact) = page.takes.remove(call) {
                    self.met.notes(format!("page: not taken back, {status}"));
                    self.check_taken_back(desk, contact, *status);
                }
            }
            PhoneEvent::Unregistered
            | PhoneEvent::RegistrationFailed(_)
            | PhoneEvent::Ringing { .. }
            | PhoneEvent::Media { .. }
            | PhoneEvent::Held { .. }
            | PhoneEvent::Resumed { .. }
            | PhoneEvent::HoldRefused { .. }
            | PhoneEvent::TransferResult { .. }
            | PhoneEvent::Ended { .. }
            | PhoneEvent::Confused { .. } => {}
        }
    }
}
