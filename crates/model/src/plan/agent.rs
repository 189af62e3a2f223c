//! Agents and AUX reasons.

use core::time::Duration;

use turno_ground::Secret;

use crate::id::{HoursId, SeatId, SkillId};
use crate::plan::phones::OutsidePhone;

/// An agent: a person who takes contacts, at any seat.
#[derive(Clone, Debug)]
pub struct AgentPlan {
    /// The name in the configuration and metrics.
    pub name: String,
    /// The person's name, for people.
    pub display: String,
    /// The number of the agent at any seat; the own seat has the same.
    pub extension: String,
    /// The agent's own seat, used unless the agent sits down elsewhere; `None`: there is none.
    pub own_seat: Option<SeatId>,
    /// Skills with levels, 1 (best) to 16.
    pub skills: Vec<(SkillId, u8)>,
    /// Log in and be ready as soon as a phone is registered at the seat.
    pub auto_login: bool,
    /// May observe the talks of other agents, and take them over.
    pub supervises: bool,
    /// May be called for help by agents who talk, in queues whose skill this agent has.
    pub helps: bool,
    /// Every talk is recorded, except those of queues that never are.
    pub is_recorded: bool,
    /// Digits by which the agent sits down at any phone; `None`: the agent can't.
    pub pin: Option<Secret>,
    /// The ordinary telephone of an agent whose phone is registered nowhere; `None`: there is none.
    pub outside: Option<OutsidePhone>,
    /// Gone from the site; kept because older records name this index.
    pub is_retired: bool,
}

/// An AUX reason.
#[derive(Clone, Debug)]
pub struct AuxReasonPlan {
    /// The name in the configuration and metrics.
    pub name: String,
    /// The digit dialled after the AUX code, 0 to 9.
    pub digit: u8,
    /// How agents take turns for it; `None`: an agent goes when they like.
    pub turns: Option<BreakTurns>,
    /// A step of a queue may make agents ready who are in it (Avaya: interruptible AUX).
    pub is_interruptible: bool,
}

/// How agents take turns for a break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakTurns {
    /// When breaks may be: each begins and ends within one span of these hours.
    pub hours: HoursId,
    /// How long a break is.
    pub span: Duration,
    /// How many agents may be on this break at once.
    pub at_once: u32,
    /// An agent who asks may go at once if a new caller would be told at most this wait without the agent.
    pub wait_limit: Duration,
    /// A turn is taken back if it was not taken up within this.
    pub unused: Duration,
}
