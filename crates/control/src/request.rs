//! What may be asked.

use serde::{Deserialize, Serialize};
use turno_model::Spoken;
use turno_trace::Numbers;

use crate::facts::FactsAsk;
use crate::opening::{BadRequest, Opening, REQUEST_BYTES_MAX};

/// Which protocol of hand-overs this version speaks.
pub const HAND_OVER_PROTOCOL: u32 = 2;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Contacts are told.
    Trace(Ask),
    /// Facts are told, from a position on.
    Facts(FactsAsk),
    /// Who is shut out is listed.
    Bans,
    /// A command to the engine.
    Act(Spoken),
    /// The plan is read again, and applied if something is otherwise.
    Reload,
    /// A successor prepares to take over.
    TakeOver(TakeOver),
}

/// Which contacts, and how they are told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// Which contact.
    pub what: What,
    /// Whether to go on until it ends.
    pub follow: bool,
    /// Whether callers' numbers are told whole.
    pub numbers: Numbers,
}

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
}

/// Who takes over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeOver {
    /// Its process.
    pub process: u32,
    /// How it does so: [`HAND_OVER_PROTOCOL`].
    pub protocol: u32,
    /// Where it keeps its journal.
    pub folder: Option<String>,
}

impl Request {
    /// All that is sent to ask: the opening and the request, each with the end of its line.
    pub fn lines(&self) -> String {
        Opening::line() + &self.json() + "\n"
    }

    /// The request as JSON.
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("words, numbers and truths become JSON")
    }

    /// The request on the second line, which was cut where it was too long.
    ///
    /// # Errors
    /// [`BadRequest::TooLong`], [`BadRequest::NoRequest`].
    pub fn read(line: &[u8]) -> Result<Self, BadRequest> {
        if !line.ends_with(b"\n") && line.len() + Opening::line().len() >= REQUEST_BYTES_MAX {
            return Err(BadRequest::TooLong);
        }
        serde_json::from_slice(line).map_err(|error| BadRequest::NoRequest(error.to_string()))
    }
}
