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
                if let Err(refused) = turno_shell::check_certificates(&plan) {
                    complain!("turno: {refused}");
                    return Exit::PlanRefused;
                }
                say!("{}", turno_config::summary(&plan));
                Exit::Done
            }
            None => Exit::PlanRefused,
        }
    }
}

/// The plan at `path`, or the built-in one. Notices and faults go to standard error; with faults there is no plan.
pub(crate) fn load(path: Option<&Path>) -> Option<Plan> {
    match path.map_or_else(turno_config::built_in, turno_config::load) {
        Ok((plan, notices)) => {
            for notice in notices {
                complain!("{notice}");
            }
            Some(plan)
        }
        Err(refused) => {
            complain!("{refused}");
            None
        }
    }
}
