//! Where log lines go: standard error, filtered by `--log` or `TURNO_LOG`.

use std::io::IsTerminal;

use clap::Args;
use tracing_subscriber::EnvFilter;

/// What to log.
#[derive(Args, Clone, Debug)]
pub(crate) struct Logs {
    /// What to log, such as `info`, or `warn,turno_shell=debug`.
    #[arg(long = "log", env = "TURNO_LOG", default_value = "info", value_name = "FILTER")]
    filter: String,
}

impl Logs {
    /// Starts logging; a filter that can't be read becomes `info`, with a line that says so.
    pub(crate) fn start(&self) {
        let (filter, fault) = match EnvFilter::try_new(&self.filter) {
            Ok(filter) => (filter, None),
            Err(fault) => (EnvFilter::new("info"), Some(fault)),
        };
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .with_ansi(std::io::stderr().is_terminal())
            .with_target(false)
            .init();
        if let Some(fault) = fault {
            tracing::warn!(%fault, filter = self.filter, "this log filter cannot be read; taking `info`");
        }
    }
}
