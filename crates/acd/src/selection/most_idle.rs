//! Most idle agent: the base of all four rules for choosing an agent.

use turno_model::AgentId;

use super::{IdlePlace, Standing};

/// By the most-idle clock alone, then by the agent's number.
pub(super) const fn place(standing: Standing, agent: AgentId) -> IdlePlace {
    IdlePlace { load_and_level: 0, occupancy: 0, idle_since: standing.idle_since, agent }
}
