//! Whether a restart would find what is written: every file that it needs, under its name and in its folder.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use turno_journal::{Amiss, Content, Mark, Thing, amiss, file_name};

use crate::disk::recovery::files;
use crate::disk::volume::{Volume, VolumeFile};

/// What is looked after.
#[derive(Default)]
pub(crate) struct Watch {
    /// Segments of this run that are not folded yet: they can be read even when their names are gone.
    open: BTreeMap<u64, (Arc<dyn VolumeFile>, Mark)>,
    /// The other files that a restart would read.
    needed: Vec<(String, Mark)>,
    /// Whether something is missing that was told, and is not written anew yet.
    is_amiss: bool,
}

impl Watch {
    /// A segment is written from now on, or will be.
    pub(crate) fn opened(&mut self, number: u64, file: &Arc<dyn VolumeFile>) {
        if let Ok(mark) = file.mark() {
            self.open.insert(number, (Arc::clone(file), mark));
        }
    }

    /// A segment is closed and has so many bytes; it may not have been known.
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

    /// The first open segment of these numbers.
    pub(crate) fn first_of(&self, numbers: core::ops::Range<u64>) -> Option<u64> {
        self.open.range(numbers).next().map(|(number, _)| *number)
    }

    /// Everything before this number is folded.
    pub(crate) fn folded(&mut self, to: u64) {
        self.open = self.open.split_off(&to);
    }

    /// What the folder has now is what a restart needs: everything in it was written or read by us.
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

    /// Everything is written anew.
    pub(crate) fn is_mended(&mut self, volume: &dyn Volume) {
        self.is_amiss = false;
        self.renew(volume);
    }

    /// Whether nothing was missing when it was looked at last.
    pub(crate) const fn is_whole(&self) -> bool {
        !self.is_amiss
    }

    /// What is amiss, once, until it is mended.
    pub(crate) fn look(&mut self, volume: &dyn Volume) -> Option<Amiss> {
        if self.is_amiss {
            return None;
        }
        let found = match volume.look() {
            Ok(true) => self.look_at_files(volume),
            // Another turno goes on with it.
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
                // A disk that fails is noticed by whoever writes.
                Err(_) => return None,
            };
            amiss(&Thing::File(name), held, found)
        })
    }
}
