//! Sockets, clocks, disks, threads: all that is impure.
//!
//! [`start`] binds what a plan asks for and lets an engine live between the sockets. One thread owns the engine: it
//! reads UDP, tells the time, and carries out what the engine answers, in order and without a lock. Everything slow
//! (streams, pages, names) works on a tokio runtime and reaches the engine by letters; everything that wants to know
//! (ledger, metrics, views) reads the facts, and loses its place in line rather than slow the engine down.

mod answering;
mod binding;
mod clock;
mod connection;
mod control;
mod descriptors;
mod disk;
mod engine_thread;
#[cfg(test)]
mod every_key_tests;
mod facts;
mod first_process;
mod hand_over;
mod in_force;
mod in_place;
mod inbox;
mod intake;
mod kept;
mod metrics;
mod passages;
mod ports;
mod pulse;
mod rate;
mod readers;
mod refusal;
mod reload;
mod remembering;
mod resolve;
mod run;
mod service;
mod shut_out;
mod signals;
#[cfg(test)]
mod small_plan;
mod staging;
mod starting;
mod streams;
mod taking_up;
mod threads;
mod tls;
mod udp;
mod voices;
mod web;

pub use clock::Clock;
pub use control::{Control, usual_places};
pub use facts::Batch;
pub use first_process::{is_first_process, stay_for};
pub use refusal::StartRefused;
pub use reload::Again;
pub use run::{EngineDied, Options, Running};
pub use starting::start;
pub use tls::{TlsRefused, check_certificates};

/// This version of turno.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");
