//! Checks that a restart would find every file that it needs, under its name and in its folder.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use turno_journal::{Amiss, Content, Mark, Thing, amiss, file_name};

use crate::disk::recovery::files;
use crate::disk::volume::{Volume, VolumeFile};

/// The files that are watched.
#[derive(Default)]
pub(crate) struct Watch {
    /// Segments of this run that are not folded yet: they can be read even if their names are gone.
    open: BTreeMap<u64, (Arc<dyn VolumeFile>, Mark)>,
    /// The other files that a restart would read.
    needed: Vec<(String, Mark)>,
    /// Whether a problem was reported and is not repaired yet.
    is_amiss: bool,
}

impl Watch {
    /// Adds a segment that is written from now on, or will be.
    pub(crate) fn opened(&mut self, number: u64, file: &Arc<dyn VolumeFile>) {
        if let Ok(mark) = file.mark() {
            self.open.insert(number, (Arc::clone(file), mark));
        }
    }

    /// Notes that a segment is closed and its length; it may be a new one.
    pub(crate) fn closed(&mut self, number: u64, file: &Arc<dyn VolumeFile>, length: u64) {
        self.opened(number, file);
        if let Some((_, mark)) = self.open.get_mut(&number) {
            mark.length = length;
        }
    }

    /// The segment's file, if it is open.
    pub(crate) fn segment(&self, number: u64) -> Option<Arc<dyn VolumeFile>> {
        self.open.get(&number).map(|(file, _)| Arc::clone(file))
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

    fn look_at_files(&self, volume: &dyn Volume) -> Option<Amiss> {
        let open = self.open.iter().map(|(number, (_, mark))| (file_name(Content::Segment, *number), *mark));
        open.chain(self.needed.iter().cloned()).find_map(|(name, held)| {
            let found = match volume.mark(&name) {
                Ok(found) => found,
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                    return Some(Amiss::Closed(Thing::File(name)));
                }
                // Writing notices a failing disk.
                Err(_) => return None,
            };
            amiss(&Thing::File(name), held, found)
        })
    }
}
