//! Callers who gave up, as JSON.

use serde::Serialize;
use turno_ledger::{Lost, Snapshot};
use turno_model::Plan;
use utoipa::ToSchema;

/// A caller who gave up in the last 30 minutes, after more than the short-abandon threshold, and was not answered since.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct LostForm {
    /// The contact's number.
    contact: u64,
    /// The queue.
    queue: String,
    /// The caller: whole for who may see numbers, else the last two signs.
    from: String,
    /// When, in microseconds since 1970 (UTC).
    at: u64,
    /// After which wait, in seconds.
    waited: f64,
}

impl LostForm {
    /// Those of the queues that `sees` lets through, the latest first.
    pub(crate) fn all(
        room: &Snapshot,
        plan: &Plan,
        sees_numbers: bool,
        sees: impl Fn(&str) -> bool,
    ) -> Vec<Self> {
        let queues = room.queues.iter().filter_map(|now| Some((now, plan.queues.get(now.queue.index())?)));
        let seen = queues.filter(|(_, planned)| sees(&planned.name));
        let one = |lost: &Lost, queue: &str| Self {
            contact: lost.contact.0,
            queue: queue.to_owned(),
            from: if sees_numbers { lost.from.0.to_string() } else { format!("{:?}", lost.from) },
            at: lost.at.as_micros(),
            waited: lost.waited.as_secs_f64(),
        };
        let mut all: Vec<Self> =
            seen.flat_map(|(now, planned)| now.lost.iter().map(|lost| one(lost, &planned.name))).collect();
        all.sort_by_key(|lost| core::cmp::Reverse(lost.at));
        all
    }
}
