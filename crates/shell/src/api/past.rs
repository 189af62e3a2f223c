//! What the HTTP API reads of the past: rows of the history, and the sound of recordings.
#![expect(
    clippy::disallowed_types,
    reason = "requests run at the same time; the engine takes none of these locks"
)]

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use turno_api::{NoHistory, Sound};
use turno_ground::Moment;
use turno_history::Failure;
use turno_history::store::{Sql, Store};
use turno_model::plan::RecordingPlan;
use turno_model::{Plan, RecordingId};
use turno_recording::key::{SiteKeys, hex};
use turno_recording::opened::Opened;
use turno_recording::part::Part;
use turno_recording::wav;

use crate::history::opening::Place;
use crate::recording::shelf::Shelf;

/// Connections to the database that stay open.
const KEPT_MAX: usize = 4;

/// The history as the API reads it: never in the way of the thread that writes it.
pub(crate) struct Past {
    place: Option<(Place, Arc<Plan>)>,
    /// Connections that nobody uses now.
    free: Mutex<Vec<Box<dyn Store + Send>>>,
}

impl Past {
    /// The history of this plan, with this folder of the journal.
    pub(crate) fn of(plan: &Arc<Plan>, state: Option<&Path>) -> Self {
        let place = Place::of(plan, state).map(|place| (place, Arc::clone(plan)));
        Self { place, free: Mutex::default() }
    }

    /// Reads in one transaction.
    pub(crate) fn read_history(
        &self,
        work: &mut dyn FnMut(&mut dyn Sql) -> Result<(), Failure>,
    ) -> Result<(), NoHistory> {
        let (place, plan) = self.place.as_ref().ok_or(NoHistory::Off)?;
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut store = match free {
            Some(store) => store,
            None => place.reading_store(plan).map_err(|why| NoHistory::Failed(Failure::Other(why)))?,
        };
        let done = store.transaction(work).map_err(NoHistory::Failed);
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() < KEPT_MAX {
            free.push(store);
        }
        done
    }
}

/// Decrypts a recording as WAV; `None` if it has no file.
///
/// # Errors
/// Why it can't be opened.
pub(crate) fn sound(
    plan: &RecordingPlan,
    recording: RecordingId,
    began: Moment,
) -> Result<Option<Sound>, String> {
    let paths = Shelf::new(plan.folder.clone()).parts(recording, began);
    if paths.is_empty() {
        return Ok(None);
    }
    let keys = SiteKeys::parse(plan.keys.reveal()).map_err(|why| why.to_string())?;
    let bytes =
        paths.iter().map(std::fs::read).collect::<Result<Vec<_>, _>>().map_err(|why| why.to_string())?;
    let parts = bytes.iter().map(|bytes| Part::read(bytes)).collect::<Result<Vec<_>, _>>();
    let parts = parts.map_err(|why| why.to_string())?;
    let opened = Opened::read(&parts, &keys).map_err(|why| why.to_string())?;
    let Some(last) = parts.last() else { return Ok(None) };
    let hash = hex(&last.last_link().0);
    let (rate, samples) = opened.samples();
    let mut sound = Vec::new();
    wav::write(&mut sound, rate, &samples).map_err(|why| why.to_string())?;
    Ok(Some(Sound { wav: sound, hash }))
}
