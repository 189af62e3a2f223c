//! Every message that waits for an agent or is heard by one.

use serde::{Deserialize, Serialize};
use turno_calls::CallId;
use turno_ground::{Change, Changeset, Dated, DecodeError, Lookup, Moment, RowChange, Timed, Tracked};
use turno_model::{AgentId, ContactId, QueueId, RecordingId};

/// Deadlines of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum MessageDeadline {
    /// When what the agent hears has not gone on in time.
    Stuck,
}

/// Where a message is. All but the first have the call with the agent as its A leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum MessageStage {
    /// Waits for an agent.
    Waits,
    /// An agent's phone rings.
    Rings(CallId),
    /// The agent hears when it came, and from which number.
    Introduced(CallId),
    /// The recorder reads it.
    Loads(CallId),
    /// The agent hears it.
    Plays(CallId),
    /// The agent has heard it, or it can't be played.
    Heard(CallId),
}

impl MessageStage {
    /// The call with the agent.
    pub(crate) const fn call(self) -> Option<CallId> {
        match self {
            Self::Waits => None,
            Self::Rings(call)
            | Self::Introduced(call)
            | Self::Loads(call)
            | Self::Plays(call)
            | Self::Heard(call) => Some(call),
        }
    }
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) queue: QueueId,
    pub(crate) recording: RecordingId,
    /// When the recording began, by which its files are found.
    pub(crate) began: Moment,
    /// What the wall clock showed then.
    pub(crate) came: Moment,
    /// The caller's number as phones show it.
    pub(crate) caller: String,
    pub(crate) stage: MessageStage,
    /// The agent who is rung or hears it.
    pub(crate) agent: Option<AgentId>,
    /// Whether an agent has heard it to its end, or it can't be played: a hang-up ends it.
    pub(crate) is_over: bool,
}

/// All messages, by contact.
#[derive(Debug)]
pub(crate) struct Messages {
    table: Timed<Tracked<ContactId, Dated<MessageDeadline, Message>>>,
    of_recording: Lookup<RecordingId, ContactId>,
}

impl Messages {
    /// No message. `seed` seeds the hash tables.
    pub(crate) fn new(seed: u64) -> Self {
        Self { table: Timed::<Tracked<_, _>>::new(seed), of_recording: Lookup::new(seed) }
    }

    /// A message comes.
    pub(crate) fn begin(&mut self, contact: ContactId, message: Message) {
        self.of_recording.insert(message.recording, contact);
        self.table.insert(contact, message);
    }

    /// The message is somewhere else now.
    pub(crate) fn turn(&mut self, contact: ContactId, stage: MessageStage) {
        self.table.cancel(contact, MessageDeadline::Stuck);
        if let Some(message) = self.table.get_mut(contact) {
            message.stage = stage;
            if stage == MessageStage::Waits {
                message.agent = None;
            }
        }
    }

    /// An agent is rung for a message.
    pub(crate) fn rings(&mut self, contact: ContactId, call: CallId, agent: AgentId) {
        if let Some(message) = self.table.get_mut(contact) {
            (message.stage, message.agent) = (MessageStage::Rings(call), Some(agent));
        }
    }

    /// A hang-up of the agent ends the message from now on.
    pub(crate) fn is_over(&mut self, contact: ContactId) {
        if let Some(message) = self.table.get_mut(contact) {
            message.is_over = true;
        }
    }

    /// What the agent hears must go on by then.
    pub(crate) fn goes_on_by(&mut self, contact: ContactId, at: Moment) {
        self.table.set(contact, MessageDeadline::Stuck, at);
    }

    /// The message has ended.
    pub(crate) fn end(&mut self, contact: ContactId) {
        if self.is_empty() {
            return;
        }
        if let Some(message) = self.table.remove(contact) {
            self.of_recording.remove(&message.recording);
        }
    }

    /// A message.
    pub(crate) fn get(&self, contact: ContactId) -> Option<&Message> {
        self.table.get(&contact).map(|message| &**message)
    }

    /// The message with this recording.
    pub(crate) fn of_recording(&self, recording: RecordingId) -> Option<ContactId> {
        if self.is_empty() { None } else { self.of_recording.get(&recording).copied() }
    }

    /// A message waits in another queue from now on. No effect on a contact that is no message.
    pub(crate) fn moves_to(&mut self, contact: ContactId, queue: QueueId) {
        if let Some(message) = self.table.get_mut(contact) {
            message.queue = queue;
        }
    }

    /// How many messages a queue has. Scans the table.
    pub(crate) fn of_queue(&self, queue: QueueId) -> usize {
        let keys = self.table.keys();
        keys.into_iter().filter(|contact| self.get(*contact).is_some_and(|it| it.queue == queue)).count()
    }

    /// Every message. Scans the table.
    pub(crate) fn keys(&self) -> Vec<ContactId> {
        self.table.keys()
    }

    pub(crate) fn next_deadline(&mut self) -> Option<Moment> {
        self.table.next_deadline()
    }

    /// Takes one due deadline.
    pub(crate) fn pop_due(&mut self, now: Moment) -> Option<(MessageDeadline, ContactId)> {
        self.table.pop_due(now).map(|(_, deadline, contact)| (deadline, contact))
    }

    /// Whether there is no message.
    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Writes the changed records into the changeset.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.table.write_down(|contact, change| match change {
            Change::Is(message) => {
                changes.keep(table, contact.0, message);
                true
            }
            Change::Gone => {
                changes.delete(table, contact.0);
                false
            }
        });
    }

    /// Marks every record as changed, so that the next [`Self::write_down`] writes all.
    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Restores one message from its row.
    ///
    /// # Errors
    /// [`DecodeError`] if the row is not a message.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        let contact = ContactId(line.key);
        let message: Dated<MessageDeadline, Message> = line.read()?;
        self.of_recording.insert(message.recording, contact);
        self.table.restore(contact, message);
        Ok(())
    }
}
