//! A lamp of a phone, and what it showed last.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use turno_ground::Moment;
use turno_model::{AgentId, QueueId};

/// What a lamp is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Watched {
    Agent(AgentId),
    Queue(QueueId),
    Messages(QueueId),
    MessagesOf(AgentId),
}

/// What a lamp shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// The state of a dialog, by its word.
    Dialog(String),
    /// How many messages are new, and how many old.
    Messages(u32, u32),
}

/// One lamp.
#[derive(Debug)]
pub(crate) struct Lamp {
    /// The phone, and where it was.
    pub(crate) place: usize,
    pub(crate) from: SocketAddr,
    pub(crate) watched: Watched,
    pub(crate) user: String,
    pub(crate) package: &'static str,
    /// Whether it was accepted, and has not ended.
    pub(crate) stands: bool,
    pub(crate) asked: u8,
    /// The highest CSeq and the highest version of a NOTIFY.
    pub(crate) last: (u32, Option<u32>),
    /// What it was told last.
    pub(crate) shown: Option<Shown>,
    /// Until when it lasts without another SUBSCRIBE.
    pub(crate) until: Moment,
    /// Since when it shows what is not so.
    pub(crate) wrong_since: Option<Moment>,
}

/// All lamps, by the number in their Call-ID.
#[derive(Debug, Default)]
pub(crate) struct Lamps {
    pub(crate) all: BTreeMap<u32, Lamp>,
    pub(crate) made: u32,
}
