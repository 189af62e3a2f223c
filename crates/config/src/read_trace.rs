//! Reads [trace]: how much of what passed is kept.

use turno_model::plan::TracePlan;

use crate::limits::{TRACE_MEMORY, TRACE_MESSAGES};
use crate::reading::Reading;
use crate::tables::Tables;

pub(crate) const TRACE_KEYS: [&str; 2] = ["memory", "messages"];

const MEBIBYTE: usize = 1024 * 1024;

/// Reads [trace]; `None` where its memory is switched off.
pub(crate) fn read_trace(reading: &mut Reading<'_>, tables: &Tables) -> Option<TracePlan> {
    let trace = tables.single(reading, "trace", "[trace]", &TRACE_KEYS);
    let messages = trace.whole(reading, TRACE_MESSAGES)?;
    let memory = trace.whole_or_none(reading, TRACE_MEMORY)?;
    let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    Some(TracePlan { bytes: size(memory).saturating_mul(MEBIBYTE), messages: size(messages) })
}
