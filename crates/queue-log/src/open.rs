//! What is open: calls in queues and talks, and the present states of agents.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_ground::Moment;

/// A call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Call {
    pub(crate) caller: String,
    pub(crate) dialled: String,
    /// Its stay in a queue, until it is over.
    pub(crate) visit: Option<Visit>,
    /// Its talks that go on, or have ended without a line.
    pub(crate) talks: Vec<Talk>,
    /// When an agent's phone began to ring.
    pub(crate) rings: Option<Moment>,
    /// How the talk is about to be passed on.
    pub(crate) transfer: Option<Transfer>,
    /// Why a step of the queue ends the wait.
    pub(crate) exit: Exit,
}

/// A stay in a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Visit {
    pub(crate) queue: String,
    pub(crate) since: Moment,
    /// The place at the beginning.
    pub(crate) first_place: u32,
    /// The last place that is known.
    pub(crate) place: u32,
    pub(crate) is_answered: bool,
    /// How long it waited, once it is answered.
    pub(crate) waited: Duration,
}

/// A talk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Talk {
    pub(crate) agent: String,
    pub(crate) began: Moment,
    pub(crate) ended: Option<Moment>,
}

/// How a talk is passed on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Transfer {
    pub(crate) is_attended: bool,
    pub(crate) to: String,
}

/// Why a wait ends without an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Exit {
    /// It took too long, or it was moved.
    #[default]
    Timeout,
    /// Nobody works there, or the queue is closed.
    Empty,
    /// The caller pressed a key: for a message.
    Key,
}

impl Exit {
    pub(crate) const fn event(self) -> &'static str {
        match self {
            Self::Timeout => "EXITWITHTIMEOUT",
            Self::Empty => "EXITEMPTY",
            Self::Key => "EXITWITHKEY",
        }
    }
}

/// An agent's present state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Agent {
    /// Since when the agent is logged in.
    pub(crate) since: Moment,
    /// The reason of AUX.
    pub(crate) aux: Option<String>,
}
