//! The facts of a segment in a file of their own, which stays when the segment goes.

use turno_ground::Moment;
use turno_journal::{Content, Entry, Frame, Kind, Reading, TooLong, Writer};
use turno_model::Position;

use crate::disk::unfiled::Unfiled;

/// What goes into the file, each at its position.
enum Piece<'a> {
    Frame(&'a Frame<'a>),
    Unfiled(&'a Unfiled),
}

/// The file with the facts of a segment and with those that could not be written since; `None` where there are none. Where
/// the segment does not say where its facts begin, they stand behind `before`.
pub(crate) fn facts_file(
    number: u64,
    reading: &Reading<'_>,
    unfiled: &[Unfiled],
    before: Position,
    now: Moment,
) -> Result<Option<Writer>, TooLong> {
    let first_unfiled = unfiled.first().map(|step| step.before);
    let begin = reading.header.map(|header| header.facts).or(first_unfiled).unwrap_or(before);
    let of_segment =
        reading.frames.iter().map(|frame| (begin.plus(frame.facts_before.into()), Piece::Frame(frame)));
    let mut pieces: Vec<(Position, Piece<'_>)> = of_segment.collect();
    pieces.extend(unfiled.iter().map(|step| (step.before, Piece::Unfiled(step))));
    // What could not be written may stand before what the next segment has.
    pieces.sort_by_key(|(position, _)| *position);
    let mut writer = Writer::new(0);
    writer.facts_go_on(pieces.first().map_or(begin, |(position, _)| begin.min(*position)));
    writer.begin(Content::Facts, number, reading.header.map_or(now, |header| header.created));
    let mut has_facts = false;
    for (position, piece) in pieces {
        writer.facts_go_on(position);
        match piece {
            Piece::Unfiled(step) => {
                writer.facts(step.at, step.facts.iter())?;
                has_facts = true;
            }
            Piece::Frame(frame) => match frame.entry {
                Entry::PlanIndex(body) => writer.raw(Kind::PlanIndex, frame.at, body)?,
                Entry::Step(_) if frame.facts(begin).next().is_some() => {
                    writer.raw_facts(frame.at, frame.facts(begin).map(|(_, _, fact)| fact))?;
                    has_facts = true;
                }
                Entry::Step(_) | Entry::Books(_) | Entry::Last => {}
            },
        }
    }
    writer.last(now);
    Ok(has_facts.then_some(writer))
}
