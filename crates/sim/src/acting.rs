//! Uses a person's phone, and sends what the phone produces: as datagrams, or over a connection that it opens.

use core::time::Duration;

use bytes::Bytes;
use turno_ground::Moment;
use turno_model::AgentState;
use turno_phone::{Phone, PhoneEvent};

use crate::action::Standstill;
use crate::carrier::Carrier;
use crate::life::Life;
use crate::network::Packet;
use crate::person::{Presence, Who, unheard};
use crate::scheduled_action::ScheduledAction;
use crate::ways::{Inbound, Way};
use crate::world::World;
use crate::{proxy, wires};

/// When a phone that could not connect tries again.
const TRIES_AGAIN: Duration = Duration::from_secs(1);

impl World {
    /// Uses the phone of a person, sends its messages and checks its events.
    pub(crate) fn act<T>(&mut self, place: usize, act: impl FnOnce(&mut Phone, Moment) -> T) -> T {
        let now = self.now;
        let person = &mut self.persons[place];
        let done = act(&mut person.phone, now);
        let (mut by_other_ways, mut hangs_up) = (Vec::new(), false);
        while let Some(bytes) = person.poll_transmit() {
            hangs_up |= bytes.starts_with(b"BYE ");
            let bytes = Carrier::led(self.carrier.as_ref(), person.who, bytes);
            if !person.hears() {
                continue;
            }
            if person.way == Way::Datagrams {
                self.network.send(Packet { from: person.local(), to: self.server, bytes }, now);
            } else {
                by_other_ways.push(bytes);
            }
        }
        let (mut ended, mut is_unheard) = (false, false);
        let mut of_page = Vec::new();
        while let Some(event) = person.phone.poll_event() {
            if let Some(what) = person.notes(&event, now)
                && person.hears()
                && !person.is_excused(&what, self.network.was_bad())
                && !(unheard(&what) && self.engine.is_banned(person.local().ip(), now))
            {
                panic!("the phone of {:?} found: {what}", person.who);
            }
            if self.carrier.is_some() && !self.was_edited {
                Carrier::leads_to_a_number(person.who, &event);
            }
            if person.page.is_some() {
                of_page.push(event.clone());
            }
            ended |= matches!(event, PhoneEvent::Ended { .. } | PhoneEvent::Refused { .. });
            is_unheard |= matches!(event, PhoneEvent::Refused { status: 408, .. });
        }
        if is_unheard {
            self.check_answered(place);
        }
        of_page.iter().for_each(|event| self.page_reports(place, event));
        self.persons.plan_wake(place);
        let desk = self.persons[place].page.as_ref().map_or(place, |page| page.desk);
        if hangs_up && self.is_offered(desk) || self.persons[place].has_said_no {
            self.persons[desk].has_said_no = true;
        }
        by_other_ways.into_iter().for_each(|bytes| self.sends(place, bytes));
        if ended && let Who::Caller(caller) = self.persons[place].who {
            self.caller_is_free(caller);
        }
        done
    }

    /// Whether a contact is offered to who sits at this desk. A phone that has answered then is held while a person is called
    /// back, and who hangs up meanwhile refuses.
    fn is_offered(&self, place: usize) -> bool {
        self.who_sits_at(place).is_some_and(|agent| self.invariants.state(agent) == AgentState::Ringing)
    }

    /// An agent's phone dials.
    pub(crate) fn phone_dials(&mut self, agent: usize, number: &str) {
        let place = self.staff.place_of(agent);
        if self.persons[place].presence == Presence::There {
            let call = self.act(place, |phone, now| phone.call(number, now));
            self.persons[place].calls.push(call);
        }
    }

    /// Phones that wait to reconnect may do so now.
    pub(crate) fn connections_heal(&mut self) {
        self.wires.heal(self.now);
        for place in 0..self.persons.len() {
            if self.persons[place].link.back_at.is_some() {
                self.persons[place].link.back_at = Some(self.now);
                self.may_connect(place);
            }
        }
    }

