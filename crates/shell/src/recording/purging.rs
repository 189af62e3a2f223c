//! Deletes recordings that have been kept for as long as their class says.

use std::collections::BTreeSet;
use std::fs;

use turno_engine::RecordingEvent;
use turno_ground::Moment;
use turno_model::plan::RecordingPlan;

use crate::recording::shelf::{Shelf, head_of, parts_of_day};

/// Deletes what is due at this moment; `tell` hears of each recording. What can't be read is left.
pub(crate) fn purge(plan: &RecordingPlan, now: Moment, mut tell: impl FnMut(RecordingEvent)) {
    let shelf = Shelf::new(plan.folder.clone());
    let shortest = plan.classes.iter().map(|class| class.kept).min().unwrap_or_default();
    let Some(until) = now.as_micros().checked_sub(micros(shortest)) else { return };
    for day in shelf.days_before(Moment::from_micros(until)) {
        let mut gone = BTreeSet::new();
        for path in parts_of_day(&day) {
            let Ok(head) = head_of(&path) else { continue };
            let is_due = head.about.began.as_micros().saturating_add(micros(plan.kept(&head.about.class)))
                <= now.as_micros();
            if is_due && fs::remove_file(&path).is_ok() {
                gone.insert((head.about.recording, head.about.contact));
            }
        }
        // Only an empty one goes.
        let _ = fs::remove_dir(&day);
        for (recording, contact) in gone {
            tell(RecordingEvent::Purged { recording, contact });
        }
    }
}

fn micros(span: core::time::Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}
