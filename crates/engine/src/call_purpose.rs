//! Purpose of a call: contact, announcement, agent's own call, or observation.

use serde::{Deserialize, Serialize};
use turno_model::{AgentId, ContactId, MenuId, QueueId, SeatId, TransferKind, TrunkId};

use crate::speech::Speech;
use crate::survey_stage::SurveyCall;

/// Progress of a contact through menu, queue, offer and talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum CallStage {
    /// Hears the emergency announcement, before anything else.
    Emergency,
    /// In a menu.
    Menu(MenuId),
    /// Hears that talks are recorded, before it enters the queue.
    Notice(QueueId),
    /// Waiting in the queue.
    Queued(QueueId),
    /// Offered to an agent.
    Offered(QueueId, AgentId),
    /// Talking to an agent, or on hold.
    Connected(QueueId, AgentId),
    /// Waiting while an outside number is called, at one of the trunk's addresses.
    Outside(QueueId, u8),
    /// Leaving a message.
    AtVoicemail(QueueId),
}

/// Purpose of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Purpose {
    /// Not known yet; the same step reads the dialled number and sets the purpose.
    Arriving,
    /// A contact in a menu, or one that the room has.
    Contact(CallStage),
    /// Plays an announcement, then ends the call: closed hours, no capacity, confirmation of a feature code.
    Announcement,
    /// A call outside the queues.
    Own {
        /// The agent at the A leg, if it is an agent.
        caller: Option<AgentId>,
        /// The agent at the B leg, if it is an agent.
        callee: Option<AgentId>,
        /// The dialled outside number and the trunk addresses not tried yet.
        outside: Option<Outside>,
    },
    /// The agent has left, and the caller is asked some questions.
    Survey(SurveyCall),
    /// Calls the person of this contact back: the agent who got it is the A leg, the person rings.
    CallingBack(ContactId),
    /// Rings an observer's phones. When one answers, its leg moves to the observed call and this call ends.
    Observing(AgentId),
    /// Somebody at the phone of this seat keys in extension and PIN.
    SittingDown(SeatId),
    /// Plays this message to the agent at the A leg.
    Hearing(ContactId),
    /// Rings somebody whom this agent consults. When they answer, their leg moves to the agent's call and this call ends.
    Consulting(AgentId),
    /// Somebody called the agents' line; the agent, once the PIN was right.
    AgentsLine(Option<AgentId>),
    /// The held line of this agent: it is dialled, or idle.
    Line(AgentId),
    /// The agent at the A leg speaks live to a queue, or is rung for that.
    Speaking(Speech),
}

/// An outside number and how many of the trunk's addresses were tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Outside {
    pub(crate) trunk: TrunkId,
    pub(crate) number: String,
    pub(crate) tried: usize,
}

/// A transfer whose target has not answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PendingTransfer {
    /// The extension or number that rings.
    pub(crate) to: String,
    /// The colleague who rings and is occupied meanwhile.
    pub(crate) callee: Option<AgentId>,
    pub(crate) kind: TransferKind,
}
