//! Whom agents consult, what they key in, and how their pages steer their phones.

use turno_model::{AgentId, Command};

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

/// What an agent's page has the phone do, or says of its microphone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Steering {
    /// Answer.
    Answer,
    /// Hold the talk.
    Hold,
    /// Take it back.
    Resume,
    /// End the call.
    HangUp,
    /// The microphone is gone.
    NoMicrophone,
    /// It is back.
    Microphone,
}

impl Steering {
    /// The command for an agent.
    pub(crate) const fn command(self, agent: AgentId) -> Command {
        match self {
            Self::Answer => Command::Answer(agent),
            Self::Hold => Command::Hold(agent),
            Self::Resume => Command::Resume(agent),
            Self::HangUp => Command::HangUp(agent),
            Self::NoMicrophone => Command::NoMicrophone(agent),
            Self::Microphone => Command::Microphone(agent),
        }
    }
}
