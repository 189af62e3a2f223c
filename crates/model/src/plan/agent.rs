//! Agents, and why they may be away.

use crate::id::{SeatId, SkillId};

/// An agent: a person who takes contacts, at whatever seat.
#[derive(Clone, Debug)]
pub struct AgentPlan {
    /// The name in the configuration and metrics.
    pub name: String,
    /// The person's name, for people.
    pub display: String,
    /// The number by which the agent is dialled and named, wherever they sit; the own seat has the same.
    pub extension: String,
    /// The seat that belongs to them, where they sit unless something else was asked for; `None`: they have none.
    pub own_seat: Option<SeatId>,
    /// Skills with levels, 1 (best) to 16.
    pub skills: Vec<(SkillId, u8)>,
    /// Log in and be available as soon as a phone is registered at the seat.
    pub auto_login: bool,
    /// Gone from the site, and here only because what is written of the past names the place.
    pub is_retired: bool,
}

/// A reason for not being ready.
#[derive(Clone, Debug)]
pub struct AuxReasonPlan {
    /// The name in the configuration and metrics.
    pub name: String,
    /// The digit dialled after the AUX code, 0 to 9.
    pub digit: u8,
}
