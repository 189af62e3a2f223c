//! What is written to the journal so that a restart loses nothing: facts, and rows with the engine's state.
//!
//! A row holds the complete durable form of one object, such as a call or a registration. After each step the engine
//! gives the new rows and the deleted row keys; recovery takes the last row of each key. Only a table's owner writes
//! and reads the form of its rows, so that this crate knows nothing of SIP.

use bytes::Bytes;
use turno_ground::Moment;

use crate::fact::Fact;

/// A table of rows of one kind. Its code is in journals for ever: new tables go last, and 13 to 16, which an earlier
/// form of the journal used, are not given again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Table {
    /// The SIP stack: a dialog with its transactions.
    Session = 1,
    /// The registrar: a binding of a seat.
    Registration = 2,
    /// The switchboard: legs joined into a call.
    Call = 3,
    /// The ACD: a contact in its queue or with its agent.
    Contact = 4,
    /// The ACD: an agent's state with its clocks.
    Agent = 5,
    /// The engine: a trunk.
    Trunk = 6,
    /// The ACD: what is learned about the waits of a queue.
    Room = 7,
    /// The engine: everything without a table of its own.
    Engine = 8,
    /// The SIP stack: state of no single session.
    Stack = 9,
    /// The SIP stack: a client transaction in a session.
    Client = 10,
    /// The SIP stack: a peer's request, as long as it may be retransmitted.
    Server = 11,
    /// The switchboard: a session with its negotiation and stream.
    Leg = 12,
    /// The engine: which bindings of a seat answer.
    Seat = 17,
    /// The ban list: a source that is banned, or was until recently.
    Ban = 18,
    /// The engine: a call's purpose, its caller, and the target of a transfer.
    EngineCall = 19,
    /// The engine: which call carries a contact.
    EngineContact = 20,
    /// The engine: the seat where an agent sits.
    Seating = 21,
    /// The engine: how many agent calls an agent has.
    AgentCalls = 22,
    /// The engine: who observes which talk.
    Observer = 23,
    /// The ACD: the state of a queue that is not open.
    QueueState = 24,
    /// The engine: a recording that is not closed.
    Recording = 25,
    /// The ACD: an agent's break in turns.
    Break = 26,
    /// The engine: a callback that is asked for, waits or is dialled.
    Callback = 27,
    /// The engine: the emergency announcement.
    Emergency = 28,
    /// The engine: which agent served a number last.
    LastAgent = 29,
    /// The engine: a number that a command put on a list of callers.
    CallerList = 30,
    /// The engine: a caller at a voicemail.
    Voicemail = 31,
    /// The engine: a message that waits or is heard.
    Message = 32,
    /// The engine: whom an agent consults about a talk.
    Consultation = 33,
    /// The engine: the held line of an agent.
    HeldLine = 34,
    /// The engine: a skill of an agent that a command changed.
    SkillChange = 36,
    /// The SIP stack: a subscription of a phone.
    Subscription = 40,
    /// The engine: what a phone watches, and what it was told last.
    Lamp = 41,
}

/// The key of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowKey {
    /// The table.
    pub table: Table,
    /// The key in the table.
    pub key: u64,
}

/// A row: the present form of an object. It replaces any earlier row with the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its key.
    pub name: RowKey,
    /// Its form, as the table's owner encodes it.
    pub form: Bytes,
}

/// Everything that one step of the engine changed. It is written as a whole or not at all. A row key is never both
/// changed and deleted in one step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// The moment of the step.
    pub at: Moment,
    /// The facts, in order.
    pub facts: Vec<Fact>,
    /// Changed rows.
    pub kept: Vec<Row>,
    /// Deleted rows.
    pub gone: Vec<RowKey>,
}

impl Step {
    /// Whether there is nothing to write.
    pub const fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.kept.is_empty() && self.gone.is_empty()
    }
}

impl Table {
    /// All tables, in the order of the codes.
    pub const ALL: [Self; 33] = [
        Self::Session,
        Self::Registration,
        Self::Call,
        Self::Contact,
        Self::Agent,
        Self::Trunk,
        Self::Room,
        Self::Engine,
        Self::Stack,
        Self::Client,
        Self::Server,
        Self::Leg,
        Self::Seat,
        Self::Ban,
        Self::EngineCall,
        Self::EngineContact,
        Self::Seating,
        Self::AgentCalls,
        Self::Observer,
        Self::QueueState,
        Self::Recording,
        Self::Break,
        Self::Callback,
        Self::Emergency,
        Self::LastAgent,
        Self::CallerList,
        Self::Voicemail,
        Self::Message,
        Self::Consultation,
        Self::HeldLine,
        Self::SkillChange,
        Self::Subscription,
        Self::Lamp,
    ];

    /// The byte for this table in the journal.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The table of a byte; `None` for a table of a later turno.
    pub fn of_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.code() == code)
    }
}
