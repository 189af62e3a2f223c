//! A changed plan applied, or a new version begun, without losing anybody.
//!
//! What can be changed in a turno that goes on is changed there, and nobody notices. The rest, such as listening
//! addresses, is for a successor: it reads the plan for itself and takes over sockets, talks and journal only when it can
//! serve by it. Either way a change is applied as a whole or not at all, and a faulty plan changes nothing.
#![expect(clippy::disallowed_types, reason = "the lock below is between those who ask for a reload")]

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use turno_model::Plan;

use crate::in_place::{InPlace, needs_start};
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

/// What a reload looks at and changes; cheap to clone.
#[derive(Clone)]
pub(crate) struct Reload {
    again: Option<Again>,
    /// The plan in force as it was read. Whoever reloads holds it to the end, so that one change comes after the other.
    read: Arc<Mutex<Arc<Plan>>>,
    keeps_calls: bool,
    pub(crate) in_place: InPlace,
}

impl Reload {
    /// Of a turno that was started so, with this plan as it was read.
    pub(crate) fn new(again: Option<Again>, plan: Arc<Plan>, keeps_calls: bool, in_place: InPlace) -> Self {
        Self { again, read: Arc::new(Mutex::new(plan)), keeps_calls, in_place }
    }

    /// Reads the plan, its sounds and its certificates again, tells the differences, one a line, and then applies them.
    /// How they were applied.
    ///
    /// # Errors
    /// Lines that say why nothing is changed.
    pub(crate) fn apply(&self, tell: impl FnOnce(Vec<String>)) -> Result<String, Vec<String>> {
        let again = self.again()?;
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let loaded = again.plan.as_deref().map_or_else(turno_config::built_in, turno_config::load);
        let (plan, _) = loaded.map_err(|refused| lines(&refused.to_string()))?;
        let differences = turno_config::differences(&read, &plan);
        if differences.is_empty() {
            self.in_place.refresh().map_err(|why| lines(&why))?;
            return Ok("nothing is otherwise in the plan; sounds and certificates were read again".to_owned());
        }
        tell(differences);
        let rest = needs_start(&read, &plan);
        if rest.is_empty() {
            self.in_place.apply(plan.clone()).map_err(|why| lines(&why))?;
            self.in_place.renew_certificates();
            *read = Arc::new(plan);
            Ok("applied; calls and connections go on".to_owned())
        } else {
            self.begin(&again, &rest)?;
            Ok(format!("a successor takes over for this: {}", rest.join("; ")))
        }
    }

    /// Begins a successor with whatever program and plan are there now.
    ///
    /// # Errors
    /// Lines that say why none begins.
    pub(crate) fn succeed(&self) -> Result<(), Vec<String>> {
        self.begin(&self.again()?, &[])
    }

    fn again(&self) -> Result<Again, Vec<String>> {
        self.again.clone().ok_or_else(|| lines("this turno is not a service: start it again"))
    }

    fn begin(&self, again: &Again, rest: &[String]) -> Result<(), Vec<String>> {
        if !self.keeps_calls {
            let why =
                "this turno keeps no journal, so a successor would lose its calls: start it with --state";
            return Err(lines(why).into_iter().chain(rest.iter().cloned()).collect());
        }
        begin(again)
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
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
