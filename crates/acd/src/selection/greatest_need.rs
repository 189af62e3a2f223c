//! Greatest need: an agent who comes free takes the highest priority, then the longest wait, over all their queues.

use smallvec::SmallVec;
use turno_model::decision::CANDIDATES_MAX;
use turno_model::{Candidate, PassedOver, QueueId};

use crate::line::{Line, Place};

/// The contact with the greatest need in the lines of `queues`. One look at each head, none at the rest.
pub(crate) fn choose(queues: &[QueueId], lines: &[Line]) -> Option<(Place, QueueId)> {
    queues.iter().filter_map(|&queue| Some((lines[queue.index()].first()?, queue))).min()
}

/// The heads that were passed over, the next in the winner's own line among them, in order, and how many more waited.
pub(crate) fn passed_over(
    winner: (Place, QueueId),
    queues: &[QueueId],
    lines: &[Line],
) -> (SmallVec<[(Candidate, PassedOver); 4]>, u32) {
    let mut heads: SmallVec<[(Place, QueueId); 8]> = SmallVec::new();
    let mut waiting = 0;
    for &queue in queues {
        let line = &lines[queue.index()];
        waiting += line.len();
        let next = if queue == winner.1 { line.iter().nth(1) } else { line.first() };
        heads.extend(next.map(|place| (place, queue)));
    }
    heads.sort_unstable();
    heads.truncate(CANDIDATES_MAX);
    let others = waiting - 1 - heads.len();
    let named = heads
        .into_iter()
        .map(|(place, queue)| (Candidate::Contact(place.contact, queue), why(place, winner.0)))
        .collect();
    (named, u32::try_from(others).unwrap_or(u32::MAX))
}

fn why(loser: Place, winner: Place) -> PassedOver {
    if loser.priority > winner.priority { PassedOver::LowerPriority } else { PassedOver::ShorterWait }
}
