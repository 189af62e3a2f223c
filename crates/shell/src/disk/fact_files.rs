//! Reads facts from the journal's files, for readers that are behind. Reading runs on the reader's thread and does not
//! keep the folder open.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Weak};

use turno_ground::Moment;
use turno_journal::{Content, Entry, Unreadable, file_name, frames, places_of, read};
use turno_model::{Fact, PlanIndex, Position};

use crate::disk::recovery::files;
use crate::disk::volume::Volume;
use crate::facts::batch::Batch;

/// Facts in one batch.
const BATCH_FACTS_MAX: usize = 256;

/// Bytes read from a file to get its header.
const HEADER_ROOM: usize = 64;

/// How often a file is looked up again: its segment may become a fact file between two lookups.
const LOOKS_MAX: usize = 3;

/// The folder, as long as this process has it.
#[derive(Clone)]
pub(crate) struct FactFiles {
    volume: Weak<dyn Volume>,
}

/// One reader's position in the files.
pub(crate) struct Cursor {
    files: FactFiles,
    open: Option<OpenFile>,
}

/// What the files contain after a position.
pub(crate) enum Past {
    /// The facts that follow directly.
    Next(Batch),
    /// The files with the following facts are gone or never existed: these facts are the first after the gap.
    BehindGap(Batch),
    /// No facts; the files reach up to the position.
    Nothing,
    /// No facts, and the position itself is in no file.
    Unknown,
}

/// A file that is being read.
struct OpenFile {
    number: u64,
    bytes: Vec<u8>,
    /// The steps with facts.
    steps: VecDeque<StepPlace>,
    /// Facts after this position were not all written when the file was read.
    until: Position,
}

/// The location of a step in the file, and the plan index for its facts.
struct StepPlace {
    offset: usize,
    end: usize,
    before: Position,
    places: Option<Arc<PlanIndex>>,
}

impl FactFiles {
    pub(crate) fn new(volume: &Arc<dyn Volume>) -> Self {
        Self { volume: Arc::downgrade(volume) }
    }

    /// A new cursor.
    pub(crate) fn cursor(&self) -> Cursor {
        Cursor { files: self.clone(), open: None }
    }

    /// The oldest position from which reading can continue; `None` if there are no facts.
    pub(crate) fn oldest(&self) -> io::Result<Option<Position>> {
        let volume = self.volume()?;
        let found = numbers(&*volume)?.into_iter().find_map(|number| begin_of(&*volume, number).transpose());
        found.transpose()
    }

    fn volume(&self) -> io::Result<Arc<dyn Volume>> {
        self.volume.upgrade().ok_or_else(|| io::Error::other("the journal is another turno's by now"))
    }
}

impl Cursor {
    /// The facts after `place`, up to `until`; these must all be written before this call.
    pub(crate) fn behind(&mut self, place: Position, until: Position) -> io::Result<Past> {
        let volume = self.files.volume()?;
        let mut is_known = true;
        if self.open.is_none() {
            let Some((open, is_behind)) = find(&*volume, place, until)? else { return Ok(Past::Unknown) };
            is_known = is_behind;
            self.open = Some(open);
        }
        while let Some(open) = &mut self.open {
            if let Some(batch) = open.next(place) {
                return Ok(if is_known { Past::Next(batch) } else { Past::BehindGap(batch) });
            }
            let number = open.number;
            self.open = if open.until < until {
                // The file was still being written when it was read.
                open_file(&*volume, number, until)?
            } else {
                let numbers = numbers(&*volume)?;
                let mut later = numbers.into_iter().filter(|later| *later > number);
                later.find_map(|later| open_file(&*volume, later, until).transpose()).transpose()?
            };
        }
        Ok(if is_known { Past::Nothing } else { Past::Unknown })
    }
}

