//! Checks that a restart would find every file that it needs, under its name and in its folder.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use turno_journal::{Amiss, Content, HEADER_BYTES, Mark, Thing, amiss, file_name};

use crate::disk::recovery::files;
use crate::disk::volume::{Volume, VolumeFile};

/// The files that are watched.
#[derive(Default)]
pub(crate) struct Watch {
    /// Segments of this run that are not folded yet: they can be read even if their names are gone.
    open: BTreeMap<u64, OpenSegment>,
    /// The other files that a restart would read.
    needed: Vec<(String, Mark)>,
    /// Whether a problem was reported and is not repaired yet.
    is_amiss: bool,
}

/// A segment of this run.
struct OpenSegment {
    file: Arc<dyn VolumeFile>,
    mark: Mark,
    /// The header as it was written; `None` before that.
    header: Option<[u8; HEADER_BYTES]>,
}

impl OpenSegment {
    /// Whether the header is still the one that was written. A file that can't be read counts as whole: writing notices
    /// a failing disk.
    fn has_its_header(&mut self) -> bool {
        let Ok(header) = self.file.header() else { return true };
        if self.header.is_none() && header != [0; HEADER_BYTES] {
            self.header = Some(header);
        }
        self.header.is_none_or(|written| written == header)
    }
}

impl Watch {
    /// Adds a segment that is written from now on, or will be.
    pub(crate) fn opened(&mut self, number: u64, file: &Arc<dyn VolumeFile>) {
        if let Ok(mark) = file.mark() {
            let header = self.open.remove(&number).and_then(|before| before.header);
            let mut segment = OpenSegment { file: Arc::clone(file), mark, header };
            segment.has_its_header();
            self.open.insert(number, segment);
        }
    }

    /// Notes that a segment is closed and its length; it may be a new one.
    pub(crate) fn closed(&mut self, number: u64, file: &Arc<dyn VolumeFile>, length: u64) {
        self.opened(number, file);
        if let Some(segment) = self.open.get_mut(&number) {
            segment.mark.length = length;
        }
    }

    /// The segment's file, if it is open.
    pub(crate) fn segment(&self, number: u64) -> Option<Arc<dyn VolumeFile>> {
        self.open.get(&number).map(|segment| Arc::clone(&segment.file))
    }

    /// The first open segment in this range of numbers.
    pub(crate) fn first_of(&self, numbers: core::ops::Range<u64>) -> Option<u64> {
        self.open.range(numbers).next().map(|(number, _)| *number)
    }

    /// Notes that everything before this number is folded.
    pub(crate) fn folded(&mut self, to: u64) {
        self.open = self.open.split_off(&to);
    }

    /// Takes the present files as those that a restart needs: all of them were written or read by us.
    pub(crate) fn renew(&mut self, volume: &dyn Volume) {
        let Ok(files) = files(volume) else { return };
        let needed = files.into_iter().filter(|((content, number), _)| match content {
            Content::Checkpoint => true,
            Content::Segment => !self.open.contains_key(number),
            Content::Facts => false,
        });
        let marks = needed.filter_map(|(_, name)| volume.mark(&name).ok().flatten().map(|mark| (name, mark)));
        self.needed = marks.collect();
    }

    /// Notes that everything was written again.
    pub(crate) fn is_mended(&mut self, volume: &dyn Volume) {
        self.is_amiss = false;
        self.renew(volume);
    }

    /// Whether the last check found no problem.
    pub(crate) const fn is_whole(&self) -> bool {
        !self.is_amiss
    }

    /// Checks the files and returns a problem; after the first one nothing more until it is repaired.
    pub(crate) fn look(&mut self, volume: &dyn Volume) -> Option<Amiss> {
        if self.is_amiss {
            return None;
        }
        let found = match volume.look() {
            Ok(true) => self.look_at_files(volume),
            // Another turno process continues with it.
            Ok(false) => None,
            Err(amiss) => Some(amiss),
        };
        self.is_amiss = found.is_some();
        found
    }

    fn look_at_files(&mut self, volume: &dyn Volume) -> Option<Amiss> {
        let name = |number: &u64| file_name(Content::Segment, *number);
        let open = self.open.iter().map(|(number, segment)| (name(number), segment.mark));
        let found = open.chain(self.needed.iter().cloned()).find_map(|(name, held)| {
            let found = match volume.mark(&name) {
                Ok(found) => found,
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                    return Some(Amiss::Closed(Thing::File(name)));
                }
                // Writing notices a failing disk.
                Err(_) => return None,
            };
            amiss(&Thing::File(name), held, found)
        });
        // Bytes that were overwritten in place change neither the name nor the length.
        found.or_else(|| {
            let mut open = self.open.iter_mut();
            open.find_map(|(number, segment)| {
                (!segment.has_its_header()).then(|| Amiss::Overwritten(name(number)))
            })
        })
    }
}
