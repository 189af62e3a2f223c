//! How the people of a world live: shifts begin, callers go on with what they meant, errands are run.

#![expect(clippy::wildcard_enum_match_arm, reason = "people notice few of all the facts")]

use core::time::Duration;
use std::net::SocketAddr;

use turno_media_plan::MediaEvent;
use turno_model::plan::AcwPlan;
use turno_model::{AgentState, AuxReason, Command, EndedBy, Fact};
use turno_phone::{Identity, Phone};

use crate::connecting::way_of;
use crate::deed::{Deed, Wish};
use crate::described::habit_of;
use crate::errand::Errand;
use crate::guest::{Guest, Intent, Stage, who_called};
use crate::person::{Person, Presence, Who};
use crate::place::{self, agent_address};
use crate::world::World;

/// Between one agent's log-in and the next.
pub(crate) const SHIFT_STEP: Duration = Duration::from_millis(20);
/// How long an agent whose after-call work has no end of its own works after a call, at most.
const MANUAL_ACW_MAX: u64 = 8_000_000;

impl World {
    /// Every agent comes to the desk.
    pub(crate) fn opens(&mut self) {
        for agent in 0..self.agents {
            let plan = &self.desks[agent];
            let desk = place::desk(self.server, agent_address(agent, 0));
            let dice = self.dice.fork();
            let (user, password) = (plan.extension.clone(), plan.password.reveal().to_owned());
            let person = Person::new(Who::Agent(agent), &user, &password, &self.plan.sip.domain, desk, dice);
            self.sits_down(person);
            let at = self.now + SHIFT_STEP * u32::try_from(agent).unwrap_or(u32::MAX);
            if self.is_staff[agent] {
                self.means_to(at, Errand::BeginsShift(agent));
            }
        }
    }

    /// Somebody takes a place in the world.
    pub(crate) fn sits_down(&mut self, mut person: Person) -> usize {
        person.takes_habit(habit_of(self.habits, person.who));
        person.takes_way(way_of(self.ways, &person));
        for address in person.addresses() {
            self.by_address.insert(address, self.persons.len());
        }
        self.persons.push(person);
        self.persons.len() - 1
    }

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
                if let Some(id) = self.who_sits_at(agent) {
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
        if let Some(id) = self.who_sits_at(agent).filter(|_| waits) {
            self.command(Command::LogIn(id));
        }
    }

    fn comes_back(&mut self, agent: usize) {
        self.persons[agent].presence = Presence::There;
        self.act(agent, Phone::register);
    }

    /// A caller dials, for the first time or again.
    pub(crate) fn dials(&mut self, caller: u32) {
        let is_closing = self.is_closing;
        let Some(guest) = self.guests.get_mut(&caller).filter(|_| !is_closing) else { return };
        guest.attempt += 1;
        guest.stage = Stage::Dialled;
        (guest.contact, guest.served_since, guest.over_since) = (None, None, None);
        let (arrival, place, attempt) = (guest.arrival, guest.person, guest.attempt);
        let who = Identity { number: guest.number(), display: String::new(), asserted: Some(guest.number()) };
        let Some(number) = self.plan.numbers.get(arrival.number % self.plan.numbers.len().max(1)) else {
            return;
        };
        let dialled = turno_model::plan::bare_number(&number.number);
        let call = self.act(place, |phone, now| {
            if arrival.late_offer {
                phone.call_as_with_late_offer(&who, &dialled, now)
            } else {
                phone.call_as(&who, &dialled, now)
            }
        });
        self.persons[place].calls.push(call);
        if let Some(guest) = self.guests.get_mut(&caller) {
            guest.call = Some(call);
        }
        if let Some((_, after)) = arrival.key {
            self.means_to(self.now + after, Errand::Caller(caller, attempt, Intent::Press));
        }
    }

    /// A caller comes with a phone of their own.
    pub(crate) fn arrives(&mut self, arrival: crate::deed::Arrival) {
        if self.guests.contains_key(&arrival.caller) {
            return;
        }
        let desk = place::desk(self.server, place::caller_address(&self.plan, arrival.caller));
        let dice = self.dice.fork();
        let (user, password) = place::caller_credentials(&self.plan, arrival.caller);
        let who = Who::Caller(arrival.caller);
        let mut person = Person::new(who, &user, &password, &self.plan.sip.domain, desk, dice);
        if self.network.is_cut_off(person.local().ip(), self.now) {
            person.is_deaf();
        }
        let place = self.sits_down(person);
        self.guests.insert(arrival.caller, Guest::new(arrival, place));
        self.dials(arrival.caller);
    }

    fn caller_acts(&mut self, caller: u32, attempt: u8, intent: Intent) {
        let Some(guest) = self.guests.get(&caller).filter(|guest| guest.still_means(intent, attempt)) else {
            return;
        };
        match (intent, guest.arrival.key) {
            (Intent::Press, Some((key, _))) => self.caller_presses(caller, key),
            (Intent::Press, None) => {}
            (Intent::GiveUp | Intent::EndTalk, _) => self.caller_hangs_up(caller),
        }
    }

