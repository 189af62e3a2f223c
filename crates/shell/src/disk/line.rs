//! The time base of a folder's journal, stored beside it for the next run.

use std::io;

use turno_ground::Moment;
use turno_journal::TimeLine;

use crate::clock::Clock;
use crate::disk::volume::{Volume, write_all};

const NAME: &str = "clock";
const NEW: &str = "clock.new";
/// More bytes than any line has.
const BYTES_MAX: usize = 200;

/// The clock of a run that continues after `until`. If its line can't be stored, the next run uses the wall clock.
pub(crate) fn go_on(volume: &dyn Volume, until: Moment) -> Clock {
    let text = volume.read(NAME, BYTES_MAX).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let before = text.as_deref().and_then(TimeLine::of_text);
    let (clock, line) = Clock::resume(before.as_ref(), until);
    if before.as_ref() != Some(&line)
        && let Err(error) = keep(volume, &line)
    {
        tracing::warn!(%error, "the time cannot be kept beside the journal: a restart goes by the machine's clock");
    }
    clock
}

/// Writes the line again if it is gone or differs.
pub(crate) fn look(volume: &dyn Volume, clock: &Clock) {
    let stands = match volume.read(NAME, BYTES_MAX) {
        Ok(bytes) => core::str::from_utf8(&bytes).ok().and_then(TimeLine::of_text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(_) => return,
    };
    let line = clock.line();
    if stands.is_none_or(|stands| !stands.is_near(&line)) && keep(volume, &line).is_ok() {
        tracing::warn!(
            "the time that is kept beside the journal was removed or changed; it was written again"
        );
    }
}

fn keep(volume: &dyn Volume, line: &TimeLine) -> io::Result<()> {
    let file = volume.create(NEW, 0)?;
    write_all(&*file, line.to_text().as_bytes()).map_err(|(_, error)| error)?;
    file.sync()?;
    volume.rename(NEW, NAME)?;
    volume.sync()
}
