//! The places where the whole house is tried.
//!
//! On the [`stage`] an engine, its agents and its callers stand on one virtual clock: a day passes in seconds, and
//! chance can be thrown again.

pub mod stage;
