//! Reads [journal]: what is kept on disk so that a restart forgets nothing.

use turno_model::plan::JournalPlan;

use crate::keys::site::{DAY, JOURNAL, MEBIBYTE};
use crate::reading::Reading;
use crate::tables::Tables;

pub(crate) fn read_journal(reading: &mut Reading<'_>, tables: &Tables) -> JournalPlan {
    let journal = tables.single(reading, "journal");
    let seal_key = journal.text(reading, JOURNAL.seal_key.name);
    JournalPlan {
        is_kept: JOURNAL.keep.read(reading, journal),
        durability: JOURNAL.durability.read(reading, journal),
        segment_bytes: u64::from(JOURNAL.segment.read(reading, journal)) * MEBIBYTE,
        facts_span: DAY * JOURNAL.facts_days.read(reading, journal),
        facts_bytes_max: u64::from(JOURNAL.facts_room.read(reading, journal)) * MEBIBYTE,
        on_stop: JOURNAL.on_stop.read(reading, journal),
        drain_max: JOURNAL.drain_max.read(reading, journal),
        seal_key: seal_key.map(|file| reading.origin.folder.join(file)),
    }
}
