//! Where log lines go: standard error, filtered by `--log` or `TURNO_LOG`.
//!
//! A thread of its own writes them, so that a reader who is slow or gone holds no call up: lines that find no room
//! in time are dropped, and so are those that can't be written (a reader that has gone, a full disk).

use std::io::IsTerminal;

use clap::Args;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

/// Lines that may wait to be written.
const WAITING_MAX: usize = 16_384;

/// What to log.
#[derive(Args, Clone, Debug)]
pub(crate) struct Logs {
    /// What to log, such as `info`, or `warn,turno_shell=debug`.
    #[arg(long = "log", env = "TURNO_LOG", default_value = "info", value_name = "FILTER")]
    filter: String,
}

impl Logs {
    /// Starts logging; a filter that can't be read becomes `info`, with a line that says so. When the guard is dropped,
    /// what was logged is written.
    pub(crate) fn start(&self) -> WorkerGuard {
        let (filter, fault) = match EnvFilter::try_new(&self.filter) {
            Ok(filter) => (filter, None),
            Err(fault) => (EnvFilter::new("info"), Some(fault)),
        };
        let (writer, guard) = NonBlockingBuilder::default()
            .lossy(true)
            .buffered_lines_limit(WAITING_MAX)
            .thread_name("turno-log")
            .finish(std::io::stderr());
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(writer)
            // Its own complaints about a line that can't be written would go the same way, and end the thread.
            .log_internal_errors(false)
            .with_ansi(std::io::stderr().is_terminal())
            .with_target(false)
            .init();
        if let Some(fault) = fault {
            tracing::warn!(%fault, filter = self.filter, "this log filter cannot be read; taking `info`");
        }
        guard
    }
}
