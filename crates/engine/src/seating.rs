//! Which agent sits at which seat: at most one seat for an agent, at most one agent for a seat.

use serde::{Deserialize, Serialize};
use turno_ground::{Changeset, DecodeError, RowChange, TrackedRow};
use turno_model::{AgentId, Plan, SeatId};

/// Where an agent sits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Whereabouts {
    /// At no seat, but not by request: the next plan in which the own seat is free puts the agent there.
    #[default]
    Unsettled,
    /// At no seat, by request.
    Away,
    /// At this seat.
    At(SeatId),
}

/// An agent has changed seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) agent: AgentId,
    pub(crate) from: Option<SeatId>,
    pub(crate) to: Option<SeatId>,
}

/// The seat of each agent and the agent at each seat.
#[derive(Debug)]
pub(crate) struct Seating {
    /// By agent.
    places: TrackedRow<Whereabouts>,
    /// By seat.
    sitters: Vec<Option<AgentId>>,
}

impl Seating {
    /// Each agent at the own seat.
    pub(crate) fn new(plan: &Plan) -> Self {
        let mut seating = Self::empty(plan);
        seating.settle(plan);
        seating
    }

    /// Nobody at any seat: before the rows are restored.
    pub(crate) fn empty(plan: &Plan) -> Self {
        Self {
            places: TrackedRow::new(plan.agents.iter().map(|_| Whereabouts::Unsettled)),
            sitters: vec![None; plan.seats.len()],
        }
    }

    /// The seat where an agent sits.
    pub(crate) fn seat_of(&self, agent: AgentId) -> Option<SeatId> {
        match self.places[agent.index()] {
            Whereabouts::At(seat) => Some(seat),
            Whereabouts::Unsettled | Whereabouts::Away => None,
        }
    }

    /// The agent who sits at a seat.
    pub(crate) fn who_sits_at(&self, seat: SeatId) -> Option<AgentId> {
        self.sitters[seat.index()]
    }

    /// Puts the agent at this seat, which is free.
    pub(crate) fn sit(&mut self, agent: AgentId, seat: SeatId) -> Moved {
        debug_assert!(self.who_sits_at(seat).is_none(), "somebody sits at {seat:?}");
        self.put(agent, Whereabouts::At(seat))
    }

    /// The agent leaves the seat, and moves to the own seat if that is another one and free.
    pub(crate) fn leave(&mut self, agent: AgentId, own: Option<SeatId>) -> Moved {
        let from = self.seat_of(agent);
        let place = match own {
            Some(own) if self.who_sits_at(own).is_none() => Whereabouts::At(own),
            Some(own) if from == Some(own) => Whereabouts::Away,
            Some(_) | None => Whereabouts::Unsettled,
        };
        self.put(agent, place)
    }

    /// Somebody else takes the agent's seat: the agent is elsewhere not by request, and comes back when the own seat is free.
    pub(crate) fn makes_room(&mut self, agent: AgentId, own: Option<SeatId>) -> Moved {
        let from = self.seat_of(agent);
        let free = own.filter(|own| Some(*own) != from && self.who_sits_at(*own).is_none());
        self.put(agent, free.map_or(Whereabouts::Unsettled, Whereabouts::At))
    }

    /// An agent who logs out at the own seat of another leaves it to its owner, unless the owner is away by request.
    pub(crate) fn goes_home(&mut self, agent: AgentId, plan: &Plan) -> Vec<Moved> {
        let Some(seat) = self.seat_of(agent) else { return Vec::new() };
        let owner =
            ids(plan).find(|other| *other != agent && plan.agents[other.index()].own_seat == Some(seat));
        let Some(owner) = owner else { return Vec::new() };
        let left = self.makes_room(agent, plan.agents[agent.index()].own_seat);
        let comes = self.places[owner.index()] == Whereabouts::Unsettled;
        core::iter::once(left).chain(comes.then(|| self.sit(owner, seat))).collect()
    }

    /// Applies a new plan: separates retired agents and seats, and puts agents who are at no seat, but not by request,
    /// at their own seats. Returns the agents who moved, in order.
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
                // An agent who returns to the plan later starts like a new one.
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

    /// Whether the seats of agents and the agents of seats agree.
    ///
    /// # Errors
    /// A sentence that says what does not agree.
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

    /// Writes the changed rows into the changeset.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.places.write_down(|agent, place| changes.keep(table, agent as u64, place));
    }

    /// Marks every row as changed, so that the next [`Self::write_down`] writes all.
    pub(crate) fn note_all(&mut self) {
        self.places.note_all();
    }

    /// Restores one agent's seat from its row.
    ///
    /// # Errors
    /// [`DecodeError`] if the row can't be read, or contradicts other rows.
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
