//! The settings of a world.

use core::time::Duration;
use std::sync::Arc;

use turno_ground::Moment;
use turno_model::Plan;

use crate::invariants::Care;

/// The settings of a world.
#[derive(Clone, Debug)]
pub struct WorldSettings {
    /// The plan of the engine.
    pub plan: Arc<Plan>,
    /// The seed of all random draws.
    pub seed: u64,
    /// When it begins.
    pub begin: Moment,
    /// How many of the plan's agents work, from the first on.
    pub agents: usize,
    /// How late the engine may be woken, as on a busy machine.
    pub lateness: Duration,
    /// How often everything is checked.
    pub care: Care,
    /// Whether messages and facts are recorded.
    pub keeps_tape: bool,
    /// Whether there is a journal, so that the engine can be killed.
    pub keeps_journal: bool,
    /// How many new agents may come when the site is edited.
    pub newcomers: usize,
    /// Whether agents consult colleagues and give callers back.
    pub agents_consult: bool,
}
