//! A caller as the facts say it.

use core::cmp::Reverse;
use core::time::Duration;
use std::collections::BTreeSet;

use turno_ground::Moment;
use turno_model::{AgentId, Channel, ContactId, OfferId, QueueId};

use crate::contact::TRIED_MAX;

/// Where a caller is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    Line,
    /// Called back later, and in no line.
    PutOff,
    Ringing(OfferId, AgentId),
    With(AgentId),
    /// An outside number is called for it.
    Sent,
    /// The caller leaves a message.
    Speaks,
}

/// A caller in the room.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) channel: Channel,
    pub(super) queue: QueueId,
    pub(super) priority: u8,
    pub(super) since: Moment,
    /// How long after that its turn is due.
    pub(super) grace: Duration,
    pub(super) entered: Moment,
    pub(super) at: At,
    pub(super) missed_by: Vec<AgentId>,
    /// The worst level of its queue's agents who may take it; `None`: all.
    pub(super) level_max: Option<u8>,
    /// Queues whose agents may take it too.
    pub(super) also: Vec<QueueId>,
    /// The steps of its queue that it has taken, from 0.
    pub(super) steps: BTreeSet<usize>,
    /// The outside number that was called for it last.
    pub(super) sent_to: String,
    /// Since when it stands in line without a break.
    pub(super) in_line_since: Moment,
    /// The queue to which a step moves it in this moment.
    pub(super) leads_to: Option<QueueId>,
    /// Whether an agent has just transferred it.
    pub(super) is_transferred: bool,
    /// Whether the person hung up and is called back.
    pub(super) is_called_back: bool,
    /// Whether the person is dialled, and no agent has the contact.
    pub(super) is_dialled: bool,
    /// The wait that was told last, and how many agents had left work before.
    pub(super) told: Option<(Duration, usize)>,
    /// The agent for whom it is kept, and until when.
    pub(super) kept_for: Option<(AgentId, Moment)>,
    /// The agent to whom a supervisor gave it, and until when.
    pub(super) pulled_to: Option<(AgentId, Moment)>,
    /// Whether it is given to that agent because the caller dialled the agent's own number.
    pub(super) is_direct: bool,
    /// Whether it has been kept.
    pub(super) was_kept: bool,
    /// Whether the next fact must say that it is kept.
    pub(super) is_to_be_kept: bool,
    /// When it was let go.
    pub(super) let_go_at: Option<Moment>,
}

impl Caller {
    /// This agent missed the caller, or had them: of those who did, the room remembers the last ones.
    pub(super) fn is_missed_by(&mut self, agent: AgentId) {
        self.missed_by.retain(|other| *other != agent);
        self.missed_by.push(agent);
        let forgotten = self.missed_by.len().saturating_sub(TRIED_MAX);
        self.missed_by.drain(..forgotten);
    }

    /// A caller who has come and is in no line yet.
    pub(super) fn new(channel: Channel, since: Moment, grace: Duration) -> Self {
        Self {
            channel,
            queue: QueueId(0),
            priority: 0,
            since,
            grace,
            entered: since,
            at: At::Line,
            missed_by: Vec::new(),
            level_max: None,
            also: Vec::new(),
            steps: BTreeSet::new(),
            sent_to: String::new(),
            in_line_since: since,
            leads_to: None,
            is_transferred: false,
            is_called_back: false,
            is_dialled: false,
            told: None,
            kept_for: None,
            pulled_to: None,
            is_direct: false,
            was_kept: false,
            is_to_be_kept: false,
            let_go_at: None,
        }
    }
}

/// The order in which callers are served.
pub(super) fn need(id: ContactId, caller: &Caller) -> (Reverse<u8>, Moment, ContactId) {
    (Reverse(caller.priority), caller.since + caller.grace, id)
}
