//! Whom agents consult, and what they key in.

/// Whom an agent consults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// The colleague at this place.
    Colleague(usize),
    /// Any agent of the queue of this index.
    Queue(usize),
    /// The dependency of this index.
    Dependency(usize),
    /// A number outside.
    Outside,
}

/// What somebody keys in who sits down by PIN, or calls the agents' line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyedIn {
    /// The agent whose extension is keyed in.
    pub agent: usize,
    /// How often the PIN is wrong before the last time.
    pub wrong: u8,
    /// Whether the last PIN is right.
    pub is_right: bool,
    /// After how many keys the person hangs up instead.
    pub stops_after: Option<u8>,
}
