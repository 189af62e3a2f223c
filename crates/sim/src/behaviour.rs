//! Runs scheduled actions when they are due.

use turno_media_plan::MediaEvent;
use turno_model::{AgentId, Command};
use turno_phone::Phone;

use crate::person::Presence;
use crate::scheduled_action::ScheduledAction;
use crate::world::World;

impl World {
    /// Runs a scheduled action.
    pub(crate) fn goes_on(&mut self, scheduled: ScheduledAction) {
        match scheduled {
            ScheduledAction::CitizenHangsUp => self.citizen_hangs_up(),
            ScheduledAction::CitizenPresses(key) => self.citizen_presses(key),
            ScheduledAction::ConsultsByKeys(agent, whom) => self.consults_by_keys(agent, whom),
            ScheduledAction::AgentPresses(agent, key) => self.agent_presses(agent, key),
            ScheduledAction::SubscribesAgain(lamp) => self.subscribes(lamp),
            ScheduledAction::KeysAt(place, call, key) => self.keys_at(place, call, key),
            ScheduledAction::HangsUpAt(place, call) => {
                self.act(place, |phone: &mut Phone, now| phone.hang_up(call, now));
            }
            ScheduledAction::AgentLetsGo(agent) => self.agent_lets_go(agent),
            ScheduledAction::WantsLine(agent) => {
                self.command(Command::LogIn(agent));
                self.command(Command::Ready(agent));
            }
            ScheduledAction::Action(action) => self.does(action),
            ScheduledAction::Caller(caller, attempt, intent) => self.caller_acts(caller, attempt, intent),
            ScheduledAction::Redials(caller) => self.dials(caller),
            ScheduledAction::BeginsShift(agent) => self.begins_shift(agent),
            ScheduledAction::ComesBack(agent) => self.comes_back(agent),
            ScheduledAction::Connects(place) => self.may_connect(place),
            ScheduledAction::SignsIn(place, flow) => self.page_signs_in(place, flow),
            ScheduledAction::HasSession(place) => self.has_session(place),
            ScheduledAction::TakesBack(place) => self.page_takes_back(place),
            ScheduledAction::DeskCloses(place) => self.second_desk_closes(place),
            ScheduledAction::EndsAcw(agent) => {
                if let Some(id) = self.owner_of(agent) {
                    self.command(Command::EndAcw(id));
                }
            }
            ScheduledAction::GivesCode(agent) => self.gives_code(agent),
            ScheduledAction::Takes(agent) => self.command(Command::Take(agent)),
            ScheduledAction::Declines(agent) => self.declines_note(agent),
            ScheduledAction::Finishes(agent, contact) => self.finishes_note(agent, contact),
            ScheduledAction::Withdraws(contact) => self.withdraws_note(contact),
            ScheduledAction::IsPickedUp => self.is_picked_up(),
            ScheduledAction::GoesOn => self.goes_on_again(),
            ScheduledAction::DiskIsEmptied => self.disk_is_emptied(),
            ScheduledAction::DiskIsLookedAt => self.disk_is_looked_at(),
            ScheduledAction::FallsSilent(rtp) => {
                if let Some((stream, _)) = self.media.towards(rtp) {
                    self.tell_media(MediaEvent::Inactive { stream });
                }
            }
        }
    }

    /// The agent gives the last contact a code of the plan.
    pub(crate) fn gives_code(&mut self, agent: AgentId) {
        let code = self.plan.wrap_up_codes.first().map_or("7", |known| known.code.as_str());
        self.command(Command::WrapUp(agent, code.into()));
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
