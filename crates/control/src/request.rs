//! Requests on the control socket.

use serde::{Deserialize, Serialize};
use turno_model::{Language, Spoken};
use turno_trace::Numbers;

use crate::facts::FactsAsk;
use crate::listed::ListedAsk;
use crate::opening::{BadRequest, Opening, REQUEST_BYTES_MAX};

/// The version of the hand-over protocol.
pub const HAND_OVER_PROTOCOL: u32 = 2;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Contact traces.
    Trace(Ask),
    /// Facts, from a position on.
    Facts(FactsAsk),
    /// The list of bans.
    Bans,
    /// The site's language.
    Language,
    /// The numbers on lists of callers.
    CallerLists(ListedAsk),
    /// The skills of the agent with this extension; `None`: all that commands changed.
    Skills(Option<String>),
    /// Who is to be called back, with the numbers so.
    Callbacks(Numbers),
    /// Who takes a break in turns.
    Breaks,
    /// A command to the engine.
    Act(Spoken),
    /// A command to the engine, and the reason that the person gives for it.
    ActWithReason(Spoken, String),
    /// Read the plan again, and apply it if it has changed.
    Reload,
    /// A successor wants to take over.
    TakeOver(TakeOver),
}

/// A request for contact traces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// Which contacts.
    pub what: What,
    /// Whether new lines are sent until the contact ends.
    pub follow: bool,
    /// Whether callers' numbers are sent in full.
    pub numbers: Numbers,
    /// The language that is asked for, whatever the site's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The reader's own language, for a site that has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Language>,
}

/// The contacts of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The last contacts, at most this many.
    List(usize),
    /// The contact with this number, or the only one whose number ends in it.
    Contact(String),
    /// The last contact from a caller whose number ends in this.
    Caller(String),
    /// The last contacts and calls of this agent, by extension or name; at most this many.
    Agent(String, usize),
    /// The last one that arrived.
    Last,
    /// The next one to arrive.
    Next,
}

/// A request to take over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeOver {
    /// The successor's process id.
    pub process: u32,
    /// Its version of the hand-over protocol: [`HAND_OVER_PROTOCOL`].
    pub protocol: u32,
    /// The folder of its journal.
    pub folder: Option<String>,
}

impl Request {
    /// The two lines of a request: the opening and the JSON, each with its line end.
    pub fn lines(&self) -> String {
        Opening::line() + &self.json() + "\n"
    }

    /// The request as JSON.
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("words, numbers and truths become JSON")
    }

    /// Parses the second line, which the reader cuts if it is too long.
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
