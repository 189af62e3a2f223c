//! Rules that choose one among several agents or contacts.

pub(crate) mod greatest_need;

mod best_level;
mod least_occupied;
mod most_idle;

use turno_ground::Moment;
use turno_model::{AgentId, PassedOver, Rule};

/// The values of an available agent that the rules compare, besides the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// (Ring, talk, hold and ACW) / (staffed time without AUX) since the log-in, in millionths.
    pub(crate) occupancy: u32,
    /// Start of the most-idle clock.
    pub(crate) idle_since: Moment,
}

/// Rank of an agent under one rule; the smaller is chosen first. Values that the rule ignores are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct IdlePlace {
    /// The level, and in the high byte the number of present contacts: fewer contacts come first at any level.
    load_and_level: u16,
    occupancy: u32,
    idle_since: Moment,
    agent: AgentId,
}

impl IdlePlace {
    /// The rank of `agent` under `rule`. Greatest need chooses contacts, and last agent one agent; as a
    /// queue's rule they mean most idle.
    pub(crate) const fn new(rule: Rule, level: u8, standing: Standing, agent: AgentId) -> Self {
        match rule {
            Rule::UcdMia | Rule::GreatestNeed | Rule::LastAgent | Rule::Pulled | Rule::Direct => {
                most_idle::place(standing, agent)
            }
            Rule::EadMia => best_level::first(level, most_idle::place(standing, agent)),
            Rule::UcdLoa => least_occupied::first(standing, most_idle::place(standing, agent)),
            Rule::EadLoa => {
                best_level::first(level, least_occupied::first(standing, most_idle::place(standing, agent)))
            }
        }
    }

    /// The same rank with a number of present contacts: behind all agents who have fewer.
    #[must_use]
    pub(crate) const fn with_in_hand(self, in_hand: u8) -> Self {
        Self { load_and_level: self.load_and_level | (in_hand as u16) << 8, ..self }
    }

    /// The ranked agent.
    pub(crate) const fn agent(&self) -> AgentId {
        self.agent
    }

    /// Why the winner was preferred.
    pub(crate) fn lost_to(&self, winner: &Self) -> PassedOver {
        if self.load_and_level >> 8 > winner.load_and_level >> 8 {
            return PassedOver::MoreInHand;
        }
        best_level::why(self, winner)
            .or_else(|| least_occupied::why(self, winner))
            .unwrap_or(PassedOver::LessIdle)
    }
}
