//! Agents, and why they may be away.

use turno_ground::Secret;

use crate::encryption::SrtpPlan;
use crate::id::SkillId;
/// An agent and the seat that belongs to them.
#[derive(Clone, Debug)]
pub struct AgentPlan {
    /// The name in the configuration and metrics.
    pub name: String,
    /// The person's name, for people.
    pub display: String,
    /// The user part of the seat's address of record, and its digest username.
    pub extension: String,
    /// The seat's password.
    pub password: Secret,
    /// Skills with levels, 1 (best) to 16.
    pub skills: Vec<(SkillId, u8)>,
    /// Log in and be available as soon as the seat registers.
    pub auto_login: bool,
    /// Gone from the site, and here only because what is written of the past names the place.
    pub is_retired: bool,
    /// Whether the seat's voices are encrypted.
    pub srtp: SrtpPlan,
}

/// A reason for not being ready.
#[derive(Clone, Debug)]
pub struct AuxReasonPlan {
    /// The name in the configuration and metrics.
    pub name: String,
    /// The digit dialled after the AUX code, 0 to 9.
    pub digit: u8,
}
