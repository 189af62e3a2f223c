//! What a journal knows of recordings.

use std::collections::BTreeMap;
use std::path::Path;

use turno_journal::{Entry, Item, read};
use turno_model::{Fact, RecordingChange, RecordingId, RecordingOutcome};

use crate::journal::folder::read_folder;
use crate::recording::found::Trouble;

/// What the journal says of one recording.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// How it ended, if it has.
    pub(crate) outcome: Option<RecordingOutcome>,
    /// It was deleted when it was due.
    pub(crate) is_purged: bool,
}

/// Every recording of which the journal has a fact.
pub(crate) fn known(state: &Path) -> Result<BTreeMap<RecordingId, Known>, Trouble> {
    let files = read_folder(state).map_err(|trouble| Trouble::new(state, trouble))?;
    let mut all: BTreeMap<RecordingId, Known> = BTreeMap::new();
    for file in &files {
        for frame in &read(&file.bytes, file.number).frames {
            let Entry::Step(items) = frame.entry else { continue };
            for item in items {
                if let Item::Fact(form) = item
                    && let Ok(fact) = form.fact()
                {
                    learn(&mut all, fact);
                }
            }
        }
    }
    Ok(all)
}

fn learn(all: &mut BTreeMap<RecordingId, Known>, fact: Fact) {
    let Fact::Recording { recording, change, .. } = fact else { return };
    let known = all.entry(recording).or_default();
    match change {
        RecordingChange::Began { .. } | RecordingChange::MessageBegan { .. } => {}
        RecordingChange::Paused(_) | RecordingChange::Resumed(_) => {}
        RecordingChange::Ended { outcome, .. } => known.outcome = Some(outcome),
        RecordingChange::Purged => known.is_purged = true,
    }
}
