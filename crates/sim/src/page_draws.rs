//! Draws what happens to agents' pages, and when.

use core::time::Duration;

use turno_ground::Rng;

use crate::action::Action;
use crate::death::Crash;
use crate::draws::{SPAN_MICROS, one_of};
use crate::page_deed::{PageDeed, PageStage};

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
