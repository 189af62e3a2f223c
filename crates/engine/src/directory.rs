//! Hash tables of extensions and dialled numbers.

use turno_ground::Lookup;
use turno_model::plan::bare_number;
use turno_model::{AgentId, Plan, SeatId};

/// The target of an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extension {
    /// An agent, at any seat.
    Agent(AgentId),
    /// A seat that belongs to no agent: rings its phone if somebody sits there.
    Seat(SeatId),
}

/// The extensions and numbers of one plan.
#[derive(Debug)]
pub(crate) struct Directory {
    agents: Lookup<String, AgentId>,
    seats: Lookup<String, SeatId>,
    /// Plan indexes of the dialled numbers, by their bare digits.
    numbers: Lookup<String, usize>,
    agents_line: Option<String>,
}

impl Directory {
    /// The tables of `plan`. Retired agents and seats have no extension. `seed` seeds the hashes.
    pub(crate) fn of(plan: &Plan, seed: u64) -> Self {
        let mut agents = Lookup::new(seed);
        for (index, agent) in (0u32..).zip(&plan.agents).filter(|(_, agent)| !agent.is_retired) {
            agents.insert(agent.extension.clone(), AgentId(index));
        }
        let mut seats = Lookup::new(seed);
        for (index, seat) in (0u32..).zip(&plan.seats).filter(|(_, seat)| !seat.is_retired) {
            seats.insert(seat.extension.clone(), SeatId(index));
        }
        let mut numbers = Lookup::new(seed);
        for (place, number) in plan.numbers.iter().enumerate().rev() {
            numbers.insert(bare_number(&number.number), place);
        }
        Self { agents, seats, numbers, agents_line: plan.phones.agents_line.clone() }
    }

    /// The seat whose phone registers with this extension.
    pub(crate) fn seat(&self, extension: &str) -> Option<SeatId> {
        self.seats.get(extension).copied()
    }

    /// The target of this extension. If an agent and a seat share it, the agent is meant.
    pub(crate) fn extension(&self, dialled: &str) -> Option<Extension> {
        let agent = self.agents.get(dialled).copied().map(Extension::Agent);
        agent.or_else(|| self.seat(dialled).map(Extension::Seat))
    }

    /// The plan index of a number in any spelling.
    pub(crate) fn number(&self, dialled: &str) -> Option<usize> {
        self.bare_number(&bare_number(dialled))
    }

    /// The plan index of a number given as bare digits.
    pub(crate) fn bare_number(&self, digits: &str) -> Option<usize> {
        self.numbers.get(digits).copied()
    }

    /// Whether these bare digits are the agents' line.
    pub(crate) fn is_agents_line(&self, digits: &str) -> bool {
        self.agents_line.as_deref() == Some(digits)
    }
}
