//! Adds persons to the world and gives their phones the scenario's transports and habits.

use crate::habits::{Habit, Habits};
use crate::page::Page;
use crate::person::{Person, Who};
use crate::ways::{Inbound, Way, Ways};
use crate::world::World;

impl World {
    /// The phones of this world use these transports from now on.
    pub(crate) fn has_ways(&mut self, ways: Ways) {
        self.ways = ways;
        if self.carrier.is_some() {
            // To turno all callers are one machine then, and it may use any of their connections for any of them.
            self.ways.callers_by_tcp = 0;
        }
        if self.plan.sip.contact_as_given {
            // The plan then promises that every Contact can be reached.
            (self.ways.accept_always, self.ways.accept_never) = (u64::MAX, 0);
        }
        for place in 0..self.persons.len() {
            let has_owner = self.staff.desks().get(place).is_some_and(|desk| desk.agent.is_some());
            let is_page = has_owner && self.ways.is_page(place);
            let person = &mut self.persons[place];
            if is_page {
                person.lives_in(Page::new(place, false), Way::Tcp(Inbound::Never));
            } else {
                person.takes_way(way_of(self.ways, person));
            }
        }
    }

    /// The phones of this world have these habits from now on.
    pub(crate) fn has_habits(&mut self, habits: Habits) {
        self.habits = habits;
        for person in self.persons.iter_mut() {
            person.takes_habit(habit_of(habits, person.who));
        }
    }

    /// Adds a person to the world.
    pub(crate) fn sits_down(&mut self, mut person: Person) -> usize {
        person.takes_habit(habit_of(self.habits, person.who));
        person.takes_way(way_of(self.ways, &person));
        self.persons.add(person)
    }
}

/// The transport of a person's phone.
fn way_of(ways: Ways, person: &Person) -> Way {
    match person.who {
        Who::Agent(desk) => ways.of_desk(desk),
        Who::Caller(caller) => ways.of_caller(caller, person.local()),
        Who::Page(_) => Way::Tcp(Inbound::Never),
        Who::Citizen => Way::Datagrams,
    }
}

/// The habits of a person's phone.
fn habit_of(habits: Habits, who: Who) -> Habit {
    match who {
        Who::Agent(desk) => habits.of_desk(desk),
        Who::Caller(caller) => habits.of_caller(caller),
        Who::Page(_) | Who::Citizen => Habit::default(),
    }
}
