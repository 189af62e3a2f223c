//! `turno serve`: take calls until a signal ends it.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use turno_shell::Options;

use crate::check::load;
use crate::exit::Exit;
use crate::logs::Logs;

/// Take calls.
#[derive(Args)]
pub(crate) struct Serve {
    /// A plan: one TOML file or a folder of them. Without it, the built-in site.
    path: Option<PathBuf>,
    /// Where to keep what must survive a restart.
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    #[command(flatten)]
    logs: Logs,
}

impl Serve {
    /// Serves, and says how it ended.
    pub(crate) fn run(self) -> Exit {
        self.logs.start();
        let Some(plan) = load(self.path.as_deref()) else { return Exit::PlanRefused };
        if self.state.is_some() {
            eprintln!(
                "turno: --state is accepted, but this version keeps nothing on disk yet: a restart forgets calls"
            );
        }
        let options = Options { state: self.state, seed: None, catch_signals: true };
        let running = match turno_shell::start(Arc::new(plan), options) {
            Ok(running) => running,
            Err(refused) => {
                eprintln!("turno: {refused}");
                return Exit::CouldNotStart;
            }
        };
        let plan = Arc::clone(running.plan());
        for (transport, address) in &plan.sip.listen {
            tracing::info!(%address, transport = transport.via_name(), "listening for SIP");
        }
        tracing::info!(site = plan.site, metrics = %format_args!("http://{}/metrics", plan.http), "turno serves");
        match running.wait() {
            Ok(()) => Exit::Done,
            Err(died) => {
                eprintln!("turno: {died}");
                Exit::Failed
            }
        }
    }
}
