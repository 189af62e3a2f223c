//! Who sits where: each agent at one seat or at none, and at each seat one agent or nobody.

use serde::{Deserialize, Serialize};
use turno_ground::{Changeset, DecodeError, RowChange, TrackedRow};
use turno_model::{AgentId, Plan, SeatId};

/// Where an agent is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Whereabouts {
    /// At no seat, and nobody has asked for that: the next plan that finds the own seat free puts the agent there.
    #[default]
    Unsettled,
    /// At no seat, as was asked for.
    Away,
    /// At this seat.
    At(SeatId),
}

/// An agent sits elsewhere than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) agent: AgentId,
    pub(crate) from: Option<SeatId>,
    pub(crate) to: Option<SeatId>,
}

/// Who sits where.
#[derive(Debug)]
pub(crate) struct Seating {
    /// By agent.
    places: TrackedRow<Whereabouts>,
    /// By seat.
    sitters: Vec<Option<AgentId>>,
}

impl Seating {
    /// Everybody at the own seat.
    pub(crate) fn new(plan: &Plan) -> Self {
        let mut seating = Self::empty(plan);
        seating.settle(plan);
        seating
    }

    /// Nobody anywhere: before what was written is put back.
    pub(crate) fn empty(plan: &Plan) -> Self {
        Self {
            places: TrackedRow::new(plan.agents.iter().map(|_| Whereabouts::Unsettled)),
            sitters: vec![None; plan.seats.len()],
        }
    }

    /// Where an agent sits.
    pub(crate) fn seat_of(&self, agent: AgentId) -> Option<SeatId> {
        match self.places[agent.index()] {
            Whereabouts::At(seat) => Some(seat),
            Whereabouts::Unsettled | Whereabouts::Away => None,
        }
    }

    /// Who sits at a seat.
    pub(crate) fn who_sits_at(&self, seat: SeatId) -> Option<AgentId> {
        self.sitters[seat.index()]
    }

    /// The agent sits at this seat from now on, which is free.
    pub(crate) fn sit(&mut self, agent: AgentId, seat: SeatId) -> Moved {
        debug_assert!(self.who_sits_at(seat).is_none(), "somebody sits at {seat:?}");
        self.put(agent, Whereabouts::At(seat))
    }

    /// The agent leaves the seat: for the own one, if that is another and free.
    pub(crate) fn leave(&mut self, agent: AgentId, own: Option<SeatId>) -> Moved {
        let from = self.seat_of(agent);
        let place = match own {
            Some(own) if self.who_sits_at(own).is_none() => Whereabouts::At(own),
            Some(own) if from == Some(own) => Whereabouts::Away,
            Some(_) | None => Whereabouts::Unsettled,
        };
        self.put(agent, place)
    }

    /// Works by `plan` from now on: agents and seats that are gone part from each other, and agents who are at no seat
    /// without having asked for that sit down at their own. Who moved by that, in order.
    pub(crate) fn configure(&mut self, plan: &Plan) -> Vec<Moved> {
        while self.places.len() < plan.agents.len() {
            self.places.push(Whereabouts::Unsettled);
        }
        self.sitters.resize(plan.seats.len(), None);
        let before: Vec<_> = ids(plan).map(|agent| self.seat_of(agent)).collect();
        for agent in ids(plan) {
            let is_gone = plan.agents[agent.index()].is_retired;
            let parts = match self.places[agent.index()] {
                Whereabouts::At(seat) => is_gone || plan.seats[seat.index()].is_retired,
                // Who comes back one day comes like somebody new.
                Whereabouts::Away => is_gone,
                Whereabouts::Unsettled => false,
            };
            if parts {
                self.put(agent, Whereabouts::Unsettled);
            }
        }
        self.settle(plan);
        let moved = ids(plan).zip(before).map(|(agent, from)| Moved { agent, from, to: self.seat_of(agent) });
        moved.filter(|moved| moved.from != moved.to).collect()
    }

    /// Whether every agent who sits at a seat is the one who sits there; or the sentence that says what is not so.
    ///
    /// # Errors
    /// That sentence.
    pub(crate) fn is_one_to_one(&self) -> Result<(), String> {
        let mut seated = 0;
        for (agent, place) in (0..).map(AgentId).zip(self.places.iter()) {
            if let Whereabouts::At(seat) = *place {
                seated += 1;
                let sitter = self.sitters.get(seat.index()).copied().flatten();
                if sitter != Some(agent) {
                    return Err(format!("{agent:?} sits at {seat:?}, where {sitter:?} sits"));
                }
            }
        }
        let taken = self.sitters.iter().flatten().count();
        if taken == seated { Ok(()) } else { Err(format!("{seated} agents sit at {taken} seats")) }
    }

    /// Writes down what has changed.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.places.write_down(|agent, place| changes.keep(table, agent as u64, place));
    }

    /// Makes the next [`Self::write_down`] write everything.
    pub(crate) fn note_all(&mut self) {
        self.places.note_all();
    }

    /// Puts back what was written of one agent.
    ///
    /// # Errors
    /// [`DecodeError`] if it is not one of ours, or does not fit the others.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        let amiss = |why: &str| DecodeError { table: line.table, key: line.key, why: why.to_owned() };
        let place: Whereabouts = line.read()?;
        let agent = u32::try_from(line.key).ok().filter(|agent| (*agent as usize) < self.places.len());
        let agent = agent.map(AgentId).ok_or_else(|| amiss("the plan has no such agent"))?;
        if let Whereabouts::At(seat) = place {
            let sitter =
                self.sitters.get_mut(seat.index()).ok_or_else(|| amiss("the plan has no such seat"))?;
            if sitter.replace(agent).is_some() {
                return Err(amiss("two agents sit at one seat"));
            }
        }
        self.places.restore(agent.index(), place);
        Ok(())
    }

    fn settle(&mut self, plan: &Plan) {
        for agent in ids(plan) {
            let own = plan.agents[agent.index()].own_seat;
            let is_unsettled = self.places[agent.index()] == Whereabouts::Unsettled;
            if let Some(own) = own.filter(|own| is_unsettled && self.who_sits_at(*own).is_none()) {
                self.put(agent, Whereabouts::At(own));
            }
        }
    }

    fn put(&mut self, agent: AgentId, place: Whereabouts) -> Moved {
        let from = self.seat_of(agent);
        if let Some(from) = from {
            self.sitters[from.index()] = None;
        }
        self.places[agent.index()] = place;
        let to = self.seat_of(agent);
        if let Some(to) = to {
            self.sitters[to.index()] = Some(agent);
        }
        Moved { agent, from, to }
    }
}

fn ids(plan: &Plan) -> impl Iterator<Item = AgentId> {
    (0..plan.agents.len()).filter_map(|place| u32::try_from(place).ok().map(AgentId))
}
