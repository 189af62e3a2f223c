//! The folder of recordings: a folder for each day, in it a file for each part.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use turno_ground::Moment;
use turno_model::RecordingId;
use turno_recording::head::{HEAD_BYTES_MAX, Head};

/// The ending of a part's name.
pub(crate) const ENDING: &str = "turnorec";

/// Most parts of a recording: turno restarts during a talk once or twice, never so often.
const PARTS_MAX: u32 = 1_000;

/// The folder of a site's recordings.
#[derive(Clone, Debug)]
pub(crate) struct Shelf(PathBuf);

impl Shelf {
    /// The shelf in this folder.
    pub(crate) const fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// The parts of a recording, in order, as far as they are without a gap.
    pub(crate) fn parts(&self, recording: RecordingId, began: Moment) -> Vec<PathBuf> {
        let all = (1..=PARTS_MAX).map(|part| self.path(recording, began, part));
        all.take_while(|path| path.exists()).collect()
    }

    /// Makes the file of a part, which only turno's user may read.
    ///
    /// # Errors
    /// Those of the disk.
    pub(crate) fn make(&self, recording: RecordingId, began: Moment, part: u32) -> io::Result<File> {
        let path = self.path(recording, began, part);
        if let Some(day) = path.parent() {
            DirBuilder::new().recursive(true).mode(0o700).create(day)?;
        }
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
    }

    fn path(&self, recording: RecordingId, began: Moment, part: u32) -> PathBuf {
        self.0.join(day_of(began)).join(format!("{}-{part}.{ENDING}", recording.0))
    }

    /// The folders of days that ended before this moment, in order.
    pub(crate) fn days_before(&self, moment: Moment) -> Vec<PathBuf> {
        let today = day_of(moment);
        let mut days = entries(&self.0);
        days.retain(|day| {
            let name = day.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            is_day(name) && *name < *today
        });
        days
    }
}

/// The parts in a day's folder, in order of their names.
pub(crate) fn parts_of_day(day: &Path) -> Vec<PathBuf> {
    let mut parts = entries(day);
    parts.retain(|path| path.extension().is_some_and(|ending| ending == ENDING));
    parts
}

/// The head of a part.
///
/// # Errors
/// Those of the disk; also where the file is no part.
pub(crate) fn head_of(path: &Path) -> io::Result<Head> {
    let mut bytes = Vec::new();
    File::open(path)?.take(HEAD_BYTES_MAX as u64 + 64).read_to_end(&mut bytes)?;
    Head::read(&bytes).map(|(head, _)| head).map_err(io::Error::other)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut all: Vec<PathBuf> = read.map(|entry| entry.path()).collect();
    all.sort();
    all
}

fn is_day(name: &str) -> bool {
    name.len() == 10 && name.chars().all(|sign| sign.is_ascii_digit() || sign == '-')
}

/// The day of a moment in UTC, `2026-11-29`.
pub(crate) fn day_of(moment: Moment) -> String {
    // Howard Hinnant, 'chrono-compatible low-level date algorithms': civil_from_days.
    let days = moment.as_secs() / 86_400 + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}