    pub(crate) fn caller_hangs_up(&mut self, caller: u32) {
        let Some(guest) = self.guests.get(&caller) else { return };
        if let Some(call) = guest.call {
            self.act(guest.person, |phone, now| phone.hang_up(call, now));
        }
    }

    pub(crate) fn caller_presses(&mut self, caller: u32, digit: char) {
        let Some(guest) = self.guests.get(&caller) else { return };
        let place = guest.person;
        let rtp = self.rtp_of(place);
        if let Some((stream, it)) = self.media.towards(rtp) {
            if let Some(encoding) = &it.encoding {
                self.check_keys(&self.persons[place], rtp, encoding);
            }
            self.tell_media(MediaEvent::Digit { stream, digit });
        }
    }

    /// What a caller or an agent hears of a fact.
    pub(crate) fn notices(&mut self, fact: &Fact) {
        match fact {
            Fact::ContactArrived { contact, from, .. } | Fact::NumberWithheld { contact, number: from } => {
                let Some(who) = who_called(&from.0) else { return };
                self.calling.insert(*contact, who);
                if let Some(guest) = self.guests.get_mut(&who.0).filter(|it| it.attempt == who.1) {
                    guest.contact.get_or_insert(*contact);
                }
            }
            Fact::Queued { contact, .. } => {
                let Some(&(caller, attempt)) = self.calling.get(contact) else { return };
                let Some(guest) = self.guests.get_mut(&caller).filter(|it| it.attempt == attempt) else {
                    return;
                };
                if guest.stage == Stage::Dialled {
                    guest.stage = Stage::Waits;
                    if let Some(patience) = guest.arrival.patience {
                        let errand = Errand::Caller(caller, attempt, Intent::GiveUp);
                        self.means_to(self.now + patience, errand);
                    }
                }
            }
            Fact::Connected { contact, .. } => {
                let Some(&(caller, attempt)) = self.calling.get(contact) else { return };
                let Some(guest) = self.guests.get_mut(&caller).filter(|it| it.attempt == attempt) else {
                    return;
                };
                guest.stage = Stage::Served;
                guest.served_since = Some(self.now).filter(|_| guest.contact == Some(*contact));
                let talk = guest.arrival.talk;
                self.means_to(self.now + talk, Errand::Caller(caller, attempt, Intent::EndTalk));
            }
            Fact::ContactEnded { contact, by, .. } => {
                let Some((caller, attempt)) = self.calling.remove(contact) else { return };
                let guest = self.guests.get_mut(&caller).filter(|it| it.attempt == attempt);
                let guest = guest.filter(|guest| guest.contact == Some(*contact));
                if let Some(guest) = guest.filter(|_| *by != EndedBy::Transfer) {
                    guest.over_since = Some(self.now);
                }
            }
            Fact::TurnedAway { contact, .. } => {
                self.calling.remove(contact);
            }
            Fact::AgentChanged { agent, to: AgentState::Acw, .. } => {
                let is_manual = self.plan.queues.iter().any(|queue| queue.acw == AcwPlan::Manual);
                if let Some(desk) = self.desk_of(*agent).filter(|_| is_manual) {
                    let after = Duration::from_micros(self.dice.below(MANUAL_ACW_MAX));
                    self.means_to(self.now + after, Errand::EndsAcw(desk));
                }
            }
            Fact::AgentChanged { agent, to: AgentState::Aux(AuxReason::Planned(_)), .. } => {
                // A break that had to wait for the end of a call is as long as any other.
                if let (Some(span), Some(desk)) = (self.breaks.remove(agent), self.desk_of(*agent)) {
                    let ready = Deed::AgentAsks(desk, Wish::Ready);
                    self.means_to(self.now + span, Errand::Deed(ready));
                }
            }
            Fact::Alarm { .. } => self.alarms += 1,
            _ => {}
        }
    }

    /// A call of a caller's phone is over: whoever was not served may dial again.
    pub(crate) fn caller_is_free(&mut self, caller: u32) {
        let now = self.now;
        let Some(guest) = self.guests.get_mut(&caller) else { return };
        let is_over = guest.call.is_some_and(|call| !self.persons[guest.person].calls.contains(&call));
        if !is_over {
            return;
        }
        guest.call = None;
        let was_served = core::mem::replace(&mut guest.stage, Stage::Gone) == Stage::Served;
        if let Some(at) = guest.dials_again(now).filter(|_| !was_served) {
            self.means_to(at, Errand::Redials(caller));
        }
    }

    /// Where a person's first call's voice arrives.
    pub(crate) fn rtp_of(&self, place: usize) -> SocketAddr {
        self.persons[place].phone.settings().rtp
    }
}
