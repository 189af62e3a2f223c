//! The facts in a journal's folder, file by file, with their positions and names; also while turno writes there.

use core::ops::ControlFlow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use turno_ground::Moment;
use turno_journal::{
    Content, Entry, FactForm, HEADER_BYTES, Header, file_name, file_of_name, places_of, read,
};
use turno_model::{Gap, PlanIndex, Position};

/// How often a file is looked up again: a segment becomes a fact file between two lookups.
const LOOKS_MAX: usize = 3;

/// A journal's folder. Nothing in it is written or locked.
#[derive(Clone, Debug)]
pub struct FactFolder {
    path: PathBuf,
}

/// Where the facts of a folder begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Oldest {
    /// The position before the first fact.
    pub before: Position,
    /// When the file with the first fact was begun.
    pub at: Moment,
    /// Whether this is the journal's first file, so that nothing is gone.
    pub is_first: bool,
}

/// What is seen in the files, in order.
#[derive(Debug)]
pub enum Seen<'a> {
    /// A fact.
    Fact {
        /// Its position.
        position: Position,
        /// Its moment.
        at: Moment,
        /// Its bytes.
        form: FactForm<'a>,
        /// The names behind its indexes; `None`: the journal does not say.
        places: Option<&'a Arc<PlanIndex>>,
    },
    /// Facts that are not there.
    Missing(Gap),
}

/// The figures that a checkpoint keeps.
#[derive(Clone, Debug)]
pub struct KeptBooks {
    /// The position of the last fact in them.
    pub until: Position,
    /// Their bytes.
    pub form: Vec<u8>,
}

impl FactFolder {
    /// The folder at this path.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Where its facts begin; `None`: it has none.
    ///
    /// # Errors
    /// The folder can't be read.
    pub fn oldest(&self) -> io::Result<Option<Oldest>> {
        for number in self.numbers()? {
            if let Some(header) = self.header(number)? {
                let is_first = number <= 1 && header.facts.number == 0;
                return Ok(Some(Oldest { before: header.facts, at: header.created, is_first }));
            }
        }
        Ok(None)
    }

    /// Shows the facts in order, until `show` ends it. With `from`, files are left out whose facts are all from before.
    ///
    /// # Errors
    /// The folder can't be read.
    pub fn each(
        &self,
        from: Option<Moment>,
        show: &mut dyn FnMut(Seen<'_>) -> ControlFlow<()>,
    ) -> io::Result<()> {
        let mut last: Option<Position> = None;
        for number in self.begin(from)? {
            let bytes = self.bytes(number, usize::MAX)?;
            let reading = read(&bytes, number);
            let begin = reading.header.map(|header| header.facts).or(last).unwrap_or_default();
            let mut places: Option<Arc<PlanIndex>> = None;
            for frame in &reading.frames {
                if let Entry::PlanIndex(body) = frame.entry {
                    places = places_of(body).map(Arc::new);
                    continue;
                }
                for (position, at, form) in frame.facts(begin) {
                    if last.is_some_and(|last| position <= last) {
                        continue;
                    }
                    let gap = last.and_then(|last| gap(last, position));
                    last = Some(position);
                    if let Some(gap) = gap
                        && show(Seen::Missing(gap)).is_break()
                    {
                        return Ok(());
                    }
                    if show(Seen::Fact { position, at, form, places: places.as_ref() }).is_break() {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    /// The figures that the checkpoints keep, the oldest first.
    ///
    /// # Errors
    /// The folder can't be read.
    pub fn kept_books(&self) -> io::Result<Vec<KeptBooks>> {
        let mut kept = Vec::new();
        for (_, number) in self.names()?.into_keys().filter(|(content, _)| *content == Content::Checkpoint) {
            let bytes = match std::fs::read(self.path.join(file_name(Content::Checkpoint, number))) {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            let reading = read(&bytes, number);
            let Some(header) = reading.header.filter(|_| reading.is_closed) else { continue };
            let books = reading.frames.iter().filter_map(|frame| match frame.entry {
                Entry::Books(form) => Some(KeptBooks { until: header.facts, form: form.to_vec() }),
                Entry::Step(_) | Entry::PlanIndex(_) | Entry::Last => None,
            });
            kept.extend(books);
        }
        Ok(kept)
    }

    /// The numbers of the files from the one before this moment on.
    fn begin(&self, from: Option<Moment>) -> io::Result<Vec<u64>> {
        let numbers = self.numbers()?;
        let Some(from) = from else { return Ok(numbers) };
        let mut first = 0;
        for (place, number) in numbers.iter().enumerate() {
            if self.header(*number)?.is_some_and(|header| header.created <= from) {
                first = place;
            }
        }
        Ok(numbers.into_iter().skip(first.saturating_sub(1)).collect())
    }

    fn names(&self) -> io::Result<BTreeMap<(Content, u64), ()>> {
        let mut names = BTreeMap::new();
        for entry in std::fs::read_dir(&self.path)? {
            if let Some(name) = file_of_name(&entry?.file_name().to_string_lossy()) {
                names.insert(name, ());
            }
        }
        Ok(names)
    }

    /// The numbers of the files that may have facts, in order.
    fn numbers(&self) -> io::Result<Vec<u64>> {
        let names = self.names()?.into_keys();
        let mut numbers: Vec<u64> =
            names.filter(|(content, _)| *content != Content::Checkpoint).map(|(_, number)| number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }

    fn header(&self, number: u64) -> io::Result<Option<Header>> {
        Ok(read(&self.bytes(number, HEADER_BYTES)?, number).header)
    }

    /// The bytes of the fact file with this number, or of the segment; empty if both are gone.
    fn bytes(&self, number: u64, most: usize) -> io::Result<Vec<u8>> {
        for _ in 0..LOOKS_MAX {
            for content in [Content::Facts, Content::Segment] {
                let file = match File::open(self.path.join(file_name(content, number))) {
                    Ok(file) => file,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    Err(error) => return Err(error),
                };
                let mut bytes = Vec::new();
                file.take(most as u64).read_to_end(&mut bytes)?;
                return Ok(bytes);
            }
        }
        Ok(Vec::new())
    }
}

/// The gap before a fact, if there is one. How many facts the end of an earlier run lacks is not known.
fn gap(last: Position, position: Position) -> Option<Gap> {
    let missing =
        if last.run == position.run { position.number - last.number - 1 } else { position.number - 1 };
    let until = Position { number: position.number - 1, ..position };
    (missing > 0).then_some(Gap { after: last, until, facts: Some(missing) })
}
