//! Most idle agent: the basis of all four rules for choosing an agent.

use turno_model::AgentId;

use super::{IdlePlace, Standing};

/// Ranks by the most-idle clock, then by the agent's id.
pub(super) const fn place(standing: Standing, agent: AgentId) -> IdlePlace {
    IdlePlace { load_and_level: 0, occupancy: 0, idle_since: standing.idle_since, agent }
}