impl OpenFile {
    /// The next consecutive facts after a position.
    fn next(&mut self, place: Position) -> Option<Batch> {
        let mut facts: Vec<(Moment, Fact)> = Vec::new();
        let (mut before, mut places) = (place, None);
        while let Some(step) = self.steps.front() {
            let fits = step.before == before.plus(facts.len() as u64) && step.places == places;
            if !facts.is_empty() && (!fits || facts.len() >= BATCH_FACTS_MAX) {
                break;
            }
            let step = self.steps.pop_front()?;
            for (position, at, form) in self.facts_of(&step) {
                let is_next = position == before.plus(facts.len() as u64 + 1);
                if position <= place {
                    continue;
                }
                let Ok(fact) = form else { continue };
                if facts.is_empty() {
                    before = Position { number: position.number - 1, ..position };
                    places.clone_from(&step.places);
                } else if !is_next {
                    // A fact in between belongs to a later run: what follows it is a batch of its own.
                    self.steps.push_front(step);
                    return Some(Batch::of_past(before, facts, places));
                }
                facts.push((at, fact));
            }
        }
        (!facts.is_empty()).then(|| Batch::of_past(before, facts, places))
    }

    fn facts_of(&self, step: &StepPlace) -> Vec<(Position, Moment, Result<Fact, Unreadable>)> {
        let bytes = self.bytes.get(step.offset..step.end).unwrap_or_default();
        let frame = frames(bytes, self.number).next();
        let facts = frame.into_iter().flat_map(|frame| {
            let begin =
                Position { number: step.before.number - u64::from(frame.facts_before), ..step.before };
            frame.facts(begin).map(|(position, at, form)| (position, at, form.fact())).collect::<Vec<_>>()
        });
        facts.collect()
    }
}

/// The numbers of the files that may have facts, in order.
fn numbers(volume: &dyn Volume) -> io::Result<Vec<u64>> {
    let files = files(volume)?;
    let mut numbers: Vec<u64> = files
        .keys()
        .filter(|(content, _)| *content != Content::Checkpoint)
        .map(|(_, number)| *number)
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

/// The file that contains what follows a position, and whether the position is in it; the oldest file if none reaches
/// back that far.
fn find(volume: &dyn Volume, place: Position, until: Position) -> io::Result<Option<(OpenFile, bool)>> {
    let mut oldest = None;
    for number in numbers(volume)?.into_iter().rev() {
        match begin_of(volume, number)? {
            Some(begin) if begin <= place => {
                return Ok(open_file(volume, number, until)?.map(|open| (open, true)));
            }
            Some(_) => oldest = Some(number),
            None => {}
        }
    }
    let Some(number) = oldest else { return Ok(None) };
    Ok(open_file(volume, number, until)?.map(|open| (open, false)))
}

/// The position after which a file's facts begin; `None` if the file has no readable header.
fn begin_of(volume: &dyn Volume, number: u64) -> io::Result<Option<Position>> {
    let head = read_facts(volume, number, HEADER_ROOM)?;
    Ok(read(&head, number).header.map(|header| header.facts))
}

/// Opens a file with its facts up to `until`; `None` if it does not exist or does not say where its facts begin.
fn open_file(volume: &dyn Volume, number: u64, until: Position) -> io::Result<Option<OpenFile>> {
    let bytes = read_facts(volume, number, usize::MAX)?;
    let reading = read(&bytes, number);
    let Some(header) = reading.header else { return Ok(None) };
    let (mut steps, mut places) = (VecDeque::new(), None);
    for frame in &reading.frames {
        if let Entry::PlanIndex(body) = frame.entry {
            places = places_of(body).map(Arc::new);
            continue;
        }
        let before = header.facts.plus(frame.facts_before.into());
        if before < until && frame.facts(header.facts).next().is_some() {
            let end = frame.offset + frame.length;
            steps.push_back(StepPlace { offset: frame.offset, end, before, places: places.clone() });
        }
    }
    Ok(Some(OpenFile { number, bytes, steps, until }))
}

/// The bytes of the fact file with this number, or of the segment; empty if both are gone.
fn read_facts(volume: &dyn Volume, number: u64, most: usize) -> io::Result<Vec<u8>> {
    for _ in 0..LOOKS_MAX {
        for content in [Content::Facts, Content::Segment] {
            match volume.read(&file_name(content, number), most) {
                Ok(bytes) => return Ok(bytes),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(Vec::new())
}
