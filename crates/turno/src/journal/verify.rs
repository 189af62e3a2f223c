//! `turno journal verify`: every file read, one line each, and a sentence for whatever is wrong.

use std::path::Path;

use turno_ground::Moment;
use turno_journal::{Content, Entry, Item, Reading, read};

use crate::exit::Exit;
use crate::journal::folder::{JournalFile, Trouble, read_folder};

/// Reads a folder and says what of it is whole.
pub(crate) fn verify(path: &Path) -> Result<Exit, Trouble> {
    let files = read_folder(path)?;
    say!("{:<24} {:>9} {:>8} {:>9}  {:<25}  {:<25}  state", "file", "bytes", "facts", "images", "from", "to");
    let newest = newest_segment(&files);
    let mut sentences = Vec::new();
    let mut is_lossy = false;
    let mut position = None;
    for file in &files {
        let reading = read(&file.bytes, file.number);
        let mut is_damaged = false;
        for fault in &reading.faults {
            let is_open_tail = fault.is_tail() && file.content == Content::Segment;
            is_damaged |= !is_open_tail;
            sentences.push(format!("{}: {fault}.", file.name));
        }
        if file.content == Content::Checkpoint && !reading.is_closed {
            is_damaged = true;
            sentences.push(format!("{}: it is not whole, and is not used.", file.name));
        }
        if file.content == Content::Segment {
            if let (Some(before), Some(header)) = (position, reading.header)
                && header.first > before
            {
                is_damaged = true;
                let missing = header.first - before;
                sentences.push(format!("{}: {missing} steps before it are nowhere.", file.name));
            }
            position = reading.position().or(position);
        }
        is_lossy |= is_damaged;
        say!("{}", line(file, &reading, is_damaged, Some(file.number) == newest));
    }
    say!();
    sentences.iter().for_each(|sentence| say!("{sentence}"));
    if is_lossy {
        say!("Something is damaged. `turno journal repair {}` copies what is whole.", path.display());
        return Ok(Exit::Damaged);
    }
    say!("Everything that was written is whole: a restart forgets nothing of it.");
    Ok(Exit::Done)
}

fn newest_segment(files: &[JournalFile]) -> Option<u64> {
    files.iter().filter(|file| file.content == Content::Segment).map(|file| file.number).max()
}

fn line(file: &JournalFile, reading: &Reading<'_>, is_damaged: bool, is_newest: bool) -> String {
    let (mut facts, mut images) = (0, 0);
    for frame in &reading.frames {
        let Entry::Step(items) = frame.entry else { continue };
        for item in items {
            match item {
                Item::Fact(_) => facts += 1,
                Item::Row { .. } => images += 1,
                Item::Gone(_) => {}
            }
        }
    }
    let end = |at: Option<Moment>| at.map_or_else(|| "-".to_owned(), clock);
    let first = reading.header.map(|header| header.created);
    let last = reading.frames.last().map(|frame| frame.at);
    let state = match (is_damaged, reading.is_closed, file.content, is_newest) {
        (true, ..) => "damaged",
        (false, true, ..) => "whole",
        (false, false, Content::Segment, _) if reading.end == 0 => "empty: room for what comes",
        (false, false, Content::Segment, true) => "open: being written, or the last before a kill",
        (false, false, ..) => "whole, ended by a kill",
    };
    format!(
        "{:<24} {:>9} {facts:>8} {images:>9}  {:<25}  {:<25}  {state}",
        file.name,
        reading.end,
        end(first),
        end(last)
    )
}

/// A moment in the machine's own time zone, to the second, with its offset from UTC.
pub(crate) fn clock(at: Moment) -> String {
    in_zone(at, "%Y-%m-%d %H:%M:%S%:z")
}

/// The same to the microsecond.
pub(crate) fn fine_clock(at: Moment) -> String {
    in_zone(at, "%Y-%m-%d %H:%M:%S%.6f%:z")
}

fn in_zone(at: Moment, form: &str) -> String {
    let micros = i64::try_from(at.as_micros()).unwrap_or(i64::MAX);
    let stamp = jiff::Timestamp::from_microsecond(micros).unwrap_or(jiff::Timestamp::MAX);
    stamp.to_zoned(jiff::tz::TimeZone::system()).strftime(form).to_string()
}
