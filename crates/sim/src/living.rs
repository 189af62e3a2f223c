//! How the people of a world live: shifts begin, and errands are run when their moment has come.

use turno_media_plan::MediaEvent;
use turno_model::Command;
use turno_phone::Phone;

use crate::errand::Errand;
use crate::person::Presence;
use crate::world::World;

impl World {
    /// Runs an errand.
    pub(crate) fn goes_on(&mut self, errand: Errand) {
        match errand {
            Errand::Deed(deed) => self.does(deed),
            Errand::Caller(caller, attempt, intent) => self.caller_acts(caller, attempt, intent),
            Errand::Redials(caller) => self.dials(caller),
            Errand::BeginsShift(agent) => self.begins_shift(agent),
            Errand::ComesBack(agent) => self.comes_back(agent),
            Errand::Connects(place) => self.may_connect(place),
            Errand::EndsAcw(agent) => {
                if let Some(id) = self.owner_of(agent) {
                    self.command(Command::EndAcw(id));
                }
            }
            Errand::Takes(agent) => self.command(Command::Take(agent)),
            Errand::Declines(agent) => self.declines_note(agent),
            Errand::Finishes(agent, contact) => self.finishes_note(agent, contact),
            Errand::Withdraws(contact) => self.withdraws_note(contact),
            Errand::IsPickedUp => self.is_picked_up(),
            Errand::GoesOn => self.goes_on_again(),
            Errand::DiskIsEmptied => self.disk_is_emptied(),
            Errand::DiskIsLookedAt => self.disk_is_looked_at(),
            Errand::FallsSilent(rtp) => {
                if let Some((stream, _)) = self.media.towards(rtp) {
                    self.tell_media(MediaEvent::Inactive { stream });
                }
            }
        }
    }

    fn begins_shift(&mut self, agent: usize) {
        self.act(agent, Phone::register);
        let waits = self.plan_of(agent).is_some_and(|plan| !plan.auto_login);
        if let Some(id) = self.owner_of(agent).filter(|_| waits) {
            self.command(Command::LogIn(id));
        }
    }

    fn comes_back(&mut self, agent: usize) {
        self.persons[agent].presence = Presence::There;
        self.act(agent, Phone::register);
    }
}
