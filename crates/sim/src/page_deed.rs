//! What happens to the pages of agents whose phone is in a browser.

use core::fmt;
use core::time::Duration;

use crate::death::Crash;

/// What happens to an agent's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageDeed {
    /// It is loaded anew, which takes this long, and takes its talk back.
    Reloads(Duration),
    /// It is closed, and opened again after this span, without its talk.
    Closes(Duration),
    /// The session of its person ends, and begins again after this span. The connection stays.
    SessionEnds(Duration),
    /// The agent opens another desk for this span.
    SecondDesk(Duration),
    /// The agent opens another desk for this span, which takes over the talk of the first.
    TalkMoves(Duration),
    /// The laptop gets another address, and its page connects again after this span.
    Roams(Duration),
    /// It tries to take the talk of the agent of this index.
    Steals(usize),
    /// The engine is killed, for this span, when this page next comes to this stage of a call.
    KillsAt(PageStage, Crash, Duration),
}

/// A stage of a page's call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageStage {
    /// It rings.
    Rings,
    /// It has answered, and its voice is not secured yet.
    Handshake,
    /// It talks.
    Talks,
}

impl fmt::Display for PageDeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reloads(span) => write!(f, "is loaded anew, which takes {span:?}"),
            Self::Closes(span) => write!(f, "is closed for {span:?}"),
            Self::SessionEnds(span) => write!(f, "has no session for {span:?}"),
            Self::SecondDesk(span) => write!(f, "has another desk beside it for {span:?}"),
            Self::TalkMoves(span) => write!(f, "loses its talk to another desk, which is there for {span:?}"),
            Self::Roams(span) => write!(f, "gets another address, and connects again after {span:?}"),
            Self::Steals(from) => write!(f, "tries to take the talk of agent {from}"),
            Self::KillsAt(stage, crash, span) => {
                write!(f, "brings the end of the engine {crash} when it {stage}, for {span:?}")
            }
        }
    }
}

impl fmt::Display for PageStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rings => "rings",
            Self::Handshake => "has answered",
            Self::Talks => "talks",
        })
    }
}
