//! Reads [exports]: files that other programs read while turno runs.

use std::path::PathBuf;

use turno_model::plan::ExportsPlan;

use crate::keys::exports::EXPORTS;
use crate::reading::Reading;
use crate::tables::Tables;

pub(crate) fn read_exports(reading: &mut Reading<'_>, tables: &Tables) -> ExportsPlan {
    let section = tables.single(reading, "exports");
    ExportsPlan { queue_log: section.text(reading, EXPORTS.queue_log.name).map(PathBuf::from) }
}
