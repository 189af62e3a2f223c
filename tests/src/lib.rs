//! The places where the whole house is tried.
//!
//! On the [`stage`] an engine, its agents and its callers stand on one virtual clock: a day passes in seconds, and
//! chance can be thrown again. On the [`wire`] a real turno serves on a loopback address of its own, and programs that
//! others wrote call through it: SIPp and baresip.

pub mod stage;
pub mod wire;
