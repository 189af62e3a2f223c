//! Skills of agents that commands change while turno runs.

use serde::{Deserialize, Serialize};
use turno_ground::Moment;

use crate::command::Why;
use crate::command::asker::Asker;
use crate::id::{AgentId, QueueId};

/// An agent's skill for a queue changed, while the plan stayed as it is. Facts contain it and are kept for years: a new field
/// goes last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkillChanged {
    /// The agent.
    pub agent: AgentId,
    /// The queue; others of the same skill are meant too.
    pub queue: QueueId,
    /// The agent's level from now on; `None`: the agent does not have the skill.
    pub level: Option<u8>,
    /// How it came.
    pub change: SkillChange,
}

/// How an agent's skill changed. Facts contain it: a new variant goes last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SkillChange {
    /// By a command, for a time. It is told again after each start and each reload.
    Set {
        /// Who asked.
        by: Asker,
        /// The reason that was given.
        why: Why,
        /// When it ends.
        until: Moment,
    },
    /// By a command that takes the change back.
    Back {
        /// Who asked.
        by: Asker,
        /// The reason that was given.
        why: Why,
    },
    /// The change's time was over.
    Ended,
    /// Another plan does not have the agent or the queue any more.
    Gone,
}
