//! The benches of the whole house: what they share, which is a room whose engine is timed step by step.
//!
//! `cargo bench -p turno-benches` asks the engine, the distributor and the scan by themselves; `load.sh` beside this
//! package calls a whole turno with SIPp and looks at it from outside. RESULTS.md holds what they said.

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
