//! Greatest need: an agent takes the highest priority, then the longest wait, across all their queues.

use smallvec::SmallVec;
use turno_model::decision::CANDIDATES_MAX;
use turno_model::{Candidate, Channel, Channels, PassedOver, QueueId};

use crate::line::{Line, Place};

/// The first contact of a line that an agent can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Need {
    pub(crate) place: Place,
    pub(crate) queue: QueueId,
    pub(crate) channel: Channel,
}

/// The contact of these channels with the greatest need in the lines of `queues`. Compares only the first of each line.
pub(crate) fn choose(queues: &[QueueId], lines: &[Line], of: Channels) -> Option<Need> {
    let head = |&queue: &QueueId| {
        let (place, channel) = lines[queue.index()].first(of)?;
        Some(Need { place, queue, channel })
    };
    queues.iter().filter_map(head).min()
}

/// The first contacts of all lines that were passed over, in order, with the winner's successor, and the number of
/// others.
pub(crate) fn passed_over(
    winner: Need,
    queues: &[QueueId],
    lines: &[Line],
    of: Channels,
) -> (SmallVec<[(Candidate, PassedOver); 4]>, u32) {
    let mut heads: SmallVec<[(Place, QueueId); 8]> = SmallVec::new();
    let mut waiting = 0;
    for &queue in queues {
        let line = &lines[queue.index()];
        waiting += line.len_of(of);
        let next = if queue == winner.queue {
            line.first_but(winner.place, of)
        } else {
            line.first(of).map(|(place, _)| place)
        };
        heads.extend(next.map(|place| (place, queue)));
    }
    heads.sort_unstable();
    heads.truncate(CANDIDATES_MAX);
    let others = waiting - 1 - heads.len();
    let named = heads
        .into_iter()
        .map(|(place, queue)| (Candidate::Contact(place.contact, queue), why(place, winner.place)))
        .collect();
    (named, u32::try_from(others).unwrap_or(u32::MAX))
}

fn why(loser: Place, winner: Place) -> PassedOver {
    if loser.priority > winner.priority { PassedOver::LowerPriority } else { PassedOver::ShorterWait }
}
