//! Where an agent stands who has something in hand and room beside it.

use turno_model::{AgentId, Channels, Rule};

use crate::selection::{IdlePlace, Standing};

/// What there is room for, and what the rules compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Beside {
    /// The channels of which there is room for one more; at least one.
    pub(crate) channels: Channels,
    /// How many contacts are in hand; at least one.
    pub(crate) in_hand: u8,
    /// The occupancy as of the present state, and since when the agent has had in hand what they have.
    pub(crate) standing: Standing,
}

impl Beside {
    /// The agent's place among those who have room.
    pub(crate) fn place(&self, rule: Rule, level: u8, agent: AgentId) -> IdlePlace {
        IdlePlace::new(rule, level, self.standing, agent).with_in_hand(self.in_hand)
    }
}
