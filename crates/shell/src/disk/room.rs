//! The disk space of the journal, and what it does when there is little.

use std::io;
use std::sync::Arc;

use turno_journal::{Content, file_name};

use crate::disk::recovery::files;
use crate::disk::volume::{Volume, VolumeFile, is_full};

/// Smallest segment: with less, segments would change all the time.
const ROOM_MIN: u64 = 256 * 1024;

/// If two segments of the plan's size don't fit, a segment takes this part of the free space; checkpoints need some
/// too.
const PART: u64 = 4;

/// Segments for which there should be space: the present one, the next, two between the checkpoints, and as much for
/// the checkpoints themselves.
const SEGMENTS_WANTED: u64 = 5;

/// A segment ready for writing.
pub(crate) struct Segment {
    /// Its number: the requested one, or one after all existing ones.
    pub(crate) number: u64,
    /// Its file.
    pub(crate) file: Arc<dyn VolumeFile>,
    /// Its size limit in bytes.
    pub(crate) room: u64,
}

/// Creates a segment file of the plan's size, or as large as the disk allows; the folder is created again if it is
/// gone.
pub(crate) fn make_segment(volume: &dyn Volume, number: u64, segment_bytes: u64) -> io::Result<Segment> {
    volume.retake()?;
    // A folder that replaced ours may contain files of others: these are not overwritten.
    let last = files(volume)?.keys().map(|(_, number)| *number).max().unwrap_or(0);
    let number = if last < number { number } else { last + 2 };
    make_named(volume, (number, &file_name(Content::Segment, number)), segment_bytes)
}

/// The same under this name, in a folder that may still belong to another turno process.
pub(crate) fn make_named(
    volume: &dyn Volume,
    (number, name): (u64, &str),
    segment_bytes: u64,
) -> io::Result<Segment> {
    let free = volume.free().unwrap_or(u64::MAX);
    let mut room = if free / 2 >= segment_bytes { segment_bytes } else { segment_bytes.min(free / PART) };
    let least = ROOM_MIN.min(segment_bytes);
    if room < least {
        return Err(io::ErrorKind::StorageFull.into());
    }
    loop {
        match volume.create(name, room) {
            Ok(file) => return Ok(Segment { number, file, room }),
            // A quota may allow less than the disk has.
            Err(error) if is_full(&error) && room / 2 >= least => room /= 2,
            Err(error) => return Err(error),
        }
    }
}

/// Logs a warning if the disk has less space than the journal may need.
pub(crate) fn warn_of_room(volume: &dyn Volume, segment_bytes: u64, folder: &std::path::Path) {
    let Some(free) = volume.free() else { return };
    let names = volume.names().unwrap_or_default();
    let own: u64 =
        names.iter().filter_map(|name| volume.mark(name).ok().flatten()).map(|mark| mark.length).sum();
    let wanted = segment_bytes.saturating_mul(SEGMENTS_WANTED);
    if free.saturating_add(own) < wanted {
        tracing::warn!(
            folder = %folder.display(),
            free = %mebibytes(free),
            wanted = %mebibytes(wanted),
            segment = %mebibytes(segment_bytes),
            "the journal's disk is nearly full: make room there, or set a smaller segment in [journal]; \
             until then segments are as short as the room asks, and where there is none the journal is NOT kept"
        );
    }
}

fn mebibytes(bytes: u64) -> String {
    format!("{}.{} MiB", bytes >> 20, ((bytes & 0xf_ffff) * 10) >> 20)
}
