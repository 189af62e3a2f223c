//! What happens to the pages of agents whose phone is in a browser, and when.

use core::fmt;
use core::time::Duration;

use turno_ground::Rng;

use crate::action::{Action, Crash};
use crate::draws::{SPAN_MICROS, one_of};

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

/// How many deeds there are at most in an hour with pages.
const DEEDS_MAX: u64 = 24;

/// The deeds of an hour in which agents have pages. They have an Rng of their own, so that the rest of a seed stays the
/// same.
pub(crate) fn page_deeds(seed: u64, desks_by_web: u64, agents: usize) -> Vec<(Duration, Action)> {
    let mut rng = Rng::new(seed ^ 0x7061_6765);
    let pages: Vec<usize> = (0..agents).filter(|desk| (desks_by_web >> (desk % 64)) & 1 == 1).collect();
    if pages.is_empty() {
        return Vec::new();
    }
    (0..4 + rng.below(DEEDS_MAX))
        .map(|_| {
            let at = Duration::from_micros(rng.below(SPAN_MICROS));
            let agent = one_of(&pages, &mut rng);
            (at, Action::Page(agent, deed(&pages, &mut rng)))
        })
        .collect()
}

fn deed(pages: &[usize], rng: &mut Rng) -> PageDeed {
    let longest = one_of(&[300, 2_000, 2_000, 20_000], rng);
    let span = Duration::from_millis(rng.below(longest));
    let longer = Duration::from_millis(rng.below(40_000));
    match rng.below(12) {
        0..=2 => PageDeed::Reloads(span),
        3 => PageDeed::Closes(longer),
        4 => PageDeed::SessionEnds(longer),
        5 => PageDeed::SecondDesk(longer),
        6 => PageDeed::TalkMoves(longer),
        7 | 8 => PageDeed::Roams(span),
        9 => PageDeed::Steals(one_of(pages, rng)),
        _ => {
            let stage = one_of(&[PageStage::Rings, PageStage::Handshake, PageStage::Talks], rng);
            let many = u8::try_from(1 + rng.below(6)).unwrap_or(1);
            let crash = one_of(
                &[Crash::BeforeWriting, Crash::Writing(300), Crash::AfterWriting, Crash::Sending(many)],
                rng,
            );
            PageDeed::KillsAt(stage, crash, Duration::from_millis(rng.below(3_000)))
        }
    }
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
