//! Recordings by the facts: who is recorded, who must be, and that each begin has one end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use turno_ground::Moment;
use turno_model::plan::QueueRecording;
use turno_model::{AgentId, Channel, ContactId, Fact, Plan, QueueId, RecordingChange, RecordingId};

/// Recordings that have not ended, by the facts.
#[derive(Debug)]
pub(crate) struct Recorded {
    plan: Arc<Plan>,
    open: BTreeMap<RecordingId, Open>,
    /// Contacts that came by a call.
    calls: BTreeSet<ContactId>,
    /// Talks that must be recorded from their first moment, and are not yet.
    pub(crate) wanted: BTreeMap<ContactId, (AgentId, Moment)>,
    /// Messages of callers that are recorded now.
    messages: BTreeSet<RecordingId>,
    many: u64,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    contact: ContactId,
    agent: AgentId,
    is_paused: bool,
    /// The talk is over: the recorder closes the file.
    is_over: bool,
}

impl Recorded {
    pub(crate) fn new(plan: Arc<Plan>) -> Self {
        Self {
            plan,
            open: BTreeMap::new(),
            calls: BTreeSet::new(),
            wanted: BTreeMap::new(),
            messages: BTreeSet::new(),
            many: 0,
        }
    }

    pub(crate) fn works_by(&mut self, plan: &Arc<Plan>) {
        self.plan = Arc::clone(plan);
    }

    /// Reads a fact and checks that each recording has its begin, its pauses and one end.
    pub(crate) fn reads(&mut self, at: Moment, fact: &Fact) {
        if let Fact::ContactArrived { contact, channel: Channel::Voice, .. } = fact {
            self.calls.insert(*contact);
        } else if let Fact::Connected { contact, agent, queue, .. } = fact {
            if self.calls.contains(contact) && self.rule(*queue) == QueueRecording::Percent(100) {
                self.wanted.insert(*contact, (*agent, at));
            }
        } else if let Fact::Disconnected { contact, agent, .. } = fact {
            let mut all = self.open.values_mut();
            if let Some(open) = all.find(|it| !it.is_over && it.contact == *contact) {
                assert_eq!(open.agent, *agent, "{contact:?} is recorded with another agent");
                open.is_over = true;
            }
        } else {
            self.reads_recording(at, fact);
        }
    }

    fn reads_recording(&mut self, at: Moment, fact: &Fact) {
        let Fact::Recording { contact, recording, change } = fact else { return };
        if let RecordingChange::Began { agent, queue, .. } = change {
            self.many += 1;
            assert_ne!(self.rule(*queue), QueueRecording::Never, "{contact:?} is never recorded, and is");
            let twice = self.open.values().find(|it| !it.is_over && it.contact == *contact);
            assert!(twice.is_none(), "{contact:?} is recorded twice");
            let wanted = self.wanted.remove(contact).is_none_or(|wanted| wanted == (*agent, at));
            assert!(wanted, "{contact:?} is recorded late, or with another agent");
            let open = Open { contact: *contact, agent: *agent, is_paused: false, is_over: false };
            let before = self.open.insert(*recording, open);
            assert!(before.is_none(), "{recording:?} began twice");
        } else if let RecordingChange::Paused(_) = change {
            self.turns(*recording, true);
        } else if let RecordingChange::Resumed(_) = change {
            self.turns(*recording, false);
        } else if let RecordingChange::MessageBegan { .. } = change {
            assert!(self.messages.insert(*recording), "{recording:?} began twice");
        } else if let RecordingChange::Ended { .. } = change
            && !self.messages.remove(recording)
        {
            let open = self.open.remove(recording);
            assert_eq!(open.map(|it| it.contact), Some(*contact), "{recording:?} ends and has not begun");
        }
    }

    fn turns(&mut self, recording: RecordingId, is_paused: bool) {
        let open = self.open.get_mut(&recording).filter(|it| !it.is_over);
        let open = open.unwrap_or_else(|| panic!("{recording:?} is over, and is paused or goes on"));
        assert!(is_paused || open.is_paused, "{recording:?} goes on and was not paused");
        open.is_paused = is_paused;
    }

    fn rule(&self, queue: QueueId) -> QueueRecording {
        let rule = self.plan.queues.get(queue.index()).map(|queue| queue.recording);
        rule.filter(|_| self.plan.recording.is_some()).unwrap_or_default()
    }

    /// The recordings into which somebody talks now.
    pub(crate) fn sounding(&self) -> BTreeSet<RecordingId> {
        let sounding = self.open.iter().filter(|(_, it)| !it.is_paused && !it.is_over);
        sounding.map(|(recording, _)| *recording).collect()
    }

    /// How many recordings there were.
    pub(crate) const fn many(&self) -> u64 {
        self.many
    }

    /// What must be true at the end.
    pub(crate) fn prove_closed(&self) {
        assert!(self.open.is_empty(), "recorded on: {:?}", self.open);
        assert!(self.messages.is_empty(), "messages recorded on: {:?}", self.messages);
    }
}
