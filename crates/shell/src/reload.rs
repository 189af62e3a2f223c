//! A changed plan applied, or a new version begun, without losing anybody: a successor takes over.
//!
//! The successor reads the plan for itself and takes over sockets and journal only when it can serve by it. So a
//! change is applied as a whole or not at all, whatever it is about, and a faulty one changes nothing.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use turno_model::Plan;

use crate::threads::thread;

/// How this turno was started, and so how its successor is.
#[derive(Clone, Debug)]
pub struct Again {
    /// Where the plan is; `None`: the built-in site.
    pub plan: Option<PathBuf>,
    /// The program.
    pub program: PathBuf,
    /// Its arguments; they ask it to take over.
    pub arguments: Vec<OsString>,
}

/// What a reload looks at and begins; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Reload {
    again: Option<Again>,
    plan: Arc<Plan>,
    keeps_calls: bool,
}

impl Reload {
    /// Of a turno that was started so, with this plan as it was read.
    pub(crate) fn new(again: Option<Again>, plan: &Arc<Plan>, keeps_calls: bool) -> Self {
        Self { again, plan: Arc::clone(plan), keeps_calls }
    }

    /// Reads the plan again and begins a successor if something is otherwise. The differences, one a line.
    ///
    /// # Errors
    /// Lines that say why nothing is changed.
    pub(crate) fn apply(&self) -> Result<Vec<String>, Vec<String>> {
        let again = self.able()?;
        let read = again.plan.as_deref().map_or_else(turno_config::built_in, turno_config::load);
        let (plan, _) =
            read.map_err(|refused| refused.to_string().lines().map(str::to_owned).collect::<Vec<_>>())?;
        let differences = turno_config::differences(&self.plan, &plan);
        if differences.is_empty() {
            return Ok(vec!["nothing is otherwise".to_owned()]);
        }
        begin(&again)?;
        Ok(differences)
    }

    /// Begins a successor with whatever program and plan are there now.
    ///
    /// # Errors
    /// Lines that say why none begins.
    pub(crate) fn succeed(&self) -> Result<(), Vec<String>> {
        begin(&self.able()?)
    }

    fn able(&self) -> Result<Again, Vec<String>> {
        if !self.keeps_calls {
            let why = "this turno keeps no journal, so a reload would lose its calls: start it with --state";
            return Err(vec![why.to_owned()]);
        }
        self.again.clone().ok_or_else(|| vec!["this turno is not a service: start it again".to_owned()])
    }
}

fn begin(again: &Again) -> Result<(), Vec<String>> {
    let refused = |error: std::io::Error| {
        vec![format!("{} cannot be started: {error}; this turno goes on", again.program.display())]
    };
    let mut command = Command::new(&again.program);
    command.args(&again.arguments).stdin(Stdio::null());
    // The watchdog's span is for whoever is the main process.
    command.env_remove("WATCHDOG_PID");
    let mut successor = command.spawn().map_err(refused)?;
    // Where it ends before it takes over, its own lines in the log say why.
    let waiting = thread("turno-successor", move || {
        if let Ok(status) = successor.wait() {
            tracing::error!("the successor did not take over ({status}); this turno goes on as it was");
        }
    });
    waiting.map(drop).map_err(|refused| vec![refused.to_string()])
}
