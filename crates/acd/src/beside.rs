//! Capacity and rank of an agent who can take further contacts beside the present ones.

use turno_model::{AgentId, Channels, Rule};

use crate::selection::{IdlePlace, Standing};

/// Channels with capacity, and the values that the rules compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Beside {
    /// The channels that have capacity for one more contact; at least one.
    pub(crate) channels: Channels,
    /// Number of present contacts; at least one.
    pub(crate) in_hand: u8,
    /// The occupancy up to the present state, and since when the present contacts have been unchanged.
    pub(crate) standing: Standing,
}

impl Beside {
    /// The agent's rank among those with capacity.
    pub(crate) fn place(&self, rule: Rule, level: u8, agent: AgentId) -> IdlePlace {
        IdlePlace::new(rule, level, self.standing, agent).with_in_hand(self.in_hand)
    }
}
