//! The shell: sockets, clocks, disks and threads around the engine.
//!
//! [`start`] binds the addresses of a plan and runs an engine. One thread owns the engine: it reads UDP, gives the
//! engine the time, and carries out its outputs, in order and without a lock. Everything slow (streams, pages, names)
//! runs on a tokio runtime and sends messages to the engine. Ledger, metrics and views read the facts; a slow reader
//! never slows the engine.

mod api;
mod clock;
mod control;
mod conversations;
mod disk;
mod engine_thread;
mod facts;
mod hand_over;
mod history;
mod media;
mod metrics;
mod net;
mod procedures;
mod process;
mod queue_log;
mod rate;
mod recording;
mod refusal;
mod reload;
mod reports;
mod run;
#[cfg(test)]
mod small_plan;
mod webhooks;

pub use api::USERS;
pub use clock::Clock;
pub use control::socket::{Control, usual_places};
pub use facts::batch::Batch;
pub use facts::folder::{FactFolder, Stretch};
pub use facts::reader::{FactsReader, Given};
pub use facts::stream::{Begin, NoPlace};
pub use hand_over::first_process::{is_first_process, stay_for};
pub use history::opening::Place as HistoryPlace;
pub use net::tls::{TlsRefused, check_certificates};
pub use refusal::StartRefused;
pub use reload::Again;
pub use run::starting::start;
pub use run::{EngineDied, Options, Running};
pub use webhooks::faults as webhook_faults;

/// This version of turno.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");
