//! What is written down so that a restart forgets nothing: facts, and images of what lives.
//!
//! An image is the complete durable form of one thing, such as a call or a registration. After each step the engine
//! gives a new image of each thing that the step touched, and says which are gone; recovery takes the last of each.
//! Only a thing's owner writes and reads its form, so that nothing here knows of SIP.

use bytes::Bytes;
use turno_ground::Moment;

use crate::fact::Fact;

/// Who writes and reads a form. The code of each is in the journal for ever: new owners go last, and 13 to 16, which an
/// earlier form of the journal had, are not given again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Table {
    /// The SIP stack: a dialog with what is under way in it.
    Session = 1,
    /// The registrar: a seat's contact.
    Registration = 2,
    /// The switchboard: legs joined into a call.
    Call = 3,
    /// The room: a contact in its queue or with its agent.
    Contact = 4,
    /// The room: an agent's state with its clocks.
    Agent = 5,
    /// The engine: a trunk.
    Trunk = 6,
    /// The room: what belongs to no contact and no agent.
    Room = 7,
    /// The engine: what belongs to none of the others.
    Engine = 8,
    /// The SIP stack: what belongs to no session.
    Stack = 9,
    /// The SIP stack: a request of ours under way in a session.
    Client = 10,
    /// The SIP stack: a peer's request, for as long as it may come again.
    Server = 11,
    /// The switchboard: a session with its negotiation and stream.
    Leg = 12,
    /// The engine: which of a seat's contacts answer.
    Seat = 17,
    /// The fence: a source that is shut out, or was not long ago.
    Ban = 18,
    /// The engine: what a call is for, who calls, where it is being passed on to.
    EngineCall = 19,
    /// The engine: which call carries a contact.
    EngineContact = 20,
    /// The engine: at which seat an agent sits.
    Seating = 21,
    /// The engine: how many calls an agent has that no queue gave.
    AgentCalls = 22,
    /// The engine: who observes which talk.
    Observer = 23,
}

/// Which thing of its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowKey {
    /// Who writes and reads the form.
    pub table: Table,
    /// Which of the owner's things.
    pub key: u64,
}

/// An image: it is so now, and what was kept under this name before is void.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Of what.
    pub name: RowKey,
    /// As its owner writes it.
    pub form: Bytes,
}

/// Everything that one step of the engine changed. It is written as one piece: all of it is there afterwards, or none.
/// A name is kept or gone in one step, not both.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// When.
    pub at: Moment,
    /// What happened, in order.
    pub facts: Vec<Fact>,
    /// What is otherwise now.
    pub kept: Vec<Row>,
    /// What is no more.
    pub gone: Vec<RowKey>,
}

impl Step {
    /// Whether there is nothing to be written down.
    pub const fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.kept.is_empty() && self.gone.is_empty()
    }
}

impl Table {
    /// Every owner, in the order of the codes.
    pub const ALL: [Self; 19] = [
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
    ];

    /// The byte that stands for it in the journal.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The owner that a byte stands for; `None` for one of a later turno.
    pub fn of_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.code() == code)
    }
}
