//! `turno journal repair`: what is whole of a damaged journal, in a new folder.

use std::collections::BTreeMap;
use std::fs::{DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use turno_journal::{Content, Entry, Kind, Reading, Writer, read};
use turno_model::Position;

use crate::exit::Exit;
use crate::journal::folder::{JournalFile, Trouble, read_folder};

/// Copies what is whole. The old folder is only read.
pub(crate) fn repair(from: &Path, to: Option<PathBuf>) -> Result<Exit, Trouble> {
    let files = read_folder(from)?;
    let to = to.unwrap_or_else(|| {
        let mut name = from.as_os_str().to_owned();
        name.push(".repaired");
        PathBuf::from(name)
    });
    DirBuilder::new().mode(0o700).create(&to).map_err(|error| {
        Trouble::new(&to, format!("{error}; repair writes into a new folder: choose one with --to"))
    })?;
    let readings: Vec<Reading<'_>> = files.iter().map(|file| read(&file.bytes, file.number)).collect();
    let (mut position, mut facts, mut firsts) = (None, Position::default(), BTreeMap::new());
    let mut copied = Vec::new();
    for (file, reading) in files.iter().zip(&readings).filter(|(file, _)| file.content == Content::Segment) {
        let first = position.or(reading.header.map(|header| header.first)).unwrap_or(0);
        firsts.insert(file.number, first);
        let writer = copy(file, reading, first, facts);
        (position, facts) = (Some(writer.position()), writer.last_fact());
        let bytes = writer.bytes().to_vec();
        copied.push((file, reading, bytes));
    }
    let others = files.iter().zip(&readings).filter(|(file, _)| file.content != Content::Segment);
    for (file, reading) in others {
        let is_needed = file.content == Content::Facts || is_usable(reading);
        if !is_needed {
            say!("{}: left out: it is not whole, and the segments tell the same.", file.name);
            continue;
        }
        let first = match file.content {
            Content::Checkpoint => firsts.get(&file.number).copied().or(position).unwrap_or(0),
            Content::Segment | Content::Facts => 0,
        };
        copied.push((file, reading, copy(file, reading, first, Position::default()).bytes().to_vec()));
    }
    for (file, reading, bytes) in &copied {
        let path = to.join(&file.name);
        let mut options = OpenOptions::new();
        let file_there = options.write(true).create_new(true).mode(0o600).open(&path);
        let written = file_there.and_then(|mut it| it.write_all(bytes).and_then(|()| it.sync_all()));
        written.map_err(|error| Trouble::new(&path, error))?;
        let lost = usize::try_from(reading.places).unwrap_or(usize::MAX).saturating_sub(reading.frames.len());
        let lost = if lost > 0 { format!(", {lost} lost") } else { String::new() };
        say!("{}: {} records copied{lost}.", file.name, reading.frames.len());
    }
    say!("The old folder is as it was. To use what was saved: turno serve --state {}", to.display());
    Ok(Exit::Done)
}

/// Whether a restart would begin with this checkpoint.
fn is_usable(reading: &Reading<'_>) -> bool {
    reading.is_closed && reading.faults.is_empty()
}

/// The whole frames of a file as a file without faults. Facts keep their positions; where the header that says the first
/// is damaged, they go on behind those of the file before.
fn copy(file: &JournalFile, reading: &Reading<'_>, first: u64, before: Position) -> Writer {
    let begin = reading.header.map_or(before, |header| header.facts);
    let mut writer = Writer::new(first);
    writer.facts_go_on(begin);
    let created = reading.header.map(|header| header.created);
    let created = created.or(reading.frames.first().map(|frame| frame.at)).unwrap_or_default();
    writer.begin(file.content, file.number, created);
    let mut last = created;
    for frame in &reading.frames {
        last = frame.at;
        let (kind, body) = match frame.entry {
            Entry::Step(items) => (Kind::Step, items.bytes()),
            Entry::PlanIndex(body) => (Kind::PlanIndex, body),
            Entry::Books(body) => (Kind::Books, body),
            Entry::Last => continue,
        };
        writer.facts_go_on(begin.plus(frame.facts_before.into()));
        writer.raw(kind, frame.at, body).expect("what was read is no longer than what may be written");
    }
    writer.last(last);
    writer
}
