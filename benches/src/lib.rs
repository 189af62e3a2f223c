//! Shared parts of the benches: an engine that is timed step by step, and loads for a running turno.
//!
//! `cargo bench -p turno-benches` measures the engine, the distributor and the scan alone; `load.sh` in this folder
//! calls a whole turno with SIPp and measures it from outside. RESULTS.md has the results.

pub mod hall;
mod journal;
mod kept;
pub mod load;
pub mod recording;
pub mod registering;
pub mod scale;
mod stage;
mod told;
pub mod voices;

pub use stage::{Stage, Step};
