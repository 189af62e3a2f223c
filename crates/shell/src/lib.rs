//! Sockets, clocks, disks, threads: all that is impure.
//!
//! [`start`] binds what a plan asks for and lets an engine live between the sockets. One thread owns the engine: it
//! reads UDP, tells the time, and carries out what the engine answers, in order and without a lock. Everything slow
//! (streams, pages, names) works on a tokio runtime and reaches the engine by letters; everything that wants to know
//! (ledger, metrics, views) reads the facts, and loses its place in line rather than slow the engine down.

mod clock;
mod control;
mod disk;
mod engine_thread;
mod facts;
mod hand_over;
mod media;
mod metrics;
mod net;
mod process;
mod rate;
mod refusal;
mod reload;
mod run;
#[cfg(test)]
mod small_plan;

pub use clock::Clock;
pub use control::socket::{Control, usual_places};
pub use facts::batch::Batch;
pub use facts::reader::{FactsReader, Given};
pub use facts::stream::{Begin, NoPlace};
pub use hand_over::first_process::{is_first_process, stay_for};
pub use net::tls::{TlsRefused, check_certificates};
pub use refusal::StartRefused;
pub use reload::Again;
pub use run::starting::start;
pub use run::{EngineDied, Options, Running};

/// This version of turno.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");
