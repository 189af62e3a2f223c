//! The recordings in a folder, with their parts in order.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use turno_model::RecordingId;
use turno_recording::head::Head;
use turno_recording::key::SiteKeys;
use turno_recording::opened::Opened;
use turno_recording::part::Part;

/// The ending of a part's name.
const ENDING: &str = "turnorec";

/// Something can't be read, or is not there.
#[derive(Debug)]
pub(crate) struct Trouble {
    path: PathBuf,
    why: String,
}

impl Trouble {
    pub(crate) fn new(path: &Path, why: impl fmt::Display) -> Self {
        Self { path: path.to_owned(), why: why.to_string() }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.why)
    }
}

/// The parts of one recording by their number; the names of the files say which they are.
pub(crate) type Parts = BTreeMap<u32, PathBuf>;

/// Every recording in a folder of days.
pub(crate) fn all(folder: &Path) -> Result<BTreeMap<RecordingId, Parts>, Trouble> {
    let mut all: BTreeMap<RecordingId, Parts> = BTreeMap::new();
    for day in entries(folder)? {
        if !day.is_dir() {
            continue;
        }
        for path in entries(&day)? {
            if let Some((recording, part)) = names(&path) {
                all.entry(recording).or_default().insert(part, path);
            }
        }
    }
    Ok(all)
}

/// The one recording whose number ends with these digits.
pub(crate) fn one(folder: &Path, digits: &str) -> Result<(RecordingId, Parts), Trouble> {
    let mut fitting = all(folder)?;
    fitting.retain(|recording, _| recording.0.to_string().ends_with(digits));
    if fitting.len() > 1 {
        return Err(Trouble::new(folder, format!("{} recordings end with {digits}", fitting.len())));
    }
    fitting.pop_first().ok_or_else(|| Trouble::new(folder, format!("no recording ends with {digits}")))
}

/// The bytes of the parts, in order.
pub(crate) fn bytes(parts: &Parts) -> Result<Vec<Vec<u8>>, Trouble> {
    parts.values().map(|path| fs::read(path).map_err(|error| Trouble::new(path, error))).collect()
}

/// A recording, opened; with the head of its first part, and the last hash of its chain.
pub(crate) fn open(parts: &Parts, keys: &SiteKeys) -> Result<(Head, Opened, [u8; 32]), Trouble> {
    let path = parts.values().next().cloned().unwrap_or_default();
    let bytes = bytes(parts)?;
    let read: Result<Vec<Part<'_>>, _> = bytes.iter().map(|bytes| Part::read(bytes)).collect();
    let read = read.map_err(|why| Trouble::new(&path, why))?;
    let opened = Opened::read(&read, keys).map_err(|why| Trouble::new(&path, why))?;
    let (first, last) = read.first().zip(read.last()).ok_or_else(|| Trouble::new(&path, "no part"))?;
    Ok((first.head.clone(), opened, last.last_link().0))
}

fn names(path: &Path) -> Option<(RecordingId, u32)> {
    let name = path.file_name()?.to_str()?.strip_suffix(ENDING)?.strip_suffix('.')?;
    let (recording, part) = name.split_once('-')?;
    Some((RecordingId(recording.parse().ok()?), part.parse().ok()?))
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let trouble = |error| Trouble::new(folder, error);
    let read = fs::read_dir(folder).map_err(trouble)?;
    read.map(|entry| entry.map(|entry| entry.path()).map_err(trouble)).collect()
}
