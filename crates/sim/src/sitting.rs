//! Checks who sits where: the facts against the engine.

use core::time::Duration;

use turno_model::{AgentId, Fact, SeatId};

use crate::world::World;

/// How long a phone may still begin to ring for an earlier call after the plan has removed its seat.
const ON_ITS_WAY: Duration = Duration::from_secs(5);

impl World {
    /// An agent sits at another seat, by the facts.
    pub(crate) fn notices_seat(&mut self, fact: &Fact) {
        let &Fact::Seated { agent, from, to } = fact else { return };
        if let Some(known) = self.seated.moves(agent, (from, to), self.now) {
            assert_eq!(known, from, "{agent:?} is told to have sat elsewhere");
        }
        let is_gone = |seat: &SeatId| self.plan.seats.get(seat.index()).is_some_and(|seat| seat.is_retired);
        if let Some(place) = from.filter(is_gone).and_then(|seat| self.staff.desk_at(&self.plan, seat)) {
            self.seated.lends(place, self.now + ON_ITS_WAY);
        }
    }

    /// Forgets phones whose calls of a previous agent are over.
    pub(crate) fn lent_phones_are_given_back(&mut self) {
        let persons = &self.persons;
        self.seated.takes_back(self.now, |place| {
            let person = &persons[place];
            !(person.calls.is_empty() && person.alerting.is_empty() && person.confirmed.is_empty())
        });
    }

    /// Wound: after a restart an agent's calls ring at the previous desk.
    pub(crate) fn check_seats(&self) {
        for place in 0..self.plan.agents.len() {
            let agent = AgentId(u32::try_from(place).unwrap_or(u32::MAX));
            let (told, is) = (self.seated.seat_of(&self.plan, agent), self.engine.seat_of(agent));
            // A removed agent has no seat, and no fact tells of one who came and left during an absence.
            let is_gone = self.plan.agents[place].is_retired && is.is_none();
            assert!(is_gone || told == is, "{agent:?} was told to sit at {told:?}, and sits at {is:?}");
        }
    }
}
