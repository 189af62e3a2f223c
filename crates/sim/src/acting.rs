//! Somebody does something with a phone, or the phone by itself.

use turno_ground::Moment;
use turno_phone::{Phone, PhoneEvent};

use crate::carrier::Carrier;
use crate::network::Packet;
use crate::person::{Presence, Who};
use crate::ways::Way;
use crate::world::World;

impl World {
    /// Lets somebody do something with a phone, and carries what comes of it.
    pub(crate) fn act<T>(&mut self, place: usize, act: impl FnOnce(&mut Phone, Moment) -> T) -> T {
        let now = self.now;
        let person = &mut self.persons[place];
        let done = act(&mut person.phone, now);
        let mut by_other_ways = Vec::new();
        while let Some(bytes) = person.poll_transmit() {
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
        while let Some(event) = person.phone.poll_event() {
            if let Some(what) = person.notes(&event, now)
                && person.hears()
                && !person.is_excused(&what, self.network.was_bad())
            {
                panic!("the phone of {:?} found: {what}", person.who);
            }
            if self.carrier.is_some() && !self.was_edited {
                Carrier::leads_to_a_number(person.who, &event);
            }
            ended |= matches!(event, PhoneEvent::Ended { .. } | PhoneEvent::Refused { .. });
            is_unheard |= matches!(event, PhoneEvent::Refused { status: 408, .. });
        }
        if is_unheard {
            self.check_answered(place);
        }
        self.plan_wake(place);
        by_other_ways.into_iter().for_each(|bytes| self.sends(place, bytes));
        if ended && let Who::Caller(caller) = self.persons[place].who {
            self.caller_is_free(caller);
        }
        done
    }

    /// Notes when a phone has something to do by itself.
    pub(crate) fn plan_wake(&mut self, place: usize) {
        let person = &mut self.persons[place];
        // A silent phone goes on by itself, unheard; one without power does not.
        let due = person.phone.next_deadline().filter(|_| person.presence == Presence::There);
        if let Some(before) = core::mem::replace(&mut person.due, due) {
            self.due.remove(&(before, place));
        }
        if let Some(due) = due {
            self.due.insert((due, place));
        }
    }
}
