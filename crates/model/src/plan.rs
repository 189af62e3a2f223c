//! A valid configuration: what the engine works by. Only `config` makes one, from TOML.

use std::net::SocketAddr;

use crate::fence::FencePlan;
use crate::hours::Hours;
use crate::id::{AgentId, SeatId};

mod addressing;
mod agent;
mod dialling;
mod editing;
mod journal;
mod network;
mod number;
mod queue;
mod room;
mod seat;
mod trunk;

pub use addressing::{IdentityHeader, NumberFrom, NumberSource, TrunkAddressing};
pub use agent::{AgentPlan, AuxReasonPlan};
pub use dialling::{DialOut, FeatureCodes};
pub use journal::{Durability, JournalPlan, OnStop};
pub use network::{DigestAlgorithm, MediaPlan, SipPlan, TracePlan};
pub use number::{Entry, MenuPlan, NumberPlan, PromptPlan, bare_number};
pub use queue::{AcwPlan, QueuePlan, Treatment};
pub use room::{AtOnce, RoomPlan};
pub use seat::SeatPlan;
pub use trunk::{TrunkPlan, TrunkTrust};

/// Everything that a site has decided.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The site's name, for people.
    pub site: String,
    /// Signalling.
    pub sip: SipPlan,
    /// Where /metrics and /health are served.
    pub http: SocketAddr,
    /// Voices.
    pub media: MediaPlan,
    /// Skills by name.
    pub skills: Vec<String>,
    /// Queues.
    pub queues: Vec<QueuePlan>,
    /// Agents.
    pub agents: Vec<AgentPlan>,
    /// Seats: the own ones of agents, and those at which nobody sits unless it is asked for.
    pub seats: Vec<SeatPlan>,
    /// AUX reasons.
    pub aux_reasons: Vec<AuxReasonPlan>,
    /// Trunks.
    pub trunks: Vec<TrunkPlan>,
    /// Dialled numbers.
    pub numbers: Vec<NumberPlan>,
    /// Menus.
    pub menus: Vec<MenuPlan>,
    /// Opening hours.
    pub hours: Vec<Hours>,
    /// Every prompt that is named anywhere, with its file; the index is the media plane's `PromptId`.
    pub prompts: Vec<PromptPlan>,
    /// Codes that an agent dials.
    pub feature_codes: FeatureCodes,
    /// Numbers that agents may dial outside.
    pub dial_out: DialOut,
    /// What is done about storms and strangers.
    pub fence: FencePlan,
    /// What is asked of agents, whichever queue.
    pub room: RoomPlan,
    /// What is kept for `turno trace`; `None`: nothing.
    pub trace: Option<TracePlan>,
    /// What is kept on disk.
    pub journal: JournalPlan,
    /// Whether a number that its caller withheld is written to the journal for the operator; nobody else ever gets it.
    pub keep_withheld: bool,
}

impl Plan {
    /// The agent with this extension.
    pub fn agent_by_extension(&self, extension: &str) -> Option<AgentId> {
        self.agents
            .iter()
            .position(|agent| agent.extension == extension)
            .and_then(|at| u32::try_from(at).ok())
            .map(AgentId)
    }

    /// The seat with this extension.
    pub fn seat_by_extension(&self, extension: &str) -> Option<SeatId> {
        self.seats
            .iter()
            .position(|seat| seat.extension == extension)
            .and_then(|at| u32::try_from(at).ok())
            .map(SeatId)
    }

    /// The seat that belongs to an agent.
    pub fn own_seat(&self, agent: AgentId) -> Option<&SeatPlan> {
        self.seats.get(self.agents.get(agent.index())?.own_seat?.index())
    }

    /// What one dialled number is.
    pub fn number(&self, dialled: &str) -> Option<&NumberPlan> {
        let bare = bare_number(dialled);
        self.numbers.iter().find(|number| bare_number(&number.number) == bare)
    }
}
