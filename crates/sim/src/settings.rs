//! What a world is made with.

use core::time::Duration;
use std::sync::Arc;

use turno_ground::Moment;
use turno_model::Plan;

use crate::invariants::Care;

/// What a world is made with.
#[derive(Clone, Debug)]
pub struct WorldSettings {
    /// What the engine works by.
    pub plan: Arc<Plan>,
    /// All chance comes from it.
    pub seed: u64,
    /// When it begins.
    pub begin: Moment,
    /// How many of the plan's agents work, from the first on.
    pub agents: usize,
    /// How late the engine may be woken: a busy machine.
    pub lateness: Duration,
    /// How closely it is watched.
    pub care: Care,
    /// Whether messages and facts are kept for a ladder.
    pub keeps_tape: bool,
    /// Whether each step is written down, so that the engine can be killed.
    pub keeps_journal: bool,
    /// How many more may come when the site is edited.
    pub newcomers: usize,
}
