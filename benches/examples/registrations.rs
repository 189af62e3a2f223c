//! Registers with digest at a turno that serves the lab plan, at one rate after another.
//!
//!     registrations --pid PID [--rates 1000,2000,5000] [--seconds 5]

use core::time::Duration;

use clap::Parser;
use turno_benches::registering::register;

#[derive(Parser)]
struct Options {
    /// Process id of turno.
    #[arg(long)]
    pid: u32,
    /// Registrations a second.
    #[arg(long, value_delimiter = ',', default_value = "1000,5000")]
    rates: Vec<f64>,
    /// How long each rate lasts.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
}

fn main() -> Result<(), String> {
    let options = Options::parse();
    println!(
        "{:<22} {:>8} {:>10} {:>10} {:>6} {:>8} {:>10} {:>10} {:>9} {:>9}",
        "", "rate", "reached", "registered", "lost", "late", "us each", "of a core", "ms 50%", "ms 99%"
    );
    for (name, known) in [("with the nonce known", true), ("challenged each time", false)] {
        for rate in &options.rates {
            let mut seen = register(*rate, Duration::from_secs(options.seconds), known, options.pid)?;
            seen.spans.sort_unstable();
            let at = |share: usize| {
                seen.spans
                    .get(seen.spans.len().saturating_sub(1) * share / 100)
                    .map_or(0.0, |span| *span as f64 / 1e6)
            };
            let seconds = seen.elapsed as f64 / 1e9;
            println!(
                "{name:<22} {rate:>8.0} {:>10.0} {:>10} {:>6} {:>8} {:>10.2} {:>9.1}% {:>9.3} {:>9.3}",
                seen.begun as f64 / seconds,
                seen.registered,
                seen.begun - seen.registered,
                seen.late + seen.refused,
                seen.spent as f64 / 1e3 / seen.registered.max(1) as f64,
                seen.spent as f64 * 100.0 / seen.elapsed as f64,
                at(50),
                at(99),
            );
        }
    }
    Ok(())
}
