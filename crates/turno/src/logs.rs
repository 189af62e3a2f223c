//! Where log lines go: standard error, filtered by `--log` or `TURNO_LOG`.
//!
//! A thread of its own writes them, so that a reader who is slow or gone holds no call up: lines that find no room
//! in time are dropped, and so are those that can't be written (a reader that has gone, a full disk).

use clap::Args;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

use crate::colour::has_colour;

/// Lines that may wait to be written.
const WAITING_MAX: usize = 16_384;

/// Crates that warn of what a browser sends, for each packet; what matters of it turno says itself. `--log rtc_dtls=debug`
/// shows it.
const NOISY: &str = "rtc_dtls=off";

/// How much is logged.
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// What to log.
#[derive(Args, Clone, Debug)]
pub(crate) struct Logs {
    /// What to log: a level (off, error, warn, info, debug, trace), and levels of single crates behind it, such as
    /// `warn,turno_shell=debug`. Where no level stands alone, the other crates have `info`.
    #[arg(long = "log", env = "TURNO_LOG", default_value = "info", value_name = "FILTER", value_parser = filter)]
    filter: String,
}

/// A filter whose every part can be read, with a level for all crates.
fn filter(text: &str) -> Result<String, String> {
    let mut parts: Vec<&str> = text.split(',').map(str::trim).collect();
    let level = |word: &str| LEVELS.iter().any(|known| known.eq_ignore_ascii_case(word));
    let is_name = |name: &str| {
        let is_sign = |sign: u8| sign.is_ascii_alphanumeric() || matches!(sign, b'_' | b':');
        !name.is_empty() && name.bytes().all(is_sign)
    };
    for part in &parts {
        let is_good = match part.split_once('=') {
            Some((name, word)) => is_name(name) && level(word),
            None => level(part),
        };
        if !is_good {
            return Err(format!(
                "`{part}` is neither LEVEL nor CRATE=LEVEL; LEVEL is one of off, error, warn, info, debug, trace, \
                 such as `info` or `warn,turno_shell=debug`"
            ));
        }
    }
    if parts.iter().all(|part| part.contains('=')) {
        parts.insert(0, "info");
    }
    Ok(parts.join(","))
}

impl Logs {
    /// Starts logging. When the guard is dropped, what was logged is written.
    pub(crate) fn start(&self) -> WorkerGuard {
        let (writer, guard) = NonBlockingBuilder::default()
            .lossy(true)
            .buffered_lines_limit(WAITING_MAX)
            .thread_name("turno-log")
            .finish(std::io::stderr());
        tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::new(format!("{NOISY},{}", self.filter)))
            .with_writer(writer)
            // Its own complaints about a line that can't be written would go the same way, and end the thread.
            .log_internal_errors(false)
            .with_ansi(has_colour(&std::io::stderr()))
            .with_target(false)
            .init();
        guard
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_would_silence_everything_by_mistake_is_refused() {
        for good in ["info", "off", "warn,turno_shell=debug", "trace, turno_engine::gate=off"] {
            assert!(filter(good).is_ok(), "{good}");
        }
        for bad in [
            "nonsense=,x",
            "x",
            "",
            "info,",
            "turno_shell",
            "turno_shell=",
            "=debug",
            "turno_shell=loud",
            "4",
        ] {
            let why = filter(bad).expect_err(bad);
            assert!(why.contains("`warn,turno_shell=debug`"), "{why}");
        }
        assert_eq!(filter("turno_shell=debug").as_deref(), Ok("info,turno_shell=debug"));
    }
}