    /// A phone that had to wait may open a connection. An agent's phone opens one; a caller's only if it has something
    /// to send.
    pub(crate) fn may_connect(&mut self, place: usize) {
        let now = self.now;
        let link = &mut self.persons[place].link;
        if link.back_at.take_if(|at| *at <= now).is_none() {
            return;
        }
        if link.says_again {
            self.says_again(place);
        }
        let is_agent = matches!(self.persons[place].who, Who::Agent(_) | Who::Page(_));
        if is_agent || !self.persons[place].link.unsent.is_empty() {
            self.connects(place);
        } else if self.persons[place].way != Way::Tcp(Inbound::Always)
            || self.persons[place].link.is_forgotten
        {
            // This phone can't be reached until it has something to send.
            self.persons[place].is_deaf();
        }
    }

    /// Sends for a phone that does not use plain datagrams.
    fn sends(&mut self, place: usize, bytes: Bytes) {
        let (person, to) = (&mut self.persons[place], self.server);
        let (from, bytes) = match person.way {
            Way::Datagrams => (person.local(), bytes),
            Way::ByProxy(sends, listens) => (sends, proxy::forwarded(&bytes, sends, listens)),
            Way::WithoutRport(sends) => (sends, proxy::without_rport(&bytes)),
            Way::Tcp(_) => {
                person.link.unsent.push(bytes);
                return self.says(place);
            }
        };
        self.network.send(Packet { from, to, bytes }, self.now);
    }

    /// Sends all unsent messages over the connection. Opens a connection if there is none and the phone may open one.
    fn says(&mut self, place: usize) {
        let link = &mut self.persons[place].link;
        let current = link.current.filter(|flow| self.wires.is_open(flow));
        let Some(flow) = current.or_else(|| self.wires.of(place).first().copied()) else {
            if link.back_at.is_none() {
                self.connects(place);
            }
            return;
        };
        link.current = Some(flow);
        link.heard_since.get_or_insert(self.now);
        let from = self.network.cut_off_until(self.machine_at(&flow), self.now);
        for bytes in core::mem::take(&mut self.persons[place].link.unsent) {
            self.wires.send(flow, bytes, true, from, self.network.weather);
        }
    }

    /// Opens a connection, registers over it, and sends what is unsent or may have been lost.
    fn connects(&mut self, place: usize) {
        let now = self.now;
        let ip = self.persons[place].local().ip();
        let is_there = self.persons[place].presence == Presence::There;
        let is_gone = matches!(self.life, Life::Dead(_) | Life::StandsStill(Standstill::Machine));
        if !is_there || is_gone || self.network.is_cut_off(ip, now) {
            self.persons[place].link.back_at = Some(now + TRIES_AGAIN);
            return self.means_to(now + TRIES_AGAIN, ScheduledAction::Connects(place));
        }
        let last = self.persons[place].link.last;
        let same = last.filter(|flow| !self.wires.is_known(flow) && self.wires.rng.below(4) == 0);
        let of_page = self.page_flow(place);
        let flow = of_page.or(same);
        let flow = flow.unwrap_or_else(|| wires::flow(self.server, ip, self.wires.fresh_port()));
        self.wires.stands(flow, place, None, now);
        if of_page.is_some() {
            self.means_to(now, ScheduledAction::SignsIn(place, flow));
        }
        let person = &mut self.persons[place];
        let link = &mut person.link;
        (link.current, link.last, link.heard_since) = (Some(flow), Some(flow), None);
        link.is_forgotten = false;
        let is_back = core::mem::take(&mut link.says_again);
        let registers = is_back && person.phone.wants_registration();
        let is_first = self.wires.rng.below(2) == 0;
        if registers && is_first {
            self.registers_ahead(place);
        }
        if is_back {
            self.says_again(place);
        }
        self.says(place);
        if registers && !is_first {
            self.act(place, Phone::register);
        }
    }

    /// Sends REGISTER before the messages that wait.
    fn registers_ahead(&mut self, place: usize) {
        let waiting = core::mem::take(&mut self.persons[place].link.unsent);
        self.act(place, Phone::register);
        self.persons[place].link.unsent = waiting;
    }

    fn says_again(&mut self, place: usize) {
        let person = &mut self.persons[place];
        person.phone.say_again();
        while let Some(bytes) = person.poll_transmit() {
            if person.hears() && !person.link.unsent.contains(&bytes) {
                person.link.unsent.push(bytes);
            }
        }
    }
}
