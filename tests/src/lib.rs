//! Two test benches for the whole of turno.
//!
//! On the [`stage`] an engine, its agents and its callers share one virtual clock: a day passes in seconds, and random
//! choices can be repeated by their seed. On the [`wire`] a real turno serves on its own loopback address, and
//! third-party programs call through it: SIPp and baresip.

pub mod stage;
pub mod wire;
