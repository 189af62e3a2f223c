//! Reads [journal]: what is kept on disk so that a restart forgets nothing.

use core::time::Duration;

use turno_model::plan::{Durability, JournalPlan, OnStop};

use crate::limits::{DRAIN_MAX, FACTS_DAYS, SEGMENT};
use crate::reading::Reading;
use crate::tables::Tables;

pub(crate) const JOURNAL_KEYS: [&str; 6] =
    ["keep", "durability", "segment", "facts_days", "on_stop", "drain_max"];

const DURABILITIES: [(&str, Durability); 2] =
    [("process", Durability::Process), ("power", Durability::Power)];

const STOPS: [(&str, OnStop); 3] =
    [("end_calls", OnStop::EndCalls), ("drain", OnStop::Drain), ("keep_calls", OnStop::KeepCalls)];

const MEBIBYTE: u64 = 1024 * 1024;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(crate) fn read_journal(reading: &mut Reading<'_>, tables: &Tables) -> JournalPlan {
    let journal = tables.single(reading, "journal", "[journal]", &JOURNAL_KEYS);
    let default = JournalPlan::default();
    let mebibytes = |number: u32| u64::from(number) * MEBIBYTE;
    JournalPlan {
        is_kept: journal.flag(reading, "keep", default.is_kept),
        durability: journal.word(reading, "durability", &DURABILITIES).unwrap_or(default.durability),
        segment_bytes: journal.whole(reading, SEGMENT).map_or(default.segment_bytes, mebibytes),
        facts_span: journal.whole(reading, FACTS_DAYS).map_or(default.facts_span, |days| DAY * days),
        on_stop: journal.word(reading, "on_stop", &STOPS).unwrap_or(default.on_stop),
        drain_max: journal.span(reading, DRAIN_MAX),
    }
}
