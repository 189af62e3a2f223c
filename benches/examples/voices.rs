//! RTP load for the media plane, with bare loops as controls.
//!
//!     voices relay [--calls 500] [--seconds 10] [--rounds 3]
//!     voices hold [--listeners 1000] [--seconds 5] [--rounds 3]

use core::time::Duration;

use clap::{Parser, Subcommand};
use turno_benches::voices::{hold, relay};

#[derive(Parser)]
struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Calls with G.711 in both directions.
    Relay {
        /// Number of calls at the same time.
        #[arg(long, default_value_t = 500)]
        calls: usize,
        /// How long each way of relaying is measured.
        #[arg(long, default_value_t = 10)]
        seconds: u64,
        /// Number of rounds.
        #[arg(long, default_value_t = 3)]
        rounds: usize,
    },
    /// Hold music.
    Hold {
        /// Number of listeners.
        #[arg(long, default_value_t = 1_000)]
        listeners: usize,
        /// How long each way of playing is measured.
        #[arg(long, default_value_t = 5)]
        seconds: u64,
        /// Number of rounds.
        #[arg(long, default_value_t = 3)]
        rounds: usize,
    },
}

fn main() -> Result<(), String> {
    match Options::parse().what {
        What::Relay { calls, seconds, rounds } => relay(calls, Duration::from_secs(seconds), rounds),
        What::Hold { listeners, seconds, rounds } => hold(listeners, Duration::from_secs(seconds), rounds),
    }
}
