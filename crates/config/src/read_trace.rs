//! Reads [trace]: how much of what passed is kept.

use turno_model::plan::TracePlan;

use crate::keys::site::{MEBIBYTE, TRACE};
use crate::reading::Reading;
use crate::tables::Tables;

/// Reads [trace]; `None` where its memory is switched off.
pub(crate) fn read_trace(reading: &mut Reading<'_>, tables: &Tables) -> Option<TracePlan> {
    let trace = tables.single(reading, "trace");
    let messages = TRACE.messages.read(reading, trace);
    let memory = TRACE.memory.read(reading, trace)?;
    let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    Some(TracePlan { bytes: size(u64::from(memory) * MEBIBYTE), messages: size(u64::from(messages)) })
}
