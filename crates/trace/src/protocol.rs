//! What `turno trace` asks of a running turno, and what it is answered: one line of JSON each.

use serde::{Deserialize, Serialize};

use crate::bans::BanRow;
use crate::entry::Entry;
use crate::recent::Row;
use crate::veil::Numbers;

/// Longest question, in bytes.
pub const ASK_BYTES_MAX: usize = 8_192;

/// Which protocol of hand-overs this version speaks.
pub const HAND_OVER_PROTOCOL: u32 = 2;

/// Which contact is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// All of late: so many at most.
    List(usize),
    /// The one with this number, or the only one whose number ends so.
    Contact(String),
    /// The last one from a number that ends so.
    Caller(String),
    /// All of late that this agent had or dialled, by extension or name: so many at most.
    Agent(String, usize),
    /// The last one that arrived.
    Last,
    /// The next one to arrive.
    Next,
    /// No contact: the plan is read again, and applied if something is otherwise.
    Reload,
    /// No contact: a successor with this process's number takes over. It is sent by turnos before protocol 2, which
    /// are told so.
    HandOver {
        /// The process.
        process: u32,
    },
    /// No contact: a successor prepares to take over.
    TakeOver {
        /// Its process.
        process: u32,
        /// How it does so: [`HAND_OVER_PROTOCOL`].
        protocol: u32,
        /// Where it keeps its journal.
        folder: Option<String>,
    },
    /// No contact: who is shut out.
    Bans(Bans),
}

/// What is asked about bans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bans {
    /// All of now.
    List,
    /// Shut an address out.
    Ban {
        /// The address.
        address: String,
        /// For how long.
        seconds: u64,
    },
    /// Let an address in again.
    Lift {
        /// The address.
        address: String,
    },
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// Which contact.
    pub what: What,
    /// Whether to go on until it ends.
    pub follow: bool,
    /// Whether callers' numbers are told whole.
    pub numbers: Numbers,
}

/// One line of the answer. The connection ends after the last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The contacts of late, oldest first.
    Rows(Vec<Row>),
    /// What is otherwise in the plan that was read again, one line a change: it is not applied yet.
    Differences(Vec<String>),
    /// How that was applied: nothing follows.
    Applied(String),
    /// Bans; none after a change that was made.
    Bans(Vec<BanRow>),
    /// A line of the story.
    Entry(Entry),
    /// Nothing has happened yet: the next contact is waited for.
    Waiting,
    /// The reader was too slow and has lost its place; nothing follows.
    LostPlace,
    /// Why not, and what to do: nothing follows.
    Refused(String),
    /// A successor was needed for the plan that was read again, and none took over: why. The turno that was asked goes on.
    NoSuccessor(String),
}

impl Ask {
    /// One line, without its end.
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("words and truths become JSON")
    }

    /// The question on a line.
    pub fn from_json(line: &str) -> Option<Self> {
        serde_json::from_str(line).ok()
    }
}

impl Answer {
    /// One line, without its end.
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("strings, numbers and truths become JSON")
    }

    /// The answer on a line.
    pub fn from_json(line: &str) -> Option<Self> {
        serde_json::from_str(line).ok()
    }
}
