//! `turno serve`: take calls until a signal ends it.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use turno_shell::{Again, Control, Options};

use crate::check::load;
use crate::exit::Exit;
use crate::logs::Logs;
use crate::state::usual_folder;

/// Take calls.
#[derive(Args)]
pub(crate) struct Serve {
    /// A plan: one TOML file or a folder of them. Without it, the built-in site.
    path: Option<PathBuf>,
    /// Where to keep the journal, so that a restart forgets nothing. Without it, as the plan's `[journal]` says.
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// Where `turno trace` asks: a socket that is open to this user alone. Without it, a usual place.
    #[arg(long, value_name = "PATH")]
    control: Option<PathBuf>,
    /// Take over from the turno that runs: its sockets, and by its journal its calls; nobody notices.
    #[arg(long)]
    take_over: bool,
    #[command(flatten)]
    logs: Logs,
}

impl Serve {
    /// Serves, and says how it ended.
    pub(crate) fn run(self) -> Exit {
        let _log = self.logs.start();
        let Some(plan) = load(self.path.as_deref()) else { return Exit::PlanRefused };
        let state = self.state.or_else(|| usual_folder(&plan));
        let control = self.control.map_or(Control::Usual, Control::At);
        let options = Options {
            state: state.clone(),
            seed: None,
            catch_signals: true,
            control,
            take_over: self.take_over,
            again: again(self.path),
        };
        let running = match turno_shell::start(Arc::new(plan), options) {
            Ok(running) => running,
            Err(refused) => {
                complain!("turno: {refused}");
                return Exit::CouldNotStart;
            }
        };
        let plan = Arc::clone(running.plan());
        for (transport, address) in &plan.sip.listen {
            tracing::info!(%address, transport = transport.via_name(), "listening for SIP");
        }
        if let Some(control) = running.control() {
            tracing::info!(control = %control.display(), "turno trace is answered");
        }
        tracing::info!(site = plan.site, metrics = %format_args!("http://{}/metrics", plan.http), "turno serves");
        match running.wait_for_heir() {
            // A container ends with its first process, which therefore stays.
            Ok(Some(heir)) if turno_shell::is_first_process() => {
                Exit::As(turno_shell::stay_for(heir, state.as_deref()))
            }
            Ok(_) => Exit::Done,
            Err(died) => {
                complain!("turno: {died}");
                Exit::Failed
            }
        }
    }
}

/// How the successor of this turno is started: as this one was, and to take over. The program is looked for where it
/// was, so that a new version put there is what begins.
fn again(plan: Option<PathBuf>) -> Option<Again> {
    let program = std::env::current_exe().ok()?;
    let mut arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    if !arguments.iter().any(|argument| argument == "--take-over") {
        arguments.push("--take-over".into());
    }
    Some(Again { plan, program, arguments })
}
