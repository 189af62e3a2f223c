//! Copies the facts of a segment into a separate file, which stays when the segment is removed.

use turno_ground::Moment;
use turno_journal::{Content, Entry, Frame, Kind, Reading, TooLong, Writer};
use turno_model::Position;

use crate::disk::unfiled::Unfiled;

/// A part of the file, sorted by its position.
enum Piece<'a> {
    Frame(&'a Frame<'a>),
    Unfiled(&'a Unfiled),
}

/// The file with the facts of a segment and those that could not be written since; `None` if there are none. If the
/// segment does not say where its facts begin, they come after `before`.
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
    // Facts that could not be written may precede those of the next segment.
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
