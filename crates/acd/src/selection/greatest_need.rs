//! Greatest need: an agent takes the highest priority, then the earliest deadline (among calls: the longest wait), across all
//! their queues.

use smallvec::SmallVec;
use turno_model::decision::CANDIDATES_MAX;
use turno_model::{Candidate, Channel, Channels, PassedOver, QueueId};

use crate::line::Place;
use crate::lines::{LineId, Lines};

/// The first contact of a line that an agent can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Need {
    pub(crate) place: Place,
    pub(crate) line: LineId,
    pub(crate) channel: Channel,
}

/// The contact of these channels with the greatest need in the lines that an agent sees. Compares only the first of each line.
pub(crate) fn choose(seen: &[LineId], lines: &Lines, of: Channels) -> Option<Need> {
    let head = |&line: &LineId| {
        let (place, channel) = lines[line].first(of)?;
        Some(Need { place, line, channel })
    };
    seen.iter().filter_map(head).min()
}

/// The first contacts of all lines that were passed over, in order, with the winner's successor, and the number of
/// others. At the end those who have waited longer in lines beyond the agent's level.
pub(crate) fn passed_over(
    winner: Need,
    (seen, beyond): (&[LineId], &[LineId]),
    lines: &Lines,
    of: Channels,
) -> (SmallVec<[(Candidate, PassedOver); 4]>, u32) {
    let mut heads: SmallVec<[(Place, QueueId); 8]> = SmallVec::new();
    let mut waiting = 0;
    for &id in seen {
        let line = &lines[id];
        waiting += line.len_of(of);
        let next = if id == winner.line {
            line.first_but(winner.place, of)
        } else {
            line.first(of).map(|(place, _)| place)
        };
        heads.extend(next.map(|place| (place, lines.queue(id))));
    }
    heads.sort_unstable();
    heads.truncate(CANDIDATES_MAX);
    let others = waiting - 1 - heads.len();
    let mut named: SmallVec<[(Candidate, PassedOver); 4]> = heads
        .into_iter()
        .map(|(place, queue)| (Candidate::Contact(place.contact, queue), why(place, winner.place)))
        .collect();
    let first = |line: &LineId| lines[*line].first(of).map(|(place, _)| (place, lines.queue(*line)));
    let skipped = beyond.iter().filter_map(first).filter(|(place, _)| *place < winner.place);
    let skipped =
        skipped.map(|(place, queue)| (Candidate::Contact(place.contact, queue), PassedOver::BeyondLevel));
    named.extend(skipped.take(CANDIDATES_MAX - named.len()));
    (named, u32::try_from(others).unwrap_or(u32::MAX))
}

fn why(loser: Place, winner: Place) -> PassedOver {
    if loser.priority > winner.priority {
        PassedOver::LowerPriority
    } else if loser.waiting_since() < winner.waiting_since() {
        PassedOver::LaterDeadline
    } else {
        PassedOver::ShorterWait
    }
}
